using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Demo;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Signing in and out, and what the signed-in account is.</summary>
internal static class SessionEndpoints
{
    public static IEndpointRouteBuilder MapSession(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/session").WithTags("Session");
        group.MapGet("", Get).WithName("GetSession");
        group.MapPost("/sign-in", SignInByName).WithName("SignIn").RequireRateLimiting(Limits.SignIn);
        group.MapPost("/sign-out", (Delegate)SignOut).WithName("SignOut");
        group.MapPost("/sign-out-everywhere", SignOutEverywhere).WithName("SignOutEverywhere").RequireAuthorization();
        group.MapPut("/language", SetLanguage).WithName("SetLanguage").RequireAuthorization();
        group.MapPut("/password", SetPassword).WithName("SetPassword").RequireAuthorization().RequireRateLimiting(Limits.SignIn);
        return routes;
    }

    /// <summary>Who is signed in, and with which children, classes and offices. Also hands out the antiforgery token.</summary>
    private static async Task<Ok<SessionView>> Get(HttpContext context, SessionViews sessions)
    {
        Security.HandOutAntiforgeryToken(context);
        return TypedResults.Ok(await sessions.Of(context));
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> SignInByName(
        SignInCommand command, HttpContext context, AccountStore accounts, Passwords passwords, SessionViews sessions, IGrainFactory actors)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(command.Login))
            problems.Add(new("login", "required"));
        if (string.IsNullOrEmpty(command.Password))
            problems.Add(new("password", "required"));
        if (problems.Count > 0)
            return Problems.OfFields(problems.DrainToImmutable(), context);

        var account = await Find(command.Login.Trim(), command.School, accounts, actors);
        if ((await passwords.Try(account, command.Password)).Refusal is { } refused)
        {
            var status = refused.Code == "locked-out" ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized;
            return Problems.Make(status, refused.Code, context);
        }

        await People.SignIn.Begin(context, account!);
        return TypedResults.Ok(await sessions.Of(context));
    }

    private static async Task<NoContent> SignOut(HttpContext context)
    {
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

    private static async Task<Results<NoContent, ProblemHttpResult>> SetPassword(
        PasswordCommand command, HttpContext context, AccountStore accounts, Passwords passwords, IGrainFactory actors)
    {
        if (Passwords.Check("newPassword", command.NewPassword) is { } problem)
            return Problems.OfFields([problem], context);

        var id = context.User.Account();
        if ((await passwords.Try(await accounts.Find(id), command.CurrentPassword ?? "")).Refusal is { } refused)
        {
            return refused.Code == "locked-out"
                ? Problems.Make(StatusCodes.Status429TooManyRequests, refused.Code, context)
                : Problems.OfFields([new("currentPassword", "password-wrong")], context);
        }

        if ((await actors.GetGrain<IAccountGrain>(id.ToString()).SetPassword(passwords.Hash(command.NewPassword), null, AccountNoticeKind.PasswordChanged)).Refusal is { } refusal)
            return Problems.Of(refusal, context);

        // The other sessions of the account have ended with it; this one goes on.
        await People.SignIn.Begin(context, (await accounts.Find(id))!);
        return TypedResults.NoContent();
    }

    private static async Task<SignInAccount?> Find(string login, string? school, AccountStore accounts, IGrainFactory actors)
    {
        if (Phones.Normalize(login) is { } phone && await accounts.Find(LoginNameId.Phone(phone)) is { } byPhone)
            return byPhone;

        // Staff and student numbers repeat across schools; where there is but one school, nobody needs to name it.
        var schools = SchoolId.TryCreate(school, out var named) ? [named] : await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Schools();
        var number = login.ToLowerInvariant();
        if (schools.Length != 1)
            return null;
        if (TeacherId.TryCreate(schools[0].School, number, out var teacher) && await accounts.Find(LoginNameId.Staff(teacher)) is { } byStaffNumber)
            return byStaffNumber;

        return StudentId.TryCreate(schools[0].School, number, out var student) ? await accounts.Find(LoginNameId.Student(student)) : null;
    }
}

/// <param name="Login">Mobile number, staff number or student number.</param>
/// <param name="Password">The password.</param>
/// <param name="School">The school's id; needed only by staff and students where there are several schools.</param>
internal sealed record SignInCommand(string Login, string Password, string? School);

/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
internal sealed record LanguageCommand(string Language);

internal sealed record PasswordCommand(string CurrentPassword, string NewPassword);

