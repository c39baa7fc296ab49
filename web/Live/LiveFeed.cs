using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using SchoolHome.Live;

namespace SchoolHome.Web.Live;

/// <summary>This web process as the actors see it: one observer for all its browsers (L5). Receiving only enqueues; pumps hand out (L6).</summary>
internal sealed class LiveFeed(IGrainFactory actors, TimeProvider clock, ILogger<LiveFeed> logger) : BackgroundService, ILiveFeed
{
    private const int TopicsPerRenewal = 200;
    private const int TakenAtOnce = 256;

    private readonly ConcurrentDictionary<string, TopicWatch> _watches = new(StringComparer.Ordinal);
    // One pump a processor; a topic always goes by the same one, which keeps its order.
    private readonly Channel<Arrived>[] _arrived = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Channel.CreateUnbounded<Arrived>(new UnboundedChannelOptions { SingleReader = true }))];
    private ILiveFeed? _reference;

    // Orleans keeps observers weakly; this service lives as long as the process does.
    private ILiveFeed Reference => LazyInitializer.EnsureInitialized(ref _reference, () => actors.CreateObjectReference<ILiveFeed>(this));

    public Task Deliver(LiveEvent happened)
    {
        if (_watches.TryGetValue(happened.Topic, out var watch))
            Enqueue(watch, () => watch.Happened(happened));
        return Task.CompletedTask;
    }

    public Task Marked(string topic, LiveMark mark)
    {
        if (_watches.TryGetValue(topic, out var watch))
            Enqueue(watch, () => watch.Marked(mark));
        return Task.CompletedTask;
    }

    public Task Announce(string topic, LivePosition position)
    {
        if (_watches.TryGetValue(topic, out var watch))
            Enqueue(watch, () => watch.BeginAnew().Ignore());
        return Task.CompletedTask;
    }

    /// <summary>A topic's name and its actor; null where there is no such topic. Thousands who follow it have the same two objects.</summary>
    public (string Name, ILiveTopicGrain Actor)? Find(string topic) =>
        _watches.TryGetValue(topic, out var watch) ? (watch.Topic, watch.Actor)
        : LiveTopics.Of(actors, topic) is { } actor ? (topic, actor)
        : null;

    /// <summary>A listener follows a topic. When this returns, whatever happens from now on reaches it.</summary>
    public async Task Follow(string topic, IListener listener)
    {
        while (true)
        {
            var watch = _watches.GetOrAdd(topic, key => new TopicWatch(key, LiveTopics.Of(actors, key)!, Reference, clock, logger));
            if (!watch.Add(listener))
            {
                // It was given up between the two lines above.
                _watches.TryRemove(KeyValuePair.Create(topic, watch));
                continue;
            }

            try
            {
                await watch.Begin();
                return;
            }
            catch
            {
                Leave(topic, listener);
                throw;
            }
        }
    }

    /// <summary>
    /// A listener follows a topic no more. With the last one the topic is not renewed any more, and the actor's watch lapses: saying so to the actor could overtake, or be overtaken by, the next listener's watch.
    /// </summary>
    public void Leave(string topic, IListener listener)
    {
        if (_watches.TryGetValue(topic, out var watch) && watch.Remove(listener))
            _watches.TryRemove(KeyValuePair.Create(topic, watch));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var renewing = Renew(stoppingToken);
        try
        {
            // One that breaks must not leave its topics silent while the others go on: the process ends, and browsers come back to another.
            await await Task.WhenAny(_arrived.Select(arrived => Task.Run(() => Pump(arrived.Reader, stoppingToken), stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }

        await renewing;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await actors.GetGrain<ILiveDirectoryGrain>(ILiveDirectoryGrain.TheKey).Leave(Reference).WaitAsync(TimeSpan.FromSeconds(2), clock, cancellationToken);
        }
        catch (Exception exception)
        {
            // It lapses by itself.
            LiveLog.DirectoryFailed(logger, exception);
        }
    }

    private void Enqueue(TopicWatch watch, Action take) =>
        _arrived[(uint)StringComparer.Ordinal.GetHashCode(watch.Topic) % _arrived.Length].Writer.TryWrite(new(watch, take));

    private static async Task Pump(ChannelReader<Arrived> arriving, CancellationToken stopping)
    {
        var watches = new HashSet<TopicWatch>();
        while (await arriving.WaitToReadAsync(stopping))
        {
            // All that has arrived by now: nobody waits for the sake of it, and when much is going on, a browser gets it in fewer messages.
            for (var taken = 0; taken < TakenAtOnce && arriving.TryRead(out var arrived); taken++)
            {
                arrived.Take();
                _ = watches.Add(arrived.Watch);
            }

            foreach (var watch in watches)
                watch.HandOut();
            watches.Clear();
        }
    }

    private async Task Renew(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await actors.GetGrain<ILiveDirectoryGrain>(ILiveDirectoryGrain.TheKey).Enter(Reference);
                foreach (var some in _watches.Values.Chunk(TopicsPerRenewal))
                {
                    var topics = some.Select(watch => watch.Topic).ToImmutableArray();
                    var positions = await actors.GetGrain<ILiveRenewalGrain>(ILiveRenewalGrain.TheKey).Renew(Reference, topics);
                    foreach (var (watch, position) in some.Zip(positions))
                    {
                        if (position is not null)
                            watch.Reached(position);
                    }
                }
            }
            catch (Exception exception)
            {
                LiveLog.DirectoryFailed(logger, exception);
            }

            try
            {
                await Task.Delay(LiveLimits.WatchRenewal, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>What has arrived for a topic, and how its watch takes it.</summary>
    private readonly record struct Arrived(TopicWatch Watch, Action Take);
}
