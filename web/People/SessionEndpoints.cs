using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Signing in and out, and what the signed-in account is.</summary>
internal static class SessionEndpoints
{
    // Until the first lock ends; later ones last longer.
    private static readonly TimeSpan FirstLock = TimeSpan.FromMinutes(5);

    public static IEndpointRouteBuilder MapSession(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/session").WithTags("Session");
        group.MapGet("", Get).WithName("GetSession");
        group.MapPost("/sign-in", SignInByName).WithName("SignIn").RequireRateLimiting(Limits.SignIn);
        group.MapPost("/sign-out", SignOut).WithName("SignOut");
        group.MapPost("/sign-out-everywhere", SignOutEverywhere).WithName("SignOutEverywhere").RequireAuthorization();
        group.MapPut("/language", SetLanguage).WithName("SetLanguage").RequireAuthorization();
        group.MapPut("/password", SetPassword).WithName("SetPassword").RequireAuthorization().RequireRateLimiting(Limits.SignIn);
        group.MapPost("/password-hint", Hint).WithName("GetPasswordHint").RequireRateLimiting(Limits.Hints);
        group.MapGet("/devices", Devices).WithName("GetDevices").RequireAuthorization();
        group.MapPost("/devices/{device}/sign-out", SignOutDevice).WithName("SignOutDevice").RequireAuthorization();
        group.MapGet("/names", Names).WithName("GetSignInNames").RequireAuthorization();
        group.MapPost("/phone/code", SendPhoneCode).WithName("SendPhoneCode").RequireAuthorization().RequireRateLimiting(Limits.SignIn);
        group.MapPut("/phone", ChangePhone).WithName("ChangePhone").RequireAuthorization().RequireRateLimiting(Limits.SignIn);
        group.MapGet("/notices", Notices).WithName("GetNotices").RequireAuthorization();
        group.MapPost("/notices/read", ReadNotices).WithName("ReadNotices").RequireAuthorization();
        group.MapOpenId();
        return routes;
    }

    /// <summary>A refusal of whoever tries a password: wrong is 401, too often is 429.</summary>
    public static ProblemHttpResult Refused(Refusal refusal, HttpContext context) => refusal.Code switch
    {
        "locked-out" => Problems.TooMany(refusal.Code, FirstLock, context),
        "too-many-tries" => Problems.TooMany(refusal.Code, TimeSpan.FromMinutes(10), context),
        "sign-in-failed" => Problems.Make(StatusCodes.Status401Unauthorized, refusal.Code, context),
        _ => Problems.Of(refusal, context),
    };

    /// <summary>Who is signed in, and with which children, classes and offices. Also hands out the antiforgery token.</summary>
    private static async Task<Ok<SessionView>> Get(HttpContext context, SessionViews sessions)
    {
        Security.HandOutAntiforgeryToken(context);
        return TypedResults.Ok(await sessions.Of(context));
    }

