using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("account")]
[Reentrant]
internal sealed class AccountGrain(
    [PersistentState("account")] IPersistentState<AccountState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ITextMessageGateway gateway,
    ILogger<AccountGrain> logger)
    : LiveGrain<AccountState>(storage, clock, logger), IAccountGrain
{
    private static readonly AccountChange StandingChanged = new("standing");
    private static readonly AccountChange SignedOut = new("signed-out");

    private AccountId Id => AccountId.Parse(Key);

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
            : new AccountStanding(
                Durable.Name, Durable.Language, Durable.SecurityStamp, Durable.Guardian, Durable.Teachers, Durable.Student,
                [.. Durable.Devices.Where(device => device.SignedIn).Select(device => device.Device)], Durable.Notices.Count(notice => !notice.Read)));
    }

    public Task<Answer<Done>> Open(OpenAccount command) => Change(state => AccountRules.Open(state, command, NewStamp()), StandingChanged);

    public Task<Answer<Done>> BeginTry(TryFrom from) => Change(state => AccountRules.BeginTry(state, from, Clock.GetUtcNow()));

    public Task<Answer<Done>> SignedIn(SignInDevice device, TryFrom from) => Change(state => AccountRules.SignedIn(state, device, from, Clock.GetUtcNow()), StandingChanged);

    public Task<ImmutableArray<AccountDevice>> Devices()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<AccountDevice>>([.. Durable.Devices.OrderByDescending(device => device.SignedIn)]);
    }

    public Task Seen(string device) => Change(state => AccountRules.Seen(state, device, DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime)));

    public Task<Answer<Done>> SignOutDevice(string device, bool forget) => Change(state => AccountRules.SignOutDevice(state, device, forget), SignedOut);

    public Task<Answer<Done>> SetPassword(string passwordHash, string? keep, AccountNoticeKind notice) =>
        Change(state => AccountRules.SetPassword(state, passwordHash, keep, notice, NewStamp(), Clock.GetUtcNow()), SignedOut);

    public async Task<Answer<Done>> SendPhoneCode(string phone)
    {
        if (!gateway.CanSend)
            return new Conflict("no-text-messages");

        await ReadyToPost(OutboxWatches.OfAccounts(Id));
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        return await Change(state => AccountRules.SendCode(state, Id, phone, code, NewStamp(), Guid.NewGuid(), Clock.GetUtcNow()));
    }

    public async Task<Answer<Done>> ChangePhone(string phone, string? code)
    {
        await ReadyToPost(OutboxWatches.OfAccounts(Id));
        if (Decided.Name.Length == 0)
            return new NotFound();
        if (AccountRules.PhoneOf(Decided) == phone)
        {
            await Settled();
            return Done.It;
        }

        if (gateway.CanSend)
        {
            var (tried, right) = AccountRules.TryCode(Decided, phone, code, Clock.GetUtcNow());
            if (!right)
            {
                await (ReferenceEquals(tried, Decided) ? Settled() : Commit(tried));
                return new Conflict("code-wrong");
            }
        }

        // The caller has claimed the name already. Claiming it once more from here begins its ten minutes anew, so that it is ours when the outbox confirms it, also after a crash.
        if ((await GrainFactory.GetGrain<ILoginNameGrain>(LoginNameId.Phone(phone).ToString()).Claim(Id)).Refusal is { } taken)
            return taken;

        // It may have been told between the two awaits that nothing waits any more.
        await ReadyToPost(OutboxWatches.OfAccounts(Id));
        return await Change(state => AccountRules.ChangePhone(state, Id, phone, Guid.NewGuid(), Clock.GetUtcNow()), StandingChanged);
    }

    public Task<Answer<Done>> SignsInBy(SignInName name) => Change(state => AccountRules.SignsInBy(state, name, Clock.GetUtcNow()));

    public Task<ImmutableArray<SignInName>> SignInNames()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.SignInNames);
    }

    public Task<ImmutableArray<AccountNotice>> Notices()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Notices);
    }

    public Task ReadNotices() => Change(state => AccountRules.ReadNotices(state), StandingChanged);

    public async Task<Answer<Done>> SetLanguage(string language)
    {
        if (language is not ("zh-CN" or "en"))
            return Invalid.Field("language", "unknown");

        return await Change(state => state.Name.Length == 0 ? new NotFound() : state.Language == language ? state : state with { Language = language });
    }

    public Task SignOutEverywhere() => Change(state => state.Name.Length == 0 ? state : AccountRules.SignOut(state, null, NewStamp()), SignedOut);

    public Task Take(Delivery delivery)
    {
        if (delivery.Fact is not StandingIs)
            throw new ArgumentException($"An account takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        return Decided.HasTaken(delivery) ? Settled() : Commit(Decided.Take(delivery), StandingChanged);
    }

    // Events only: web processes ask Standing() themselves.
    protected override Task<object?> LiveView() => Task.FromResult<object?>(null);

    protected override LivePosition PositionOf(object view) => Position;

    private async Task<Answer<Done>> Change(Func<AccountState, Answer<AccountState>> rule, params object[] told)
    {
        ThrowIfBroken();
        var before = Decided;
        var answer = rule(before);
        if (answer.Refusal is { } refusal)
            return refusal;

        await (answer.Value == before ? Settled() : Commit(answer.Value!, told));
        return Done.It;
    }

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private sealed record AccountChange(string Kind);
}
