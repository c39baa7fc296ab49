using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace SchoolHome.Web.Edge;

/// <summary>Rate limits of the HTTP edge. Those of the live path are in <see cref="SchoolHome.Live.LiveLimits"/>.</summary>
internal static class Limits
{
    public const string SignIn = "sign-in";
    public const long RosterBytes = 20 * 1024 * 1024;

    /// <summary>Tries to sign in, per address: enough for a school behind one address in the evening, too few for guessing.</summary>
    public static IServiceCollection AddSchoolHomeLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var perMinute = configuration.GetValue("SchoolHome:SignInsPerMinute", 120);
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = 60.ToString(CultureInfo.InvariantCulture);
                await Problems.Make(StatusCodes.Status429TooManyRequests, "too-many-tries", rejected.HttpContext).ExecuteAsync(rejected.HttpContext);
            };
            options.AddPolicy(SignIn, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }
}
