using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace SchoolHome.Web.People.Import;

/// <summary>CSV as Chinese offices write it: UTF-8 with or without a mark, or GB18030; separated by commas, semicolons or tabs.</summary>
internal static class CsvText
{
    private const int LongestField = 4_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // GB18030 is not among the encodings that .NET knows by itself. It contains GBK and GB2312.
    private static readonly Encoding Gb18030 =
        CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) ?? throw new InvalidOperationException("There is no GB18030.");

    /// <summary>A text's characters: by its mark, else as UTF-8 if it is valid, else as GB18030 if that is. Never guessed: a wrong letter in a name is worse than a refusal.</summary>
    /// <param name="file">The file's name, for what is wrong with it.</param>
    /// <param name="bytes">The file.</param>
    public static string Decode(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new UnreadableException(file, "file-utf16");
        if (bytes.IndexOf((byte)0) is >= 0 and var zero)
            throw new UnreadableException(file, LooksLikeUtf16(bytes, zero) ? "file-utf16" : "file-unknown");

        var isMarked = bytes is [0xEF, 0xBB, 0xBF, ..];
        if (isMarked)
            bytes = bytes[3..];
        if (TryDecode(Utf8, bytes, out var text, out var at))
            return text;
        if (isMarked)
            throw new UnreadableException(file, "file-encoding", (at + 4).ToString(CultureInfo.InvariantCulture));
        if (TryDecode(Gb18030, bytes, out text, out at))
            return text;

        throw new UnreadableException(file, "file-encoding", (at + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The rows of a text, counted as a spreadsheet counts them: a line break within quotation marks begins no new row.</summary>
    public static IEnumerable<TableRow> Rows(string text, Findings findings, string file)
    {
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Delimiter(text),
            IgnoreBlankLines = false,
            MaxFieldSize = LongestField,
            BadDataFound = null,
            // Quotation marks within a field that does not begin with one are part of it.
            Mode = CsvMode.RFC4180,
        });
        while (true)
        {
            try
            {
                if (!parser.Read())
                    yield break;
            }
            catch (CsvHelperException)
            {
                findings.Problem(file, parser.Row, null, "csv-quote");
                yield break;
            }

            var cells = new Cell[Math.Min(parser.Count, Table.MostColumns)];
            var isEmpty = true;
            for (var at = 0; at < cells.Length; at++)
            {
                cells[at] = FormulaMark.Read(parser[at]);
                isEmpty &= cells[at].Kind is CellKind.Empty;
            }

            if (!isEmpty)
                yield return new TableRow(parser.Row, cells);
        }
    }

    private static string Delimiter(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        var (commas, semicolons, tabs) = (line.Count(','), line.Count(';'), line.Count('\t'));
        return tabs > commas && tabs >= semicolons ? "\t" : semicolons > commas ? ";" : ",";
    }

    private static bool TryDecode(Encoding encoding, ReadOnlySpan<byte> bytes, out string text, out int failedAt)
    {
        try
        {
            (text, failedAt) = (encoding.GetString(bytes), -1);
            return true;
        }
        catch (DecoderFallbackException exception)
        {
            (text, failedAt) = ("", Math.Max(0, exception.Index));
            return false;
        }
    }

    // Without a mark, text in UTF-16 has a zero in every other byte of its digits, commas and line breaks.
    private static bool LooksLikeUtf16(ReadOnlySpan<byte> bytes, int firstZero)
    {
        var sample = bytes[..Math.Min(bytes.Length, 4096)];
        var (even, odd) = (0, 0);
        for (var at = 0; at < sample.Length; at++)
        {
            if (sample[at] == 0)
                _ = at % 2 == 0 ? even++ : odd++;
        }

        return firstZero < sample.Length && (even == 0 || odd == 0) && even + odd > sample.Length / 20;
    }
}

/// <summary>
/// Spreadsheets compute what begins with one of these characters, also in a CSV file. What we write gets an apostrophe in front; what we read loses it again, and may then begin as it likes: its writer has
/// said that it is text.
/// </summary>
internal static class FormulaMark
{
    public static bool IsRisky(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';

    /// <summary>A value as it is written.</summary>
    public static string Written(string value) =>
        value.Length > 0 && (IsRisky(value[0]) || (value[0] == '\'' && value.Length > 1 && (IsRisky(value[1]) || value[1] == '\''))) ? "'" + value : value;

    /// <summary>A written value as a cell.</summary>
    public static Cell Read(string written) =>
        written.Length > 1 && written[0] == '\'' && (IsRisky(written[1]) || written[1] == '\'') ? Cell.Of(written[1..], isMarked: true) : Cell.Of(written);
}
