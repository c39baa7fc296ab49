using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record LoginNameState
{
    public int Schema { get; init; } = 1;

    public AccountId? Account { get; init; }

    /// <summary>A claim that is not confirmed by then is void; null when it is confirmed.</summary>
    public DateTimeOffset? ClaimLapses { get; init; }

    /// <summary>Accounts that told this name something, the latest last, each with the number of its last fact: a late delivery must not give the name back to who has given it up.</summary>
    public ImmutableArray<LoginNameTaken> Taken { get; init; } = [];
}

/// <summary>The last fact that was taken of an account.</summary>
internal sealed record LoginNameTaken(string From, long Number);

// Not reentrant: one command at a time is all that a login name ever needs.
[GrainType("login-name")]
internal sealed partial class LoginNameGrain(
    [PersistentState("login-name")] IPersistentState<LoginNameState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<LoginNameGrain> logger) : Grain, ILoginNameGrain
{
    // A name changes hands once in years; what comes late comes minutes late.
    private const int MostTaken = 8;
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(10);

    private AccountId? Holder => storage.State.ClaimLapses is { } lapses && lapses <= clock.GetUtcNow() ? null : storage.State.Account;

    public Task<AccountId?> Account() => Task.FromResult(storage.State.ClaimLapses is null ? storage.State.Account : null);

    public async Task<Answer<Done>> Claim(AccountId account)
    {
        if (Holder is { } holder && holder != account)
            return new Conflict("login-name-taken");
        if (storage.State.Account != account || storage.State.ClaimLapses is not null)
            await Write(storage.State with { Account = account, ClaimLapses = clock.GetUtcNow() + ClaimLasts });

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
            await Write(storage.State with { Account = null, ClaimLapses = null });
    }

    public async Task Take(Delivery delivery)
    {
        if (delivery.Fact is not LoginIs login)
            throw new ArgumentException($"A login name takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        var taken = storage.State.Taken;
        if (taken.FirstOrDefault(one => one.From == delivery.From) is { } last && delivery.Number <= last.Number)
            return;

        taken = taken.RemoveAll(one => one.From == delivery.From).Add(new LoginNameTaken(delivery.From, delivery.Number));
        var next = storage.State with { Taken = taken.Length > MostTaken ? taken[^MostTaken..] : taken };
        var account = AccountId.Parse(delivery.From);
        if (!login.IsMine)
            next = next.Account == account ? next with { Account = null, ClaimLapses = null } : next;
        else if (Holder is null || Holder == account)
            next = next with { Account = account, ClaimLapses = null };
        else
            LogTakenByAnother(logger, this.GetPrimaryKeyString());

        await Write(next);
    }

    private Task Write(LoginNameState next) => storage.Store(next, this);

    // The claim was confirmed ten minutes late, and another account had taken the name meanwhile: the office helps, by a slip.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{LoginName} was claimed and confirmed too late; another account has it")]
    private static partial void LogTakenByAnother(ILogger logger, string loginName);
}
