using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record ApiTokenState
{
    public int Schema { get; init; } = 1;

    /// <summary>The school that it is for; null when it was never made.</summary>
    public SchoolId? School { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The secret itself is kept nowhere.</summary>
    public string SecretHash { get; init; } = "";

    public ImmutableArray<string> Scopes { get; init; } = [];

    public AccountId? MadeBy { get; init; }

    public DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset Expires { get; init; }

    public bool Revoked { get; init; }

    public DateOnly? LastUsed { get; init; }
}

/// <summary>What bearer tokens may be like.</summary>
internal static class ApiTokenRules
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static Answer<ApiTokenState> Make(ApiTokenState state, MakeApiToken command, DateTimeOffset now)
    {
        // The secret is drawn anew for every token, so its hash tells a repetition.
        if (state.School is not null)
            return state.SecretHash == command.SecretHash ? state : new Conflict("token-made");

        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(command.Name))
            problems.Add(new("name", "required"));
        else if (command.Name.Length > PeopleLimits.LongestName)
            problems.Add(new("name", "too-long"));

        if (command.Scopes.IsDefaultOrEmpty)
            problems.Add(new("scopes", "required"));
        else if (command.Scopes.Any(scope => !ApiScopes.All.Contains(scope)))
            problems.Add(new("scopes", "unknown"));

        if (command.Expires <= now)
            problems.Add(new("expires", "in-the-past"));
        else if (command.Expires > now + Longest)
            problems.Add(new("expires", "too-late"));

        return problems.Count > 0
            ? new Invalid(problems.DrainToImmutable())
            : state with
            {
                School = command.School,
                Name = command.Name,
                SecretHash = command.SecretHash,
                Scopes = [.. ApiScopes.All.Where(command.Scopes.Contains)],
                MadeBy = command.MadeBy,
                MadeAt = now,
                Expires = command.Expires,
            };
    }

    /// <summary>Whether somebody who presents a secret of this hash may use the token. Compared in constant time.</summary>
    public static bool IsGood(ApiTokenState state, string secretHash, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state.SecretHash), Encoding.UTF8.GetBytes(secretHash)) && state is { School: not null, Revoked: false } && now < state.Expires;
}

// Not reentrant: one command at a time is all that a token ever needs.
[GrainType("api-token")]
internal sealed class ApiTokenGrain(
    [PersistentState("api-token")] IPersistentState<ApiTokenState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock) : Grain, IApiTokenGrain
{
    public async Task<Answer<Done>> Make(MakeApiToken command)
    {
        var answer = ApiTokenRules.Make(storage.State, command, clock.GetUtcNow());
        if (answer.Refusal is { } refusal)
            return refusal;

        await Keep(answer.Value!);
        return Done.It;
    }

    public async Task<ApiTokenStanding?> Standing(string secretHash)
    {
        var now = clock.GetUtcNow();
        if (!ApiTokenRules.IsGood(storage.State, secretHash, now))
            return null;

        await Keep(storage.State with { LastUsed = DateOnly.FromDateTime(now.UtcDateTime) });
        return new ApiTokenStanding(storage.State.School!.Value, storage.State.Name, storage.State.Scopes, storage.State.MadeBy!.Value);
    }

    public Task<ApiTokenView?> View() => Task.FromResult(storage.State is { MadeBy: { } by } state
        ? new ApiTokenView(ApiTokenId.Parse(this.GetPrimaryKeyString()), state.Name, state.Scopes, by, state.MadeAt, state.Expires, state.Revoked, state.LastUsed)
        : null);

    public async Task<Answer<Done>> Revoke()
    {
        if (storage.State.School is null)
            return new NotFound();

        await Keep(storage.State with { Revoked = true });
        return Done.It;
    }

    private async Task Keep(ApiTokenState next)
    {
        if (next == storage.State)
            return;

        await storage.Store(next, this);
    }
}
