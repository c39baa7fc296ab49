using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.Live;

namespace SchoolHome.Grains.Live;

internal sealed record LiveDirectoryState : DurableRecord
{
    /// <summary>The observers of the web processes, as Orleans writes their ids. A few at most.</summary>
    public ImmutableSortedSet<string> Feeds { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("live-directory")]
[Reentrant]
internal sealed class LiveDirectoryGrain(
    [PersistentState("live-directory")] IPersistentState<LiveDirectoryState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<LiveDirectoryGrain> logger)
    : DurableGrain<LiveDirectoryState>(storage, logger), ILiveDirectoryGrain
{
    private static readonly TimeSpan Lapses = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _lastSeen = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        // Until they had time to come back, those that are written down count as up: this very activation may follow a silo's death.
        foreach (var feed in Decided.Feeds)
            _lastSeen[feed] = clock.GetUtcNow();
    }

    public async Task Enter(ILiveFeed feed)
    {
        var id = feed.GetGrainId().ToString();
        var now = clock.GetUtcNow();
        _lastSeen[id] = now;

        var gone = Decided.Feeds.Where(one => !_lastSeen.TryGetValue(one, out var seen) || seen + Lapses < now).ToArray();
        foreach (var one in gone)
            _lastSeen.Remove(one);

        var feeds = Decided.Feeds.Add(id).Except(gone);
        if (feeds.SetEquals(Decided.Feeds))
            await Settled();
        else
            await Commit(Decided with { Feeds = feeds });
    }

    public async Task Leave(ILiveFeed feed)
    {
        var id = feed.GetGrainId().ToString();
        _lastSeen.Remove(id);
        if (Decided.Feeds.Contains(id))
            await Commit(Decided with { Feeds = Decided.Feeds.Remove(id) });
    }

    public Task<ImmutableArray<ILiveFeed>> Feeds() =>
        Task.FromResult(Decided.Feeds.Select(id => GrainFactory.GetGrain<ILiveFeed>(GrainId.Parse(id, CultureInfo.InvariantCulture))).ToImmutableArray());
}
