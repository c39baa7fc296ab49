using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Xml;
using MiniExcelLibs;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>Reads our Chinese workbook: sheets 学生 and 教职工. All problems are collected; with any, nothing is applied. Cells are text: nothing in them is computed or run.</summary>
internal static class RosterWorkbook
{
    private const string StudentSheet = "学生";
    private const string StaffSheet = "教职工";
    private const int MostRows = 20_000;
    private const long MostUnpacked = 200L * 1024 * 1024;

    private static readonly string[] StudentColumns = ["年级", "班级", "学号", "姓名", "性别", "出生日期", "特殊情况", "家长1姓名", "家长1关系", "家长1手机"];
    private static readonly string[] StaffColumns = ["工号", "姓名", "手机", "职务", "任教班级", "学科"];
    private static readonly string[] Grades = ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"];

    private static readonly Dictionary<string, Relation> Relations = new()
    {
        ["父亲"] = Relation.Father,
        ["母亲"] = Relation.Mother,
        ["爷爷"] = Relation.PaternalGrandfather,
        ["奶奶"] = Relation.PaternalGrandmother,
        ["外公"] = Relation.MaternalGrandfather,
        ["外婆"] = Relation.MaternalGrandmother,
        ["其他"] = Relation.Other,
    };

    private static readonly Dictionary<string, Office> Offices = new()
    {
        ["校长"] = Office.Principal,
        ["分管校长"] = Office.VicePrincipal,
        ["教导处"] = Office.TeachingOffice,
        ["学生工作处"] = Office.StudentAffairs,
        ["年级主任"] = Office.GradeHead,
    };

    public static (Roster Roster, ImmutableArray<RosterProblem> Problems) Read(Stream content, SchoolId school)
    {
        var problems = new List<RosterProblem>();
        var nothing = new Roster(school, [], [], []);
        var (students, staff) = Rows(content, problems);
        if (problems.Count > 0)
            return (nothing, [.. problems]);

        var classes = new Dictionary<ClassId, string>();
        var people = Students(students, school, classes, problems);
        var teachers = Staff(staff, school, classes, problems);
        return problems.Count > 0
            ? (nothing, [.. problems])
            : (new Roster(school, [.. classes.Select(one => Numbered(one.Key, one.Value))], people, teachers), []);
    }

