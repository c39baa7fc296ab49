using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace SchoolHome.Web.People.Import;

/// <summary>
/// Writes sheets of text as .xlsx. Every cell is text and every column formatted as text, so that nothing is computed, and a number that somebody adds keeps its digits. What begins like a formula has the mark
/// that Excel gives to text with an apostrophe in front.
/// </summary>
internal static partial class SpreadsheetWriter
{
    private const uint Plain = 1;
    private const uint Marked = 2;
    private const uint Heading = 3;

    public static byte[] Write(ImmutableArray<ExportedSheet> sheets)
    {
        using var bytes = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(bytes, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = Styles();
            var list = new Sheets();
            foreach (var sheet in sheets)
            {
                var part = workbook.AddNewPart<WorksheetPart>();
                WriteSheet(part, sheet);
                list.Append(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = (uint)list.ChildElements.Count + 1, Name = sheet.Name });
            }

            workbook.Workbook = new Workbook(list);
        }

        return bytes.ToArray();
    }

    private static void WriteSheet(WorksheetPart part, ExportedSheet sheet)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        writer.WriteStartElement(new SheetViews());
        writer.WriteElement(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 });
        writer.WriteEndElement();
        writer.WriteElement(new Columns(new Column { Min = 1, Max = (uint)sheet.Headings.Length, Width = 16, CustomWidth = true, Style = Plain }));
        writer.WriteStartElement(new SheetData());
        WriteRow(writer, 1, [.. sheet.Headings], isHeading: true);
        for (var at = 0; at < sheet.Rows.Length; at++)
            WriteRow(writer, at + 2, sheet.Rows[at], isHeading: false);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteRow(OpenXmlWriter writer, int number, string[] values, bool isHeading)
    {
        writer.WriteStartElement(new Row { RowIndex = (uint)number });
        for (var column = 0; column < values.Length; column++)
        {
            var value = values[column];
            if (value.Length == 0)
                continue;

            var style = isHeading ? Heading : FormulaMark.IsRisky(value[0]) ? Marked : Plain;
            writer.WriteElement(new DocumentFormat.OpenXml.Spreadsheet.Cell(new InlineString(new Text(Escaped(value)) { Space = SpaceProcessingModeValues.Preserve }))
            {
                CellReference = Reference(column, number),
                DataType = CellValues.InlineString,
                StyleIndex = style,
            });
        }

        writer.WriteEndElement();
    }

    private static Stylesheet Styles()
    {
        const uint asText = 49;
        static CellFormat Format(uint font, bool isMarked) =>
            new() { NumberFormatId = asText, FontId = font, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true, ApplyFont = true, QuotePrefix = isMarked };
        return new Stylesheet(
            new Fonts(new Font(new FontSize { Val = 11 }), new Font(new Bold(), new FontSize { Val = 11 })),
            new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
            new Borders(new Border()),
            new CellStyleFormats(new CellFormat()),
            new CellFormats(new CellFormat(), Format(0, false), Format(0, true), Format(1, false)));
    }

    private static string Reference(int column, int row)
    {
        var letters = "";
        for (var left = column + 1; left > 0; left = (left - 1) / 26)
            letters = (char)('A' + ((left - 1) % 26)) + letters;
        return string.Create(CultureInfo.InvariantCulture, $"{letters}{row}");
    }

    /// <summary>Characters that XML cannot hold are written as <c>_x0001_</c>, and what looks like that as it is, with its first underscore so written.</summary>
    private static string Escaped(string text)
    {
        var escaped = LooksEscaped().Replace(text, "_x005F_");
        if (escaped.All(IsAllowed))
            return escaped;

        var written = new StringBuilder();
        foreach (var one in escaped)
            _ = IsAllowed(one) ? written.Append(one) : written.Append(CultureInfo.InvariantCulture, $"_x{(int)one:X4}_");
        return written.ToString();
    }

    // Text that came as JSON or XML has its surrogates in pairs.
    private static bool IsAllowed(char one) => one is >= ' ' and not ('\uFFFE' or '\uFFFF') or '\t' or '\n';

    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)", RegexOptions.CultureInvariant)]
    private static partial Regex LooksEscaped();
}
