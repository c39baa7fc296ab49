using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SchoolHome.People;

/// <summary>
/// A student: profile, class, guardians and their access. The truth about who may know of this child. Every change says who makes it (<see cref="ChangedBy"/>); the change and its audit entry are
/// stored in one write. A command that changes nothing writes nothing, so each of them can be repeated.
/// </summary>
[GrainInterfaceType("schoolhome.student")]
[Alias("schoolhome.IStudentGrain")]
public interface IStudentGrain : IGrainWithStringKey, IOutboxGrain
{
    /// <summary>The student; null when there is none of this number.</summary>
    [Alias("Profile")]
    Task<StudentProfile?> Profile();

    /// <summary>The newest changes of this record, the newest first; at most <see cref="PeopleLimits.HistoryEntries"/>.</summary>
    [Alias("History")]
    Task<ImmutableArray<AuditEntry>> History();

    /// <summary>
    /// Enters the student as a roster has it; somebody who had left comes back. The answer says whether anything changed. A guardian keeps their entry and access when name and relation are the
    /// same, or relation and phone. One who is no longer listed is removed if nobody was ever bound by that entry, else stays with their access: taking access away is a decision of its own.
    /// Refused with <c>changed-meanwhile</c> when the record's revision is not the expected one, unless the record is already as the command says; with <c>number-taken</c> when the number is that of
    /// somebody of another name who has left.
    /// </summary>
    [Alias("Put")]
    Task<Answer<RosterChange>> Put(PutStudent command, ChangedBy by);

    /// <summary>Corrects name, gender, birth date and special status. Fields refused: as in <see cref="PutStudent"/>.</summary>
    [Alias("Correct")]
    Task<Answer<Done>> Correct(CorrectStudent command, ChangedBy by);

    /// <summary>Moves the child into another class of its school; the family's and the teachers' rights go along at once (L2). Refused with <c>student-has-left</c>; field <c>class</c> (<c>other-school</c>).</summary>
    [Alias("Move")]
    Task<Answer<Done>> Move(ClassId to, ChangedBy by);

    /// <summary>The child leaves the school: out of its class, on live connections too (L2). Guardians keep their entries, and can go on reading nothing of the class. Fields refused: <c>reason</c> (<c>required</c>, <c>too-long</c>).</summary>
    [Alias("Leave")]
    Task<Answer<Done>> Leave(LeaveSchool command, ChangedBy by);

    /// <summary>A child that had left comes back into a class. Refused with <c>student-has-not-left</c>.</summary>
    [Alias("Return")]
    Task<Answer<Done>> Return(ClassId to, ChangedBy by);

    /// <summary>Adds a guardian. Answers the new entry; the same operation id again answers the same entry. Fields refused: as in <see cref="GuardianDetails"/>, <c>guardians</c> (<c>too-many</c>).</summary>
    [Alias("AddGuardian")]
    Task<Answer<string>> AddGuardian(Guid operation, GuardianDetails details, ChangedBy by);

    /// <summary>Corrects a guardian. A phone number is a way to reach them, never a proof: correcting it binds nobody and moves no sign-in name. Refused with <c>not-found</c>; fields as in <see cref="GuardianDetails"/>.</summary>
    [Alias("CorrectGuardian")]
    Task<Answer<Done>> CorrectGuardian(string entry, GuardianDetails details, ChangedBy by);

    /// <summary>Sets in which order guardians are to be contacted. Field refused: <c>entries</c> (<c>not-all</c>: each entry once).</summary>
    [Alias("OrderGuardians")]
    Task<Answer<Done>> OrderGuardians(ImmutableArray<string> entries, ChangedBy by);

    /// <summary>Removes a guardian who was entered by mistake. Refused with <c>guardian-was-bound</c> when somebody has or had access by this entry: that is ended, not erased. Removing again changes nothing.</summary>
    [Alias("RemoveGuardian")]
    Task<Answer<Done>> RemoveGuardian(string entry, ChangedBy by);

    /// <summary>
    /// Sets or lifts a custody restriction: at once, on live connections too (L2). <see cref="CustodyRestriction.NoAccess"/> voids a slip of this entry. Refused with <c>not-found</c>; field
    /// <c>reason</c> (<c>required</c>, <c>too-long</c>), e.g. the court's file number; only administrators read it.
    /// </summary>
    [Alias("RestrictGuardian")]
    Task<Answer<Done>> RestrictGuardian(string entry, CustodyRestriction restriction, string reason, ChangedBy by);

    /// <summary>Ends a guardian's access to this child: at once, on live connections too (L2); voids a slip of this entry. Refused with <c>not-found</c>. Repeating it changes nothing.</summary>
    [Alias("EndGuardianAccess")]
    Task<Answer<Done>> EndGuardianAccess(string entry, ChangedBy by);

