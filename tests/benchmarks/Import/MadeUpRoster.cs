using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.School;
using SchoolHome.Web.People.Import;

namespace SchoolHome.Benchmarks.Import;

/// <summary>A school that does not exist: classes of forty in twelve grades, two guardians a child, a class teacher and two subject teachers a class.</summary>
internal static class MadeUpRoster
{
    private const int ClassSize = 40;
    private const int Grades = 12;

    public static byte[] Workbook(int students, out int staff)
    {
        var classes = Enumerable.Range(0, (students + ClassSize - 1) / ClassSize).Select(at => (Grade: (at % Grades) + 1, Number: (at / Grades) + 1)).ToArray();
        ImmutableArray<string[]> rows =
        [
            .. Enumerable.Range(0, students).Select(at =>
            {
                var (grade, number) = classes[at / ClassSize];
                return (string[])
                [
                    SchoolClass.GradeNames[grade], Written($"{number}班"), Written($"2026{at:000000}"), Name(at), at % 2 == 0 ? "男" : "女",
                    new DateOnly(2020 - grade, 1, 1).AddDays(at % 365).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "",
                    Name((at * 7) + 1), "父亲", Written($"199{at * 2:00000000}"), Name((at * 11) + 2), "母亲", Written($"199{(at * 2) + 1:00000000}"),
                ];
            }),
        ];
        ImmutableArray<string[]> teachers =
        [
            .. classes.SelectMany((one, at) => new[] { ("班主任", "语文"), ("任课教师", "数学"), ("任课教师", "英语") }.Select((duty, i) => (string[])
                [Written($"T{(at * 3) + i:0000}"), Name((at * 13) + i), Written($"198{(at * 3) + i:00000000}"), duty.Item1, SchoolClass.UsualName(one.Grade, one.Number), duty.Item2])),
        ];
        staff = teachers.Length;
        return SpreadsheetWriter.Write(
        [
            new("学生", ["年级", "班级", "学号", "姓名", "性别", "出生日期", "特殊情况", "家长1姓名", "家长1关系", "家长1手机", "家长2姓名", "家长2关系", "家长2手机"], rows),
            new("教职工", ["工号", "姓名", "手机", "职务", "任教班级", "学科"], teachers),
        ]);
    }

    private static string Name(int at) => $"{"赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"[at % 16]}{"子明思雨欣嘉梓晨浩天"[at / 16 % 10]}{"轩涵怡泽萱宇然瑶熙桐"[at / 160 % 10]}";

    private static string Written(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
