using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>The words of our own form, as the office fills it in: its sheets, columns, and what may stand in them. Reading and writing go by the same words.</summary>
internal static class OwnForm
{
    public const string StudentSheet = "学生";
    public const string StaffSheet = "教职工";
    public const string ExampleSheet = "说明";

    /// <summary>Says that a child has no guardian at all, in the first guardian's column.</summary>
    public const string NoGuardian = "无";

    public const int LongestStatus = 200;

    private static readonly SearchValues<char> BeginsNumber = SearchValues.Create("(（0123456789");

    public static ImmutableArray<string> StudentColumns { get; } = ["年级", "班级", "学号", "姓名", "性别", "出生日期", "特殊情况", "家长1姓名", "家长1关系", "家长1手机"];

    public static ImmutableArray<string> StaffColumns { get; } = ["工号", "姓名", "手机", "职务", "任教班级", "学科"];

    public static ImmutableArray<(string Word, Relation Relation)> Relations { get; } =
    [
        ("父亲", Relation.Father), ("母亲", Relation.Mother), ("爷爷", Relation.PaternalGrandfather), ("奶奶", Relation.PaternalGrandmother),
        ("外公", Relation.MaternalGrandfather), ("外婆", Relation.MaternalGrandmother), ("其他", Relation.Other),
    ];

    /// <summary>Administrators are no matter of rosters.</summary>
    public static ImmutableArray<(string Word, Office Office)> Offices { get; } =
    [
        ("校长", Office.Principal), ("分管校长", Office.VicePrincipal), ("教导处", Office.TeachingOffice), ("学生工作处", Office.StudentAffairs), ("年级主任", Office.GradeHead),
    ];

    public static ImmutableArray<(string Word, DutyKind Kind)> Duties { get; } = [("班主任", DutyKind.ClassTeacher), ("任课教师", DutyKind.SubjectTeacher), ("辅导员", DutyKind.Counsellor)];

    public static string Of(Relation relation) => Relations.First(one => one.Relation == relation).Word;

    public static string Of(DutyKind kind) => Duties.First(one => one.Kind == kind).Word;

    public static Relation? RelationOf(string word)
    {
        foreach (var one in Relations)
        {
            if (one.Word == word)
                return one.Relation;
        }

        // What parents are called elsewhere; never written by us.
        return word switch
        {
            "爸爸" or "父" or "父子" or "父女" => Relation.Father,
            "妈妈" or "母" or "母子" or "母女" => Relation.Mother,
            "祖父" => Relation.PaternalGrandfather,
            "祖母" => Relation.PaternalGrandmother,
            "外祖父" or "姥爷" => Relation.MaternalGrandfather,
            "外祖母" or "姥姥" => Relation.MaternalGrandmother,
            "其他监护人" or "监护人" => Relation.Other,
            _ => null,
        };
    }

    /// <summary>三年级, 3年级, 3, 初一, 高二 …; null when it is no grade.</summary>
    public static int? GradeOf(string word)
    {
        var at = SchoolClass.GradeNames.IndexOf(word);
        if (at >= 0)
            return at;

        var digits = word.EndsWith("年级", StringComparison.Ordinal) ? word[..^2] : word;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var grade) && grade is >= 1 and <= 12)
            return grade;

        return word switch { "初一" => 7, "初二" => 8, "初三" => 9, "十年级" => 10, "十一年级" => 11, "十二年级" => 12, _ => null };
    }

    /// <summary>2班, （2）班, 2; null when it is no class.</summary>
    public static int? NumberOf(string word)
    {
        var digits = (word.EndsWith('班') ? word[..^1] : word).Trim('(', ')', '（', '）', ' ');
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ClassPlace.MostNumber ? number : null;
    }

    /// <summary>三年级2班; null when it is no class called in the usual way.</summary>
    public static ClassPlace? PlaceOf(string word)
    {
        // 高一2班, 三年级（2）班, 幼儿园1班: the grade is what comes before the number.
        var digit = word.AsSpan().IndexOfAny(BeginsNumber);
        if (digit == 0)
        {
            // 3年级2班
            var end = word.IndexOf("年级", StringComparison.Ordinal);
            digit = end < 0 ? -1 : end + 2;
        }

        return digit > 0 && GradeOf(word[..digit].Trim()) is { } grade && NumberOf(word[digit..]) is { } number ? new ClassPlace(grade, number) : null;
    }

    /// <summary>A date as people write it; null when it is none.</summary>
    public static DateOnly? DateOf(string written) =>
        DateOnly.TryParseExact(written, ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        // A spreadsheet's date with its time, which is midnight.
        : DateTime.TryParseExact(written, ["yyyy-M-d H:mm:ss", "yyyy/M/d H:mm:ss", "yyyy-M-d H:mm", "yyyy/M/d H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? DateOnly.FromDateTime(moment)
        : null;
}
