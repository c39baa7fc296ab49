using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Cookie sign-in over the account actors.</summary>
internal static class SignIn
{
    private const string StampClaim = "stamp";

    public static IServiceCollection AddSchoolHomeSignIn(this IServiceCollection services)
    {
        services.AddSingleton<AccountStore>();
        services.AddSingleton<AccountOpening>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<Rights>();
        services.AddSingleton<IPasswordHasher<SignInAccount>, PasswordHasher<SignInAccount>>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
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
    public static AccountId Account(this ClaimsPrincipal user) =>
        AccountId.TryCreate(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The stamp under which the session began.</summary>
    public static string Stamp(this ClaimsPrincipal user) => user.FindFirstValue(StampClaim) ?? throw new InvalidOperationException("Nobody is signed in.");

    public static async Task Begin(HttpContext context, SignInAccount account)
    {
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, account.Id.Opaque), new Claim(StampClaim, account.Credentials.SecurityStamp)],
            CookieAuthenticationDefaults.AuthenticationScheme);
        context.User = new ClaimsPrincipal(identity);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, context.User, new AuthenticationProperties { IsPersistent = true });
        Security.HandOutAntiforgeryToken(context);
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
        var rights = context.HttpContext.RequestServices.GetRequiredService<Rights>();
        if (context.Principal is not { } user
            || !AccountId.TryCreate(user.FindFirstValue(ClaimTypes.NameIdentifier), out var account)
            || await rights.Standing(account) is not { } standing
            || standing.SecurityStamp != user.FindFirstValue(StampClaim))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }
}
