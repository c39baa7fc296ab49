using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>A projection of the students' records, by their keys: a line each of those who left in one year. Bounded by how many leave a school in a year.</summary>
internal sealed record LeaversState : DurableRecord
{
    public ImmutableSortedDictionary<string, Leaver> Leavers { get; init; } = ImmutableSortedDictionary.Create<string, Leaver>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("leavers")]
[Reentrant]
internal sealed class LeaversGrain([PersistentState("leavers")] IPersistentState<LeaversState> storage, ILogger<LeaversGrain> logger)
    : DurableGrain<LeaversState>(storage, logger), ILeaversGrain
{
    public Task<ImmutableArray<Leaver>> List()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<Leaver>>([.. Durable.Leavers.Values]);
    }

    public Task Take(Delivery delivery)
    {
        ThrowIfBroken();
        if (Decided.HasTaken(delivery))
            return Settled();
        if (delivery.Fact is not LeaverIs left)
            throw new ArgumentException($"A list of leavers takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        var next = Decided.Take(delivery);
        return Commit(next with { Leavers = left.Leaver is { } leaver ? next.Leavers.SetItem(delivery.From, leaver) : next.Leavers.Remove(delivery.From) });
    }
}
