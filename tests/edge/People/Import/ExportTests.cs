using System.Collections.Immutable;
using System.Text;
using CsCheck;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.People.Import;
using static SchoolHome.Tests.Edge.People.Import.RosterFiles;

namespace SchoolHome.Tests.Edge.People.Import;

public sealed class ExportTests
{
    // Names as people have them, and as they make trouble: formulas, marks, separators, markup, what XML cannot hold.
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.OneOfConst("许建萱", "Anna Wang", "=1+1", "+86", "-李", "@x", "'王", "''王", "'=王", "<b>&amp;</b>", "“甲”、乙", "甲（乙）：丙", "_x0041_", "甲\u0001乙", "\"甲\",乙", "甲 乙", "😀", "＝甲", "0012"),
        Gen.Char["甲乙丙=+-@'\"“”，、（）:;\u0001_xA0"].Array[1, 8].Select(letters => new string(letters).Trim()).Where(name => name.Length > 0 && name != OwnForm.NoGuardian));

    private static readonly Gen<string> Phone = Gen.OneOf(Gen.Int[0, 9999].Select(tail => $"+861991000{tail:0000}"), Gen.OneOfConst("", "+85291234567", "+12025550143"));

    private static readonly Gen<GuardianEntry> Guardian = Gen.Select(Name, Gen.Enum<Relation>(), Phone, (name, relation, phone) => new GuardianEntry("", name, relation, phone, null, false));

    private static readonly Gen<SchoolNow> Schools =
        from students in Gen.Select(Name, Gen.Int[0, 17], Gen.OneOfConst<string?>("男", "女", null), Gen.Int[0, 3000], Gen.OneOf(Name, Gen.Const("")), Guardian.Array[0, 4]).Array[1, 12]
        from staff in Gen.Select(
            Name, Phone, Gen.OneOfConst(Enum.GetValues<Office>()).HashSet[0, 3], Gen.Select(Gen.Int[0, 17], Gen.Enum<DutyKind>(), Name.Array[0, 3]).Array[0, 4]).Array[1, 8]
        select Empty with
        {
            Students = students.Select((one, at) => (Id: new StudentId("s01", $"n{at}"), Profile: new StudentProfile(
                one.Item1,
                Empty.Classes[one.Item2].Class,
                [.. one.Item6.DistinctBy(guardian => (guardian.Name, guardian.Relation)).DistinctBy(guardian => guardian.Phone.Length > 0 ? guardian.Phone : guardian.Name).Select((guardian, i) => guardian with { Entry = $"g{i + 1}" })],
                null, one.Item3, new DateOnly(2015, 1, 1).AddDays(one.Item4), one.Item5.Length > 0 ? one.Item5 : null, null, null, 3))).ToDictionary(one => one.Id, one => one.Profile),
            Staff = staff.Select((one, at) => (Id: new TeacherId("s01", $"t{at}"), Profile: new TeacherProfile(
                one.Item1,
                one.Item2.Length > 0 ? one.Item2 : null,
                // A class has one class teacher: here the teacher whose turn it is.
                [.. one.Item4.DistinctBy(duty => duty.Item1).Select(duty => new ClassDuty(Empty.Classes[duty.Item1].Class, duty.Item2 is DutyKind.ClassTeacher && duty.Item1 % 8 != at ? DutyKind.SubjectTeacher : duty.Item2, [.. duty.Item3.Distinct()]))],
                [.. one.Item3], null, null, null, 5))).ToDictionary(one => one.Id, one => one.Profile),
        };

    [Fact]
    public void Importing_an_exported_workbook_changes_nothing() => Schools.Sample(now => Nothing(SpreadsheetWriter.Write([RosterExport.Students(now), RosterExport.Staff(now)]), now), iter: 300);

    [Fact]
    public void Importing_an_exported_csv_changes_nothing() => Schools.Sample(
        now =>
        {
            Nothing(RosterExport.Csv(RosterExport.Students(now)), now);
            Nothing(RosterExport.Csv(RosterExport.Staff(now)), now);
        },
        iter: 300);

    [Fact]
    public void No_cell_of_a_csv_begins_as_a_formula_does()
    {
        var sheet = new ExportedSheet("学生", ["姓名"], [["=1+1"], ["+1"], ["-1"], ["@x"], ["\tx"], ["\rx"], ["＝x"], ["'=x"], ["王"], ["'王"]]);

        var text = Encoding.UTF8.GetString(RosterExport.Csv(sheet));

        Assert.Equal('\uFEFF', text[0]);
        Assert.Equal(["'=1+1", "'+1", "'-1", "'@x", "\"'\tx\"", "'＝x", "''=x", "王", "'王"], text[1..].Split("\r\n")[1..].Where(line => line.Length > 0 && !line.Contains('\r')).Select(line => line.Contains('\t') && !line.StartsWith('"') ? $"\"{line}\"" : line));
    }

    [Fact]
    public void In_a_workbook_every_cell_is_text()
    {
        using var workbook = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(new MemoryStream(SpreadsheetWriter.Write([new("学生", ["姓名"], [["=1+1"], ["0012"]])])), false);
        var cells = workbook.WorkbookPart!.WorksheetParts.Single().Worksheet!.Descendants<DocumentFormat.OpenXml.Spreadsheet.Cell>().ToList();

        Assert.Equal(3, cells.Count);
        Assert.All(cells, cell => Assert.Equal(("inlineStr", null), (cell.DataType!.InnerText, cell.CellFormula)));
    }

    [Fact]
    public void The_template_says_how_it_is_filled_in_and_is_refused_while_it_is_empty()
    {
        var template = SpreadsheetWriter.Write(RosterExport.Template());

        using var spreadsheet = Spreadsheet.Open(new MemoryStream(template));
        Assert.Equal(["学生", "教职工", "说明"], spreadsheet.Sheets.Select(sheet => sheet.Name));
        Assert.Equal(["学生 0 sheet-empty", "教职工 0 sheet-empty"], Problems(template));
    }

    [Fact]
    public void Every_sentence_has_both_languages_and_takes_what_it_names()
    {
        foreach (var code in ImportTexts.Codes)
        {
            foreach (var language in new[] { "zh-CN", "en" })
                Assert.NotEqual(code, ImportTexts.Sentence(code, ["{0}", "b", "c"], language));
        }
    }

    private static void Nothing(byte[] file, SchoolNow now)
    {
        var plan = Comparison.Plan(Good(file, now), now, new Findings());
        Assert.True(plan.Students.IsEmpty && plan.Staff.IsEmpty && plan.NewClasses.IsEmpty, string.Join('\n', plan.Students.SelectMany(one => one.Fields).Concat(plan.Staff.SelectMany(one => one.Fields))));
    }
}
