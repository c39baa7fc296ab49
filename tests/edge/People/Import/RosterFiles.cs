using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.People.Import;

namespace SchoolHome.Tests.Edge.People.Import;

/// <summary>Files as offices send them, and a school to hold them against, without a server.</summary>
internal static class RosterFiles
{
    public static readonly SchoolId OurSchool = new("s01");
    public static readonly DateOnly Today = new(2026, 11, 24);

    public static readonly string[] StudentHeadings = ["年级", "班级", "学号", "姓名", "性别", "出生日期", "特殊情况", "家长1姓名", "家长1关系", "家长1手机"];
    public static readonly string[] StaffHeadings = ["工号", "姓名", "手机", "职务", "任教班级", "学科"];
    public static readonly string[] AStudent = ["三年级", "2班", "2026320295", "许建萱", "女", "2018-03-05", "", "许志强", "父亲", "19910000556"];
    public static readonly string[] ATeacher = ["T031", "谭宇英", "19910001348", "班主任", "三年级2班", "数学"];

    /// <summary>A school with eighteen classes and nobody in them.</summary>
    public static SchoolNow Empty { get; } = new(
        OurSchool,
        null,
        2026,
        [.. from grade in Enumerable.Range(1, 6) from number in Enumerable.Range(1, 3) select new SchoolClass(SchoolClass.IdOf(OurSchool, 2026, grade, number), SchoolClass.UsualName(grade, number), grade, number, null, null)],
        FrozenDictionary<StudentId, StudentProfile>.Empty,
        FrozenDictionary<TeacherId, TeacherProfile>.Empty);

    public static byte[] Data(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", file));

    /// <summary>A workbook of texts.</summary>
    public static byte[] Workbook(string[][] students, string[][]? staff = null) =>
        SpreadsheetWriter.Write([new("学生", [.. students[0]], [.. students[1..]]), new("教职工", [.. (staff ?? [StaffHeadings, ATeacher])[0]], [.. (staff ?? [StaffHeadings, ATeacher])[1..]])]);

    /// <summary>A workbook whose student sheet is given as it stands in the file.</summary>
    /// <param name="cells">The rows' XML.</param>
    /// <param name="workbookProperties">More about the workbook.</param>
    public static byte[] RawWorkbook(string cells, string workbookProperties = "")
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string package = "http://schemas.openxmlformats.org/package/2006";
        const string types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        static string Row(int number, string[] values) =>
            $"<row r=\"{number}\">{string.Concat(values.Select(value => $"<c t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(value)}</t></is></c>"))}</row>";
        return Zip(
            ("[Content_Types].xml", $"<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{types}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{types}.worksheet+xml\"/><Override PartName=\"/xl/worksheets/sheet2.xml\" ContentType=\"{types}.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{types}.styles+xml\"/></Types>"),
            ("_rels/.rels", $"<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
            ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r3\" Type=\"{rel}/styles\" Target=\"styles.xml\"/></Relationships>"),
            ("xl/workbook.xml", $"<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\">{workbookProperties}<sheets><sheet name=\"学生\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"教职工\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"),
            // Style 1 is a date, style 2 text with an apostrophe in front.
            ("xl/styles.xml", $"<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/></numFmts><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"49\" quotePrefix=\"1\"/></cellXfs></styleSheet>"),
            ("xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"{main}\"><sheetData>{Row(1, StudentHeadings)}{cells}</sheetData></worksheet>"),
            ("xl/worksheets/sheet2.xml", $"<worksheet xmlns=\"{main}\"><sheetData>{Row(1, StaffHeadings)}{Row(2, ATeacher)}</sheetData></worksheet>"));
    }

