using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.School;

/// <summary>A school: its name, its calendar, its classes, what it has chosen.</summary>
[GrainInterfaceType("schoolhome.school")]
[Alias("schoolhome.ISchoolGrain")]
public interface ISchoolGrain : IGrainWithStringKey, IOutboxGrain
{
    /// <summary>The school as it is; null when it was never founded.</summary>
    [Alias("Profile")]
    Task<SchoolProfile?> Profile();

    /// <summary>Today, in the school's time zone.</summary>
    [Alias("Today")]
    Task<DateOnly> Today();

    /// <summary>Founds the school, or corrects its name, calendar and settings. Repeating it changes nothing.</summary>
    [Alias("Put")]
    Task<Answer<Done>> Put(PutSchool command, ChangedBy by);

    /// <summary>The classes that have not graduated, by grade and number.</summary>
    [Alias("Classes")]
    Task<ImmutableArray<SchoolClass>> Classes();

    /// <summary>One class, graduated or not; null when there is none.</summary>
    [Alias("Class")]
    Task<SchoolClass?> Class(ClassId id);

    /// <summary>Adds classes, or corrects them. Classes that are not named stay. Refused fields: <c>classes</c> (<c>other-school</c>, <c>name-required</c>, <c>grade-unknown</c>, <c>class-taken</c>: two with one grade and number).</summary>
    [Alias("PutClasses")]
    Task<Answer<Done>> PutClasses(ImmutableArray<SchoolClass> classes, ChangedBy by);

    /// <summary>Adds a class of a grade; its id follows from the year in which that grade entered. Answers the id; the same operation id again answers the same. Refused fields as in <see cref="PutClasses"/>.</summary>
    [Alias("AddClass")]
    Task<Answer<ClassId>> AddClass(Guid operation, int grade, int number, string name, ChangedBy by);

    /// <summary>Takes a class off the list; the caller has seen that nobody is in it. Repeating it changes nothing.</summary>
    [Alias("RemoveClass")]
    Task<Answer<Done>> RemoveClass(ClassId id, ChangedBy by);

    /// <summary>What moving up all classes by a grade would do now.</summary>
    [Alias("PreviewPromotion")]
    Task<Promotion> PreviewPromotion();

    /// <summary>
    /// Year-end promotion 升级: every class moves up a grade, those of the last grade graduate; children, teachers, families and books stay with their class, which is a cohort. One write. The same
    /// operation id again changes nothing. Refused with <c>promoted-this-year</c> when the classes moved up less than half a year ago, <c>no-classes</c>.
    /// </summary>
    [Alias("Promote")]
    Task<Answer<Promotion>> Promote(Guid operation, ChangedBy by);

    /// <summary>Takes the last promotion back, all of it. Refused with <c>nothing-to-undo</c>, or <c>classes-changed-since</c> when classes were added, corrected or removed since. Repeating it is refused with <c>nothing-to-undo</c>.</summary>
    [Alias("UndoPromotion")]
    Task<Answer<Done>> UndoPromotion(ChangedBy by);

    /// <summary>The last promotion that can still be taken back; null when none.</summary>
    [Alias("LastPromotion")]
    Task<Promotion?> LastPromotion();

    /// <summary>An import is about to be applied: one at a time. Refused with <c>import-under-way</c> when another is. The same again changes nothing.</summary>
    [Alias("BeginImport")]
    Task<Answer<Done>> BeginImport(ImportId import);

    /// <summary>The import is at its end. Its summary becomes an entry of the audit log.</summary>
    [Alias("EndImport")]
    Task<Answer<Done>> EndImport(ImportId import, AuditEntry? summary);

    /// <summary>Remembers an import for the list, the newest first; the oldest of more than twenty is forgotten.</summary>
    [Alias("NoteImport")]
    Task<Answer<Done>> NoteImport(ImportId import);

