using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Students: to see, to correct, to move, to leave and to come back.</summary>
internal static class StudentEndpoints
{
    public static void Map(IEndpointRouteBuilder reading, IEndpointRouteBuilder administration)
    {
        reading.MapGet("/students/{student}", Get).WithName("GetStudent");
        administration.MapPost("/students", Add).WithName("AddStudent");
        administration.MapPut("/students/{student}", Correct).WithName("CorrectStudent");
        administration.MapPost("/students/{student}/move", Move).WithName("MoveStudent");
        administration.MapPost("/students/{student}/leave", Leave).WithName("StudentLeaves");
        administration.MapPost("/students/{student}/return", Return).WithName("StudentReturns");
    }

    /// <summary>A student with its guardians. Offices that are no administrators see no phone number but its last digits, and not why custody is restricted.</summary>
    private static async Task<Results<Ok<StudentView>, ProblemHttpResult>> Get(string school, string student, HttpContext context, IGrainFactory actors, PeopleNames names, Families families)
    {
        if (!StudentId.TryCreate(school, student, out var id) || await actors.GetGrain<IStudentGrain>(id.ToString()).Profile() is not { } profile)
            return Problems.Missing(context);

        var (all, language) = (context.SeesAll(), Texts.LanguageOf(context));
        var guardians = await Task.WhenAll(profile.Guardians.Select(async entry =>
        {
            var slip = await families.StateOf(entry);
            return new GuardianView(
                entry.Entry, entry.Name, entry.Relation, Texts.Of(entry.Relation, language), all ? entry.Phone : null, PeopleNames.Tail(entry.Phone), entry.Household,
                entry.Custody, all ? entry.CustodyReason : null, slip.State, slip.Expires, slip.WrongTries, entry.Guardian is not null);
        }));
        return TypedResults.Ok(new StudentView(
            id.Number, profile.Name, profile.Class?.Class, profile.Class is { } @class ? await names.NameOf(@class) : null, profile.Gender, profile.BirthDate, profile.SpecialStatus,
            profile.Left is { } left ? new StudentLeftView(left.On, left.Reason, left.Class?.Class, left.Class is { } before ? await names.NameOf(before) : null) : null,
            profile.Account is not null, all, [.. guardians]));
    }

    /// <summary>Enters a student by hand. Entering the same student again changes nothing; a number that another has is refused.</summary>
    private static async Task<Results<Ok<StudentAdded>, ProblemHttpResult>> Add(string school, AddStudentCommand command, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        var fields = new Fields();
        var number = fields.Required("student", command.Student, longest: 24).ToLowerInvariant();
        if (!StudentId.TryCreate(school, number, out var id) && number.Length > 0)
            fields.Add("student", "number-malformed");
        var name = fields.Required("name", command.Name);
        var @class = await names.Enterable(school, command.Class, "class", fields);
        fields.AddIf(command.Gender is not (null or "男" or "女"), "gender", "unknown");
        var special = fields.Optional("specialStatus", command.SpecialStatus, PeopleLimits.LongestReason);
        var listed = command.Guardians.IsDefault ? [] : command.Guardians;
        fields.AddIf(listed.Length > PeopleLimits.MostGuardians, "guardians", "too-many");
        var guardians = listed.Select((guardian, at) => new RosterGuardian(
            fields.Required($"guardians[{at}].name", guardian.Name), fields.Given($"guardians[{at}].relation", guardian.Relation), fields.Phone($"guardians[{at}].phone", guardian.Phone))).ToImmutableArray();
        if (fields.AreWrong)
            return fields.Problem(context);

        // Expected is that nobody has this number; whoever is there exactly so was entered by this very command.
        var put = new PutStudent(name, @class, command.Gender, command.BirthDate, special, guardians, ExpectedRevision: 0);
        return (await actors.GetGrain<IStudentGrain>(id.ToString()).Put(put, context.By())).Refusal switch
        {
            null => TypedResults.Ok(new StudentAdded(id.Number)),
            Conflict { Code: "changed-meanwhile" } => Problems.OfFields([new("student", "number-taken")], context),
            var refusal => Problems.Of(refusal, context),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Correct(string school, string student, CorrectStudentCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var name = fields.Required("name", command.Name);
        fields.AddIf(command.Gender is not (null or "男" or "女"), "gender", "unknown");
        var special = fields.Optional("specialStatus", command.SpecialStatus, PeopleLimits.LongestReason);
        if (fields.AreWrong)
            return fields.Problem(context);

        return (await actors.GetGrain<IStudentGrain>(id.ToString()).Correct(new CorrectStudent(name, command.Gender, command.BirthDate, special), context.By())).NoContent(context);
    }

    /// <summary>Into another class; the family's and the teachers' rights go along at once.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Move(string school, string student, ToClassCommand command, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var @class = await names.Enterable(school, command.Class, "class", fields);
        return @class is null || fields.AreWrong
            ? fields.Problem(context)
            : (await actors.GetGrain<IStudentGrain>(id.ToString()).Move(@class.Value, context.By())).NoContent(context);
    }

    /// <summary>Out of its class and the school.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Leave(string school, string student, LeaveCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var leave = await Leaving.Check(command, id.SchoolId, actors, fields);
        return fields.AreWrong ? fields.Problem(context) : (await actors.GetGrain<IStudentGrain>(id.ToString()).Leave(leave, context.By())).NoContent(context);
    }

