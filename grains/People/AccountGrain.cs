using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record AccountState : LiveRecord
{
    public string Name { get; init; } = "";

    public string Language { get; init; } = "zh-CN";

    public string? PasswordHash { get; init; }

    public string SecurityStamp { get; init; } = "";

    /// <summary>Tries in a row that were not right, or are not known to be yet.</summary>
    public int FailedTries { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    public GuardianId? Guardian { get; init; }

    public ImmutableArray<TeacherId> Teachers { get; init; } = [];

    public StudentId? Student { get; init; }
}

/// <summary>What may be done to an account.</summary>
internal static class AccountRules
{
    public const int MostTries = 5;
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    /// <summary>Counts a try; the last one that is allowed locks the account behind it.</summary>
    public static Answer<AccountState> BeginTry(AccountState state, DateTimeOffset now)
    {
        if (state.Name.Length == 0)
            return new NotFound();
        if (state.LockedUntil > now)
            return new Conflict("locked-out");

        var tries = state.FailedTries + 1;
        return tries < MostTries ? state with { FailedTries = tries, LockedUntil = null } : state with { FailedTries = 0, LockedUntil = now + LockedFor };
    }

    /// <summary>The account with the links of the command. The same state when it has them; refused when it is somebody else's.</summary>
    public static Answer<AccountState> Open(AccountState state, OpenAccount command, string newStamp)
    {
        if (string.IsNullOrWhiteSpace(command.Name))
            return Invalid.Field("name", "required");
        if (command.Name.Length > StudentRules.LongestName)
            return Invalid.Field("name", "too-long");
        if ((state.Guardian is { } guardian && command.Guardian is { } other && guardian != other)
            || (state.Student is { } student && command.Student is { } another && student != another))
            return new Conflict("account-open");

        var next = state.Name.Length > 0
            ? state
            : state with { Name = command.Name, PasswordHash = command.PasswordHash, SecurityStamp = newStamp };
        return next with
        {
            Guardian = next.Guardian ?? command.Guardian,
            Student = next.Student ?? command.Student,
            Teachers = command.Teacher is { } teacher && !next.Teachers.Contains(teacher) ? next.Teachers.Add(teacher) : next.Teachers,
        };
    }
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("account")]
[Reentrant]
internal sealed class AccountGrain(
    [PersistentState("account")] IPersistentState<AccountState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<AccountGrain> logger)
    : LiveGrain<AccountState>(storage, clock, logger), IAccountGrain
{
    private static readonly AccountChange StandingChanged = new("standing");
    private static readonly AccountChange SignedOut = new("signed-out");

    public Task<AccountCredentials?> Credentials()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Name.Length == 0
            ? null
            : new AccountCredentials(Durable.Name, Durable.PasswordHash, Durable.SecurityStamp));
    }

    public Task<AccountStanding?> Standing()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Name.Length == 0
            ? null
            : new AccountStanding(Durable.Name, Durable.Language, Durable.SecurityStamp, Durable.Guardian, Durable.Teachers, Durable.Student, [], 0));
    }

    public async Task<Answer<Done>> Open(OpenAccount command)
    {
        var before = Decided;
        var answer = AccountRules.Open(before, command, NewStamp());
        if (answer.Refusal is { } refusal)
            return refusal;

        await (answer.Value == before ? Settled() : Commit(answer.Value!, StandingChanged));
        return Done.It;
    }

    public async Task<Answer<Done>> BeginTry(TryFrom from)
    {
        var answer = AccountRules.BeginTry(Decided, Clock.GetUtcNow());
        if (answer.Refusal is { } refusal)
            return refusal;

        await Commit(answer.Value!);
        return Done.It;
    }

    public async Task<Answer<Done>> SignedIn(SignInDevice device, TryFrom from)
    {
        await (Decided is { FailedTries: 0, LockedUntil: null } ? Settled() : Commit(Decided with { FailedTries = 0, LockedUntil = null }));
        return Done.It;
    }

    public Task<ImmutableArray<AccountDevice>> Devices() => throw new NotSupportedException();

    public Task Seen(string device) => throw new NotSupportedException();

    public Task<Answer<Done>> SignOutDevice(string device, bool forget) => throw new NotSupportedException();

    public Task<Answer<Done>> SendPhoneCode(string phone) => throw new NotSupportedException();

    public Task<Answer<Done>> ChangePhone(string phone, string? code) => throw new NotSupportedException();

    public Task<Answer<Done>> SignsInBy(SignInName name) => throw new NotSupportedException();

    public Task<ImmutableArray<SignInName>> SignInNames() => throw new NotSupportedException();

    public Task<ImmutableArray<AccountNotice>> Notices() => throw new NotSupportedException();

    public Task ReadNotices() => throw new NotSupportedException();

    public async Task<Answer<Done>> SetPassword(string passwordHash, string? keep, AccountNoticeKind notice)
    {
        if (Decided.Name.Length == 0)
            return new NotFound();

        // A hash is salted anew each time, so the same one again is a repetition.
        await (Decided.PasswordHash == passwordHash
            ? Settled()
            : Commit(Decided with { PasswordHash = passwordHash, SecurityStamp = NewStamp(), FailedTries = 0, LockedUntil = null }, SignedOut));
        return Done.It;
    }

    public async Task<Answer<Done>> SetLanguage(string language)
    {
        if (language is not ("zh-CN" or "en"))
            return Invalid.Field("language", "unknown");
        if (Decided.Name.Length == 0)
            return new NotFound();

        await (Decided.Language == language ? Settled() : Commit(Decided with { Language = language }));
        return Done.It;
    }

    public Task SignOutEverywhere() => Decided.Name.Length == 0 ? Task.CompletedTask : Commit(Decided with { SecurityStamp = NewStamp() }, SignedOut);

    public Task Take(Delivery delivery)
    {
        if (delivery.Fact is not StandingIs)
            throw new ArgumentException($"An account takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        return Decided.HasTaken(delivery) ? Settled() : Commit(Decided.Take(delivery), StandingChanged);
    }

    // Events only: web processes ask Standing() themselves.
    protected override Task<object?> LiveView() => Task.FromResult<object?>(null);

    protected override LivePosition PositionOf(object view) => Position;

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private sealed record AccountChange(string Kind);
}