    /// <summary>The latest imports, the newest first.</summary>
    [Alias("Imports")]
    Task<ImmutableArray<ImportId>> Imports();

    /// <summary>Remembers a bearer token for the list. Refused with <c>too-many</c> (fifty).</summary>
    [Alias("NoteToken")]
    Task<Answer<Done>> NoteToken(ApiTokenId token, ChangedBy by);

    /// <summary>The bearer tokens, the newest first, those that ended too.</summary>
    [Alias("Tokens")]
    Task<ImmutableArray<ApiTokenId>> Tokens();
}

/// <summary>A school's name, calendar and settings.</summary>
/// <param name="Name">E.g. 青禾小学.</param>
/// <param name="TimeZone">IANA name; governs "today" and every date of this school.</param>
/// <param name="Terms">The terms, by their first day; a school year is made of those with the same <see cref="Term.SchoolYear"/>.</param>
/// <param name="Holidays">Days without school within terms, by their first day.</param>
/// <param name="MakeUpDays">调休: weekend days or days of a holiday on which there is school all the same, ascending.</param>
/// <param name="LastGrade">The grade after which a class graduates, 1 to 12: six in a primary school.</param>
/// <param name="StudentAccounts">Whether students get accounts.</param>
/// <param name="SlipDays">For how many days a slip is good, 1 to 90.</param>
/// <param name="External">The school's <c>sourcedId</c> in the system that rosters come from; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SchoolProfile")]
public sealed record SchoolProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] string TimeZone,
    [property: Id(2)] ImmutableArray<Term> Terms,
    [property: Id(3)] ImmutableArray<Holiday> Holidays,
    [property: Id(4)] ImmutableArray<MakeUpDay> MakeUpDays,
    [property: Id(5)] int LastGrade,
    [property: Id(6)] bool StudentAccounts,
    [property: Id(7)] int SlipDays,
    [property: Id(8)] string? External)
{
    /// <summary>A school with nothing chosen yet: no holidays, six grades, students without accounts, slips for a month.</summary>
    public static SchoolProfile Of(string name, string timeZone, ImmutableArray<Term> terms) => new(name, timeZone, terms, [], [], 6, false, 30, null);

    /// <summary>The term that holds a day; null between terms.</summary>
    public Term? TermOf(DateOnly day)
    {
        foreach (var term in Terms)
        {
            if (term.First <= day && day <= term.Last)
                return term;
        }

        return null;
    }

    /// <summary>Whether there is school on a day: a make-up day, or a weekday of a term that is no holiday. Quotas are prorated by these days.</summary>
    public bool IsTeachingDay(DateOnly day)
    {
        if (TermOf(day) is null)
            return false;
        foreach (var makeUp in MakeUpDays)
        {
            if (makeUp.Day == day)
                return true;
        }

        if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            return false;
        foreach (var holiday in Holidays)
        {
            if (holiday.First <= day && day <= holiday.Last)
                return false;
        }

        return true;
    }

    /// <summary>The calendar year in which the school year of a day begins: that of its term, else by the first of August.</summary>
    public int SchoolYearOf(DateOnly day) => TermOf(day)?.SchoolYear ?? Term.UsualYear(day);
}

/// <summary>A term 学期: the days on which there is a contact book.</summary>
/// <param name="Name">E.g. 2026–2027学年第一学期.</param>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day, inclusive.</param>
/// <param name="SchoolYear">The calendar year in which its school year 学年 begins, e.g. 2026 for 2026–2027.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Term")]
public sealed record Term([property: Id(0)] string Name, [property: Id(1)] DateOnly First, [property: Id(2)] DateOnly Last, [property: Id(3)] int SchoolYear)
{
    /// <summary>The year in which the school year of a day usually begins: on the first of August.</summary>
    public static int UsualYear(DateOnly day) => day.Month >= 8 ? day.Year : day.Year - 1;
}

