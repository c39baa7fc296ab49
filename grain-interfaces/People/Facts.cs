using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;

namespace SchoolHome.People;

/// <summary>
/// An actor that keeps projections of facts it does not own. Their owners' outboxes deliver them: at least once, the newest last. A receiver remembers the last one that it took of each
/// sender, so that a repeated or a late one changes nothing.
/// </summary>
[GrainInterfaceType("schoolhome.takes-facts")]
[Alias("schoolhome.ITakesFactsGrain")]
public interface ITakesFactsGrain : IGrainWithStringKey
{
    /// <summary>Takes a fact. Answers when it is stored.</summary>
    [Alias("Take")]
    Task Take(Delivery delivery);
}

/// <summary>An actor with an outbox: facts that it stored together with their cause, and delivers until each was taken.</summary>
[GrainInterfaceType("schoolhome.outbox")]
[Alias("schoolhome.IOutboxGrain")]
public interface IOutboxGrain : IGrainWithStringKey
{
    /// <summary>Delivers what waits. True when nothing waits any more, and the watch can forget this actor.</summary>
    [Alias("Flush")]
    Task<bool> Flush();
}

/// <summary>
/// Remembers, per class, which actors may have facts to deliver, and wakes those that a crash put to sleep. One reminder a class: a reminder a page would be a load of its own.
/// </summary>
[GrainInterfaceType("schoolhome.outbox-watch")]
[Alias("schoolhome.IOutboxWatchGrain")]
public interface IOutboxWatchGrain : IGrainWithStringKey
{
    /// <summary>An actor says, before it stores its first fact, that it may have some to deliver. Answers when that is stored and the reminder is set.</summary>
    /// <param name="key">The actor's key, of a kind that has an outbox.</param>
    [Alias("Expect")]
    Task Expect(string key);

    /// <summary>Wakes everybody who is expected; the number of those that still have something waiting.</summary>
    [Alias("Wake")]
    Task<int> Wake();
}

/// <summary>A fact on its way.</summary>
/// <param name="From">The key of the actor that owns the fact.</param>
/// <param name="Number">Grows with each fact of that actor. A receiver that took this number or a greater one of that actor has it.</param>
/// <param name="Fact">What is so now.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Delivery")]
public sealed record Delivery([property: Id(0)] string From, [property: Id(1)] long Number, [property: Id(2)] Fact Fact);

/// <summary>
/// What is so now: never "one more", always the whole of it, so that the newest fact of a kind makes older ones of the same sender to the same receiver needless.
/// Stored in outboxes as JSON under <c>fact</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("schoolhome.Fact")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "fact")]
[JsonDerivedType(typeof(MembershipIs), "membership")]
[JsonDerivedType(typeof(DutyIs), "duty")]
[JsonDerivedType(typeof(AccessIs), "access")]
[JsonDerivedType(typeof(StandingIs), "standing")]
[JsonDerivedType(typeof(ChildDayIs), "child-day")]
[JsonDerivedType(typeof(SheetDayIs), "sheet-day")]
[JsonDerivedType(typeof(DraftIs), "draft")]
[JsonDerivedType(typeof(StaffIs), "staff")]
[JsonDerivedType(typeof(LeaverIs), "leaver")]
[JsonDerivedType(typeof(TakenOverAre), "taken-over")]
[JsonDerivedType(typeof(ChangesAre), "changes")]
[JsonDerivedType(typeof(LoginIs), "login")]
[JsonDerivedType(typeof(MessagesAre), "messages")]
public abstract record Fact;

/// <summary>A student tells a class: I am a member of yours, or I am not.</summary>
/// <param name="Name">The student's name.</param>
/// <param name="IsMember">Whether it is in the class.</param>
/// <param name="Guardians">The names of its guardians, so that a child is found by them; empty where <paramref name="IsMember"/> is false.</param>
/// <param name="Joined">How many of them have access.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MembershipIs")]
public sealed record MembershipIs(
    [property: Id(0)] string Name,
    [property: Id(1)] bool IsMember,
    [property: Id(2)] ImmutableArray<string> Guardians,
    [property: Id(3)] int Joined) : Fact;

/// <summary>A teacher tells a class: this is what I do in yours.</summary>
/// <param name="Name">The teacher's name.</param>
/// <param name="Duty">Null when nothing any more.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.DutyIs")]
public sealed record DutyIs([property: Id(0)] string Name, [property: Id(1)] ClassDuty? Duty) : Fact;

/// <summary>A student tells a guardian: you may read my book, or you may not.</summary>
/// <param name="Relation">What the guardian is to the child; null when they may not.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AccessIs")]
public sealed record AccessIs([property: Id(0)] Relation? Relation) : Fact;

