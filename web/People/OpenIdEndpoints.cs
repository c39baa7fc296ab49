using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Where a browser goes to sign in at the school's identity provider, and where it comes back to. Both are for navigation: what went wrong is told by the screen that the browser is sent to.</summary>
internal static class OpenIdEndpoints
{
    private const string SignInScreen = "/sign-in";

    public static IEndpointRouteBuilder MapOpenId(this IEndpointRouteBuilder session)
    {
        session.MapGet("/open-id", Begin).WithName("BeginOpenId").RequireRateLimiting(Limits.SignIn);
        session.MapGet("/open-id/done", Finish).WithName("FinishOpenId").RequireRateLimiting(Limits.SignIn);
        return session;
    }

    /// <summary>Sends the browser to the school's identity provider.</summary>
    private static async Task<Results<RedirectHttpResult, EmptyHttpResult, ProblemHttpResult>> Begin(bool? link, string? to, HttpContext context, OpenIdOptions settings)
    {
        if (settings.Authority is null)
            return Problems.Missing(context);

        var properties = new AuthenticationProperties { RedirectUri = "/api/session/open-id/done", Items = { [OpenIdSignIn.To] = OpenIdSignIn.LocalPath(to) } };
        if (link == true)
        {
            // Another site must not begin this for somebody: it would be its own account at the provider that is linked.
            if (context.User.AccountOrNobody() is not { } account || context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
                return TypedResults.Redirect(OpenIdSignIn.WithProblem(SignInScreen, "signed-out"));

            properties.Items[OpenIdSignIn.LinkOf] = account.Opaque;
        }

        try
        {
            await context.ChallengeAsync(OpenIdSignIn.Scheme, properties);
            return TypedResults.Empty;
        }
        catch (InvalidOperationException)
        {
            // The provider does not say where it is; its own log and ours have the reason.
            return TypedResults.Redirect(OpenIdSignIn.WithProblem(SignInScreen, "open-id-unreachable"));
        }
    }

    /// <summary>The browser is back: signs in whoever is linked, or links who is signed in.</summary>
    private static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Finish(
        HttpContext context, OpenIdOptions settings, IGrainFactory actors, AccountStore accounts, AccountOpening opening)
    {
        if (settings.Authority is null)
            return Problems.Missing(context);

        var external = await context.AuthenticateAsync(OpenIdSignIn.External);
        await context.SignOutAsync(OpenIdSignIn.External);
        if (external.Principal is not { } person || person.FindFirst("sub") is not { } subject)
            return TypedResults.Redirect(OpenIdSignIn.WithProblem(SignInScreen, "open-id-failed"));

        var login = actors.GetGrain<ILoginNameGrain>(LoginNameId.OpenId(person.FindFirstValue("iss") ?? settings.Authority, subject.Value).ToString());
        var to = OpenIdSignIn.LocalPath(external.Properties?.Items.TryGetValue(OpenIdSignIn.To, out var wanted) == true ? wanted : null);
        if (external.Properties?.Items.TryGetValue(OpenIdSignIn.LinkOf, out var opaque) == true)
        {
            if (!AccountId.TryCreate(opaque, out var asked) || context.User.AccountOrNobody() != asked)
                return TypedResults.Redirect(OpenIdSignIn.WithProblem(SignInScreen, "signed-out"));

            return TypedResults.Redirect(await Link(login, asked, settings, actors) is { } refusal
                ? OpenIdSignIn.WithProblem(to, refusal.Code == "login-name-taken" ? "open-id-taken" : refusal.Code)
                : to);
        }

        var account = await login.Account() ?? await ByStaffNumber(person, login, settings, actors, opening);
        if (account is not { } known || await accounts.Find(known) is not { } found)
            return TypedResults.Redirect(OpenIdSignIn.WithProblem(SignInScreen, "open-id-unknown"));

        await SignIn.Begin(context, found);
        return TypedResults.Redirect(to);
    }

    private static async Task<Refusal?> Link(ILoginNameGrain login, AccountId account, OpenIdOptions settings, IGrainFactory actors)
    {
        if (await login.Account() != account && (await login.Claim(account)).Refusal is { } taken)
            return taken;
        if ((await login.Confirm(account)).Refusal is { } lapsed)
            return lapsed;

        return (await actors.GetGrain<IAccountGrain>(account.ToString()).SignsInBy(new SignInName(SignInNameKind.OpenId, settings.Name))).Refusal;
    }

    /// <summary>Where the deployment trusts the provider with staff numbers: the teacher of that number. From then on their subject is what counts, so that a number given to somebody else opens nothing of theirs.</summary>
    private static async Task<AccountId?> ByStaffNumber(ClaimsPrincipal person, ILoginNameGrain login, OpenIdOptions settings, IGrainFactory actors, AccountOpening opening)
    {
        if (settings.StaffNumberClaim is not { } claim || !TeacherId.TryCreate(settings.School, person.FindFirstValue(claim)?.Trim().ToLowerInvariant(), out var teacher))
            return null;

        var opened = await opening.ForTeacher(teacher, null, new ChangedBy(null, settings.Name, ChangeCapacity.Software, null));
        if (!opened.IsDone)
            return null;

        // Somebody of the provider signs in to this account already: a second one with the same staff number is somebody else.
        if ((await actors.GetGrain<IAccountGrain>(opened.Value.ToString()).SignInNames()).Any(name => name.Kind is SignInNameKind.OpenId))
            return null;

        return await Link(login, opened.Value, settings, actors) is null ? opened.Value : null;
    }
}
