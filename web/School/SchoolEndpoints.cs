using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.School;

/// <summary>A school's name, calendar and settings.</summary>
internal static class SchoolEndpoints
{
    public static IEndpointRouteBuilder MapSchools(this IEndpointRouteBuilder routes)
    {
        var school = routes.MapGroup("/schools/{school}").WithTags("School");
        school.MapGroup("").ForOffices().MapGet("", Get).WithName("GetSchool");
        var administration = school.MapGroup("").ForAdministrators();
        administration.MapPut("", Put).WithName("PutSchool");
        PromotionEndpoints.Map(administration);
        return routes;
    }

    private static async Task<Results<Ok<SchoolView>, ProblemHttpResult>> Get(string school, HttpContext context, IGrainFactory actors)
    {
        var id = new SchoolId(school);
        var actor = actors.GetGrain<ISchoolGrain>(id.ToString());
        if (await actor.Profile() is not { } profile)
            return Problems.Missing(context);

        var today = await actor.Today();
        return TypedResults.Ok(new SchoolView(
            id.School, profile.Name, profile.TimeZone, today, profile.SchoolYearOf(today), profile.Terms, profile.Holidays, profile.MakeUpDays, profile.LastGrade, profile.StudentAccounts,
            profile.SlipDays, context.SeesAll()));
    }

    /// <summary>Corrects name, calendar and settings; each list is the whole of it.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Put(string school, PutSchoolCommand command, HttpContext context, IGrainFactory actors)
    {
        var actor = actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString());
        if (await actor.Profile() is not { } before)
            return Problems.Missing(context);

        // The school itself looks at the calendar as a whole. Here is only what has no place in its own words: what is missing.
        var fields = new Fields();
        var (lastGrade, slipDays) = (fields.Given("lastGrade", command.LastGrade), fields.Given("slipDays", command.SlipDays));
        var terms = Listed(command.Terms).Select(term => new Term(
            term.Name?.Trim() ?? "", fields.Given("terms", term.First), fields.Given("terms", term.Last), term.SchoolYear ?? Term.UsualYear(term.First ?? default))).OrderBy(term => term.First);
        var holidays = Listed(command.Holidays).Select(holiday => new Holiday(
            holiday.Name?.Trim() ?? "", fields.Given("holidays", holiday.First), fields.Given("holidays", holiday.Last ?? holiday.First))).OrderBy(holiday => holiday.First);
        var makeUpDays = Listed(command.MakeUpDays).Select(day => new MakeUpDay(fields.Given("makeUpDays", day.Day), day.Name?.Trim() ?? "")).OrderBy(day => day.Day);
        var profile = before with
        {
            Name = command.Name?.Trim() ?? "",
            TimeZone = command.TimeZone?.Trim() ?? "",
            Terms = [.. terms],
            Holidays = [.. holidays],
            MakeUpDays = [.. makeUpDays],
            LastGrade = lastGrade,
            StudentAccounts = command.StudentAccounts,
            SlipDays = slipDays,
        };
        return fields.AreWrong ? fields.Problem(context) : (await actor.Put(new PutSchool(profile), context.By())).NoContent(context);
    }

    private static ImmutableArray<T> Listed<T>(ImmutableArray<T> list) => list.IsDefault ? [] : list;
}

/// <param name="School">The school's id.</param>
/// <param name="Name">E.g. 青禾小学.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Today">Today in the school's time zone.</param>
/// <param name="SchoolYear">The calendar year in which the school year of today begins.</param>
/// <param name="Terms">By their first day.</param>
/// <param name="Holidays">By their first day.</param>
/// <param name="MakeUpDays">Ascending.</param>
/// <param name="LastGrade">The grade after which a class graduates.</param>
/// <param name="StudentAccounts">Whether students get accounts.</param>
/// <param name="SlipDays">For how many days a slip is good.</param>
/// <param name="MayChange">Whether the reader is an administrator.</param>
internal sealed record SchoolView(
    string School,
    string Name,
    string TimeZone,
    DateOnly Today,
    int SchoolYear,
    ImmutableArray<Term> Terms,
    ImmutableArray<Holiday> Holidays,
    ImmutableArray<MakeUpDay> MakeUpDays,
    int LastGrade,
    bool StudentAccounts,
    int SlipDays,
    bool MayChange);

/// <param name="Name">The school's name.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Terms">All of them, in any order.</param>
/// <param name="Holidays">All of them, in any order.</param>
/// <param name="MakeUpDays">All of them, in any order.</param>
/// <param name="LastGrade">1 to 12.</param>
/// <param name="StudentAccounts">Whether students get accounts.</param>
/// <param name="SlipDays">1 to 90.</param>
internal sealed record PutSchoolCommand(
    string Name,
    string TimeZone,
    ImmutableArray<TermCommand> Terms,
    ImmutableArray<HolidayCommand> Holidays,
    ImmutableArray<MakeUpDayCommand> MakeUpDays,
    int? LastGrade,
    bool StudentAccounts,
    int? SlipDays);

/// <param name="Name">E.g. 2026–2027学年第一学期.</param>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day, inclusive.</param>
/// <param name="SchoolYear">The calendar year in which its school year begins; by its first day when it is missing.</param>
internal sealed record TermCommand(string Name, DateOnly? First, DateOnly? Last, int? SchoolYear);

/// <param name="Name">E.g. 国庆节.</param>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day, inclusive; the first when it is missing.</param>
internal sealed record HolidayCommand(string Name, DateOnly? First, DateOnly? Last);

/// <param name="Day">The day.</param>
/// <param name="Name">E.g. 补国庆节周四的课.</param>
internal sealed record MakeUpDayCommand(DateOnly? Day, string Name);