    /// <summary>Back from having left, into a class.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Return(string school, string student, ToClassCommand command, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var @class = await names.Enterable(school, command.Class, "class", fields);
        return @class is null || fields.AreWrong
            ? fields.Problem(context)
            : (await actors.GetGrain<IStudentGrain>(id.ToString()).Return(@class.Value, context.By())).NoContent(context);
    }
}

/// <summary>That somebody leaves: checked alike for students and staff.</summary>
internal static class Leaving
{
    public static async Task<LeaveSchool> Check(LeaveCommand command, SchoolId school, IGrainFactory actors, Fields fields)
    {
        var today = await actors.GetGrain<ISchoolGrain>(school.ToString()).Today();
        var on = command.On ?? today;
        // It takes effect at once, so it is no plan; and who left is kept by the year, of which search looks into two.
        fields.AddIf(on > today, "on", "in-the-future");
        fields.AddIf(on.Year < today.Year - 1, "on", "too-long-ago");
        return new LeaveSchool(on, fields.Required("reason", command.Reason, PeopleLimits.LongestReason));
    }
}

/// <param name="Student">The student number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Class">The class's id; null when it has left.</param>
/// <param name="ClassName">E.g. 三年级2班; null when it has left.</param>
/// <param name="Gender">男, 女, or null when not given.</param>
/// <param name="BirthDate">Null when not given.</param>
/// <param name="SpecialStatus">As the roster words it; null when none.</param>
/// <param name="Left">Null when it has not left.</param>
/// <param name="HasAccount">Whether somebody can sign in as the child.</param>
/// <param name="MayChange">Whether the reader is an administrator.</param>
/// <param name="Guardians">In the order in which they are to be contacted.</param>
internal sealed record StudentView(
    string Student,
    string Name,
    string? Class,
    string? ClassName,
    string? Gender,
    DateOnly? BirthDate,
    string? SpecialStatus,
    StudentLeftView? Left,
    bool HasAccount,
    bool MayChange,
    ImmutableArray<GuardianView> Guardians);

/// <param name="On">The day.</param>
/// <param name="Reason">In the office's words.</param>
/// <param name="Class">The class that it left; null when none.</param>
/// <param name="ClassName">Its name.</param>
internal sealed record StudentLeftView(DateOnly On, string Reason, string? Class, string? ClassName);

/// <param name="Entry">Short and stable within this child.</param>
/// <param name="Name">Their name.</param>
/// <param name="Relation">E.g. <c>mother</c>.</param>
/// <param name="RelationName">In the reader's language.</param>
/// <param name="Phone">E.164, empty when there is none; null for readers who are no administrators.</param>
/// <param name="PhoneTail">The last four digits; empty when there is no number.</param>
/// <param name="Household">In which household of the child they live, from 1.</param>
/// <param name="Custody">What a court or an agreement keeps them from.</param>
/// <param name="CustodyReason">Null when there is no restriction, and for readers who are no administrators.</param>
/// <param name="State">How it stands with their access.</param>
/// <param name="Expires">When their slip lapses, UTC; null when none is out.</param>
/// <param name="WrongTries">Wrong tries with the slip that is out.</param>
/// <param name="WasBound">Whether somebody has or had access by this entry: it can be ended, not removed.</param>
internal sealed record GuardianView(
    string Entry,
    string Name,
    Relation Relation,
    string RelationName,
    string? Phone,
    string PhoneTail,
    int Household,
    CustodyRestriction Custody,
    string? CustodyReason,
    AccessState State,
    DateTimeOffset? Expires,
    int WrongTries,
    bool WasBound);

/// <param name="Student">The student number: letters and digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="Class">The class's id.</param>
/// <param name="Gender">男, 女, or null.</param>
/// <param name="BirthDate">Null when not known.</param>
/// <param name="SpecialStatus">Null when none.</param>
/// <param name="Guardians">In the order in which they are to be contacted; may be missing.</param>
internal sealed record AddStudentCommand(
    string Student, string Name, string Class, string? Gender, DateOnly? BirthDate, string? SpecialStatus, ImmutableArray<AddStudentGuardian> Guardians);

/// <param name="Name">Their name.</param>
/// <param name="Relation">How they are related to the child.</param>
/// <param name="Phone">As people write it; null or empty when there is none.</param>
internal sealed record AddStudentGuardian(string Name, Relation? Relation, string? Phone);

/// <param name="Student">The student number, as it is kept.</param>
internal sealed record StudentAdded(string Student);

/// <param name="Name">Its name.</param>
/// <param name="Gender">男, 女, or null.</param>
/// <param name="BirthDate">Null when not known.</param>
/// <param name="SpecialStatus">Null when none.</param>
internal sealed record CorrectStudentCommand(string Name, string? Gender, DateOnly? BirthDate, string? SpecialStatus);

/// <param name="Class">The class's id.</param>
internal sealed record ToClassCommand(string Class);

/// <param name="On">The day, in the school's time zone; today when it is missing.</param>
/// <param name="Reason">Why, in the office's words.</param>
internal sealed record LeaveCommand(DateOnly? On, string Reason);
