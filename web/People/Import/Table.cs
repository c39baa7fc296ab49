using System.Collections.Immutable;

namespace SchoolHome.Web.People.Import;

/// <summary>What a cell is, besides what is written in it.</summary>
internal enum CellKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Text of which its writer has said that it is text (an apostrophe in front): it may begin like a formula.</summary>
    MarkedText,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A number of more digits than a spreadsheet keeps.</summary>
    LongNumber,

    /// <summary>A date; written as <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>A formula. Whatever it was computed to is not read.</summary>
    Formula,

    /// <summary>What a formula could not be computed to, e.g. <c>#N/A</c>.</summary>
    Error,
}

/// <summary>A cell.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What is written in it, trimmed; never null.</param>
internal readonly record struct Cell(CellKind Kind, string Text)
{
    public static Cell Empty { get; } = new(CellKind.Empty, "");

    public static Cell Of(string text, bool isMarked = false)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 ? Empty : new(isMarked ? CellKind.MarkedText : CellKind.Text, trimmed);
    }
}

/// <summary>A row that is not empty.</summary>
/// <param name="Number">As a spreadsheet counts them, from 1.</param>
/// <param name="Cells">From the first column on.</param>
internal sealed record TableRow(int Number, Cell[] Cells)
{
    public Cell At(int column) => column < Cells.Length ? Cells[column] : Cell.Empty;
}

/// <summary>Rows as they come from a sheet or a file: read once, from top to bottom.</summary>
/// <param name="File">The sheet, or the file.</param>
/// <param name="Rows">The rows that are not empty.</param>
internal sealed record Table(string File, IEnumerable<TableRow> Rows)
{
    /// <summary>So many columns of a sheet are looked at.</summary>
    public const int MostColumns = 256;
}

/// <summary>
/// A table whose columns have headings, whatever their order. Headings are compared without blanks and in their usual width; rows that repeat them (as when sheets were put below one another, or a file was
/// written with its headings twice) are passed over.
/// </summary>
internal sealed class HeadedTable
{
    private const int HeadingsWithin = 10;

    private readonly Dictionary<string, int> _columns;
    private readonly IEnumerator<TableRow> _rows;
    private readonly Queue<TableRow> _before;

    private HeadedTable(string file, Dictionary<string, int> columns, IEnumerator<TableRow> rows, Queue<TableRow> before) =>
        (File, _columns, _rows, _before) = (file, columns, rows, before);

    public string File { get; }

    /// <summary>Finds the row of headings among the first ones: a sheet may have its title above.</summary>
    /// <param name="table">The table.</param>
    /// <param name="required">Headings that must be there.</param>
    /// <param name="findings">Takes what is missing.</param>
    /// <returns>Null when headings are missing, or there is nothing at all.</returns>
    public static HeadedTable? Open(Table table, ImmutableArray<string> required, Findings findings)
    {
        var rows = table.Rows.GetEnumerator();
        var seen = new List<TableRow>();
        (TableRow Row, int Matches)? best = null;
        while (seen.Count < HeadingsWithin && rows.MoveNext())
        {
            seen.Add(rows.Current);
            var matches = required.Count(column => rows.Current.Cells.Any(cell => Heading(cell.Text) == column));
            if (best is null || matches > best.Value.Matches)
                best = (rows.Current, matches);
            if (matches == required.Length)
                break;
        }

        if (best is not var (headings, _))
        {
            findings.Problem(table.File, 0, null, "sheet-empty");
            return null;
        }

        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var before = findings.ProblemCount;
        for (var at = 0; at < headings.Cells.Length; at++)
        {
            var cell = headings.Cells[at];
            var heading = Heading(cell.Text);
            if (heading.Length == 0 || cell.Kind is CellKind.Formula or CellKind.Error)
                continue;
            if (!columns.TryAdd(heading, at))
                findings.Problem(table.File, headings.Number, heading, "column-twice", heading);
        }

        foreach (var column in required)
        {
            if (!columns.ContainsKey(column))
                findings.Problem(table.File, headings.Number, column, "column-missing", column);
        }

        return findings.ProblemCount > before ? null : new HeadedTable(table.File, columns, rows, new(seen.SkipWhile(row => row != headings).Skip(1)));
    }

    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>The rows below the headings.</summary>
    public IEnumerable<HeadedRow> Rows()
    {
        foreach (var row in Remaining())
        {
            if (!IsHeadings(row))
                yield return new HeadedRow(row, _columns);
        }
    }

    private IEnumerable<TableRow> Remaining()
    {
        while (_before.TryDequeue(out var row))
            yield return row;
        while (_rows.MoveNext())
            yield return _rows.Current;
    }

    private bool IsHeadings(TableRow row) => _columns.All(column => Heading(row.At(column.Value).Text) == column.Key);

    private static string Heading(string text) =>
        new([.. text.Normalize(System.Text.NormalizationForm.FormKC).Where(one => !char.IsWhiteSpace(one) && one is not ('\uFEFF' or '\u200B'))]);
}

/// <summary>A row, by its columns' headings.</summary>
internal sealed class HeadedRow(TableRow row, Dictionary<string, int> columns)
{
    public int Number => row.Number;

    public string this[string column] => Cell(column).Text;

    public Cell Cell(string column) => columns.TryGetValue(column, out var at) ? row.At(at) : Import.Cell.Empty;
}
