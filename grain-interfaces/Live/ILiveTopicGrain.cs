using System.Collections.Immutable;
using Orleans.Concurrency;
using SchoolHome.CoEditing;

namespace SchoolHome.Live;

/// <summary>An actor that tells watchers what changes. Rules L1–L9 in <c>PROTOCOL.md</c>. The actor's key is the topic.</summary>
[GrainInterfaceType("schoolhome.live-topic")]
[Alias("schoolhome.ILiveTopicGrain")]
public interface ILiveTopicGrain : IGrainWithStringKey
{
    /// <summary>A web process watches, or goes on watching: a watch that is not renewed lapses after <see cref="LiveLimits.WatchLapses"/> (L5).</summary>
    [Alias("Watch"), ResponseTimeout(LiveLimits.AnswersWithin)]
    Task<LivePosition> Watch(ILiveFeed feed);

    /// <summary>What came since a position, or the view when that is not known any more (L8).</summary>
    /// <param name="have">The position that the watcher has; null for none.</param>
    [Alias("CatchUp"), ResponseTimeout(LiveLimits.AnswersWithin)]
    Task<LiveCatchUp> CatchUp(LivePosition? have);

    /// <summary>Passes a mark on to all watchers (L4). Nothing is stored, nothing is answered.</summary>
    [Alias("Mark"), OneWay]
    Task Mark(LiveMark mark);
}

/// <summary>Where a topic is (L3).</summary>
/// <param name="Epoch">Drawn when the record was first made; opaque.</param>
/// <param name="N">Commits so far.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LivePosition")]
public sealed record LivePosition([property: Id(0)] string Epoch, [property: Id(1)] long N);

/// <summary>One commit of one topic, as every watcher gets it (L1, L3).</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Epoch">See <see cref="LivePosition"/>.</param>
/// <param name="N">See <see cref="LivePosition"/>.</param>
/// <param name="Changes">A JSON array of changes, UTF-8: written once by the actor, passed on untouched.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LiveEvent")]
public sealed record LiveEvent([property: Id(0)] string Topic, [property: Id(1)] string Epoch, [property: Id(2)] long N, [property: Id(3)] byte[] Changes);

/// <summary>What a watcher needs in order to be up to date.</summary>
/// <param name="Position">Where the topic is.</param>
/// <param name="Events">What came since the position that was had; null when the view is needed.</param>
/// <param name="View">The view as JSON, UTF-8; null when <paramref name="Events"/> suffice, or when the topic has no view.</param>
/// <param name="Marks">The marks that are up now.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LiveCatchUp")]
public sealed record LiveCatchUp(
    [property: Id(0)] LivePosition Position,
    [property: Id(1)] ImmutableArray<LiveEvent>? Events,
    [property: Id(2)] byte[]? View,
    [property: Id(3)] ImmutableArray<LiveMark> Marks);

/// <summary>Where somebody is writing. Lives <see cref="LiveLimits.MarkLives"/> unless it is renewed (L4).</summary>
/// <param name="Mark">An opaque id of one browser's mark, made by the server.</param>
/// <param name="Who">Who; null when the mark is gone.</param>
/// <param name="Place">Where; null when the mark is gone.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.LiveMark")]
public sealed record LiveMark([property: Id(0)] string Mark, [property: Id(1)] Participant? Who, [property: Id(2)] MarkPlace? Place);

/// <summary>A cursor in a section.</summary>
/// <param name="ClientId">The tab, as in its updates.</param>
/// <param name="Section">The section.</param>
/// <param name="Version">The version that the positions refer to.</param>
/// <param name="Anchor">Where the selection begins, in UTF-16 units.</param>
/// <param name="Head">Where it ends; the cursor.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MarkPlace")]
public sealed record MarkPlace(
    [property: Id(0)] string ClientId,
    [property: Id(1)] string Section,
    [property: Id(2)] int Version,
    [property: Id(3)] int Anchor,
    [property: Id(4)] int Head);

/// <summary>A web process as topics see it: one observer per process, however many browsers watch (L5). Receiving only enqueues (L6).</summary>
[GrainInterfaceType("schoolhome.live-feed")]
[Alias("schoolhome.ILiveFeed")]
public interface ILiveFeed : IGrainObserver
{
    /// <summary>A commit of a topic.</summary>
    [Alias("Deliver"), OneWay]
    Task Deliver(LiveEvent happened);

