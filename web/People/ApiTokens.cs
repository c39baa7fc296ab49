using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>A program that asks, by its bearer token.</summary>
/// <param name="Token">Which.</param>
/// <param name="Name">What it is for.</param>
/// <param name="School">The school that it is for.</param>
/// <param name="MadeBy">The administrator who made it, and still is one.</param>
/// <param name="Scopes">Some of <see cref="ApiScopes"/>.</param>
internal sealed record ProgramCaller(ApiTokenId Token, string Name, SchoolId School, AccountId MadeBy, ImmutableArray<string> Scopes);

/// <summary>Marks an endpoint that programs may use, with this scope. All others are for people only.</summary>
internal sealed record ProgramsMay(string Scope);

/// <summary><c>Authorization: Bearer sh_{id}_{secret}</c>, under <c>/api</c> only, and never in an address, which would be logged.</summary>
internal sealed class ApiTokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IGrainFactory actors, Rights rights)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Token";
    private const string Prefix = "Bearer ";

    public static bool IsOffered(HttpRequest request) =>
        request.Path.StartsWithSegments("/api") && request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var parts = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim().Split('_');
        if (parts is not ["sh", var opaque, var secret] || secret.Length > 100 || !ApiTokenId.TryCreate(opaque, out var token)
            || await actors.GetGrain<IApiTokenGrain>(token.ToString()).Standing(ApiTokens.Hash(secret)) is not { } standing
            // It ends with the office of whoever made it.
            || !await rights.IsAdministrator(standing.School, standing.MadeBy))
            return AuthenticateResult.Fail("The token is no good.");

        return AuthenticateResult.Success(new AuthenticationTicket(
            new ProgramPrincipal(new ProgramCaller(token, standing.Name, standing.School, standing.MadeBy, standing.Scopes)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Make(StatusCodes.Status401Unauthorized, "token-wrong", Context).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Make(StatusCodes.Status403Forbidden, "token-scope", Context).ExecuteAsync(Context);
}

/// <summary>A program as the user of a request. It has no account claim, so that whatever is for people throws rather than takes it for its maker.</summary>
internal sealed class ProgramPrincipal(ProgramCaller program) : ClaimsPrincipal(new ClaimsIdentity([], ApiTokenHandler.Scheme))
{
    public ProgramCaller Program { get; } = program;
}

/// <summary>Bearer tokens at the edge.</summary>
internal static class ApiTokens
{
    // As much as SHA-256 can hold apart.
    private const int SecretLength = 43;

    public static string NewSecret() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", SecretLength);

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static string Written(ApiTokenId token, string secret) => $"sh_{token.Opaque}_{secret}";

    /// <summary>The program that asks; null when a person does, or nobody.</summary>
    public static ProgramCaller? Program(this ClaimsPrincipal user) => (user as ProgramPrincipal)?.Program;

    /// <summary>Lets programs use an endpoint (or a group) with a scope.</summary>
    public static TBuilder AllowPrograms<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.WithMetadata(new ProgramsMay(scope));

    /// <summary>Programs use what is marked for them, and nothing else. Sits on the group of all endpoints, so that a new one is for people until it says otherwise.</summary>
    public static TBuilder KeepProgramsToTheirScopes<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            if (context.User.Program() is { } program
                && !(context.GetEndpoint()?.Metadata.GetMetadata<ProgramsMay>() is { } marked && program.Scopes.Contains(marked.Scope)))
                return Problems.Make(StatusCodes.Status403Forbidden, "token-scope", context);

            return await next(invocation);
        });
}