    /// <summary>Signs in. Refused with <c>choose-school</c> when it may be a staff or student number, and there are several schools.</summary>
    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> SignInByName(
        SignInCommand command, HttpContext context, AccountStore accounts, Passwords passwords, Devices devices, SessionViews sessions)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(command.Login))
            problems.Add(new("login", "required"));
        if (string.IsNullOrEmpty(command.Password))
            problems.Add(new("password", "required"));
        if (problems.Count > 0)
            return Problems.OfFields(problems.DrainToImmutable(), context);

        var meant = await accounts.FindByLogin(command.Login, command.School);
        if (meant.Refusal is { } unclear)
            return Problems.Of(unclear, context);

        var proved = await passwords.TryAny(meant.Value, command.Password, account => devices.From(context, account));
        if (proved.Refusal is { } refused)
            return Refused(refused, context);

        await People.SignIn.Begin(context, meant.Value.First(account => account.Id == proved.Value));
        return TypedResults.Ok(await sessions.Of(context));
    }

    /// <summary>Ends this session. The browser is still known to the account, so that others cannot use up its tries.</summary>
    private static async Task<NoContent> SignOut(HttpContext context, IGrainFactory actors)
    {
        if (context.User.AccountOrNobody() is { } account)
            await actors.GetGrain<IAccountGrain>(account.ToString()).SignOutDevice(context.User.Device(), forget: false);

        await People.SignIn.End(context);
        return TypedResults.NoContent();
    }

    /// <summary>Ends every session of this account, on live connections too.</summary>
    private static async Task<NoContent> SignOutEverywhere(HttpContext context, IGrainFactory actors)
    {
        await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).SignOutEverywhere();
        await People.SignIn.End(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetLanguage(LanguageCommand command, HttpContext context, IGrainFactory actors)
    {
        var answer = await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).SetLanguage(command.Language ?? "");
        return answer.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.NoContent();
    }

    /// <summary>Changes the password. Every other session of the account ends.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SetPassword(
        PasswordCommand command, HttpContext context, AccountStore accounts, Passwords passwords, Devices devices, IGrainFactory actors)
    {
        var id = context.User.Account();
        var actor = actors.GetGrain<IAccountGrain>(id.ToString());
        if (Passwords.Check("newPassword", command.NewPassword, (await actor.SignInNames()).Select(name => name.Shown)) is { } problem)
            return Problems.OfFields([problem], context);
        if (await Wrong("currentPassword", command.CurrentPassword, context, accounts, passwords, devices) is { } wrong)
            return wrong;
        if ((await actor.SetPassword(passwords.Hash(command.NewPassword), context.User.Device(), AccountNoticeKind.PasswordChanged)).Refusal is { } refusal)
            return Problems.Of(refusal, context);

        // The other sessions of the account have ended with it; this one goes on.
        await People.SignIn.Begin(context, (await accounts.Find(id))!);
        return TypedResults.NoContent();
    }

    /// <summary>How good a password would be, by the rule that is kept wherever one is set. Nothing is kept of it.</summary>
    private static async Task<Ok<PasswordHintView>> Hint(PasswordHintCommand command, HttpContext context, IGrainFactory actors)
    {
        var names = new List<string?> { command.Login, Phones.Normalize(command.Login) };
        if (context.User.AccountOrNobody() is { } account)
            names.AddRange((await actors.GetGrain<IAccountGrain>(account.ToString()).SignInNames()).Select(name => name.Shown));

        var verdict = Passwords.Weigh(command.Password ?? "", names);
        return TypedResults.Ok(new PasswordHintView(verdict.Score, verdict.Acceptable, Texts.Of(verdict.Code, Texts.LanguageOf(context))));
    }

    /// <summary>The browsers that know this account, those that are signed in first.</summary>
    private static async Task<Ok<ImmutableArray<DeviceView>>> Devices(HttpContext context, IGrainFactory actors)
    {
        var current = context.User.Device();
        var devices = await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).Devices();
        return TypedResults.Ok(devices.Select(one => new DeviceView(one.Device, one.Name, one.First, one.LastSeen, one.SignedIn, one.Device == current)).ToImmutableArray());
    }

    /// <summary>Signs a browser out, on live connections too.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SignOutDevice(string device, SignOutDeviceCommand command, HttpContext context, Devices devices, IGrainFactory actors)
    {
        var account = context.User.Account();
        if ((await actors.GetGrain<IAccountGrain>(account.ToString()).SignOutDevice(device, command.Forget)).Refusal is { } refusal)
            return Problems.Of(refusal, context);

        if (device == context.User.Device())
        {
            if (command.Forget)
                devices.Forget(context, account);
            await People.SignIn.End(context);
        }

        return TypedResults.NoContent();
    }

    /// <summary>By what this account signs in.</summary>
    private static async Task<Ok<ImmutableArray<SignInNameView>>> Names(HttpContext context, IGrainFactory actors) => TypedResults.Ok(
        (await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).SignInNames()).Select(name => new SignInNameView(name.Kind, Phones.Shown(name.Shown))).ToImmutableArray());

    /// <summary>Sends a code to the phone that this account is to sign in by. Refused with <c>too-many-tries</c>.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SendPhoneCode(PhoneCodeCommand command, HttpContext context, IGrainFactory actors)
    {
        if (Phones.Normalize(command.Phone) is not { } phone)
            return Problems.OfFields([new("phone", "phone-malformed")], context);

        var answer = await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).SendPhoneCode(phone);
        return answer.Refusal is { } refusal ? Refused(refusal, context) : TypedResults.NoContent();
    }

    /// <summary>
    /// Changes the phone that this account signs in by. The old number is told. Refused with <c>login-name-taken</c>; with <c>code-needed</c> where a code must be sent to the new number first, and with
    /// <c>code-wrong</c>.
    /// </summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> ChangePhone(
        PhoneCommand command, HttpContext context, AccountStore accounts, Passwords passwords, Devices devices, IGrainFactory actors)
    {
        if (Phones.Normalize(command.Phone) is not { } phone)
            return Problems.OfFields([new("phone", "phone-malformed")], context);
        if (await Wrong("password", command.Password, context, accounts, passwords, devices) is { } wrong)
            return wrong;

        var id = context.User.Account();
        await People.SignIn.Proved(context, id);
        var login = actors.GetGrain<ILoginNameGrain>(LoginNameId.Phone(phone).ToString());
        var isMine = await login.Account() == id;
        if (!isMine && (await login.Claim(id)).Refusal is { } taken)
            return Problems.Of(taken, context);

        var code = command.Code?.Trim();
        if ((await actors.GetGrain<IAccountGrain>(id.ToString()).ChangePhone(phone, string.IsNullOrEmpty(code) ? null : code)).Refusal is not { } refusal)
            return TypedResults.NoContent();

        // A number that is not proved must not be kept from its owner.
        if (!isMine)
            await login.Release(id);
        return refusal.Code == "code-wrong" && string.IsNullOrEmpty(code) ? Problems.Make(StatusCodes.Status409Conflict, "code-needed", context) : Refused(refusal, context);
    }

    /// <summary>What happened to this account lately, the newest first.</summary>
    private static async Task<Ok<ImmutableArray<NoticeView>>> Notices(HttpContext context, IGrainFactory actors) => TypedResults.Ok(
        (await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).Notices()).Select(one => new NoticeView(one.At, one.Kind, one.Detail, one.Read)).ToImmutableArray());

    private static async Task<NoContent> ReadNotices(HttpContext context, IGrainFactory actors)
    {
        await actors.GetGrain<IAccountGrain>(context.User.Account().ToString()).ReadNotices();
        return TypedResults.NoContent();
    }

    /// <summary>The password of who is signed in already: a wrong one is a wrong field; too many are counted as at sign-in.</summary>
    private static async Task<ProblemHttpResult?> Wrong(string field, string? password, HttpContext context, AccountStore accounts, Passwords passwords, Devices devices)
    {
        var id = context.User.Account();
        var tried = await passwords.Try(await accounts.Find(id), password ?? "", devices.From(context, id));
        return tried.Refusal switch
        {
            null => null,
            { Code: "sign-in-failed" } => Problems.OfFields([new(field, "password-wrong")], context),
            var refusal => Refused(refusal, context),
        };
    }
}

