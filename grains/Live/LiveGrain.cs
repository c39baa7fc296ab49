using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SchoolHome.Grains.Durability;
using SchoolHome.Live;

namespace SchoolHome.Grains.Live;

/// <summary>An actor that tells watchers what changes: one event a commit, numbered in the commit itself. Rules L1–L6 in <c>PROTOCOL.md</c>.</summary>
internal abstract partial class LiveGrain<TRecord>(IPersistentState<TRecord> storage, TimeProvider clock, ILogger logger)
    : DurableGrain<TRecord>(storage, logger), ILiveTopicGrain
    where TRecord : LiveRecord, new()
{
    private static readonly int AnnouncementTries = 5;
    private static readonly TimeSpan AnnouncementPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ILiveFeed, DateTimeOffset> _watchers = [];
    private readonly Dictionary<string, (LiveMark Mark, DateTimeOffset Until)> _marks = [];
    private readonly Queue<LiveEvent> _recent = new();
    private readonly string _firstEpoch = Guid.NewGuid().ToString("N")[..12];
    private List<object> _changes = [];
    private object[] _beingStored = [];

    protected TimeProvider Clock => clock;

    /// <summary>Where the stored record is. A record that was never stored has an epoch of its own until it is, and then keeps it.</summary>
    protected LivePosition Position => new(Durable.Epoch.Length > 0 ? Durable.Epoch : _firstEpoch, Durable.N);

    /// <summary>The view that a watcher starts from; null when this topic is events only.</summary>
    protected abstract Task<object?> LiveView();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        Announce().Ignore();
    }

    public Task<LivePosition> Watch(ILiveFeed feed)
    {
        ThrowIfBroken();
        _watchers[feed] = clock.GetUtcNow() + LiveLimits.WatchLapses;
        return Task.FromResult(Position);
    }

    public async Task<LiveCatchUp> CatchUp(LivePosition? have)
    {
        ThrowIfBroken();
        var events = have is null ? null : Since(have);
        byte[]? view = null;
        var position = Position;
        if (events is null)
        {
            var made = await LiveView();
            // The view was made in one turn from one stored record, which may be newer than when we began to ask.
            position = made is null ? Position : PositionOf(made);
            view = made is null ? null : JsonSerializer.SerializeToUtf8Bytes(made, made.GetType(), LiveJson.Options);
        }

        var now = clock.GetUtcNow();
        return new LiveCatchUp(position, events, view, [.. _marks.Values.Where(mark => mark.Until > now).Select(mark => mark.Mark)]);
    }

    public Task Mark(LiveMark mark)
    {
        var now = clock.GetUtcNow();
        foreach (var lapsed in _marks.Where(one => one.Value.Until <= now).Select(one => one.Key).ToArray())
            _marks.Remove(lapsed);

        if (mark.Place is null)
            _marks.Remove(mark.Mark);
        else if (_marks.ContainsKey(mark.Mark) || _marks.Count < LiveLimits.MarksPerTopic)
            _marks[mark.Mark] = (mark, now + LiveLimits.MarkLives);
        else
            return Task.CompletedTask;

        Tell(feed => feed.Marked(Key, mark));
        return Task.CompletedTask;
    }

    /// <summary>Commits a change of the record, and tells the watchers of it once it is stored.</summary>
    protected Task Commit(TRecord next, params ReadOnlySpan<object> changes)
    {
        ThrowIfBroken();
        _changes.AddRange(changes);
        return base.Commit(next);
    }

    protected override TRecord Seal(TRecord decided)
    {
        _beingStored = [.. _changes];
        _changes = [];
        return decided with { N = decided.N + 1, Epoch = decided.Epoch.Length > 0 ? decided.Epoch : _firstEpoch };
    }

    protected override void Stored(TRecord durable)
    {
        var happened = new LiveEvent(Key, durable.Epoch, durable.N, JsonSerializer.SerializeToUtf8Bytes(_beingStored, LiveJson.Options));
        _recent.Enqueue(happened);
        if (_recent.Count > LiveLimits.RecentEvents)
            _recent.Dequeue();

        Tell(feed => feed.Deliver(happened));
    }

    /// <summary>The position that a view carries.</summary>
    protected abstract LivePosition PositionOf(object view);

    private ImmutableArray<LiveEvent>? Since(LivePosition have)
    {
        var position = Position;
        if (have.Epoch != position.Epoch || have.N > position.N)
            return null;

        if (have.N == position.N)
            return [];

        return _recent.TryPeek(out var oldest) && oldest.N <= have.N + 1 ? [.. _recent.Where(happened => happened.N > have.N)] : null;
    }

    private void Tell(Func<ILiveFeed, Task> what)
    {
        if (_watchers.Count == 0)
            return;

        var now = clock.GetUtcNow();
        foreach (var (feed, until) in _watchers.ToArray())
        {
            if (until <= now)
                _watchers.Remove(feed);
            else
                TellOne(feed, what).Ignore();
        }
    }

    // Each on its own: a host that is gone must not hold up the others (L6).
    private async Task TellOne(ILiveFeed feed, Func<ILiveFeed, Task> what)
    {
        try
        {
            await what(feed);
        }
        catch (Exception exception)
        {
            _watchers.Remove(feed);
            LogWatcherDropped(Logger, exception, Key);
        }
    }

    // L5: watchers of an earlier activation are unknown to this one. The directory may itself be coming back after the same silo's death, so it is asked more than once.
    private async Task Announce()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                foreach (var feed in await GrainFactory.GetGrain<ILiveDirectoryGrain>(ILiveDirectoryGrain.TheKey).Feeds())
                    feed.Announce(Key, Position).Ignore();

                return;
            }
            catch (Exception exception) when (tries < AnnouncementTries)
            {
                LogAnnouncementFailed(Logger, exception, Key);
                await Task.Delay(AnnouncementPause, clock);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A watcher of {Topic} could not be told and is dropped")]
    private static partial void LogWatcherDropped(ILogger logger, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Topic} could not announce itself; it tries again")]
    private static partial void LogAnnouncementFailed(ILogger logger, Exception exception, string topic);
}
