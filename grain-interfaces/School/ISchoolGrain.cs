using System.Collections.Immutable;

namespace SchoolHome.School;

/// <summary>The one district of a deployment: which schools there are, and the first run.</summary>
[GrainInterfaceType("schoolhome.district")]
[Alias("schoolhome.IDistrictGrain")]
public interface IDistrictGrain : IGrainWithStringKey
{
    /// <summary>The key of the one district.</summary>
    static readonly string TheKey = $"{KeyKinds.District}/main";

    /// <summary>The schools, in the order in which they were founded; empty before the first run.</summary>
    [Alias("Schools")]
    Task<ImmutableArray<SchoolId>> Schools();

    /// <summary>
    /// Makes a one-time token good for the first run, until the first school is founded. Every web process offers its own. Only the token's hash is kept.
    /// </summary>
    /// <param name="tokenHash">SHA-256 of the token, in hexadecimal.</param>
    [Alias("OfferSetup")]
    Task OfferSetup(string tokenHash);

    /// <summary>
    /// Takes the first run for one browser: from now on only commands with the same operation id go on with it. Refused with <c>setup-token-wrong</c>, <c>setup-done</c>
    /// when there is a school already, or <c>setup-under-way</c> when another command has taken it within the last ten minutes.
    /// </summary>
    [Alias("BeginSetup")]
    Task<Answer<Done>> BeginSetup(Guid operation, string tokenHash);

    /// <summary>Enters a school into the district. Entering it again changes nothing.</summary>
    [Alias("EnterSchool")]
    Task<Answer<Done>> EnterSchool(SchoolId school);
}

/// <summary>A school: its name, its calendar, its classes.</summary>
[GrainInterfaceType("schoolhome.school")]
[Alias("schoolhome.ISchoolGrain")]
public interface ISchoolGrain : IGrainWithStringKey
{
    /// <summary>The school as it is; null when it was never founded.</summary>
    [Alias("Profile")]
    Task<SchoolProfile?> Profile();

    /// <summary>Today, in the school's time zone.</summary>
    [Alias("Today")]
    Task<DateOnly> Today();

    /// <summary>Founds the school, or corrects its name and calendar. Repeating it changes nothing.</summary>
    [Alias("Put")]
    Task<Answer<Done>> Put(PutSchool command);

    /// <summary>The classes, by grade and number.</summary>
    [Alias("Classes")]
    Task<ImmutableArray<ClassName>> Classes();

    /// <summary>Adds classes to the list, or corrects their names. Classes that are not named stay.</summary>
    [Alias("PutClasses")]
    Task<Answer<Done>> PutClasses(ImmutableArray<ClassName> classes);
}

/// <summary>A school's name and calendar.</summary>
/// <param name="Name">E.g. 青禾小学.</param>
/// <param name="TimeZone">IANA name; governs "today" and every date of this school.</param>
/// <param name="Terms">The terms, by their first day.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SchoolProfile")]
public sealed record SchoolProfile([property: Id(0)] string Name, [property: Id(1)] string TimeZone, [property: Id(2)] ImmutableArray<Term> Terms)
{
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
}

/// <summary>A term 学期: the days on which there is a contact book.</summary>
/// <param name="Name">E.g. 2026–2027学年第一学期.</param>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day, inclusive.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Term")]
public sealed record Term([property: Id(0)] string Name, [property: Id(1)] DateOnly First, [property: Id(2)] DateOnly Last);

/// <summary>Founds or corrects a school. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>timeZone</c> (<c>unknown</c>), <c>terms</c> (<c>required</c>, <c>overlap</c>, <c>order</c>).</summary>
/// <param name="Profile">The school as it shall be.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PutSchool")]
public sealed record PutSchool([property: Id(0)] SchoolProfile Profile);

/// <summary>A class and how people call it.</summary>
/// <param name="Class">Its id.</param>
/// <param name="Name">E.g. 三年级2班.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassName")]
public sealed record ClassName([property: Id(0)] ClassId Class, [property: Id(1)] string Name);

/// <summary>
/// A class: who is in it and who teaches it. Both are projections: a student owns which class it is in, a teacher owns their duties, and their outboxes tell the class.
/// </summary>
[GrainInterfaceType("schoolhome.class")]
[Alias("schoolhome.IClassGrain")]
public interface IClassGrain : IGrainWithStringKey, People.ITakesFactsGrain, People.IOutboxGrain
{
    /// <summary>The class with its members; null when there is no such class.</summary>
    [Alias("Roster")]
    Task<ClassRoster?> Roster();
}

/// <summary>A class with its members.</summary>
/// <param name="Class">Its id.</param>
/// <param name="Students">By student number.</param>
/// <param name="Teachers">The class teacher first, then by staff number.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassRoster")]
public sealed record ClassRoster(
    [property: Id(0)] ClassId Class,
    [property: Id(1)] ImmutableArray<ClassStudent> Students,
    [property: Id(2)] ImmutableArray<ClassTeacher> Teachers);

/// <summary>A student of a class.</summary>
/// <param name="Student">Its id.</param>
/// <param name="Name">Its name.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassStudent")]
public sealed record ClassStudent([property: Id(0)] StudentId Student, [property: Id(1)] string Name);

/// <summary>A teacher of a class.</summary>
/// <param name="Teacher">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Duty">What they do there.</param>
/// <param name="Subjects">What they teach there; may be empty.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassTeacher")]
public sealed record ClassTeacher(
    [property: Id(0)] TeacherId Teacher,
    [property: Id(1)] string Name,
    [property: Id(2)] People.DutyKind Duty,
    [property: Id(3)] ImmutableArray<string> Subjects);
