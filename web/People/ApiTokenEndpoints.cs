using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Bearer tokens for programs of a school, in the hands of its administrators. Whoever is none gets 404.</summary>
internal static class ApiTokenEndpoints
{
    private const int MostDays = 365;

    public static IEndpointRouteBuilder MapApiTokens(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schools/{school}/tokens").WithTags("Tokens").ForAdministrators();
        group.MapGet("", List).WithName("GetTokens");
        group.MapPost("", Make).WithName("MakeToken");
        group.MapPost("/{token}/revoke", Revoke).WithName("RevokeToken");
        return routes;
    }

    /// <summary>The school's tokens, the newest first, those that ended too. No secret is among it.</summary>
    private static async Task<Ok<ImmutableArray<TokenView>>> List(string school, IGrainFactory actors)
    {
        var tokens = await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).Tokens();
        var views = await Task.WhenAll(tokens.Select(token => actors.GetGrain<IApiTokenGrain>(token.ToString()).View()));
        return TypedResults.Ok((await Task.WhenAll(views.OfType<ApiTokenView>().Select(async one => new TokenView(
            one.Token.Opaque, one.Name, one.Scopes,
            (await actors.GetGrain<IAccountGrain>(one.MadeBy.ToString()).Standing())?.Name ?? "",
            one.MadeAt, one.Expires, one.Revoked, one.LastUsed)))).ToImmutableArray());
    }

    /// <summary>Makes a token. It is shown this once: what is kept is a hash.</summary>
    private static async Task<Results<Ok<TokenMade>, ProblemHttpResult>> Make(
        string school, MakeTokenCommand command, HttpContext context, IGrainFactory actors, TimeProvider clock)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(command.Name))
            problems.Add(new("name", "required"));
        else if (command.Name.Length > PeopleLimits.LongestName)
            problems.Add(new("name", "too-long"));
        var scopes = command.Scopes.IsDefaultOrEmpty ? [] : command.Scopes.Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (scopes.IsEmpty)
            problems.Add(new("scopes", "required"));
        else if (scopes.Any(scope => !ApiScopes.All.Contains(scope)))
            problems.Add(new("scopes", "unknown"));
        if (command.Days is < 1 or > MostDays)
            problems.Add(new("days", "token-days"));
        if (problems.Count > 0)
            return Problems.OfFields(problems.DrainToImmutable(), context);

        var id = new SchoolId(school);
        var account = context.User.Account();
        // The same command again is the same token, whoever sends it.
        var drawn = SHA256.HashData(Encoding.UTF8.GetBytes($"token\n{context.OperationId():N}\n{account.Opaque}\n{id.School}"));
        var token = new ApiTokenId(Convert.ToHexStringLower(drawn)[..32]);
        var secret = ApiTokens.NewSecret();
        var actor = actors.GetGrain<IApiTokenGrain>(token.ToString());
        // Refused when it was made before, with a secret that was shown then, or was lost with the answer.
        var made = await actor.Make(new MakeApiToken(id, command.Name.Trim(), ApiTokens.Hash(secret), scopes, clock.GetUtcNow().AddDays(command.Days), account));
        if (made.Refusal is { } refused)
            return Problems.Of(refused, context);
        var noted = await actors.GetGrain<ISchoolGrain>(id.ToString()).NoteToken(token, context.By());
        if (noted.Refusal is { } unlisted)
        {
            // What is on no list could not be revoked.
            await actor.Revoke();
            return Problems.Of(unlisted, context);
        }

        return TypedResults.Ok(new TokenMade(token.Opaque, ApiTokens.Written(token, secret)));
    }

    /// <summary>Ends a token at once.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(string school, string token, HttpContext context, IGrainFactory actors)
    {
        if (!ApiTokenId.TryCreate(token, out var id) || !(await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).Tokens()).Contains(id))
            return Problems.Missing(context);

        return (await actors.GetGrain<IApiTokenGrain>(id.ToString()).Revoke()).Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.NoContent();
    }
}

/// <param name="Token">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes"><c>people.read</c>, <c>roster.import</c>.</param>
/// <param name="MadeBy">Who made it; the token ends with their office.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Expires">When it lapses.</param>
/// <param name="Revoked">Whether it was ended.</param>
/// <param name="LastUsed">The day on which it was last used, UTC; null when never.</param>
internal sealed record TokenView(string Token, string Name, ImmutableArray<string> Scopes, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset Expires, bool Revoked, DateOnly? LastUsed);

/// <param name="Name">What it is for.</param>
/// <param name="Scopes">Some of <c>people.read</c>, <c>roster.import</c>.</param>
/// <param name="Days">For how many days it is good, 1 to 365.</param>
internal sealed record MakeTokenCommand(string Name, ImmutableArray<string> Scopes, int Days);

/// <param name="Token">Its id.</param>
/// <param name="Secret">The whole of what the program sends after <c>Authorization: Bearer</c>. Shown this once.</param>
internal sealed record TokenMade(string Token, string Secret);
