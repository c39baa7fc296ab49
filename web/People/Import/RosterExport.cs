using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>Writes a school's people in our own form, so that importing what was exported changes nothing. What a spreadsheet would take for a formula is written so that it stays text.</summary>
internal static class RosterExport
{
    /// <summary>At least so many guardians have columns, so that the office can fill them in.</summary>
    private const int FewestGuardians = 3;

    public static ExportedSheet Students(SchoolNow now)
    {
        var places = Places(now);
        var students = now.Students
            .Where(one => one.Value.Class is { } @class && places.ContainsKey(@class))
            .Select(one => (one.Key.Number, one.Value, Place: places[one.Value.Class!.Value]))
            .OrderBy(one => one.Place.Grade).ThenBy(one => one.Place.Number).ThenBy(one => one.Number, StringComparer.Ordinal)
            .ToList();
        var guardians = Math.Max(FewestGuardians, students.Select(one => one.Value.Guardians.Length).DefaultIfEmpty().Max());
        return new ExportedSheet(
            OwnForm.StudentSheet,
            StudentHeadings(guardians),
            [.. students.Select(one => Row(one.Number, one.Value, one.Place, guardians))]);
    }

    public static ExportedSheet Staff(SchoolNow now)
    {
        var places = Places(now);
        return new ExportedSheet(
            OwnForm.StaffSheet,
            OwnForm.StaffColumns,
            [.. now.Staff.Where(one => one.Value.Left is null).OrderBy(one => one.Key.Number, StringComparer.Ordinal).Select(one => Row(one.Key.Number, one.Value, places))]);
    }

    /// <summary>The empty form, with an explanation that the import does not read.</summary>
    public static ImmutableArray<ExportedSheet> Template() =>
    [
        new(OwnForm.StudentSheet, StudentHeadings(FewestGuardians), []),
        new(OwnForm.StaffSheet, OwnForm.StaffColumns, []),
        new(OwnForm.ExampleSheet, ["栏目", "怎样填写", "例子"],
        [
            ["年级", "一年级 到 九年级，高一 到 高三，幼儿园", "三年级"],
            ["班级", "年级里的第几班", "2班"],
            ["学号", "字母和数字，不超过 24 位，全校不重复；同一个学号就是同一名学生", "2026320295"],
            ["姓名", "最多 60 个字", "许建萱"],
            ["性别", "男、女，或不填", "女"],
            ["出生日期", "年-月-日，或不填", "2018-03-05"],
            ["特殊情况", "需要特别关心的情况，或不填", "留守儿童"],
            ["家长1姓名 …", "家长按联系的先后填写，最多 12 位（家长4姓名、家长4关系、家长4手机 …）；确实没有家长的，在“家长1姓名”里填“无”", "许志强"],
            ["家长1关系 …", string.Join('、', OwnForm.Relations.Select(one => one.Word)), "父亲"],
            ["家长1手机 …", "国外号码要带国家区号，如 +852…；手机号只用来联系和核对通知单，不会因为号码相同就把两个人当作一个人", "19910000556"],
            ["工号", "字母和数字，不超过 24 位，全校不重复", "T031"],
            ["职务", string.Join('、', OwnForm.Offices.Select(one => one.Word).Concat(OwnForm.Duties.Select(one => one.Word))) + "；几项之间用“、”隔开", "班主任"],
            ["任教班级", "班级之间用“、”隔开；各班不同的，在括号里写明", "三年级2班（班主任：语文）、三年级1班（任课教师：语文，道德与法治）"],
            ["学科", "几科之间用“、”隔开", "语文"],
            ["说明", "导入只读“学生”和“教职工”两张表，不读这一张。不在表里的学生会离校，导入前会先给您看。公式不会被计算，请填文字。", ""],
        ]),
    ];

    public static byte[] Csv(ExportedSheet sheet)
    {
        using var bytes = new MemoryStream();
        // With a mark: without one, Excel reads UTF-8 as the local encoding.
        using (var text = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" }))
        {
            foreach (var row in sheet.Rows.Prepend([.. sheet.Headings]))
            {
                foreach (var value in row)
                    csv.WriteField(FormulaMark.Written(value));
                csv.NextRecord();
            }
        }

        return bytes.ToArray();
    }

    private static ImmutableArray<string> StudentHeadings(int guardians) =>
    [
        .. OwnForm.StudentColumns.Where(column => !column.StartsWith("家长", StringComparison.Ordinal)),
        .. Enumerable.Range(1, guardians).SelectMany(i => new[] { $"家长{i}姓名", $"家长{i}关系", $"家长{i}手机" }),
    ];

    private static string[] Row(string number, StudentProfile student, ClassPlace place, int guardians)
    {
        var row = new List<string>
        {
            SchoolClass.GradeNames[place.Grade],
            string.Create(CultureInfo.InvariantCulture, $"{place.Number}班"),
            number,
            student.Name,
            student.Gender ?? "",
            student.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            student.SpecialStatus ?? "",
        };
        for (var at = 0; at < guardians; at++)
        {
            if (at < student.Guardians.Length)
                row.AddRange([student.Guardians[at].Name, OwnForm.Of(student.Guardians[at].Relation), Phone(student.Guardians[at].Phone)]);
            else
                row.AddRange([at == 0 ? OwnForm.NoGuardian : "", "", ""]);
        }

        return [.. row];
    }

    private static string[] Row(string number, TeacherProfile teacher, Dictionary<ClassId, ClassPlace> places)
    {
        // Being administrator is no matter of rosters. Duties in classes that have graduated end with them.
        var duties = teacher.Duties.Where(duty => places.ContainsKey(duty.Class)).Select(duty => (Class: places[duty.Class].UsualName, duty.Kind, duty.Subjects)).ToList();
        var posts = OwnForm.Offices.Where(one => teacher.Offices.Contains(one.Office)).Select(one => one.Word).ToList();
        var isPlain = duties.Select(duty => duty.Kind).Distinct().Count() <= 1 && duties.All(duty => duty.Subjects.SequenceEqual(duties[0].Subjects));
        if (isPlain && duties.Count > 0 && (duties[0].Kind is not DutyKind.SubjectTeacher || posts.Count == 0))
            posts.Add(OwnForm.Of(duties[0].Kind));
        return
        [
            number,
            teacher.Name,
            Phone(teacher.Phone ?? ""),
            string.Join('、', posts),
            DutyText.Write(duties, isPlain),
            isPlain && duties.Count > 0 ? DutyText.Write(duties[0].Subjects) : "",
        ];
    }

    private static Dictionary<ClassId, ClassPlace> Places(SchoolNow now) => now.Classes.ToDictionary(one => one.Class, one => new ClassPlace(one.Grade, one.Number));

    // As people here write it; a number from elsewhere keeps its country code.
    private static string Phone(string e164) => e164.StartsWith("+861", StringComparison.Ordinal) && e164.Length == 14 && Phones.Normalize(e164[3..]) == e164 ? e164[3..] : e164;
}

/// <summary>A sheet that is written: text in every cell.</summary>
internal sealed record ExportedSheet(string Name, ImmutableArray<string> Headings, ImmutableArray<string[]> Rows);
