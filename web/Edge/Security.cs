using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.HttpOverrides;
using SchoolHome.Web.People;

namespace SchoolHome.Web.Edge;

/// <summary>What every answer and every command carries for safety.</summary>
internal static class Security
{
    public const string AntiforgeryCookie = "XSRF-TOKEN";
    public const string AntiforgeryHeader = "X-XSRF-TOKEN";

    /// <summary>Headers that keep other sites and injected markup out.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Vuetify and CodeMirror set styles from script; scripts come from files of ours only.
        headers.ContentSecurityPolicy =
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        return next(context);
    });

    /// <summary>
    /// Behind a reverse proxy the reader's address and scheme are in the headers that it sets. Only the proxies of <c>SchoolHome:TrustedProxies</c> (addresses or networks, separated by commas) are
    /// believed: from anybody else such a header would be a way to count as another place with each try.
    /// </summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        var trusted = (configuration["SchoolHome:TrustedProxies"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (trusted.Length == 0)
            return app;

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var one in trusted)
        {
            if (System.Net.IPNetwork.TryParse(one, out var network))
                options.KnownIPNetworks.Add(network);
            else if (System.Net.IPAddress.TryParse(one, out var address))
                options.KnownProxies.Add(address);
            else
                throw new InvalidOperationException($"SchoolHome:TrustedProxies must hold addresses (10.0.0.5) or networks (10.0.0.0/24), not '{one}'.");
        }

        return app.UseForwardedHeaders(options);
    }

    /// <summary>A WebSocket is not kept from other sites by CORS, so its Origin must be ours (negotiation is skipped).</summary>
    public static IApplicationBuilder UseSameOriginOnly(this IApplicationBuilder app, PathString path) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(path)
            && context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(context.Request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    });

    /// <summary>Commands of a browser carry a token that other sites cannot read. Sits on the group, so that a new endpoint inherits it.</summary>
    public static TBuilder RequireAntiforgery<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            // A program carries its token by itself; a browser never sends one unasked, as it does with cookies.
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || context.User.Program() is not null)
                return await next(invocation);

            return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)
                ? await next(invocation)
                : Problems.Make(StatusCodes.Status400BadRequest, "antiforgery", context);
        });

    /// <summary>Hands the browser the token that its commands must carry. It belongs to whoever is signed in, so it is handed out anew after signing in or out.</summary>
    public static void HandOutAntiforgeryToken(HttpContext context)
    {
        var tokens = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        context.Response.Cookies.Append(AntiforgeryCookie, tokens.RequestToken!, new CookieOptions
        {
            HttpOnly = false, // The client reads it and sends it back as a header.
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            IsEssential = true,
        });
    }
}
