using Microsoft.Extensions.DependencyInjection;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record LoginNameState
{
    public int Schema { get; init; } = 1;

    public AccountId? Account { get; init; }

    /// <summary>A claim that is not confirmed by then is void; null when it is confirmed.</summary>
    public DateTimeOffset? ClaimLapses { get; init; }
}

// Not reentrant: one command at a time is all that a login name ever needs.
[GrainType("login-name")]
internal sealed class LoginNameGrain(
    [PersistentState("login-name")] IPersistentState<LoginNameState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock) : Grain, ILoginNameGrain
{
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(10);

    private AccountId? Holder => storage.State.ClaimLapses is { } lapses && lapses <= clock.GetUtcNow() ? null : storage.State.Account;

    public Task<AccountId?> Account() => Task.FromResult(storage.State.ClaimLapses is null ? storage.State.Account : null);

    public async Task<Answer<Done>> Claim(AccountId account)
    {
        if (Holder is { } holder && holder != account)
            return new Conflict("login-name-taken");
        if (storage.State.Account != account || storage.State.ClaimLapses is not null)
            await Write(new LoginNameState { Account = account, ClaimLapses = clock.GetUtcNow() + ClaimLasts });

        return Done.It;
    }

    public async Task<Answer<Done>> Confirm(AccountId account)
    {
        if (storage.State.Account != account)
            return new Conflict("login-name-taken");
        if (storage.State.ClaimLapses is not null)
            await Write(storage.State with { ClaimLapses = null });

        return Done.It;
    }

    public async Task Release(AccountId account)
    {
        if (storage.State.Account == account)
            await Write(new LoginNameState());
    }

    public Task Take(Delivery delivery) => throw new NotSupportedException();

    private async Task Write(LoginNameState next)
    {
        storage.State = next;
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            DeactivateOnIdle();
            throw new OutcomeUnknownException("A write failed; whether it was stored is not known.", exception);
        }
    }
}
