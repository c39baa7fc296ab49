using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Cookie sign-in over the account actors, for browsers; bearer tokens for programs.</summary>
internal static class SignIn
{
    private const string EitherScheme = "SchoolHome";
    private const string StampClaim = "stamp";
    private const string DeviceClaim = "device";

    public static IServiceCollection AddSchoolHomeSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AccountStore>();
        services.AddSingleton<AccountOpening>();
        services.AddSingleton<Joining>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<Devices>();
        services.AddSingleton<Rights>();
        services.AddSingleton<IPasswordHasher<SignInAccount>, PasswordHasher<SignInAccount>>();
        services
            .AddAuthentication(EitherScheme)
            // A program is known by its token, under /api only; whatever cookies it may carry do not count then.
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                ApiTokenHandler.IsOffered(context.Request) ? ApiTokenHandler.Scheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.Scheme, null)
            .AddSchoolHomeOpenId(services, configuration)
            .AddCookie(options =>
            {
                options.Cookie.Name = "schoolhome";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromDays(30);
                options.SlidingExpiration = true;
                options.Events = new CookieAuthenticationEvents
                {
                    OnValidatePrincipal = StillValid,
                    // An API says so; it does not redirect.
                    OnRedirectToLogin = context => Problems.Make(StatusCodes.Status401Unauthorized, "signed-out", context.HttpContext).ExecuteAsync(context.HttpContext),
                    OnRedirectToAccessDenied = context => Problems.Missing(context.HttpContext).ExecuteAsync(context.HttpContext),
                };
            });
        services.AddAuthorization();
        return services;
    }

    /// <summary>The signed-in account. Throws where nobody is: absence must never authorize.</summary>
    public static AccountId Account(this ClaimsPrincipal user) => user.AccountOrNobody() ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The signed-in account; null when nobody is, or when a program asks.</summary>
    public static AccountId? AccountOrNobody(this ClaimsPrincipal user) => AccountId.TryCreate(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    /// <summary>The stamp under which the session began.</summary>
    public static string Stamp(this ClaimsPrincipal user) => user.FindFirstValue(StampClaim) ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The device that the session is on.</summary>
    public static string Device(this ClaimsPrincipal user) => user.FindFirstValue(DeviceClaim) ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>Begins a session of an account that has proved to be itself, on this browser's device.</summary>
    public static async Task Begin(HttpContext context, SignInAccount account)
    {
        var device = await Proved(context, account.Id);
        // Asked now: with a new password the stamp is a new one.
        var credentials = await context.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(account.Id.ToString()).Credentials()
            ?? throw new InvalidOperationException("An account that was never opened cannot sign in.");
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, account.Id.Opaque), new Claim(StampClaim, credentials.SecurityStamp), new Claim(DeviceClaim, device)],
            CookieAuthenticationDefaults.AuthenticationScheme);
        context.User = new ClaimsPrincipal(identity);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, context.User, new AuthenticationProperties { IsPersistent = true });
        Security.HandOutAntiforgeryToken(context);
    }

    /// <summary>Somebody has proved to be the owner of an account: the tries of this place are forgotten, and the device is known to it. Answers the device.</summary>
    public static async Task<string> Proved(HttpContext context, AccountId account)
    {
        var devices = context.RequestServices.GetRequiredService<Devices>();
        var device = devices.For(context, account);
        var entered = await context.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(account.ToString()).SignedIn(device, devices.From(context, account));
        if (entered.Refusal is { } refusal)
            throw new InvalidOperationException($"The account refuses the device: {refusal.Code}.");

        devices.Remember(context, account, device.Device);
        return device.Device;
    }

    public static async Task End(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        Security.HandOutAntiforgeryToken(context);
    }

    // Asked of the account itself on every request: signed out everywhere means at once.
    private static async Task StillValid(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        if (context.Principal?.AccountOrNobody() is { } account
            && context.Principal.FindFirstValue(DeviceClaim) is { } device
            && await services.GetRequiredService<Rights>().Standing(account) is { } standing
            && standing.SecurityStamp == context.Principal.FindFirstValue(StampClaim)
            && standing.Devices.Contains(device))
        {
            services.GetRequiredService<Devices>().Seen(account, device);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
