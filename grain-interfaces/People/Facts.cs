using System.Collections.Immutable;
using System.Text.Json.Serialization;

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
public abstract record Fact;

/// <summary>A student tells a class: I am a member of yours, or I am not.</summary>
/// <param name="Name">The student's name.</param>
/// <param name="IsMember">Whether it is in the class.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MembershipIs")]
public sealed record MembershipIs([property: Id(0)] string Name, [property: Id(1)] bool IsMember) : Fact;

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

/// <summary>A page tells its class's day: these sections of this child have text.</summary>
/// <param name="Filled">The sections, in reading order.</param>
/// <param name="EditedAt">When that came to be, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChildDayIs")]
public sealed record ChildDayIs([property: Id(0)] ImmutableArray<string> Filled, [property: Id(1)] DateTimeOffset EditedAt) : Fact;

/// <summary>A class sheet tells its class's day: these sections have text.</summary>
/// <param name="Filled">The sections, in reading order.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetDayIs")]
public sealed record SheetDayIs([property: Id(0)] ImmutableArray<string> Filled) : Fact;
