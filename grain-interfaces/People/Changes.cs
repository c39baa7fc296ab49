using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>Who changes somebody's data. Made by the edge from who is signed in; kept with every change.</summary>
/// <param name="Account">The account; null when the software itself does it (an import, a promotion, the demo).</param>
/// <param name="Name">Their name at that time, for showing.</param>
/// <param name="Capacity">As what they act.</param>
/// <param name="Import">The import that it is part of; null when it is none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChangedBy")]
public sealed record ChangedBy(
    [property: Id(0)] AccountId? Account,
    [property: Id(1)] string Name,
    [property: Id(2)] ChangeCapacity Capacity,
    [property: Id(3)] ImportId? Import)
{
    /// <summary>The software itself.</summary>
    public static ChangedBy Software { get; } = new(null, "SchoolHome", ChangeCapacity.Software, null);
}

/// <summary>As what somebody changes people's data.</summary>
[GenerateSerializer, Alias("schoolhome.ChangeCapacity")]
public enum ChangeCapacity
{
    /// <summary>The software: an import, the demo.</summary>
    Software,
    /// <summary>管理员</summary>
    Administrator,
    /// <summary>班主任, or the counsellor of the class.</summary>
    ClassTeacher,
    /// <summary>家长, who redeems a slip.</summary>
    Guardian,
    /// <summary>A program with a bearer token; <see cref="ChangedBy.Account"/> is who made the token.</summary>
    Program,
    /// <summary>The administrators of the district.</summary>
    District,
}

/// <summary>One field of one change.</summary>
/// <param name="Field">A stable word in camelCase, e.g. <c>name</c>, <c>class</c>, <c>guardian.g1.phone</c>.</param>
/// <param name="Before">As it was; null when there was nothing.</param>
/// <param name="After">As it is; null when there is nothing.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.FieldChange")]
public sealed record FieldChange([property: Id(0)] string Field, [property: Id(1)] string? Before, [property: Id(2)] string? After);

/// <summary>One change of one person's, class's or school's data: who, when, what was, what is.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="By">Who.</param>
/// <param name="Subject">The key of the actor that was changed, e.g. <c>student/s01/2026110001</c>.</param>
/// <param name="SubjectName">What people call it.</param>
/// <param name="What">A stable word in kebab case, e.g. <c>student-moved</c>, <c>guardian-corrected</c>.</param>
/// <param name="Changes">Field by field; may be empty.</param>
/// <param name="Reason">Why, in the changer's words; null when none was asked for.</param>
/// <param name="Revision">The subject's revision that this change made: with the subject it tells an entry from every other.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] ChangedBy By,
    [property: Id(2)] string Subject,
    [property: Id(3)] string SubjectName,
    [property: Id(4)] string What,
    [property: Id(5)] ImmutableArray<FieldChange> Changes,
    [property: Id(6)] string? Reason,
    [property: Id(7)] long Revision);

/// <summary>
/// Who changed people's data on one day in one school: a projection of the changed actors' own histories, fed by their outboxes. The people of an import are one entry here; each of them has
/// theirs in their own history.
/// </summary>
[GrainInterfaceType("schoolhome.audit-log")]
[Alias("schoolhome.IAuditLogGrain")]
public interface IAuditLogGrain : IGrainWithStringKey, ITakesFactsGrain
{
    /// <summary>A page of the day's entries, the newest first.</summary>
    /// <param name="chunk">Null for the newest entries; else a chunk of older ones, as <see cref="AuditPage.Older"/> names it.</param>
    [Alias("Page")]
    Task<AuditPage> Page(int? chunk);
}

/// <summary>Some entries of one day.</summary>
/// <param name="Entries">The newest first.</param>
/// <param name="Older">The chunk that holds the entries before these; null when there are none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AuditPage")]
public sealed record AuditPage([property: Id(0)] ImmutableArray<AuditEntry> Entries, [property: Id(1)] int? Older);

/// <summary>A chunk of older entries of a day's audit log: written once, before the log drops them.</summary>
[GrainInterfaceType("schoolhome.audit-chunk")]
[Alias("schoolhome.IAuditChunkGrain")]
public interface IAuditChunkGrain : IGrainWithStringKey
{
    /// <summary>Writes the chunk. Writing it again is done already: it holds the same.</summary>
    [Alias("Write")]
    Task Write(ImmutableArray<AuditEntry> entries);

    /// <summary>The entries, the oldest first; empty when it was never written.</summary>
    [Alias("Read")]
    Task<ImmutableArray<AuditEntry>> Read();
}