/// <summary>A guardian, student or teacher tells an account, a class its teachers: what you may do has changed; ask anew.</summary>
[GenerateSerializer, Immutable, Alias("schoolhome.StandingIs")]
public sealed record StandingIs : Fact;

/// <summary>A page tells its class's day, and the child's month: this is how far this child's day is.</summary>
/// <param name="Filled">The sections that have text, in reading order.</param>
/// <param name="EditedAt">When that came to be, UTC.</param>
/// <param name="Day">What else there is; null in facts from before there was more.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChildDayIs")]
public sealed record ChildDayIs([property: Id(0)] ImmutableArray<string> Filled, [property: Id(1)] DateTimeOffset EditedAt, [property: Id(2)] ChildDayMore? Day = null) : Fact;

/// <summary>What there is on a page beside text.</summary>
/// <param name="Marks">The quick marks, in reading order.</param>
/// <param name="Ticked">The items that are ticked.</param>
/// <param name="Signed">The groups whose signature stands.</param>
/// <param name="Addenda">How many addenda.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChildDayMore")]
public sealed record ChildDayMore(
    [property: Id(0)] ImmutableArray<SetMark> Marks,
    [property: Id(1)] ImmutableArray<string> Ticked,
    [property: Id(2)] ImmutableArray<SignedFor> Signed,
    [property: Id(3)] int Addenda);

/// <summary>A class sheet tells its class's day what there is on it.</summary>
/// <param name="Filled">The kinds of items, in reading order; in facts from before there were items, the sections that have text.</param>
/// <param name="Version">The sheet's version.</param>
/// <param name="Tickable">How many items can be ticked.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetDayIs")]
public sealed record SheetDayIs([property: Id(0)] ImmutableArray<string> Filled, [property: Id(1)] int Version = 0, [property: Id(2)] int Tickable = 0) : Fact;

/// <summary>A draft tells its class sheet: these items are released. All that are not known to be taken yet; the sheet knows an item again by its id.</summary>
/// <param name="Items">The oldest first.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.DraftIs")]
public sealed record DraftIs([property: Id(0)] ImmutableArray<ReleasedItem> Items) : Fact;

/// <summary>An item of a draft that was released.</summary>
/// <param name="Item">Its id.</param>
/// <param name="Content">What it says.</param>
/// <param name="By">Who wrote it.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ReleasedItem")]
public sealed record ReleasedItem([property: Id(0)] string Item, [property: Id(1)] NewSheetItem Content, [property: Id(2)] Participant By);

/// <summary>A teacher tells the staff list: this is me. Null when they have left, or were never there.</summary>
/// <param name="Line">The line of the list.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.StaffIs")]
public sealed record StaffIs([property: Id(0)] StaffLine? Line) : Fact;

/// <summary>A student tells the list of leavers of a year: I left. Null when it has come back.</summary>
/// <param name="Leaver">The line of the list.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LeaverIs")]
public sealed record LeaverIs([property: Id(0)] Leaver? Leaver) : Fact;

/// <summary>A teacher tells another: I have taken these classes over from you. All of those that are not known to be taken yet, so that a newer fact replaces an older one.</summary>
/// <param name="Classes">The classes, and whether the other goes on as subject teacher.</param>
/// <param name="By">Who decided it.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TakenOverAre")]
public sealed record TakenOverAre([property: Id(0)] ImmutableDictionary<string, bool> Classes, [property: Id(1)] ChangedBy By) : Fact;

/// <summary>Somebody tells a day's audit log what was changed: all of the entries that are not known to be taken yet, so that a newer fact replaces an older one. The log knows an entry again by subject and revision.</summary>
/// <param name="Entries">The oldest first.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChangesAre")]
public sealed record ChangesAre([property: Id(0)] ImmutableArray<AuditEntry> Entries) : Fact;

/// <summary>An account tells a login name: I sign in by you (and confirm my claim), or I do not any more (and release it).</summary>
/// <param name="IsMine">Whether it does.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LoginIs")]
public sealed record LoginIs([property: Id(0)] bool IsMine) : Fact;

/// <summary>Text messages that are to be sent: all that are not known to be taken yet.</summary>
/// <param name="Messages">The oldest first.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MessagesAre")]
public sealed record MessagesAre([property: Id(0)] ImmutableArray<PhoneMessage> Messages) : Fact;

/// <summary>A text message to a phone.</summary>
/// <param name="Id">Tells it from every other, so that a gateway can drop a repetition.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Text">What it says, in the account's language.</param>
/// <param name="At">When it was written, UTC. A message that could not be sent for a day is dropped.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PhoneMessage")]
public sealed record PhoneMessage([property: Id(0)] Guid Id, [property: Id(1)] string Phone, [property: Id(2)] string Text, [property: Id(3)] DateTimeOffset At);