    /// <summary>
    /// Says which slip counts for a guardian from now on; an earlier one is void. Refused with <c>not-found</c>, <c>access-restricted</c> (custody), <c>access-ended</c> (a class teacher does not give back what the office has ended), <c>student-has-left</c>.
    /// The slip's actor was made before (<see cref="IInvitationGrain.Make"/>).
    /// </summary>
    [Alias("IssueSlip")]
    Task<Answer<Done>> IssueSlip(string entry, InvitationId slip, DateTimeOffset expires, ChangedBy by);

    /// <summary>Voids a guardian's slip. Repeating it changes nothing. Refused with <c>not-found</c>.</summary>
    [Alias("RevokeSlip")]
    Task<Answer<Done>> RevokeSlip(string entry, ChangedBy by);

    /// <summary>
    /// Binds the child to whoever has redeemed the slip of an entry, and remembers the slip as used. Called by the slip's actor only, which has looked at digits, tries and expiry. Refused with
    /// <c>slip-unknown</c> (not the one that counts), <c>access-restricted</c>, <c>entry-bound-to-another</c>, <c>student-has-left</c>. For the same guardian again it changes nothing, but gives access back that was ended.
    /// </summary>
    [Alias("RedeemSlip")]
    Task<Answer<Done>> RedeemSlip(string entry, InvitationId slip, GuardianId guardian, ChangedBy by);

    /// <summary>Says which account signs in as this student. Refused with <c>student-has-account</c> when it is another one already.</summary>
    [Alias("BindAccount")]
    Task<Answer<Done>> BindAccount(AccountId account, ChangedBy by);

    /// <summary>Whether what an import did to this record can still be undone. Refused with <c>changed-since-import</c>, <c>account-since-import</c> (somebody was bound), or <c>not-found</c> when that import was not the last to change it.</summary>
    [Alias("CanUndoImport")]
    Task<Answer<Done>> CanUndoImport(ImportId import);

    /// <summary>Puts the record back to what it was before an import; a student whom it added is no more. Refused as <see cref="CanUndoImport"/> is. Repeating it changes nothing.</summary>
    [Alias("UndoImport")]
    Task<Answer<Done>> UndoImport(ImportId import, ChangedBy by);
}

/// <summary>Bounds of people's records.</summary>
public static class PeopleLimits
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int LongestName = 60;
    /// <summary>The longest reason and note.</summary>
    public const int LongestReason = 200;
    /// <summary>The most guardians of a child.</summary>
    public const int MostGuardians = 12;
    /// <summary>How many changes a record itself remembers. All of them are in the days' audit logs.</summary>
    public const int HistoryEntries = 40;
}

/// <summary>A student as others see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">The class it is in now; null when it has left.</param>
/// <param name="Guardians">In the order in which they are to be contacted.</param>
/// <param name="Account">Who signs in as the child; null until somebody can.</param>
/// <param name="Gender">男, 女, or null when not given.</param>
/// <param name="BirthDate">Null when not given.</param>
/// <param name="SpecialStatus">特殊情况, as the roster words it; null when none.</param>
/// <param name="Left">When and why it left; null when it has not.</param>
/// <param name="External">Its <c>sourcedId</c> in the system that the roster comes from; null when none.</param>
/// <param name="Revision">Grows with each change of the record.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.StudentProfile")]
public sealed record StudentProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] ClassId? Class,
    [property: Id(2)] ImmutableArray<GuardianEntry> Guardians,
    [property: Id(3)] AccountId? Account,
    [property: Id(4)] string? Gender,
    [property: Id(5)] DateOnly? BirthDate,
    [property: Id(6)] string? SpecialStatus,
    [property: Id(7)] StudentLeft? Left,
    [property: Id(8)] string? External,
    [property: Id(9)] long Revision)
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

/// <summary>That a student has left.</summary>
/// <param name="On">The day, in the school's time zone.</param>
/// <param name="Reason">Why, in the office's words.</param>
/// <param name="Class">The class that it left; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.StudentLeft")]
public sealed record StudentLeft([property: Id(0)] DateOnly On, [property: Id(1)] string Reason, [property: Id(2)] ClassId? Class);

/// <summary>A guardian as a child's record has them.</summary>
/// <param name="Entry">Short and stable within this child, e.g. <c>g1</c>; never given to anybody else.</param>
/// <param name="Name">Their name.</param>
/// <param name="Relation">Father, mother …</param>
/// <param name="Phone">E.164; a way to reach them, never a proof of who they are. Empty when the roster has none.</param>
/// <param name="Guardian">Who has proved to be this guardian; null until somebody has.</param>
/// <param name="AccessEnded">Whether access was taken away.</param>
/// <param name="Household">In which household of the child they live, from 1. Guardians living together are one household; separated parents are two.</param>
/// <param name="Custody">What a court or an agreement keeps them from.</param>
/// <param name="CustodyReason">Why; for administrators only, null when there is no restriction.</param>
/// <param name="Slip">The slip that counts for them, or was used last; null when there never was one, or it was voided.</param>
/// <param name="External">Their <c>sourcedId</c> in the system that the roster comes from; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.GuardianEntry")]
public sealed record GuardianEntry(
    [property: Id(0)] string Entry,
    [property: Id(1)] string Name,
    [property: Id(2)] Relation Relation,
    [property: Id(3)] string Phone,
    [property: Id(4)] GuardianId? Guardian,
    [property: Id(5)] bool AccessEnded,
    [property: Id(6)] int Household = 1,
    [property: Id(7)] CustodyRestriction Custody = CustodyRestriction.None,
    [property: Id(8)] string? CustodyReason = null,
    [property: Id(9)] GuardianSlip? Slip = null,
    [property: Id(10)] string? External = null)
{
    /// <summary>Whether somebody may read this child's book by this entry.</summary>
    [JsonIgnore]
    public bool HasAccess => Guardian is not null && !AccessEnded && Custody is not CustodyRestriction.NoAccess;
}