    /// <summary>A row of texts as it stands in a file, with one cell replaced.</summary>
    public static string RawRow(int number, string[] values, string column, string cell) =>
        $"<row r=\"{number}\">{string.Concat(values.Select((value, at) => StudentHeadings[at] == column ? cell : $"<c t=\"inlineStr\"><is><t>{value}</t></is></c>"))}</row>";

    public static string Csv(params string[][] rows) => string.Join("\r\n", rows.Select(row => string.Join(',', row.Select(value => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"")}\"")))) + "\r\n";

    public static byte[] Zip(params (string Name, string Content)[] files) => Zip([.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Content)))]);

    public static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>The files of a OneRoster fixture.</summary>
    public static Dictionary<string, string> OneRoster(string version) =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", $"oneroster-{version}")).ToDictionary(path => Path.GetFileName(path), File.ReadAllText);

    public static byte[] Zip(Dictionary<string, string> files) => Zip([.. files.Select(file => (file.Key, file.Value))]);

    /// <summary>Reads a file as an upload does.</summary>
    public static (RosterReading Reading, Findings Findings) Read(byte[] file, SchoolNow? now = null, string? org = null, string name = "名册.xlsx")
    {
        var findings = new Findings();
        try
        {
            return (RosterFile.Open(new MemoryStream(file), name).Read(now ?? Empty, Today, org, findings), findings);
        }
        catch (UnreadableException unreadable)
        {
            findings.Problem(unreadable.File, 0, null, unreadable.Code, [.. unreadable.Values]);
            return (new RosterReading(null, []), findings);
        }
    }

    /// <summary>Reads a file in which nothing is wrong.</summary>
    public static Roster Good(byte[] file, SchoolNow? now = null, string? org = null)
    {
        var (reading, findings) = Read(file, now, org);
        Assert.Empty(Places(findings));
        return reading.Roster ?? throw new InvalidOperationException("A school has to be chosen.");
    }

    /// <summary>What is wrong: file, row, column, code.</summary>
    public static string[] Places(Findings findings) => [.. findings.Problems.Select(one => $"{one.File} {one.Row} {one.Column} {one.Code}".Replace("  ", " ").Trim())];

    /// <summary>What is wrong with a file.</summary>
    public static string[] Problems(byte[] file, SchoolNow? now = null)
    {
        var (reading, findings) = Read(file, now);
        Assert.Null(reading.Roster);
        foreach (var language in new[] { "zh-CN", "en" })
            Assert.All(findings.Problems, one => Assert.True(ImportTexts.Line(one, language).Problem.Length >= 5 && !ImportTexts.Line(one, language).Problem.Contains('{'), one.Code));
        return Places(findings);
    }

    /// <summary>The school after a roster was applied to it, as the actors would have it.</summary>
    public static SchoolNow After(SchoolNow now, Roster roster)
    {
        var plan = Comparison.Plan(roster, now, new Findings());
        var students = now.Students.ToDictionary();
        foreach (var one in plan.Students)
        {
            var before = students.GetValueOrDefault(one.Student);
            students[one.Student] = one.Put is { } put
                ? new StudentProfile(
                    put.Name, put.Class, Guardians(before?.Guardians ?? [], put), before?.Account, put.Gender, put.BirthDate, put.SpecialStatus, null, put.External ?? before?.External, (before?.Revision ?? 0) + 1)
                : before! with { Class = null, Left = new(Today, "不在名单", before.Class), Revision = before.Revision + 1 };
        }

        var staff = now.Staff.ToDictionary();
        foreach (var one in plan.Staff)
        {
            var before = staff.GetValueOrDefault(one.Teacher);
            staff[one.Teacher] = one.Put is { } put
                ? new TeacherProfile(put.Name, put.Phone, put.Duties, put.Offices, before?.Account, null, put.External ?? before?.External, (before?.Revision ?? 0) + 1)
                : before! with { Duties = [], Offices = [], Left = new(Today, "不在名单"), Revision = before.Revision + 1 };
        }

        var classes = now.Classes.Where(one => plan.NewClasses.All(other => other.Class != one.Class)).Concat(plan.NewClasses).OrderBy(one => one.Grade).ThenBy(one => one.Number);
        return now with { External = now.External ?? roster.SchoolExternal, Classes = [.. classes], Students = students, Staff = staff };
    }

    private static ImmutableArray<GuardianEntry> Guardians(ImmutableArray<GuardianEntry> entries, PutStudent put)
    {
        var matched = GuardianMatching.Of(entries, put.Guardians);
        var next = entries.Length;
        var listed = put.Guardians.Select((guardian, at) => matched[at] is { } entry
            ? entry with { Name = guardian.Name, Relation = guardian.Relation, Phone = guardian.Phone, External = guardian.External ?? entry.External }
            : new GuardianEntry($"g{++next}", guardian.Name, guardian.Relation, guardian.Phone, null, false, External: guardian.External)).ToList();
        return [.. listed, .. entries.Where(entry => !matched.Contains(entry) && (put.KeepUnlisted || entry.Guardian is not null))];
    }
}
