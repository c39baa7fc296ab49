using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using SchoolHome.Web.People;

namespace SchoolHome.Web.Edge;

/// <summary>Rate limits of the HTTP edge. Those of the live path are in <see cref="SchoolHome.Live.LiveLimits"/>.</summary>
internal static class Limits
{
    public const string SignIn = "sign-in";
    public const string Hints = "hints";
    public const string Uploads = "uploads";
    public const string BookReading = "book-reading";
    public const long RosterBytes = 20 * 1024 * 1024;

    // A hint is asked for while somebody types.
    private const int HintsPerSignIn = 5;

    /// <summary>
    /// Tries to sign in or to join: per browser where it has signed in before, so that nobody at the same address can use up its tries; else per address: enough for a school behind one address in the
    /// evening, too few for guessing.
    /// </summary>
    public static IServiceCollection AddSchoolHomeLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var perMinute = configuration.GetValue("SchoolHome:SignInsPerMinute", 120);
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = async (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var given) ? given : TimeSpan.FromMinutes(1);
                await Problems.TooMany("too-many-tries", wait, rejected.HttpContext).ExecuteAsync(rejected.HttpContext);
            };
            options.AddPolicy(SignIn, context => PerPlace(context, perMinute));
            options.AddPolicy(Hints, context => PerPlace(context, perMinute * HintsPerSignIn));
            // A search or a print reads the days of a whole book.
            var booksPerMinute = configuration.GetValue("SchoolHome:BookReadingsPerMinute", 30);
            options.AddPolicy(BookReading, context => RateLimitPartition.GetFixedWindowLimiter(
                context.User.AccountOrNobody()?.ToString() ?? PlaceOf(context.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = booksPerMinute, Window = TimeSpan.FromMinutes(1) }));
            // Reading a roster takes seconds of this server's time: per person or program.
            var uploadsPerMinute = configuration.GetValue("SchoolHome:UploadsPerMinute", 12);
            options.AddPolicy(Uploads, context => RateLimitPartition.GetFixedWindowLimiter(
                context.User.Program()?.Token.ToString() ?? context.User.AccountOrNobody()?.ToString() ?? PlaceOf(context.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = uploadsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    /// <summary>An address as tries are counted by it: an IPv6 address by its first 64 bits, for whoever has one of these has all of them.</summary>
    public static string PlaceOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        var bytes = address.GetAddressBytes();
        return Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
    }

    private static RateLimitPartition<string> PerPlace(HttpContext context, int perMinute) => RateLimitPartition.GetFixedWindowLimiter(
        context.RequestServices.GetRequiredService<Devices>().BrowserOf(context) is { } browser ? $"browser {browser}" : $"address {PlaceOf(context.Connection.RemoteIpAddress)}",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });
}
