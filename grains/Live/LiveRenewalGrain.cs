using System.Collections.Immutable;
using Orleans.Concurrency;
using SchoolHome.Live;

namespace SchoolHome.Grains.Live;

[GrainType("live-renewal")]
[StatelessWorker]
[Reentrant] // It keeps nothing.
internal sealed class LiveRenewalGrain : Grain, ILiveRenewalGrain
{
    public async Task<ImmutableArray<LivePosition?>> Renew(ILiveFeed feed, ImmutableArray<string> topics)
        => [.. await Task.WhenAll(topics.Select(topic => RenewOne(feed, topic)))];

    private async Task<LivePosition?> RenewOne(ILiveFeed feed, string topic)
    {
        try
        {
            return LiveTopics.Of(GrainFactory, topic) is { } actor ? await actor.Watch(feed) : null;
        }
        catch (Exception) when (!string.IsNullOrEmpty(topic))
        {
            // The web process asks again at the next renewal; one topic that does not answer must not cost the others their watch.
            return null;
        }
    }
}
