using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>The identity provider of a school district, made with OpenIddict: a real one, but that it believes whoever comes to be <see cref="Subject"/>.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "schoolhome";
    public const string ClientSecret = "a secret between the two";
    public const string StaffNumberClaim = "staff_number";

    private readonly WebApplication _app;

    private IdentityProvider(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Who is signed in at the provider; null when they refuse to let us know.</summary>
    public string? Subject { get; set; } = "nobody";

    /// <summary>Their staff number, which only the user info endpoint tells.</summary>
    public string? StaffNumber { get; set; }

    /// <summary>How often it has issued tokens.</summary>
    public int TokensIssued { get; private set; }

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        IdentityProvider? provider = null;
        _ = builder.Services.AddOpenIddict().AddServer(options =>
        {
            _ = options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo")
                .AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().RegisterScopes(Scopes.Profile)
                .AddEphemeralEncryptionKey().AddEphemeralSigningKey()
                // Without a database: what a client may do is decided below.
                .EnableDegradedMode();
            _ = options.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableUserInfoEndpointPassthrough().DisableTransportSecurityRequirement();
            _ = options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.RedirectUri?.EndsWith("/api/session/open-id/callback", StringComparison.Ordinal) != true)
                    context.Reject(Errors.InvalidClient);
                return default;
            }));
            _ = options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                    context.Reject(Errors.InvalidClient);
                else
                    provider!.TokensIssued++;
                return default;
            }));
        });
        var app = builder.Build();
        provider = new IdentityProvider(app);
        _ = app.UseAuthentication();
        _ = app.MapGet("/authorize", provider.Authorize);
        _ = app.MapGet("/userinfo", (Delegate)UserInfo);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        provider.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return provider;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Authorize(HttpContext context)
    {
        if (Subject is not { } subject)
        {
            return Results.Forbid(
                new AuthenticationProperties(new Dictionary<string, string?> { [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.AccessDenied }),
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }

        var identity = new ClaimsIdentity("provider");
        _ = identity.SetClaim(Claims.Subject, subject);
        if (StaffNumber is { } number)
            _ = identity.SetClaim(StaffNumberClaim, number);
        _ = identity.SetScopes(context.GetOpenIddictServerRequest()!.GetScopes());
        // The staff number goes into the access token only: whoever wants it asks the user info endpoint.
        _ = identity.SetDestinations(claim => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static async Task<IResult> UserInfo(HttpContext context)
    {
        var who = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        var answer = new Dictionary<string, string> { [Claims.Subject] = who.GetClaim(Claims.Subject)! };
        if (who.GetClaim(StaffNumberClaim) is { } number)
            answer[StaffNumberClaim] = number;
        return Results.Json(answer);
    }
}
