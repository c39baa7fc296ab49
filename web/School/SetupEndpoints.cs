using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.School;

/// <summary>The first run of an empty database: the first school and its first administrator, guarded by a one-time token from the server's log.</summary>
internal static class SetupEndpoints
{
    /// <summary>The first school of a deployment.</summary>
    public static readonly SchoolId First = new("s01");

    private static readonly TeacherId Administrator = new(First.School, "admin");

    public static IEndpointRouteBuilder MapSetup(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/setup").WithTags("Setup").RequireRateLimiting(Limits.SignIn);
        group.MapGet("", Get).WithName("GetSetup");
        group.MapPost("", SetUp).WithName("SetUp");
        return routes;
    }

    private static async Task<Ok<SetupView>> Get(IGrainFactory actors) =>
        TypedResults.Ok(new SetupView((await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Schools()).IsEmpty));

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> SetUp(
        SetUpCommand command, HttpContext context, IGrainFactory actors, AccountOpening opening, AccountStore accounts, SessionViews sessions, TimeProvider clock)
    {
        var phone = Phones.Normalize(command.Phone);
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(command.Token))
            problems.Add(new("token", "required"));
        if (string.IsNullOrWhiteSpace(command.SchoolName))
            problems.Add(new("schoolName", "required"));
        else if (command.SchoolName.Length > 100)
            problems.Add(new("schoolName", "too-long"));
        if (string.IsNullOrWhiteSpace(command.Name))
            problems.Add(new("name", "required"));
        else if (command.Name.Length > 60)
            problems.Add(new("name", "too-long"));
        if (phone is null)
            problems.Add(new("phone", "phone-malformed"));
        if (Passwords.Check("password", command.Password, phone, Administrator.Number) is { } weak)
            problems.Add(weak);
        if (problems.Count > 0)
            return Problems.OfFields(problems.DrainToImmutable(), context);

        var district = actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey);
        if ((await district.BeginSetup(context.OperationId(), SetupTokens.Hash(command.Token.Trim()))).Refusal is { } closed)
            return Problems.Of(closed, context);

        // Each step can be repeated; the school is entered last, so that an interrupted first run can be taken up again.
        var by = new ChangedBy(null, command.Name.Trim(), ChangeCapacity.District, null);
        var profile = SchoolProfile.Of(command.SchoolName.Trim(), Terms.UsualTimeZone, Terms.From(clock.GetUtcNow(), Terms.UsualTimeZone));
        if ((await Founding.Of(First, profile, Administrator, command.Name.Trim(), phone, actors, by)).Refusal is { } unfounded)
            return Problems.Of(unfounded, context);

        var opened = await opening.ForTeacher(Administrator, command.Password, by);
        if (opened.Refusal is { } unopened)
            return Problems.Of(unopened, context);
        // Whoever sets up the first school founds the others, too.
        if ((await district.AddAdministrator(Administrator)).Refusal is { } unnamed)
            return Problems.Of(unnamed, context);
        if ((await district.EnterSchool(First)).Refusal is { } unentered)
            return Problems.Of(unentered, context);

        await SignIn.Begin(context, (await accounts.Find(opened.Value))!);
        return TypedResults.Ok(await sessions.Of(context));
    }
}

/// <param name="Needed">Whether there is no school yet.</param>
internal sealed record SetupView(bool Needed);

/// <param name="Token">From the server's log.</param>
/// <param name="SchoolName">The school's name.</param>
/// <param name="Name">The first administrator's name.</param>
/// <param name="Phone">The first administrator's mobile number, to sign in with.</param>
/// <param name="Password">The first administrator's password.</param>
internal sealed record SetUpCommand(string Token, string SchoolName, string Name, string Phone, string Password);

/// <summary>Two terms a school year, as most schools have them, ten years ahead: there is a contact book on these days until the office has entered its own calendar.</summary>
internal static class Terms
{
    /// <summary>The time zone of a school that names none.</summary>
    public const string UsualTimeZone = "Asia/Shanghai";

    private const int HalfYears = 20;

    public static ImmutableArray<Term> From(DateTimeOffset now, string timeZone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);
        var terms = ImmutableArray.CreateBuilder<Term>(HalfYears);
        for (var day = today; terms.Count < HalfYears; day = terms[^1].Last.AddDays(1))
            terms.Add(Of(day));

        return terms.MoveToImmutable();
    }

    private static Term Of(DateOnly day)
    {
        var year = Term.UsualYear(day);
        return day.Month is >= 8 or 1
            ? new Term($"{year}–{year + 1}学年第一学期", new DateOnly(year, 8, 1), new DateOnly(year + 1, 1, 31), year)
            : new Term($"{year}–{year + 1}学年第二学期", new DateOnly(year + 1, 2, 1), new DateOnly(year + 1, 7, 31), year);
    }
}

/// <summary>Offers this process's one-time token to the district while there is no school, and writes it to the log.</summary>
internal sealed partial class SetupTokens(IGrainFactory actors, Demo.DemoMode demo, ILogger<SetupTokens> logger) : BackgroundService
{
    public static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var district = actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey);
        if (demo.IsOn || !(await district.Schools()).IsEmpty)
            return;

        var token = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 20);
        await district.OfferSetup(Hash(token));
        LogToken(logger, token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no school yet. Open the site and set it up with this one-time token: {Token}")]
    private static partial void LogToken(ILogger logger, string token);
}
