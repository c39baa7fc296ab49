using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Cookie sign-in with ASP.NET Core Identity over the account actors.</summary>
internal static class SignIn
{
    private const string StampClaim = "stamp";

    public static IServiceCollection AddSchoolHomeSignIn(this IServiceCollection services)
    {
        services.AddScoped<AccountStore>();
        services.AddScoped<IUserStore<SignInAccount>>(provider => provider.GetRequiredService<AccountStore>());
        services.AddScoped<AccountOpening>();
        services.AddSingleton<Rights>();
        services.AddIdentityCore<SignInAccount>(options =>
        {
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            // Length is what counts; rules about kinds of characters only make people write passwords down.
            options.Password = new PasswordOptions
            {
                RequiredLength = Passwords.Shortest,
                RequireDigit = false,
                RequireLowercase = false,
                RequireUppercase = false,
                RequireNonAlphanumeric = false,
            };
        });
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
            [new Claim(ClaimTypes.NameIdentifier, account.Id.Opaque), new Claim(StampClaim, account.SecurityStamp)],
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

/// <summary>What a password may be.</summary>
internal static class Passwords
{
    public const int Shortest = 8;
    public const int Longest = 128;

    public static FieldProblem? Check(string field, string? password) =>
        string.IsNullOrEmpty(password) ? new(field, "required")
        : password.Length < Shortest ? new(field, "password-too-short")
        : password.Length > Longest ? new(field, "password-too-long")
        : null;
}