/// <summary>The slip of a guardian, as the child's record knows it.</summary>
/// <param name="Slip">Which.</param>
/// <param name="Issued">When, UTC.</param>
/// <param name="Expires">When it lapses, UTC.</param>
/// <param name="Used">When it was redeemed, UTC; null when it was not.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.GuardianSlip")]
public sealed record GuardianSlip(
    [property: Id(0)] InvitationId Slip,
    [property: Id(1)] DateTimeOffset Issued,
    [property: Id(2)] DateTimeOffset Expires,
    [property: Id(3)] DateTimeOffset? Used);

/// <summary>What a guardian is kept from.</summary>
[GenerateSerializer, Alias("schoolhome.CustodyRestriction")]
public enum CustodyRestriction
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>May read, may not write or sign (探视权).</summary>
    ReadOnly,
    /// <summary>May know nothing of the child.</summary>
    NoAccess,
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

/// <summary>A student as a roster has it. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>class</c> (<c>other-school</c>), <c>gender</c> (<c>unknown</c>), <c>specialStatus</c> (<c>too-long</c>), <c>guardians</c> (<c>too-many</c>, <c>name-required</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">Its class; null when the roster says that it has left (OneRoster's <c>tobedeleted</c>).</param>
/// <param name="Gender">男, 女, or null when not given.</param>
/// <param name="BirthDate">Null when not given.</param>
/// <param name="SpecialStatus">特殊情况, as the roster words it; null when none.</param>
/// <param name="Guardians">In the order of the roster.</param>
/// <param name="External">Its <c>sourcedId</c>; null leaves what is there.</param>
/// <param name="ExpectedRevision">The revision that the importer saw; 0 when there was no such student; null when that does not matter.</param>
/// <param name="KeepUnlisted">Whether guardians who are not listed stay whatever they are: for deltas, which do not name everybody.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PutStudent")]
public sealed record PutStudent(
    [property: Id(0)] string Name,
    [property: Id(1)] ClassId? Class,
    [property: Id(2)] string? Gender,
    [property: Id(3)] DateOnly? BirthDate,
    [property: Id(4)] string? SpecialStatus,
    [property: Id(5)] ImmutableArray<RosterGuardian> Guardians,
    [property: Id(6)] string? External = null,
    [property: Id(7)] long? ExpectedRevision = null,
    [property: Id(8)] bool KeepUnlisted = false);

/// <summary>A guardian as a roster has them.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Relation">How they are related to the child.</param>
/// <param name="Phone">E.164; empty when the roster has none.</param>
/// <param name="External">Their <c>sourcedId</c>; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.RosterGuardian")]
public sealed record RosterGuardian(
    [property: Id(0)] string Name,
    [property: Id(1)] Relation Relation,
    [property: Id(2)] string Phone,
    [property: Id(3)] string? External = null);

/// <summary>Corrects a student.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Gender">男, 女, or null.</param>
/// <param name="BirthDate">Null when not known.</param>
/// <param name="SpecialStatus">特殊情况; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.CorrectStudent")]
public sealed record CorrectStudent(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Gender,
    [property: Id(2)] DateOnly? BirthDate,
    [property: Id(3)] string? SpecialStatus);

/// <summary>A student leaves the school.</summary>
/// <param name="On">The day, in the school's time zone.</param>
/// <param name="Reason">Why, in the office's words.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LeaveSchool")]
public sealed record LeaveSchool([property: Id(0)] DateOnly On, [property: Id(1)] string Reason);

/// <summary>A guardian as the office enters or corrects them. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>phone</c> (<c>phone-malformed</c>), <c>household</c> (<c>unknown</c>: 1 to 4).</summary>
/// <param name="Name">Their name.</param>
/// <param name="Relation">How they are related to the child.</param>
/// <param name="Phone">E.164; empty when there is none.</param>
/// <param name="Household">In which household of the child they live, from 1.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.GuardianDetails")]
public sealed record GuardianDetails(
    [property: Id(0)] string Name,
    [property: Id(1)] Relation Relation,
    [property: Id(2)] string Phone,
    [property: Id(3)] int Household);

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
