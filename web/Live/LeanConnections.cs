using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace SchoolHome.Web.Live;

/// <summary>
/// A connection lasts for hours, and its request with it. Who it is from has been asked by then: the cookies and the ticket, several kB in two forms, are let go.
/// </summary>
internal static class LeanConnections
{
    /// <summary>After authorization, before the hub.</summary>
    public static IApplicationBuilder UseLeanConnections(this IApplicationBuilder app, PathString path) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(path))
        {
            context.Request.Headers.Cookie = default;
            context.Features.Set<IRequestCookiesFeature>(null);
            context.Features.Set<IAuthenticateResultFeature>(null);
        }

        return next(context);
    });
}