/// <param name="Login">Mobile number, staff number, student number, or a number that we made up.</param>
/// <param name="Password">The password.</param>
/// <param name="School">The school's id; needed only by staff and students where there are several schools.</param>
internal sealed record SignInCommand(string Login, string Password, string? School);

/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
internal sealed record LanguageCommand(string Language);

internal sealed record PasswordCommand(string CurrentPassword, string NewPassword);

/// <param name="Password">The password so far.</param>
/// <param name="Login">What its owner is going to sign in with; null where that is not known yet.</param>
internal sealed record PasswordHintCommand(string Password, string? Login);

/// <param name="Score">From 0, guessed at once, to 4, as good as never.</param>
/// <param name="Acceptable">Whether it keeps the rule.</param>
/// <param name="Hint">A sentence in the reader's language.</param>
internal sealed record PasswordHintView(int Score, bool Acceptable, string Hint);

/// <param name="Device">Its id.</param>
/// <param name="Name">E.g. 微信 · Android.</param>
/// <param name="First">When it first signed in.</param>
/// <param name="LastSeen">The day on which it was used last, UTC.</param>
/// <param name="SignedIn">Whether it is signed in now.</param>
/// <param name="Current">Whether it is the one that asks.</param>
internal sealed record DeviceView(string Device, string Name, DateTimeOffset First, DateOnly LastSeen, bool SignedIn, bool Current);

/// <param name="Forget">Whether tries from it are to count as anybody's from now on: for a device that was lost.</param>
internal sealed record SignOutDeviceCommand(bool Forget);

/// <param name="Kind">What kind.</param>
/// <param name="Shown">The number as people write it, or the name of the identity provider.</param>
internal sealed record SignInNameView(SignInNameKind Kind, string Shown);

/// <param name="Phone">The new mobile number.</param>
internal sealed record PhoneCodeCommand(string Phone);

/// <param name="Phone">The new mobile number.</param>
/// <param name="Password">The account's password.</param>
/// <param name="Code">The code that was sent to the new number; null where none is asked for.</param>
internal sealed record PhoneCommand(string Phone, string Password, string? Code);

/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Detail">The device's name, or the last four digits of the new phone; null when there is nothing more to say.</param>
/// <param name="Read">Whether it was read.</param>
internal sealed record NoticeView(DateTimeOffset At, AccountNoticeKind Kind, string? Detail, bool Read);
