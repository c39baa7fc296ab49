using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>The school's own identity provider, where the deployment names one. Bound from <c>SchoolHome:OpenId</c>.</summary>
internal sealed class OpenIdOptions
{
    /// <summary>Its issuer; null where there is none.</summary>
    public string? Authority { get; set; }

    /// <summary>As whom this site is registered there.</summary>
    public string? ClientId { get; set; }

    /// <summary>What it proves itself with there.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What people call it, e.g. 青禾区统一认证.</summary>
    public string Name { get; set; } = "OpenID";

    /// <summary>The claim that holds somebody's staff number; null where it must not sign anybody in who has not linked it.</summary>
    public string? StaffNumberClaim { get; set; }

    /// <summary>The school of those staff numbers.</summary>
    public string? School { get; set; }

    public static OpenIdOptions From(IConfiguration configuration) => configuration.GetSection("SchoolHome:OpenId").Get<OpenIdOptions>() ?? new OpenIdOptions();
}

/// <summary>Sign-in by OpenID Connect: authorization code with PKCE. What comes of it is one of our sessions; of the provider's tokens nothing is kept.</summary>
internal static class OpenIdSignIn
{
    public const string Scheme = "OpenId";
    public const string External = "OpenIdDone";
    public const string LinkOf = "link";
    public const string To = "to";

    public static AuthenticationBuilder AddSchoolHomeOpenId(this AuthenticationBuilder authentication, IServiceCollection services, IConfiguration configuration)
    {
        var settings = OpenIdOptions.From(configuration);
        services.AddSingleton(settings);
        if (settings.Authority is null)
            return authentication;
        if (settings.ClientId is null || !Uri.TryCreate(settings.Authority, UriKind.Absolute, out var authority))
            throw new InvalidOperationException("SchoolHome:OpenId needs an Authority (an address) and a ClientId.");
        if (settings.StaffNumberClaim is not null && !SchoolId.TryCreate(settings.School, out _))
            throw new InvalidOperationException("SchoolHome:OpenId:StaffNumberClaim needs SchoolHome:OpenId:School: staff numbers repeat across schools.");

        return authentication
            .AddCookie(External, options =>
            {
                options.Cookie.Name = "schoolhome-openid";
                options.Cookie.Path = "/api/session/open-id";
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddOpenIdConnect(Scheme, options =>
            {
                options.SignInScheme = External;
                options.Authority = settings.Authority;
                options.RequireHttpsMetadata = !authority.IsLoopback;
                options.ClientId = settings.ClientId;
                options.ClientSecret = settings.ClientSecret;
                options.ResponseType = OpenIdConnectResponseType.Code;
                // The answer comes as a GET, so that cookies of SameSite=Lax come along; a form post would need None, which needs https.
                options.ResponseMode = OpenIdConnectResponseMode.Query;
                options.UsePkce = true;
                options.CallbackPath = "/api/session/open-id/callback";
                options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
                options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.MapInboundClaims = false;
                options.SaveTokens = false;
                options.GetClaimsFromUserInfoEndpoint = settings.StaffNumberClaim is not null;
                options.Scope.Clear();
                options.Scope.Add(OpenIdConnectScope.OpenId);
                if (settings.StaffNumberClaim is { } claim)
                {
                    options.Scope.Add("profile");
                    options.ClaimActions.MapUniqueJsonKey(claim, claim);
                }

                options.Events = new OpenIdConnectEvents
                {
                    // Another state than ours, a refusal at the provider, an answer that came too late: back to where one signs in.
                    OnRemoteFailure = context =>
                    {
                        context.Response.Redirect(WithProblem("/sign-in", "open-id-failed"));
                        context.HandleResponse();
                        return Task.CompletedTask;
                    },
                };
            });
    }

    /// <summary>A screen of ours with a problem that it shows.</summary>
    public static string WithProblem(string path, string code) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}problem={code}";

    /// <summary>A path of this site, and nothing that a browser would take for another one.</summary>
    public static string LocalPath(string? path) =>
        path is { Length: > 0 and < 300 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";
}
