using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>What the school's administrators do with people. Whoever is none of that school gets 404.</summary>
internal static class PeopleEndpoints
{
    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/people/{school}").WithTags("People").RequireAuthorization().AddEndpointFilter(AdministratorsOnly);
        group.MapGet("/classes", Classes).WithName("GetClasses");
        group.MapGet("/classes/{class}", Class).WithName("GetClassRoster");
        group.MapPost("/accounts", OpenAccount).WithName("OpenAccount");
        group.MapPost("/students/{student}/guardians/{entry}/end-access", EndAccess).WithName("EndGuardianAccess");
        return routes;
    }

    // The school is in the route of the group: a filter that finds none throws, absence must never authorize.
    private static async ValueTask<object?> AdministratorsOnly(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var named = context.GetRouteValue("school") as string ?? throw new InvalidOperationException("The route names no school.");
        var rights = context.RequestServices.GetRequiredService<Rights>();
        return SchoolId.TryCreate(named, out var school) && await rights.IsAdministrator(school, context.User.Account())
            ? await next(invocation)
            : Problems.Missing(context);
    }

    private static async Task<Ok<ImmutableArray<ClassLine>>> Classes(string school, IGrainFactory actors)
    {
        var classes = await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).Classes();
        var rosters = await Task.WhenAll(classes.Select(one => actors.GetGrain<IClassGrain>(one.Class.ToString()).Roster()));
        return TypedResults.Ok(classes.Zip(rosters, (one, roster) => new ClassLine(
            one.Class.Class, one.Name, roster?.Teachers.FirstOrDefault(teacher => teacher.Duty == DutyKind.ClassTeacher)?.Name, roster?.Students.Length ?? 0)).ToImmutableArray());
    }

    private static async Task<Results<Ok<ClassPeople>, ProblemHttpResult>> Class(string school, string @class, HttpContext context, IGrainFactory actors)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await actors.GetGrain<IClassGrain>(id.ToString()).Roster() is not { } roster)
            return Problems.Missing(context);

        var name = (await actors.GetGrain<ISchoolGrain>(id.SchoolId.ToString()).Classes()).FirstOrDefault(one => one.Class == id)?.Name ?? id.Class;
        var teachers = await Task.WhenAll(roster.Teachers.Select(async teacher => new TeacherLine(
            teacher.Teacher.Number, teacher.Name, teacher.Duty, teacher.Subjects,
            (await actors.GetGrain<ITeacherGrain>(teacher.Teacher.ToString()).Profile())?.Account is not null)));
        var language = Texts.LanguageOf(context);
        var students = await Task.WhenAll(roster.Students.Select(async student => new StudentLine(
            student.Student.Number, student.Name,
            [.. ((await actors.GetGrain<IStudentGrain>(student.Student.ToString()).Profile())?.Guardians ?? []).Select(guardian => new GuardianLine(
                guardian.Entry, guardian.Name, guardian.Relation, Texts.Of(guardian.Relation, language), guardian.Phone[^4..], guardian.HasAccess, guardian.AccessEnded))])));
        return TypedResults.Ok(new ClassPeople(id.Class, name, [.. teachers], [.. students]));
    }

    /// <summary>Opens sign-in for one person, or sets a new initial password for one who has it. The password is shown this once.</summary>
    private static async Task<Results<Ok<AccountOpened>, ProblemHttpResult>> OpenAccount(
        string school, OpenAccountCommand command, HttpContext context, Callers callers, AccountOpening opening)
    {
        var password = Passwords.New();
        var by = await callers.ChangedBy(context, ChangeCapacity.Administrator);
        if (TeacherId.TryCreate(school, command.Teacher, out var teacher))
        {
            var opened = await opening.ForTeacher(teacher, password, by);
            return opened.Refusal is { } refused ? Problems.Of(refused, context) : TypedResults.Ok(new AccountOpened(teacher.Number, password));
        }

        if (!StudentId.TryCreate(school, command.Student, out var student))
            return Problems.OfFields([new("student", "required")], context);

        var given = await opening.ForStudent(student, password, by);
        return given.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(new AccountOpened(student.Number, password));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAccess(string school, string student, string entry, HttpContext context, IGrainFactory actors)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        return (await actors.GetGrain<IStudentGrain>(id.ToString()).EndGuardianAccess(entry, ChangedBy.Software)).Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.NoContent();
    }
}

/// <param name="Class">The class's id, e.g. <c>3-2</c>.</param>
/// <param name="Name">E.g. 三年级2班.</param>
/// <param name="ClassTeacher">Their name; null when the class has none.</param>
/// <param name="Students">How many.</param>
internal sealed record ClassLine(string Class, string Name, string? ClassTeacher, int Students);

internal sealed record ClassPeople(string Class, string Name, ImmutableArray<TeacherLine> Teachers, ImmutableArray<StudentLine> Students);

internal sealed record TeacherLine(string Teacher, string Name, DutyKind Role, ImmutableArray<string> Subjects, bool HasAccount);

internal sealed record StudentLine(string Student, string Name, ImmutableArray<GuardianLine> Guardians);

/// <param name="Entry">Short and stable within this child.</param>
/// <param name="Name">Their name.</param>
/// <param name="Relation">E.g. <c>mother</c>.</param>
/// <param name="RelationName">In the reader's language.</param>
/// <param name="PhoneTail">The last four digits.</param>
/// <param name="HasAccess">Whether they can read this child's book.</param>
/// <param name="AccessEnded">Whether access was taken away.</param>
internal sealed record GuardianLine(string Entry, string Name, Relation Relation, string RelationName, string PhoneTail, bool HasAccess, bool AccessEnded);

/// <summary>Name a teacher or a student.</summary>
/// <param name="Teacher">A staff number.</param>
/// <param name="Student">A student number.</param>
internal sealed record OpenAccountCommand(string? Teacher, string? Student);

/// <param name="Login">What to sign in with.</param>
/// <param name="InitialPassword">Shown this once.</param>
internal sealed record AccountOpened(string Login, string InitialPassword);
