using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>A student: profile, class, guardians and their access. The truth about who may know of this child.</summary>
[GrainInterfaceType("schoolhome.student")]
[Alias("schoolhome.IStudentGrain")]
public interface IStudentGrain : IGrainWithStringKey, IOutboxGrain
{
    /// <summary>The student; null when there is none of this number.</summary>
    [Alias("Profile")]
    Task<StudentProfile?> Profile();

    /// <summary>
    /// Enters the student as the roster has it. The answer says whether anything changed, and what was there before. Guardians keep their entry and their access when
    /// name and relation are the same; a guardian who is no longer on the roster stays, without losing access (taking access away is a decision of its own).
    /// </summary>
    [Alias("Put")]
    Task<Answer<RosterChange>> Put(PutStudent command);

    /// <summary>
    /// Binds the child to a guardian who has proved to be the one of this entry. Refused with <c>not-found</c> (no such entry), <c>entry-bound-to-another</c>.
    /// Binding the same guardian again changes nothing, but gives access back that was ended.
    /// </summary>
    [Alias("BindGuardian")]
    Task<Answer<Done>> BindGuardian(string entry, GuardianId guardian);

    /// <summary>Says which account signs in as this student. Refused with <c>student-has-account</c> when it is another one already.</summary>
    [Alias("BindAccount")]
    Task<Answer<Done>> BindAccount(AccountId account);

    /// <summary>Ends a guardian's access to this child: at once, on live connections too (L2). Refused with <c>not-found</c>. Repeating it changes nothing.</summary>
    [Alias("EndGuardianAccess")]
    Task<Answer<Done>> EndGuardianAccess(string entry);
}

/// <summary>A student as others see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">The class it is in now; null when it has left.</param>
/// <param name="Guardians">In the order of the roster.</param>
/// <param name="Account">Who signs in as the child; null until somebody can.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.StudentProfile")]
public sealed record StudentProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] ClassId? Class,
    [property: Id(2)] ImmutableArray<GuardianEntry> Guardians,
    [property: Id(3)] AccountId? Account)
{
    /// <summary>The entry by which a guardian has access now; null when they have none.</summary>
    public GuardianEntry? AccessOf(GuardianId guardian)
    {
        foreach (var entry in Guardians)
        {
            if (entry.HasAccess && entry.Guardian == guardian)
                return entry;
        }

        return null;
    }
}

/// <summary>A guardian as a child's record has them.</summary>
/// <param name="Entry">Short and stable within this child, e.g. <c>g1</c>.</param>
/// <param name="Name">Their name.</param>
/// <param name="Relation">Father, mother …</param>
/// <param name="Phone">E.164; a way to reach them, never a proof of who they are.</param>
/// <param name="Guardian">Who has proved to be this guardian; null until somebody has.</param>
/// <param name="AccessEnded">Whether access was taken away.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.GuardianEntry")]
public sealed record GuardianEntry(
    [property: Id(0)] string Entry,
    [property: Id(1)] string Name,
    [property: Id(2)] Relation Relation,
    [property: Id(3)] string Phone,
    [property: Id(4)] GuardianId? Guardian,
    [property: Id(5)] bool AccessEnded)
{
    /// <summary>Whether somebody may read this child's book by this entry.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasAccess => Guardian is not null && !AccessEnded;
}

/// <summary>How a guardian is related to a child.</summary>
[GenerateSerializer, Alias("schoolhome.Relation")]
public enum Relation
{
    /// <summary>父亲</summary>
    Father,
    /// <summary>母亲</summary>
    Mother,
    /// <summary>爷爷, father's father</summary>
    PaternalGrandfather,
    /// <summary>奶奶, father's mother</summary>
    PaternalGrandmother,
    /// <summary>外公, mother's father</summary>
    MaternalGrandfather,
    /// <summary>外婆, mother's mother</summary>
    MaternalGrandmother,
    /// <summary>其他, another guardian</summary>
    Other,
}

/// <summary>A student as a roster has it. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>guardians</c> (<c>too-many</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">Its class.</param>
/// <param name="Gender">男, 女, or null when not given.</param>
/// <param name="BirthDate">Null when not given.</param>
/// <param name="SpecialStatus">特殊情况, as the roster words it; null when none.</param>
/// <param name="Guardians">In the order of the roster.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PutStudent")]
public sealed record PutStudent(
    [property: Id(0)] string Name,
    [property: Id(1)] ClassId Class,
    [property: Id(2)] string? Gender,
    [property: Id(3)] DateOnly? BirthDate,
    [property: Id(4)] string? SpecialStatus,
    [property: Id(5)] ImmutableArray<RosterGuardian> Guardians);

/// <summary>A guardian as a roster has them.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Relation">How they are related to the child.</param>
/// <param name="Phone">E.164.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.RosterGuardian")]
public sealed record RosterGuardian([property: Id(0)] string Name, [property: Id(1)] Relation Relation, [property: Id(2)] string Phone);

/// <summary>What entering one person of a roster did.</summary>
[GenerateSerializer, Alias("schoolhome.RosterChange")]
public enum RosterChange
{
    /// <summary>Nobody of this number was there.</summary>
    Added,
    /// <summary>Something differed.</summary>
    Changed,
    /// <summary>All was so already.</summary>
    Unchanged,
}
