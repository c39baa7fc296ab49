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
        group.MapPost("/roster", Import).WithName("ImportRoster").DisableAntiforgery(); // The group's own check has been made; this keeps the form binder from asking twice.
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

    /// <summary>Imports our workbook (sheets 学生 and 教职工). Nothing is applied while anything in it is wrong; importing it again changes nothing.</summary>
    private static async Task<Results<Ok<RosterImported>, ProblemHttpResult>> Import(string school, IFormFile? file, HttpContext context, RosterImport import)
    {
        if (file is null || file.Length == 0)
            return Problems.OfFields([new("file", "file-required")], context);
        if (file.Length > Limits.RosterBytes)
            return Problems.Make(StatusCodes.Status413PayloadTooLarge, "too-large", context);

        await using var content = file.OpenReadStream();
        var (roster, problems) = RosterWorkbook.Read(content, new SchoolId(school));
        return problems.IsEmpty
            ? TypedResults.Ok(await import.Apply(roster))
            : Problems.Make(StatusCodes.Status400BadRequest, "roster-refused", context, ("problems", problems));
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
        string school, OpenAccountCommand command, HttpContext context, IGrainFactory actors, AccountOpening opening)
    {
        var password = Passwords.New();
        if (TeacherId.TryCreate(school, command.Teacher, out var teacher))
        {
            var opened = await opening.ForTeacher(teacher, password);
            return opened.Refusal is { } refused ? Problems.Of(refused, context) : TypedResults.Ok(new AccountOpened(teacher.Number, password));
        }

        if (!StudentId.TryCreate(school, command.Student, out var student))
            return Problems.OfFields([new("student", "required")], context);

        if (string.IsNullOrEmpty(command.Guardian))
        {
            var opened = await opening.ForStudent(student, password);
            return opened.Refusal is { } refused ? Problems.Of(refused, context) : TypedResults.Ok(new AccountOpened(student.Number, password));
        }

        var followed = await opening.ForGuardian(student, command.Guardian, command.SamePerson, password);
        if (followed.Refusal is { } refusal)
            return Problems.Of(refusal, context);

        var phone = (await actors.GetGrain<IStudentGrain>(student.ToString()).Profile())!.Guardians.First(one => one.Entry == command.Guardian).Phone;
        return TypedResults.Ok(new AccountOpened(phone, command.SamePerson ? null : password));
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

/// <summary>Name a teacher, or a student, or a guardian of a student.</summary>
/// <param name="Teacher">A staff number.</param>
/// <param name="Student">A student number.</param>
/// <param name="Guardian">An entry of that student.</param>
/// <param name="SamePerson">The office confirms that the one who signs in with this guardian's number is this guardian.</param>
internal sealed record OpenAccountCommand(string? Teacher, string? Student, string? Guardian, bool SamePerson);

/// <param name="Login">What to sign in with.</param>
/// <param name="InitialPassword">Shown this once; null when the account has its own already.</param>
internal sealed record AccountOpened(string Login, string? InitialPassword);
