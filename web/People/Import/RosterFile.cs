using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>A file as somebody has sent it: finds out by its content what it is, and reads it. Nothing in it is followed, computed or run; what it unpacks to is counted while it is unpacked.</summary>
internal sealed class RosterFile
{
    /// <summary>More than any roster unpacks to.</summary>
    public const long MostUnpacked = 200L * 1024 * 1024;

    private const int MostEntries = 1_000;

    private readonly Stream _content;
    private readonly Kind _kind;
    private readonly string _name;

    private RosterFile(Stream content, Kind kind, string name) => (_content, _kind, _name) = (content, kind, name);

    private enum Kind
    {
        Workbook,
        OneRoster,
        Csv,
    }

    /// <summary>Looks at a file. Throws <see cref="UnreadableException"/>, with the reason, when it is none that can be read.</summary>
    /// <param name="content">The file; it can be read from any place.</param>
    /// <param name="fileName">As its sender called it. Only shown, never used as a path.</param>
    public static RosterFile Open(Stream content, string fileName)
    {
        if (content.Length == 0)
            throw new UnreadableException("", "file-empty");

        Span<byte> head = stackalloc byte[512];
        content.Position = 0;
        head = head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        content.Position = 0;
        if (head is [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..])
            throw new UnreadableException("", IsEncrypted(content) ? "file-password" : "file-old-excel");
        if (head is [(byte)'P', (byte)'K', (3 or 5 or 7), ..])
            return new RosterFile(content, KindOfZip(content), fileName);
        if (Encoding.Latin1.GetString(head).TrimStart('ï', '»', '¿', ' ', '\r', '\n', '\t') is ['<', (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '!' or '?', ..])
            throw new UnreadableException("", "file-html");

        return new RosterFile(content, Kind.Csv, fileName);
    }

    /// <summary>Reads it.</summary>
    /// <param name="now">The school as it is, for the classes that staff teach, and for what a delta leaves out.</param>
    /// <param name="today">Today, in the school's time zone.</param>
    /// <param name="org">Which school of several; null to find out.</param>
    /// <param name="findings">Takes all that is wrong, and all that is worth knowing.</param>
    public RosterReading Read(SchoolNow now, DateOnly today, string? org, Findings findings)
    {
        try
        {
            return _kind switch
            {
                Kind.Workbook => new(Workbook(now, today, findings), []),
                Kind.Csv => new(Csv(now, today, findings), []),
                Kind.OneRoster => OneRoster(now, today, org, findings),
            };
        }
        catch (UnreadableException unreadable)
        {
            findings.Problem(unreadable.File, 0, null, unreadable.Code, [.. unreadable.Values]);
            return new(null, []);
        }
    }

    private Roster? Workbook(SchoolNow now, DateOnly today, Findings findings)
    {
        _content.Position = 0;
        using var workbook = Spreadsheet.Open(_content);
        var students = Find(workbook, OwnForm.StudentSheet, findings);
        var staff = Find(workbook, OwnForm.StaffSheet, findings);
        if (students is null || staff is null)
            return null;

        var classes = new Dictionary<ClassPlace, int>();
        var listed = SheetReader.Students(students, now.School, today, classes, findings);
        var teachers = SheetReader.Staff(staff, now.School, new TeachableClasses(classes.Keys, now.Classes), findings);
        return findings.ProblemCount > 0
            ? null
            : new Roster(RosterFormat.Workbook, null, [.. classes.Keys.Select(place => new RosterClass(place, null, null))], listed, teachers, NamesEverybody: true);
    }

    private static Table? Find(Spreadsheet workbook, string name, Findings findings)
    {
        var found = workbook.Sheets.Where(sheet => sheet.Name == name).ToList();
        if (found.Count != 1)
            findings.Problem(name, 0, null, found.Count == 0 ? "sheet-missing" : "sheet-twice", name);
        return found.Count == 1 ? workbook.Sheet(name, found[0].Part) : null;
    }

    private Roster? Csv(SchoolNow now, DateOnly today, Findings findings)
    {
        _content.Position = 0;
        var bytes = new byte[_content.Length];
        _content.ReadExactly(bytes);
        var rows = CsvText.Rows(CsvText.Decode("", bytes), findings, _name).ToList();
        if (findings.ProblemCount > 0)
            return null;

        // Which of the two sheets it is, its headings say.
        var table = new Table(_name, rows);
        var isStaff = rows.Take(10).Any(row => row.Cells.Any(cell => cell.Text == "工号"));
        var isStudents = rows.Take(10).Any(row => row.Cells.Any(cell => cell.Text.Replace(" ", "", StringComparison.Ordinal) == "学号"));
        if (!isStaff && !isStudents)
        {
            findings.Problem(_name, rows.Count == 0 ? 0 : rows[0].Number, null, rows.Count == 0 ? "sheet-empty" : "headings-unknown");
            return null;
        }

        var classes = new Dictionary<ClassPlace, int>();
        var roster = isStudents
            ? new Roster(RosterFormat.StudentsCsv, null, [], SheetReader.Students(table, now.School, today, classes, findings), null, NamesEverybody: true)
            : new Roster(RosterFormat.StaffCsv, null, [], null, SheetReader.Staff(table, now.School, new TeachableClasses([], now.Classes), findings), NamesEverybody: true);
        return findings.ProblemCount > 0 ? null : roster with { Classes = [.. classes.Keys.Select(place => new RosterClass(place, null, null))] };
    }

    private RosterReading OneRoster(SchoolNow now, DateOnly today, string? org, Findings findings)
    {
        _content.Position = 0;
        using var zip = new ZipArchive(_content, ZipArchiveMode.Read, leaveOpen: true);
        var files = zip.Entries.Where(IsFile).ToDictionary(entry => entry.Name, entry => (Func<byte[]>)(() => Bytes(entry)), StringComparer.OrdinalIgnoreCase);
        return OneRosterReader.Read(OneRosterBundle.Of(files, findings), now, today, org, findings);
    }

    private static Kind KindOfZip(Stream content)
    {
        try
        {
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            Check(zip);
            if (zip.GetEntry("[Content_Types].xml") is not null && zip.Entries.Any(entry => entry.FullName.StartsWith("xl/", StringComparison.OrdinalIgnoreCase)))
                return Kind.Workbook;
            return zip.Entries.Any(entry => IsFile(entry) && OneRosterBundle.IsFileOfIt(entry.Name)) ? Kind.OneRoster : throw new UnreadableException("", "zip-unknown");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException or IOException or OverflowException or ArgumentException)
        {
            throw new UnreadableException("", "zip-damaged");
        }
        finally
        {
            content.Position = 0;
        }
    }

    // Everything is unpacked once and thrown away: what an archive says of its sizes is not believed.
    private static void Check(ZipArchive zip)
    {
        if (zip.Entries.Count > MostEntries)
            throw new UnreadableException("", "zip-too-many", MostEntries.ToString(CultureInfo.InvariantCulture));
        if (zip.Entries.Sum(entry => entry.Length) > MostUnpacked)
            throw TooLarge();

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var room = new byte[64 * 1024];
        var unpacked = 0L;
        foreach (var entry in zip.Entries)
        {
            if (entry.FullName.Split('/', '\\').Contains("..") || entry.FullName is ['/' or '\\', ..] or [_, ':', ..] || entry.FullName.Contains('\0', StringComparison.Ordinal))
                throw new UnreadableException("", "zip-path", Shown(entry.FullName));
            if (entry.IsEncrypted)
                throw new UnreadableException("", "zip-password");
            if (!seen.Add(entry.FullName))
                throw new UnreadableException("", "zip-twice", Shown(entry.FullName));

            using var stream = entry.Open();
            int read;
            while ((read = stream.Read(room)) > 0)
            {
                if ((unpacked += read) > MostUnpacked)
                    throw TooLarge();
            }
        }

        // The files of one OneRoster bundle may lie in a folder, but not in two.
        if (zip.Entries.Where(IsFile).Where(entry => OneRosterBundle.IsFileOfIt(entry.Name)).GroupBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(one => one.Count() > 1) is { } twice)
            throw new UnreadableException("", "zip-twice", Shown(twice.Key));
    }

    private static UnreadableException TooLarge() => new("", "zip-too-large", (MostUnpacked / 1024 / 1024).ToString(CultureInfo.InvariantCulture));

    // What macOS puts beside the files is none of them.
    private static bool IsFile(ZipArchiveEntry entry) =>
        entry.Name.Length > 0 && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) && !entry.Name.StartsWith("._", StringComparison.Ordinal)
        && entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // An encrypted workbook is an old-style container with a stream of this name.
    private static bool IsEncrypted(Stream content)
    {
        content.Position = 0;
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        content.Position = 0;
        return bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0;
    }

    private static string Shown(string name) => name.Length > 60 ? name[..60] + "…" : name;
}

/// <summary>What reading a file has come to.</summary>
/// <param name="Roster">What it says; null when something is wrong, or a school has to be chosen.</param>
/// <param name="Schools">The schools to choose from; empty when there is nothing to choose.</param>
internal sealed record RosterReading(Roster? Roster, ImmutableArray<SchoolChoice> Schools);
