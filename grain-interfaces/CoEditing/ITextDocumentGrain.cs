using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchoolHome.CoEditing;

/// <summary>An actor with sections of text that several people write at once. It is the central authority of the model that <c>@codemirror/collab</c> speaks; rules T1–T8 in <c>Live/PROTOCOL.md</c>.</summary>
[GrainInterfaceType("schoolhome.text-document")]
[Alias("schoolhome.ITextDocumentGrain")]
public interface ITextDocumentGrain : Live.ILiveTopicGrain
{
    /// <summary>
    /// Takes updates of one writer. Answers when they are stored (C3). Refused with <c>not-found</c> (no such section), <c>forbidden</c> (not this writer's section), or one of <see cref="TextCodes"/>.
    /// </summary>
    [Alias("PushText"), ResponseTimeout(Live.LiveLimits.AnswersWithin)]
    Task<Answer<TextAccepted>> PushText(TextPush push, Participant writer);

    /// <summary>The accepted updates of a section since a version, oldest first. Refused with <c>not-found</c>, <c>text-version-in-future</c>.</summary>
    [Alias("TextSince"), ResponseTimeout(Live.LiveLimits.AnswersWithin)]
    Task<Answer<TextUpdates>> TextSince(string section, int version);

    /// <summary>Who wrote what in a section (T5): the updates of one writer that followed on each other within minutes are one revision. Refused with <c>not-found</c>.</summary>
    /// <param name="section">The section.</param>
    /// <param name="before">Revisions that begin before this version; null for the newest.</param>
    [Alias("Revisions")]
    Task<Answer<TextRevisions>> Revisions(string section, int? before);
}

/// <summary>A CodeMirror change set as its JSON text, e.g. <c>[5,[0,"你好"],2]</c>. It is checked where it is used, not here.</summary>
/// <param name="Json">The JSON text.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChangeSetJson")]
[JsonConverter(typeof(ChangeSetJsonConverter))]
public readonly record struct ChangeSetJson([property: Id(0)] string Json);

/// <summary>Reads and writes a <see cref="ChangeSetJson"/> as the JSON that it is, not as a string.</summary>
public sealed class ChangeSetJsonConverter : JsonConverter<ChangeSetJson>
{
    /// <inheritdoc/>
    public override ChangeSetJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new ChangeSetJson(document.RootElement.GetRawText());
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ChangeSetJson value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(value.Json, skipInputValidation: true);
    }
}

/// <summary>One accepted update (T1, T2).</summary>
/// <param name="ClientId">The tab that made it.</param>
/// <param name="Seq">Which update of that tab, from 1.</param>
/// <param name="Changes">As accepted: rebased onto the version before it.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextUpdate")]
public sealed record TextUpdate([property: Id(0)] string ClientId, [property: Id(1)] int Seq, [property: Id(2)] ChangeSetJson Changes);

/// <summary>Updates that one tab has made and not seen confirmed (T3).</summary>
/// <param name="Section">The section.</param>
/// <param name="Version">The version that the first of them is based on.</param>
/// <param name="ClientId">The tab: 8 to 40 of <c>A–Z a–z 0–9 _ -</c>.</param>
/// <param name="FirstSeq">The <c>seq</c> of the first of them; the others follow on.</param>
/// <param name="Changes">Each based on the result of the one before.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextPush")]
public sealed record TextPush(
    [property: Id(0)] string Section,
    [property: Id(1)] int Version,
    [property: Id(2)] string ClientId,
    [property: Id(3)] int FirstSeq,
    [property: Id(4)] ImmutableArray<ChangeSetJson> Changes);

/// <summary>A push is taken and stored.</summary>
/// <param name="Version">The section's version that holds it.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextAccepted")]
public sealed record TextAccepted([property: Id(0)] int Version);

/// <summary>What came since a version.</summary>
/// <param name="Version">The version after the last of them.</param>
/// <param name="Updates">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextUpdates")]
public sealed record TextUpdates([property: Id(0)] int Version, [property: Id(1)] ImmutableArray<TextUpdate> Updates);

/// <summary>The history of a section, the newest first.</summary>
/// <param name="Revisions">At most thirty.</param>
/// <param name="HasOlder">Whether there are older ones.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextRevisions")]
public sealed record TextRevisions([property: Id(0)] ImmutableArray<TextRevision> Revisions, [property: Id(1)] bool HasOlder);

/// <summary>What one writer did in one go.</summary>
/// <param name="FirstVersion">The version that it began with.</param>
/// <param name="LastVersion">The version that it led to.</param>
/// <param name="By">Who; null where that was not kept yet.</param>
/// <param name="From">When it began, UTC.</param>
/// <param name="Until">When it ended, UTC.</param>
/// <param name="Before">The text before.</param>
/// <param name="After">The text after.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextRevision")]
public sealed record TextRevision(
    [property: Id(0)] int FirstVersion,
    [property: Id(1)] int LastVersion,
    [property: Id(2)] Participant? By,
    [property: Id(3)] DateTimeOffset From,
    [property: Id(4)] DateTimeOffset Until,
    [property: Id(5)] string Before,
    [property: Id(6)] string After);