    /// <summary>A mark was set, moved or taken away.</summary>
    [Alias("Marked"), OneWay]
    Task Marked(string topic, LiveMark mark);

    /// <summary>An actor has activated anew and knows no watchers yet: whoever watches it, subscribe again (L5).</summary>
    [Alias("Announce"), OneWay]
    Task Announce(string topic, LivePosition position);
}

/// <summary>Which web processes are up: the list is stored, so that an actor that activates after a silo's death finds them at once (L5).</summary>
[GrainInterfaceType("schoolhome.live-directory")]
[Alias("schoolhome.ILiveDirectoryGrain")]
public interface ILiveDirectoryGrain : IGrainWithStringKey
{
    /// <summary>The key of the one directory.</summary>
    static readonly string TheKey = $"{KeyKinds.LiveDirectory}/main";

    /// <summary>A web process is up, or still is.</summary>
    [Alias("Enter")]
    Task Enter(ILiveFeed feed);

    /// <summary>A web process stops.</summary>
    [Alias("Leave")]
    Task Leave(ILiveFeed feed);

    /// <summary>The web processes that are up.</summary>
    [Alias("Feeds")]
    Task<ImmutableArray<ILiveFeed>> Feeds();
}

/// <summary>Renews many watches of one web process in one call (L5).</summary>
[GrainInterfaceType("schoolhome.live-renewal")]
[Alias("schoolhome.ILiveRenewalGrain")]
public interface ILiveRenewalGrain : IGrainWithStringKey
{
    /// <summary>The key of the renewal; it keeps nothing, and each silo has its own.</summary>
    static readonly string TheKey = $"{KeyKinds.LiveRenewal}/main";

    /// <summary>Watches each topic. The answers are in the order of the topics; null for one that did not answer.</summary>
    [Alias("Renew")]
    Task<ImmutableArray<LivePosition?>> Renew(ILiveFeed feed, ImmutableArray<string> topics);
}

/// <summary>The limits of the live path (L9): above what the screens do.</summary>
public static class LiveLimits
{
    /// <summary>
    /// How long a call of the live path waits for its answer. Shorter than that of a command: a call that went to a silo that has died is asked again
    /// within the three seconds in which the watchers are whole again (L5), and each of them may be repeated without a second effect.
    /// </summary>
    public const string AnswersWithin = "00:00:02";
    /// <summary>How long a watch lasts without renewal.</summary>
    public static readonly TimeSpan WatchLapses = TimeSpan.FromSeconds(30);
    /// <summary>How often a web process renews its watches.</summary>
    public static readonly TimeSpan WatchRenewal = TimeSpan.FromSeconds(5);
    /// <summary>How long a mark lasts without renewal.</summary>
    public static readonly TimeSpan MarkLives = TimeSpan.FromSeconds(10);
    /// <summary>How many topics one browser may join at once.</summary>
    public const int TopicsPerConnection = 40;
    /// <summary>How many pushes one browser may send in a second, on average over <see cref="PushBurst"/>.</summary>
    public const int PushesPerSecond = 40;
    /// <summary>How many pushes may come at once.</summary>
    public const int PushBurst = 120;
    /// <summary>How many pushes one section takes in a second, of all who write in it, on average over <see cref="PushBurstOfSection"/>: five who type as fast as they can.</summary>
    public const int PushesPerSecondOfSection = 200;
    /// <summary>How many pushes one section takes at once.</summary>
    public const int PushBurstOfSection = 600;
    /// <summary>How many marks one browser may set in a second.</summary>
    public const int MarksPerSecond = 20;
    /// <summary>The most changes that one push of a browser holds, in bytes.</summary>
    public const int MessageBytes = 256 * 1024;
    /// <summary>How many messages may wait for one browser before it is cut (L7).</summary>
    public const int MessagesPerConnection = 1024;
    /// <summary>How many events an actor keeps in memory for catching up.</summary>
    public const int RecentEvents = 256;
    /// <summary>How many marks a topic shows at once.</summary>
    public const int MarksPerTopic = 100;
}
