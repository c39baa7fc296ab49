using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.School;

/// <summary>The district: its schools, and who founds them. What is in a school is its own administrators' business.</summary>
internal static class DistrictEndpoints
{
    public static IEndpointRouteBuilder MapDistrict(this IEndpointRouteBuilder routes)
    {
        var district = routes.MapGroup("/district").WithTags("District").ForDistrictAdministrators();
        district.MapGet("", Get).WithName("GetDistrict");
        district.MapPut("", Rename).WithName("RenameDistrict");
        district.MapPost("/schools", Found).WithName("FoundSchool");
        district.MapPost("/administrators", AddAdministrator).WithName("AddDistrictAdministrator");
        district.MapPost("/administrators/remove", RemoveAdministrator).WithName("RemoveDistrictAdministrator");
        return routes;
    }

    private static async Task<Ok<DistrictView>> Get(IGrainFactory actors)
    {
        var profile = await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Profile();
        var schools = await Task.WhenAll(profile.Schools.Select(async school =>
        {
            var administrators = (await actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school)).List()).Where(one => one.Offices.Contains(Office.Administrator));
            return new DistrictSchool(school.School, (await actors.GetGrain<ISchoolGrain>(school.ToString()).Profile())?.Name ?? "",
                [.. administrators.Select(one => new DistrictPerson(school.School, one.Teacher.Number, one.Name))]);
        }));
        var people = await Task.WhenAll(profile.Administrators.Select(async one =>
            new DistrictPerson(one.School, one.Number, (await actors.GetGrain<ITeacherGrain>(one.ToString()).Profile())?.Name ?? one.Number)));
        return TypedResults.Ok(new DistrictView(profile.Name, [.. schools], [.. people]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Rename(RenameDistrictCommand command, HttpContext context, IGrainFactory actors) =>
        (await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Rename(command.Name?.Trim() ?? "")).NoContent(context);

    /// <summary>Founds a further school, with its first administrator and their initial password, which is shown this once. Repeated with the same operation id it is the same school, with a new password.</summary>
    private static async Task<Results<Ok<SchoolFounded>, ProblemHttpResult>> Found(FoundSchoolCommand command, HttpContext context, IGrainFactory actors, AccountOpening opening, TimeProvider clock)
    {
        var fields = new Fields();
        var name = fields.Required("name", command.Name, SchoolLimits.LongestName);
        var zone = string.IsNullOrWhiteSpace(command.TimeZone) ? Terms.UsualTimeZone : command.TimeZone.Trim();
        fields.AddIf(!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _), "timeZone", "unknown");
        var number = fields.Required("administrator.number", command.Administrator?.Number, longest: 24).ToLowerInvariant();
        if (!TeacherId.TryCreate("s", number, out _) && number.Length > 0)
            fields.Add("administrator.number", "number-malformed");
        var (person, phone) = (fields.Required("administrator.name", command.Administrator?.Name), fields.Phone("administrator.phone", command.Administrator?.Phone));
        if (fields.AreWrong)
            return fields.Problem(context);

        var district = actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey);
        var next = await district.NextSchool(context.OperationId());
        if (next.Refusal is { } full)
            return Problems.Of(full, context);

        // Each step can be repeated; the school is entered last, so that a founding that was cut short can be taken up again.
        var school = next.Value;
        var administrator = new TeacherId(school.School, number);
        // Once a school is entered, what is in it is its own administrators' business. Only a lost answer is given again: to an administrator who has never signed in.
        if ((await district.Schools()).Contains(school) && !await IsNew(administrator, actors))
            return Problems.Of(new Conflict("school-founded"), context);

        var founded = await Founding.Of(school, SchoolProfile.Of(name, zone, Terms.From(clock.GetUtcNow(), zone)), administrator, person, phone, actors, context.By());
        if (founded.Refusal is { } unfounded)
            return Problems.Of(unfounded, context);

        var password = Passwords.New();
        if ((await opening.ForTeacher(administrator, password, context.By())).Refusal is { } unopened)
            return Problems.Of(unopened, context);

        return (await district.EnterSchool(school)).Refusal is { } unentered
            ? Problems.Of(unentered, context)
            : TypedResults.Ok(new SchoolFounded(school.School, number, password));
    }

    private static async Task<bool> IsNew(TeacherId administrator, IGrainFactory actors) =>
        await actors.GetGrain<ITeacherGrain>(administrator.ToString()).Profile() is { Account: { } account } profile
        && profile.Offices.Contains(Office.Administrator)
        && (await actors.GetGrain<IAccountGrain>(account.ToString()).Devices()).IsEmpty;

    /// <summary>Makes an administrator of a school one of the district too.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> AddAdministrator(DistrictPersonCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!TeacherId.TryCreate(command.School, command.Teacher?.ToLowerInvariant(), out var id)
            || await actors.GetGrain<ITeacherGrain>(id.ToString()).Profile() is not { Left: null } profile || !profile.Offices.Contains(Office.Administrator))
            return Problems.OfFields([new("teacher", "person-unknown")], context);

        return (await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).AddAdministrator(id)).NoContent(context);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAdministrator(DistrictPersonCommand command, HttpContext context, IGrainFactory actors) =>
        TeacherId.TryCreate(command.School, command.Teacher?.ToLowerInvariant(), out var id)
            ? (await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).RemoveAdministrator(id)).NoContent(context)
            : Problems.OfFields([new("teacher", "person-unknown")], context);
}