    private static (List<Row> Students, List<Row> Staff) Rows(Stream content, List<RosterProblem> problems)
    {
        try
        {
            // A file that unpacks to more than any roster is no roster (a zip bomb).
            using (var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true))
            {
                if (zip.Entries.Sum(entry => entry.Length) > MostUnpacked)
                {
                    problems.Add(new("", 0, null, "文件解开后太大，不是名册。"));
                    return ([], []);
                }
            }

            content.Position = 0;
            var sheets = content.GetSheetNames();
            foreach (var sheet in new[] { StudentSheet, StaffSheet }.Except(sheets))
                problems.Add(new(sheet, 0, null, $"缺少工作表“{sheet}”。"));

            return problems.Count > 0 ? ([], []) : (Sheet(content, StudentSheet, StudentColumns, problems), Sheet(content, StaffSheet, StaffColumns, problems));
        }
        catch (Exception exception) when (exception is InvalidDataException or XmlException or KeyNotFoundException or FormatException or ArgumentException or InvalidOperationException)
        {
            problems.Add(new("", 0, null, "这不是可以读取的 .xlsx 文件。"));
            return ([], []);
        }
    }

    private static List<Row> Sheet(Stream content, string sheet, string[] required, List<RosterProblem> problems)
    {
        content.Position = 0;
        var rows = new List<Row>();
        Dictionary<string, string>? columns = null;
        var number = 0;
        foreach (IDictionary<string, object?> cells in content.Query(useHeaderRow: false, sheetName: sheet).Cast<IDictionary<string, object?>>())
        {
            number++;
            if (columns is null)
            {
                columns = cells.Where(cell => Text(cell.Value).Length > 0).GroupBy(cell => Text(cell.Value)).ToDictionary(heading => heading.Key, heading => heading.First().Key);
                foreach (var missing in required.Where(column => !columns.ContainsKey(column)))
                    problems.Add(new(sheet, 1, missing, $"缺少“{missing}”这一列。"));
                if (problems.Count > 0)
                    return rows;
            }
            else if (cells.Values.Any(cell => Text(cell).Length > 0))
            {
                rows.Add(new Row(number, columns, cells));
                if (rows.Count > MostRows)
                {
                    problems.Add(new(sheet, number, null, $"超过 {MostRows} 行。"));
                    return rows;
                }
            }
        }

        if (columns is null)
            problems.Add(new(sheet, 0, null, "工作表是空的。"));
        return rows;
    }

    private static ImmutableArray<(StudentId, PutStudent)> Students(List<Row> rows, SchoolId school, Dictionary<ClassId, string> classes, List<RosterProblem> problems)
    {
        var students = ImmutableArray.CreateBuilder<(StudentId, PutStudent)>();
        var seen = new Dictionary<StudentId, int>();
        foreach (var row in rows)
        {
            void Wrong(string? column, string problem) => problems.Add(new(StudentSheet, row.Number, column, problem));

            var name = Name(row, "姓名", "姓名", Wrong);
            var number = row["学号"].ToLowerInvariant();
            if (!StudentId.TryCreate(school.School, number, out var id))
                Wrong("学号", number.Length == 0 ? "学号为空。" : "学号只能用字母和数字，不超过 24 位。");
            else if (!seen.TryAdd(id, row.Number))
                Wrong("学号", $"学号与第 {seen[id]} 行重复。");

            var @class = Class(school, row["年级"], row["班级"]);
            if (row["班级"].Length == 0)
                Wrong("班级", "班级为空。");
            else if (@class is null)
                Wrong("班级", "年级或班级不认识，应如“三年级”“2班”。");
            else
                classes[@class.Value] = row["年级"] + row["班级"];

            var gender = row["性别"];
            if (gender is not ("" or "男" or "女"))
                Wrong("性别", "性别只能是“男”或“女”。");

            DateOnly? birth = null;
            if (row["出生日期"] is { Length: > 0 } written)
            {
                birth = Date(row.Raw("出生日期"), written);
                if (birth is null || birth.Value.Year < 1950)
                    Wrong("出生日期", "日期无效，应如 2018-03-05。");
            }

            var guardians = Guardians(row, Wrong);
            students.Add((id, new PutStudent(name, @class ?? default, gender.Length == 0 ? null : gender, birth, row["特殊情况"] is { Length: > 0 } status ? status : null, guardians)));
        }

        return students.DrainToImmutable();
    }

    private static ImmutableArray<RosterGuardian> Guardians(Row row, Action<string?, string> wrong)
    {
        var guardians = ImmutableArray.CreateBuilder<RosterGuardian>();
        var named = 0;
        for (var i = 1; row.Has($"家长{i}姓名"); i++)
        {
            if (row[$"家长{i}姓名"].Length + row[$"家长{i}关系"].Length + row[$"家长{i}手机"].Length == 0)
                continue;

            named++;
            var name = Name(row, $"家长{i}姓名", "家长姓名", wrong);
            if (!Relations.TryGetValue(row[$"家长{i}关系"], out var relation))
                wrong($"家长{i}关系", $"关系不认识，可填：{string.Join('、', Relations.Keys)}。");
            if (Phones.Normalize(row[$"家长{i}手机"]) is { } phone)
                guardians.Add(new RosterGuardian(name, relation, phone));
            else
                wrong($"家长{i}手机", "手机号无效。");
        }

        if (named == 0)
            wrong(null, "没有任何家长。");
        return guardians.DrainToImmutable();
    }

    private static ImmutableArray<(TeacherId, PutTeacher)> Staff(List<Row> rows, SchoolId school, Dictionary<ClassId, string> classes, List<RosterProblem> problems)
    {
        var teachers = ImmutableArray.CreateBuilder<(TeacherId, PutTeacher)>();
        var seen = new Dictionary<TeacherId, int>();
        var byName = classes.ToDictionary(one => one.Value, one => one.Key);
        foreach (var row in rows)
        {
            void Wrong(string? column, string problem) => problems.Add(new(StaffSheet, row.Number, column, problem));

            var name = Name(row, "姓名", "姓名", Wrong);
            if (!TeacherId.TryCreate(school.School, row["工号"].ToLowerInvariant(), out var id))
                Wrong("工号", row["工号"].Length == 0 ? "工号为空。" : "工号只能用字母和数字，不超过 24 位。");
            else if (!seen.TryAdd(id, row.Number))
                Wrong("工号", $"工号与第 {seen[id]} 行重复。");

            var phone = row["手机"].Length == 0 ? null : Phones.Normalize(row["手机"]);
            if (row["手机"].Length > 0 && phone is null)
                Wrong("手机", "手机号无效。");

            var post = row["职务"];
            ImmutableArray<Office> offices = Offices.TryGetValue(post, out var office) ? [office] : [];
            if (offices.IsEmpty && post is not ("班主任" or "任课教师" or ""))
                Wrong("职务", $"职务不认识，可填：{string.Join('、', Offices.Keys)}、班主任、任课教师。");

            ImmutableArray<string> subjects = [.. row["学科"].Split(['、', ',', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            var duties = ImmutableArray.CreateBuilder<ClassDuty>();
            foreach (var taught in row["任教班级"].Split(['、', ',', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (byName.TryGetValue(taught, out var @class))
                    duties.Add(new ClassDuty(@class, post == "班主任" ? DutyKind.ClassTeacher : DutyKind.SubjectTeacher, subjects));
                else
                    Wrong("任教班级", $"没有“{Shown(taught)}”这个班。");
            }

            teachers.Add((id, new PutTeacher(name, phone, duties.DrainToImmutable(), offices)));
        }

        return teachers.DrainToImmutable();
    }

    private static string Name(Row row, string column, string what, Action<string?, string> wrong)
    {
        var name = row[column];
        if (name.Length == 0)
            wrong(column, $"{what}为空。");
        else if (name.Length > 60)
            wrong(column, $"{what}太长。");
        else if (name[0] is '=' or '+' or '-' or '@')
            wrong(column, $"{what}以“{name[0]}”开头，像是公式。");
        return name;
    }

    private static SchoolClass Numbered(ClassId id, string name)
    {
        var parts = id.Class.Split('-');
        return new SchoolClass(id, name, int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), null, null);
    }

    private static ClassId? Class(SchoolId school, string grade, string @class)
    {
        var at = Array.IndexOf(Grades, grade);
        var number = @class.EndsWith('班') ? @class[..^1] : @class;
        return at >= 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and < 100
            && ClassId.TryCreate(school.School, string.Create(CultureInfo.InvariantCulture, $"{at + 1}-{n}"), out var id)
                ? id
                : null;
    }

    private static DateOnly? Date(object? raw, string written) =>
        raw is DateTime moment ? DateOnly.FromDateTime(moment)
        : DateOnly.TryParseExact(written, ["yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : null;

    private static string Shown(string cell) => cell.Length > 20 ? cell[..20] + "…" : cell;

    private static string Text(object? cell) => cell switch
    {
        null => "",
        DateTime moment => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture).Trim(),
        _ => cell.ToString()?.Trim() ?? "",
    };

    private sealed class Row(int number, Dictionary<string, string> columns, IDictionary<string, object?> cells)
    {
        public int Number => number;

        public string this[string column] => Text(Raw(column));

        public bool Has(string column) => columns.ContainsKey(column);

        public object? Raw(string column) => columns.TryGetValue(column, out var at) && cells.TryGetValue(at, out var cell) ? cell : null;
    }
}
