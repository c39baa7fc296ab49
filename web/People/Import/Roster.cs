using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>What a file says of a school's people, whatever format it had, without a fault.</summary>
/// <param name="Format">What it was read as.</param>
/// <param name="SchoolExternal">The school's <c>sourcedId</c>; null when the format has none.</param>
/// <param name="Classes">The classes that it names.</param>
/// <param name="Students">The students; null when the file is not about students, so that nobody leaves.</param>
/// <param name="Staff">The staff; null when the file is not about staff.</param>
/// <param name="NamesEverybody">Whether who is not in it leaves. A delta names only those whom something has changed for.</param>
internal sealed record Roster(
    RosterFormat Format,
    string? SchoolExternal,
    ImmutableArray<RosterClass> Classes,
    ImmutableArray<RosterStudent>? Students,
    ImmutableArray<RosterTeacher>? Staff,
    bool NamesEverybody);

/// <summary>A class by its place in the school today.</summary>
/// <param name="Grade">0 for kindergarten, 1 to 12.</param>
/// <param name="Number">Its number within the grade, 1 to 99.</param>
internal readonly record struct ClassPlace(int Grade, int Number)
{
    public const int MostNumber = 99;

    public string UsualName => SchoolClass.UsualName(Grade, Number);
}

/// <param name="Place">Where it is.</param>
/// <param name="Name">Its name in the other system; null when the format has only grade and number.</param>
/// <param name="External">Its <c>sourcedId</c>; null when the format has none.</param>
internal sealed record RosterClass(ClassPlace Place, string? Name, string? External);

/// <summary>A student as a file has it. What the format does not tell, or this file leaves out, is not told: it stays as it is.</summary>
/// <param name="Id">The student.</param>
/// <param name="Name">Its name.</param>
/// <param name="Class">Its class; null when it leaves.</param>
/// <param name="Gender">男, 女, or null.</param>
/// <param name="BirthDate">Its birth date.</param>
/// <param name="SpecialStatus">特殊情况.</param>
/// <param name="Guardians">In the order of the file.</param>
/// <param name="KeepsUnlisted">Whether guardians whom the file does not list stay.</param>
/// <param name="External">Its <c>sourcedId</c>; null when the format has none.</param>
internal sealed record RosterStudent(
    StudentId Id,
    string Name,
    ClassPlace? Class,
    Told<string?> Gender,
    Told<DateOnly?> BirthDate,
    Told<string?> SpecialStatus,
    Told<ImmutableArray<ListedGuardian>> Guardians,
    bool KeepsUnlisted,
    string? External);

/// <param name="Name">Their name.</param>
/// <param name="Relation">How they are related to the child; null when the format cannot say.</param>
/// <param name="Phone">E.164; empty when the file has none.</param>
/// <param name="External">Their <c>sourcedId</c>; null when the format has none.</param>
internal sealed record ListedGuardian(string Name, Relation? Relation, string Phone, string? External);

/// <summary>A member of staff as a file has them.</summary>
/// <param name="Id">The teacher.</param>
/// <param name="Name">Their name.</param>
/// <param name="Phone">E.164; null when they have none.</param>
/// <param name="Duties">Class by class.</param>
/// <param name="KeepsCounselling">Whether they go on as counsellor where they are: the format knows no counsellors of classes.</param>
/// <param name="Offices">What they do for the whole school. Administrators are no matter of rosters.</param>
/// <param name="External">Their <c>sourcedId</c>; null when the format has none.</param>
/// <param name="Leaves">Whether the file says that they have left.</param>
internal sealed record RosterTeacher(
    TeacherId Id,
    string Name,
    Told<string?> Phone,
    Told<ImmutableArray<RosterDuty>> Duties,
    bool KeepsCounselling,
    Told<ImmutableArray<Office>> Offices,
    string? External,
    bool Leaves = false);

/// <param name="Class">Where.</param>
/// <param name="Kind">As what.</param>
/// <param name="Subjects">What they teach there; may be empty.</param>
internal sealed record RosterDuty(ClassPlace Class, DutyKind Kind, ImmutableArray<string> Subjects);

/// <summary>A value that a file tells, be it null, or does not tell.</summary>
/// <param name="IsTold">Whether it does.</param>
/// <param name="Value">The value; default when it is not told.</param>
internal readonly record struct Told<T>(bool IsTold, T Value)
{
    public T Or(T other) => IsTold ? Value : other;

    public static implicit operator Told<T>(T value) => new(true, value);
}

/// <summary>The school's people as they are now: what a file is held against.</summary>
/// <param name="School">The school.</param>
/// <param name="External">Its <c>sourcedId</c>; null when no file has named it.</param>
/// <param name="SchoolYear">The calendar year in which the school year of today begins.</param>
/// <param name="Classes">The classes that have not graduated.</param>
/// <param name="Students">Those who are in a class, and those who left but are named by the file.</param>
/// <param name="Staff">Those who work there, and those who left but are named by the file.</param>
internal sealed record SchoolNow(
    SchoolId School,
    string? External,
    int SchoolYear,
    ImmutableArray<SchoolClass> Classes,
    IReadOnlyDictionary<StudentId, StudentProfile> Students,
    IReadOnlyDictionary<TeacherId, TeacherProfile> Staff)
{
    /// <summary>How many students are in the school.</summary>
    public int StudentCount => Students.Values.Count(one => one.Class is not null);
}
