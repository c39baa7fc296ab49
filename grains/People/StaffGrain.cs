using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>A projection of the teachers' records, by their keys: a line each of those who work there now.</summary>
internal sealed record StaffState : DurableRecord
{
    public ImmutableSortedDictionary<string, StaffLine> Lines { get; init; } = ImmutableSortedDictionary.Create<string, StaffLine>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("staff")]
[Reentrant]
internal sealed class StaffGrain([PersistentState("staff")] IPersistentState<StaffState> storage, ILogger<StaffGrain> logger)
    : DurableGrain<StaffState>(storage, logger), IStaffGrain
{
    public Task<ImmutableArray<StaffLine>> List()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<StaffLine>>([.. Durable.Lines.Values]);
    }

    public Task Take(Delivery delivery)
    {
        ThrowIfBroken();
        if (Decided.HasTaken(delivery))
            return Settled();
        if (delivery.Fact is not StaffIs staff)
            throw new ArgumentException($"A staff list takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        var next = Decided.Take(delivery);
        return Commit(next with { Lines = staff.Line is { } line ? next.Lines.SetItem(delivery.From, line) : next.Lines.Remove(delivery.From) });
    }
}
