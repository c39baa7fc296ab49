using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record GuardianState : DurableRecord
{
    /// <summary>A projection of the children's records, by the children's keys.</summary>
    public ImmutableSortedDictionary<string, Relation> Children { get; init; } = ImmutableSortedDictionary.Create<string, Relation>(StringComparer.Ordinal);

    public AccountId? Account { get; init; }
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("guardian")]
[Reentrant]
internal sealed class GuardianGrain([PersistentState("guardian")] IPersistentState<GuardianState> storage, ILogger<GuardianGrain> logger)
    : DurableGrain<GuardianState>(storage, logger), IGuardianGrain
{
    private GuardianId Id => GuardianId.Parse(Key);

    public Task<ImmutableArray<GuardianChild>> Children()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Children.Select(child => new GuardianChild(StudentId.Parse(child.Key), child.Value)).ToImmutableArray());
    }

    public Task<AccountId?> Account()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Account);
    }

    public async Task<Answer<Done>> BindAccount(AccountId account)
    {
        await ReadyToPost(OutboxWatches.OfGuardians(Id));
        if (Decided.Account is { } bound && bound != account)
            return new Conflict("guardian-has-account");

        await (Decided.Account == account ? Settled() : Commit((Decided with { Account = account }).Post(account.ToString(), new StandingIs())));
        return Done.It;
    }

    public async Task Take(Delivery delivery)
    {
        await ReadyToPost(OutboxWatches.OfGuardians(Id));
        if (Decided.HasTaken(delivery))
        {
            await Settled();
            return;
        }

        if (delivery.Fact is not AccessIs access)
            throw new ArgumentException($"A guardian takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        var next = Decided.Take(delivery) with
        {
            Children = access.Relation is { } relation ? Decided.Children.SetItem(delivery.From, relation) : Decided.Children.Remove(delivery.From),
        };
        await Commit(next.Account is { } account ? next.Post(account.ToString(), new StandingIs()) : next);
    }
}