/// <summary>What the first school and every further one begin with.</summary>
internal static class Founding
{
    public static async Task<Answer<Done>> Of(SchoolId school, SchoolProfile profile, TeacherId administrator, string name, string? phone, IGrainFactory actors, ChangedBy by)
    {
        if ((await actors.GetGrain<ISchoolGrain>(school.ToString()).Put(new PutSchool(profile), by)).Refusal is { } unfounded)
            return unfounded;

        var teacher = actors.GetGrain<ITeacherGrain>(administrator.ToString());
        if ((await teacher.Put(new PutTeacher(name, string.IsNullOrEmpty(phone) ? null : phone, [], []), by)).Refusal is { } refused)
            return refused;

        // Rosters neither give nor take this office, so it is given apart.
        return await teacher.SetOffices([Office.Administrator], by);
    }
}

/// <summary>Bounds of schools.</summary>
internal static class SchoolLimits
{
    /// <summary>The longest name of a school.</summary>
    public const int LongestName = 100;
}

/// <param name="Name">E.g. 青禾区教育局; empty until somebody has named it.</param>
/// <param name="Schools">In the order in which they were founded.</param>
/// <param name="Administrators">Who founds schools.</param>
internal sealed record DistrictView(string Name, ImmutableArray<DistrictSchool> Schools, ImmutableArray<DistrictPerson> Administrators);

/// <param name="School">The school's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Administrators">Who administers it.</param>
internal sealed record DistrictSchool(string School, string Name, ImmutableArray<DistrictPerson> Administrators);

/// <param name="School">The school's id.</param>
/// <param name="Teacher">The staff number.</param>
/// <param name="Name">Their name.</param>
internal sealed record DistrictPerson(string School, string Teacher, string Name);

/// <param name="Name">The district's name.</param>
internal sealed record RenameDistrictCommand(string Name);

/// <param name="Name">The school's name.</param>
/// <param name="TimeZone">IANA name; Asia/Shanghai when it is missing.</param>
/// <param name="Administrator">Its first administrator.</param>
internal sealed record FoundSchoolCommand(string Name, string? TimeZone, FirstAdministrator? Administrator);

/// <param name="Number">The staff number: letters and digits.</param>
/// <param name="Name">Their name.</param>
/// <param name="Phone">As people write it; null or empty when there is none.</param>
internal sealed record FirstAdministrator(string Number, string Name, string? Phone);

/// <param name="School">The new school's id.</param>
/// <param name="Login">What its first administrator signs in with.</param>
/// <param name="InitialPassword">Shown this once.</param>
internal sealed record SchoolFounded(string School, string Login, string InitialPassword);

/// <param name="School">The school's id.</param>
/// <param name="Teacher">The staff number of one of its administrators.</param>
internal sealed record DistrictPersonCommand(string School, string Teacher);
