using System.Globalization;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace SchoolHome.Web.People.Import;

/// <summary>
/// The sheets of an .xlsx file as rows of cells. Formulas are seen as such and neither computed nor replaced by what they were computed to; nothing in the file is followed or run. Sheets are read as a
/// stream, so that a large one costs no memory.
/// </summary>
internal sealed class Spreadsheet : IDisposable
{
    /// <summary>The digits that a spreadsheet keeps of a number.</summary>
    private const int DigitsKept = 15;

    private readonly SpreadsheetDocument _document;
    private readonly WorkbookPart _workbook;
    private readonly List<string> _sharedTexts;
    private readonly List<(bool IsDate, bool IsMarked)> _styles;
    private readonly bool _from1904;

    private Spreadsheet(SpreadsheetDocument document)
    {
        _document = document;
        _workbook = document.WorkbookPart ?? throw new InvalidDataException("There is no workbook.");
        _from1904 = _workbook.Workbook?.WorkbookProperties?.Date1904?.Value ?? false;
        Sheets = [.. _workbook.Workbook?.Sheets?.Elements<Sheet>().Select(sheet => (Name: sheet.Name?.Value?.Trim() ?? "", Part: sheet.Id?.Value ?? "")) ?? []];
        _sharedTexts = ReadSharedTexts(_workbook.SharedStringTablePart);
        _styles = ReadStyles(_workbook.WorkbookStylesPart?.Stylesheet);
    }

    public IReadOnlyList<(string Name, string Part)> Sheets { get; }

    /// <summary>Opens the file. The caller has seen how large it is unpacked.</summary>
    public static Spreadsheet Open(Stream content)
    {
        try
        {
            return new Spreadsheet(SpreadsheetDocument.Open(content, isEditable: false));
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new UnreadableException("", "workbook-damaged");
        }
    }

    public Table Sheet(string name, string part) => new(name, Rows(name, part));

    public void Dispose() => _document.Dispose();

    private static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or FileFormatException or OpenXmlPackageException or XmlException or FormatException or OverflowException or ArgumentException or InvalidOperationException or IOException;

    private IEnumerable<TableRow> Rows(string name, string part)
    {
        using var rows = Guarded(name, () => RowsOf(part).GetEnumerator());
        while (Guarded(name, rows.MoveNext))
            yield return rows.Current;
    }