/// <summary>One section as everybody sees it (L1).</summary>
/// <param name="Section">Its id, e.g. <c>words</c>; the client knows its name in the reader's language.</param>
/// <param name="Text">Its text; lines are parted by <c>\n</c>.</param>
/// <param name="Version">The number of accepted updates.</param>
/// <param name="Writers">Who may write: <c>teacher</c>, <c>guardian</c>, <c>student</c>.</param>
/// <param name="Edited">Who changed it last; null when nobody has.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SectionView")]
public sealed record SectionView(
    [property: Id(0)] string Section,
    [property: Id(1)] string Text,
    [property: Id(2)] int Version,
    [property: Id(3)] ImmutableArray<string> Writers,
    [property: Id(4)] SectionEdit? Edited);

/// <summary>Who changed a section last.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SectionEdit")]
public sealed record SectionEdit([property: Id(0)] Participant By, [property: Id(1)] DateTimeOffset At);

/// <summary>Somebody who takes part in a page: always as the server knows them, never as a browser says (L4).</summary>
/// <param name="Id">The account, opaque.</param>
/// <param name="Name">For showing.</param>
/// <param name="Role">As what they take part.</param>
/// <param name="Relation">What a guardian is to the child; null for others.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Participant")]
public sealed record Participant(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] ParticipantRole Role,
    [property: Id(3)] People.Relation? Relation);

/// <summary>As what somebody takes part.</summary>
[GenerateSerializer, Alias("schoolhome.ParticipantRole")]
public enum ParticipantRole
{
    /// <summary>班主任</summary>
    ClassTeacher,
    /// <summary>任课教师</summary>
    SubjectTeacher,
    /// <summary>家长</summary>
    Guardian,
    /// <summary>学生</summary>
    Student,
    /// <summary>辅导员</summary>
    Counsellor,
    /// <summary>家长 who may read but not write (custody).</summary>
    ReadingGuardian,
    /// <summary>An office of the school, which looks on.</summary>
    Office,
}

/// <summary>Why a push of text is refused (T7). The client reloads the section and keeps its text aside for its writer.</summary>
public static class TextCodes
{
    /// <summary>The push is based on a version that does not exist yet.</summary>
    public const string VersionInFuture = "text-version-in-future";
    /// <summary>A change set is malformed, or its length is not that of the text.</summary>
    public const string ChangesDoNotFit = "text-changes-do-not-fit";
    /// <summary>An update is missing between the last one known of this tab and the first one pushed.</summary>
    public const string SequenceGap = "text-sequence-gap";
    /// <summary>This client id was first used by another account.</summary>
    public const string ClientOfAnotherAuthor = "text-client-of-another-author";
    /// <summary>The section would become too long.</summary>
    public const string TooLong = "text-too-long";
    /// <summary>One update inserts too much.</summary>
    public const string UpdateTooLarge = "text-update-too-large";
    /// <summary>One push holds too many updates.</summary>
    public const string TooManyUpdates = "text-too-many-updates";
    /// <summary>Too many tabs have written in this section.</summary>
    public const string TooManyEditors = "text-too-many-editors";
    /// <summary>A signature has closed the section for this writer (S2); what they have to say can become an addendum.</summary>
    public const string Sealed = "text-sealed";
    /// <summary>The section was changed so often that its history is full.</summary>
    public const string TooManyChanges = "text-too-many-changes";
    /// <summary>A change cuts a surrogate pair in two.</summary>
    public const string SplitsCharacter = "text-splits-character";
    /// <summary>More comes at this moment than one browser may send, or one section takes (L9). The same push may come again in a moment.</summary>
    public const string TooFast = "too-fast";
    /// <summary>The client id has other characters or another length.</summary>
    public const string MalformedClientId = "text-malformed-client-id";
}

/// <summary>A chunk of older updates of one section (T5): written once, before the hot record drops them.</summary>
[GrainInterfaceType("schoolhome.text-history")]
[Alias("schoolhome.ITextHistoryGrain")]
public interface ITextHistoryGrain : IGrainWithStringKey
{
    /// <summary>Writes the chunk. Writing it again is done already: a chunk's bounds are fixed, so it holds the same.</summary>
    [Alias("Write")]
    Task Write(TextHistoryChunk chunk);

    /// <summary>The chunk; null when it was never written.</summary>
    [Alias("Read")]
    Task<TextHistoryChunk?> Read();
}

/// <summary>Older updates of one section.</summary>
/// <param name="FirstVersion">The version that the first of them was applied to.</param>
/// <param name="Updates">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TextHistoryChunk")]
public sealed record TextHistoryChunk([property: Id(0)] int FirstVersion, [property: Id(1)] ImmutableArray<HistoricUpdate> Updates);

/// <summary>An older update, with who made it and when.</summary>
/// <param name="ClientId">The tab.</param>
/// <param name="Seq">Which update of that tab.</param>
/// <param name="Changes">As accepted.</param>
/// <param name="Author">The account, opaque.</param>
/// <param name="At">When it was accepted, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.HistoricUpdate")]
public sealed record HistoricUpdate(
    [property: Id(0)] string ClientId,
    [property: Id(1)] int Seq,
    [property: Id(2)] ChangeSetJson Changes,
    [property: Id(3)] string Author,
    [property: Id(4)] DateTimeOffset At);