/// <param name="SignedIn">Whether anybody is signed in.</param>
/// <param name="SetupNeeded">Whether there is no school yet, and the first-run page is to be shown.</param>
/// <param name="Demo">Whether the demo school's sign-in cards are to be shown.</param>
/// <param name="Account">Null when nobody is signed in.</param>
/// <param name="School">The school of the account's first child or class; null when there is none.</param>
/// <param name="Children">Whose books may be read: a guardian's children, or a student's own.</param>
/// <param name="Classes">Where the account teaches.</param>
/// <param name="Offices">What it does for the whole school.</param>
internal sealed record SessionView(
    bool SignedIn,
    bool SetupNeeded,
    bool Demo,
    SessionAccount? Account,
    SessionSchool? School,
    ImmutableArray<SessionChild> Children,
    ImmutableArray<SessionClass> Classes,
    ImmutableArray<Office> Offices);

/// <param name="Id">Opaque.</param>
/// <param name="Name">For showing.</param>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
internal sealed record SessionAccount(string Id, string Name, string Language);

/// <param name="Id">The school's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Today">Today in the school's time zone.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Term">The term that holds today, else the latest one: there is a contact book on its days.</param>
internal sealed record SessionSchool(string Id, string Name, DateOnly Today, string TimeZone, SessionTerm Term);

/// <param name="Name">E.g. 2026–2027学年第一学期.</param>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day, inclusive.</param>
internal sealed record SessionTerm(string Name, DateOnly First, DateOnly Last);

/// <param name="School">The school's id.</param>
/// <param name="Student">The student number.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Class">The class's id, e.g. <c>3-2</c>.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Relation">What the account is to the child, e.g. <c>mother</c>; <c>self</c> for the child itself.</param>
internal sealed record SessionChild(string School, string Student, string Name, string Class, string ClassName, string Relation);

/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id, e.g. <c>3-2</c>.</param>
/// <param name="Name">E.g. 三年级2班.</param>
/// <param name="Role">Class teacher or subject teacher.</param>
/// <param name="Subjects">What the account teaches there.</param>
internal sealed record SessionClass(string School, string Class, string Name, DutyKind Role, ImmutableArray<string> Subjects);

/// <summary>Puts a session's view together from the actors.</summary>
internal sealed class SessionViews(IGrainFactory actors, Rights rights, DemoMode demo)
{
    public async Task<SessionView> Of(HttpContext context)
    {
        var schools = await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Schools();
        var nobody = new SessionView(false, schools.IsEmpty && !demo.IsOn, demo.IsOn, null, null, [], [], []);
        if (context.User.Identity?.IsAuthenticated != true || await rights.Standing(context.User.Account()) is not { } standing)
            return nobody;

        var account = new SessionAccount(context.User.Account().Opaque, standing.Name, standing.Language);
        var children = await Children(standing);
        var teachers = await rights.Teachers(standing);
        var classes = new List<SessionClass>();
        foreach (var teacher in teachers)
        {
            var names = await Names(teacher.Id.SchoolId);
            classes.AddRange(teacher.Profile.Duties
                .Where(duty => names.ContainsKey(duty.Class))
                .Select(duty => new SessionClass(duty.Class.School, duty.Class.Class, names[duty.Class], duty.Kind, duty.Subjects)));
        }

        SchoolId? school = children.Length > 0 ? new(children[0].School) : teachers.Length > 0 ? teachers[0].Id.SchoolId : null;
        return nobody with
        {
            SignedIn = true,
            Account = account,
            School = school is { } id ? await School(id) : null,
            Children = children,
            Classes = [.. classes],
            Offices = [.. teachers.SelectMany(teacher => teacher.Profile.Offices).Distinct()],
        };
    }

    /// <summary>The children of an account, as the session shows them.</summary>
    public async Task<ImmutableArray<SessionChild>> Children(AccountStanding standing)
    {
        var children = new List<SessionChild>();
        foreach (var child in await rights.Children(standing))
        {
            if (child.Profile.Class is { } @class)
            {
                var names = await Names(@class.SchoolId);
                var relation = child.Entry is { } entry ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(entry.Relation.ToString()) : "self";
                children.Add(new(child.Student.School, child.Student.Number, child.Profile.Name, @class.Class, names.GetValueOrDefault(@class, @class.Class), relation));
            }
        }

        return [.. children];
    }

    private async Task<SessionSchool?> School(SchoolId id)
    {
        var actor = actors.GetGrain<ISchoolGrain>(id.ToString());
        if (await actor.Profile() is not { } profile)
            return null;

        var today = await actor.Today();
        var term = profile.TermOf(today) ?? profile.Terms[^1];
        return new SessionSchool(id.School, profile.Name, today, profile.TimeZone, new SessionTerm(term.Name, term.First, term.Last));
    }

    private async Task<Dictionary<ClassId, string>> Names(SchoolId school) =>
        (await actors.GetGrain<ISchoolGrain>(school.ToString()).Classes()).ToDictionary(one => one.Class, one => one.Name);
}