/// <summary>Days without school.</summary>
/// <param name="Name">E.g. 国庆节.</param>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day, inclusive.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Holiday")]
public sealed record Holiday([property: Id(0)] string Name, [property: Id(1)] DateOnly First, [property: Id(2)] DateOnly Last);

/// <summary>A day of school where there is none otherwise.</summary>
/// <param name="Day">The day.</param>
/// <param name="Name">E.g. 补国庆节周四的课.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MakeUpDay")]
public sealed record MakeUpDay([property: Id(0)] DateOnly Day, [property: Id(1)] string Name);

/// <summary>
/// Founds or corrects a school. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>timeZone</c> (<c>unknown</c>), <c>terms</c> (<c>required</c>, <c>overlap</c>, <c>order</c>,
/// <c>name-required</c>, <c>too-many</c>), <c>holidays</c> (<c>order</c>, <c>overlap</c>, <c>name-required</c>, <c>too-many</c>), <c>makeUpDays</c> (<c>not-free</c>: a day that has school anyway;
/// <c>outside-term</c>, <c>twice</c>, <c>too-many</c>), <c>lastGrade</c> and <c>slipDays</c> (<c>unknown</c>).
/// </summary>
/// <param name="Profile">The school as it shall be.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PutSchool")]
public sealed record PutSchool([property: Id(0)] SchoolProfile Profile);

/// <summary>A class: a cohort that moves up together.</summary>
/// <param name="Class">Its id, which stays.</param>
/// <param name="Name">How people call it now, e.g. 三年级2班.</param>
/// <param name="Grade">The grade that it is in now, or was in when it graduated: 0 for kindergarten, 1 to 12.</param>
/// <param name="Number">Its number within the grade, 1 to 99.</param>
/// <param name="Graduated">The day on which it graduated, in the school's time zone; null when it has not. There is no contact book after that day.</param>
/// <param name="External">Its <c>sourcedId</c> in the system that the roster comes from; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SchoolClass")]
public sealed record SchoolClass(
    [property: Id(0)] ClassId Class,
    [property: Id(1)] string Name,
    [property: Id(2)] int Grade,
    [property: Id(3)] int Number,
    [property: Id(4)] DateOnly? Graduated,
    [property: Id(5)] string? External)
{
    private static readonly string[] Grades =
        ["幼儿园", "一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级", "高一", "高二", "高三"];

    /// <summary>The names of the grades in order, kindergarten first.</summary>
    public static ImmutableArray<string> GradeNames { get; } = [.. Grades];

    /// <summary>The usual name, e.g. 三年级2班; classes that are called so are renamed when they move up.</summary>
    public static string UsualName(int grade, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Grades[grade]}{number}班");

    /// <summary>The id of a class that is in a grade in a school year.</summary>
    /// <param name="school">The school.</param>
    /// <param name="schoolYear">The calendar year in which the school year begins.</param>
    /// <param name="grade">The grade in that year.</param>
    /// <param name="number">The number within the grade.</param>
    public static ClassId IdOf(SchoolId school, int schoolYear, int grade, int number) =>
        new(school.School, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{schoolYear - grade + 1}-{number}"));
}

/// <summary>A promotion of all classes.</summary>
/// <param name="Moves">Class by class, by grade and number.</param>
/// <param name="At">When it was done, UTC; null for a preview.</param>
/// <param name="Refused">Why it cannot be done now: <c>promoted-this-year</c>, <c>no-classes</c>; null when it can.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Promotion")]
public sealed record Promotion([property: Id(0)] ImmutableArray<ClassMove> Moves, [property: Id(1)] DateTimeOffset? At, [property: Id(2)] string? Refused);

/// <summary>What a promotion does to one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Before">Its name before.</param>
/// <param name="After">Its name after; null when it graduates.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassMove")]
public sealed record ClassMove([property: Id(0)] ClassId Class, [property: Id(1)] string Before, [property: Id(2)] string? After);