    private static T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new UnreadableException(name, "workbook-damaged");
        }
    }

    private IEnumerable<TableRow> RowsOf(string part)
    {
        if (!_workbook.TryGetPartById(part, out var found) || found is not WorksheetPart sheet)
            throw new InvalidDataException("A sheet is missing.");

        using var reader = OpenXmlReader.Create(sheet);
        var number = 0;
        while (reader.Read())
        {
            if (!reader.IsStartElement || reader.ElementType != typeof(Row))
                continue;

            number = reader.Attributes.FirstOrDefault(one => one.LocalName == "r").Value is { } written ? int.Parse(written, NumberStyles.None, CultureInfo.InvariantCulture) : number + 1;
            if (RowOf(number, (Row)reader.LoadCurrentElement()!) is { } row)
                yield return row;
        }
    }

    private TableRow? RowOf(int number, Row row)
    {
        var cells = new List<Cell>();
        var isEmpty = true;
        var next = 0;
        foreach (var one in row.Elements<DocumentFormat.OpenXml.Spreadsheet.Cell>())
        {
            var column = one.CellReference?.Value is { } reference ? ColumnOf(reference) : next;
            next = column + 1;
            if (column >= Table.MostColumns)
                continue;

            while (cells.Count <= column)
                cells.Add(Cell.Empty);
            cells[column] = CellOf(one);
            isEmpty &= cells[column].Kind is CellKind.Empty;
        }

        return isEmpty ? null : new TableRow(number, [.. cells]);
    }

    private Cell CellOf(DocumentFormat.OpenXml.Spreadsheet.Cell cell)
    {
        if (cell.CellFormula is { } formula)
            return new(CellKind.Formula, "=" + formula.Text.Trim());

        var (isDate, isMarked) = cell.StyleIndex?.Value is { } style && style < _styles.Count ? _styles[(int)style] : default;
        var value = cell.CellValue?.Text ?? "";
        // The type is compared as written: the schema's enumeration throws for one that it does not know.
        return (cell.DataType?.InnerText ?? "n") switch
        {
            "s" => Cell.Of(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var shared) && shared < _sharedTexts.Count ? _sharedTexts[shared] : "", isMarked),
            "inlineStr" => Cell.Of(Unescaped(TextOf(cell.InlineString)), isMarked),
            "str" => Cell.Of(Unescaped(value), isMarked),
            "b" => Cell.Of(value == "1" ? "TRUE" : "FALSE"),
            "e" => new(CellKind.Error, value),
            "d" => DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? OfDate(day) : Cell.Of(value),
            _ => value.Length == 0 ? Cell.Empty : Number(value, isDate),
        };
    }

    private Cell Number(string written, bool isDate)
    {
        if (!decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return Cell.Of(written);
        if (isDate && number is >= 0 and < 2_958_466)
            return OfDate(DateTime.FromOADate((double)number + (_from1904 ? 1462 : 0)));

        var text = number.ToString("0.###############", CultureInfo.InvariantCulture);
        return new(decimal.Abs(number) >= 1e15m && text.TrimStart('-').Length > DigitsKept ? CellKind.LongNumber : CellKind.Number, text);
    }

    private static Cell OfDate(DateTime moment) => new(CellKind.Date, moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var letter in reference)
        {
            if (!char.IsAsciiLetter(letter))
                break;
            column = (column * 26) + (char.ToUpperInvariant(letter) - 'A' + 1);
            if (column > Table.MostColumns)
                break;
        }

        return column == 0 ? throw new InvalidDataException("A cell is nowhere.") : column - 1;
    }

    private static List<string> ReadSharedTexts(SharedStringTablePart? part)
    {
        var texts = new List<string>();
        if (part is null)
            return texts;

        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            if (reader.IsStartElement && reader.ElementType == typeof(SharedStringItem))
                texts.Add(Unescaped(TextOf((SharedStringItem)reader.LoadCurrentElement()!)));
        }

        return texts;
    }

    // The readings above characters (rPh) are no part of the text.
    private static string TextOf(OpenXmlElement? element) =>
        element is null ? "" : string.Concat(element.Elements().Select(one => one switch { Text text => text.Text, Run run => run.Text?.Text ?? "", _ => "" }));

    private static List<(bool IsDate, bool IsMarked)> ReadStyles(Stylesheet? styles)
    {
        var formats = styles?.NumberingFormats?.Elements<NumberingFormat>()
            .Where(one => one.NumberFormatId is not null).GroupBy(one => one.NumberFormatId!.Value).ToDictionary(one => one.Key, one => one.First().FormatCode?.Value ?? "") ?? [];
        return [.. styles?.CellFormats?.Elements<CellFormat>().Select(one => (IsDateFormat(one.NumberFormatId?.Value ?? 0, formats), one.QuotePrefix?.Value ?? false)) ?? []];
    }

    // 14–22 and 45–47 are dates and times everywhere, 27–36 and 50–58 in Chinese, Japanese and Korean spreadsheets.
    private static bool IsDateFormat(uint id, Dictionary<uint, string> formats) =>
        id is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58) || (formats.TryGetValue(id, out var format) && IsDateFormat(format));

    private static bool IsDateFormat(string format)
    {
        var (isQuoted, isBracketed) = (false, false);
        for (var at = 0; at < format.Length; at++)
        {
            switch (format[at])
            {
                case '"': isQuoted = !isQuoted; break;
                case '\\' or '_' or '*' when !isQuoted: at++; break;
                case '[' when !isQuoted: isBracketed = true; break;
                case ']' when !isQuoted: isBracketed = false; break;
                case 'y' or 'Y' or 'd' or 'D' when !isQuoted && !isBracketed: return true;
            }
        }

        return false;
    }

    /// <summary>Characters that XML cannot hold are written as <c>_x000D_</c>.</summary>
    private static string Unescaped(string text) => text.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(text) : text;
}
