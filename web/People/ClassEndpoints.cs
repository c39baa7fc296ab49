using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>The classes of a school and who is in them.</summary>
internal static class ClassEndpoints
{
    public static void Map(IEndpointRouteBuilder reading, IEndpointRouteBuilder administration)
    {
        reading.MapGet("/classes", List).WithName("GetClasses");
        reading.MapGet("/classes/{class}", Get).WithName("GetClassRoster");
        administration.MapPost("/classes", Add).WithName("AddClass");
        administration.MapPut("/classes/{class}", Correct).WithName("CorrectClass");
        administration.MapPost("/classes/{class}/remove", Remove).WithName("RemoveClass");
    }

    /// <summary>The classes that have not graduated, by grade and number.</summary>
    private static async Task<Ok<ImmutableArray<ClassLine>>> List(string school, IGrainFactory actors)
    {
        var classes = await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).Classes();
        var rosters = await Task.WhenAll(classes.Select(one => actors.GetGrain<IClassGrain>(one.Class.ToString()).Roster()));
        return TypedResults.Ok(classes.Zip(rosters, (one, roster) => new ClassLine(
            one.Class.Class, one.Name, one.Grade, one.Number, roster?.Teachers.FirstOrDefault(teacher => teacher.Duty == DutyKind.ClassTeacher)?.Name,
            roster?.Students.Length ?? 0, roster?.Students.Count(student => student.Joined > 0) ?? 0)).ToImmutableArray());
    }

    private static async Task<Results<Ok<ClassPeople>, ProblemHttpResult>> Get(string school, string @class, HttpContext context, IGrainFactory actors, PeopleNames names, Families families)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await names.Class(id) is not { } known)
            return Problems.Missing(context);

        var roster = await actors.GetGrain<IClassGrain>(id.ToString()).Roster();
        var staff = (await actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(id.SchoolId)).List()).ToDictionary(one => one.Teacher, one => one.HasAccount);
        var teachers = (roster?.Teachers ?? []).Select(teacher => new TeacherLine(
            teacher.Teacher.Number, teacher.Name, teacher.Duty, teacher.Subjects, staff.GetValueOrDefault(teacher.Teacher)));
        var language = Texts.LanguageOf(context);
        var students = await Task.WhenAll((roster?.Students ?? []).Select(async student =>
        {
            var profile = await actors.GetGrain<IStudentGrain>(student.Student.ToString()).Profile();
            return new StudentLine(student.Student.Number, student.Name, profile?.Gender, [.. await families.Guardians(profile, language)]);
        }));
        return TypedResults.Ok(new ClassPeople(id.Class, known.Name, known.Grade, known.Number, known.Graduated, context.SeesAll(), [.. teachers], [.. students]));
    }

    private static async Task<Results<Ok<ClassAdded>, ProblemHttpResult>> Add(string school, ClassCommand command, HttpContext context, IGrainFactory actors)
    {
        var fields = new Fields();
        var (grade, number, name) = Check(command, fields);
        if (fields.AreWrong)
            return fields.Problem(context);

        var added = await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).AddClass(context.OperationId(), grade, number, name, context.By());
        return added.Refusal is { } refusal ? Problem(refusal, context) : TypedResults.Ok(new ClassAdded(added.Value.Class));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Correct(string school, string @class, ClassCommand command, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await names.Class(id) is not { } known)
            return Problems.Missing(context);

        var fields = new Fields();
        var (grade, number, name) = Check(command, fields);
        if (fields.AreWrong)
            return fields.Problem(context);

        var corrected = await actors.GetGrain<ISchoolGrain>(id.SchoolId.ToString()).PutClasses([known with { Grade = grade, Number = number, Name = name }], context.By());
        return corrected.Refusal is { } refusal ? Problem(refusal, context) : TypedResults.NoContent();
    }

    /// <summary>Takes an empty class off the list.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string school, string @class, HttpContext context, IGrainFactory actors)
    {
        if (!ClassId.TryCreate(school, @class, out var id))
            return Problems.Missing(context);
        if (await actors.GetGrain<IClassGrain>(id.ToString()).Roster() is { } roster && (!roster.Students.IsEmpty || !roster.Teachers.IsEmpty))
            return Problems.Of(new Conflict("class-not-empty"), context);

        return (await actors.GetGrain<ISchoolGrain>(id.SchoolId.ToString()).RemoveClass(id, context.By())).NoContent(context);
    }

    private static (int Grade, int Number, string Name) Check(ClassCommand command, Fields fields)
    {
        var (grade, number) = (fields.Given("grade", command.Grade), fields.Given("number", command.Number));
        fields.AddIf(command.Grade is < 0 or > 12, "grade", "grade-unknown");
        fields.AddIf(command.Number is < 1 or > 99, "number", "unknown");
        // Most classes are called by grade and number; nobody has to type that.
        var name = string.IsNullOrWhiteSpace(command.Name) && !fields.AreWrong ? SchoolClass.UsualName(grade, number) : fields.Required("name", command.Name);
        return (grade, number, name);
    }

    // The school speaks of a list of classes; here it is one, with fields of its own.
    private static ProblemHttpResult Problem(Refusal refusal, HttpContext context) => refusal is Invalid invalid
        ? Problems.OfFields([.. invalid.Problems.Select(problem => problem.Field == "classes" ? problem with { Field = problem.Code == "name-required" ? "name" : problem.Code == "class-taken" ? "number" : "grade" } : problem)], context)
        : Problems.Of(refusal, context);
}

/// <param name="Class">The class's id, e.g. <c>2024-2</c>.</param>
/// <param name="Name">E.g. 三年级2班.</param>
/// <param name="Grade">The grade that it is in now; 0 for kindergarten.</param>
/// <param name="Number">Its number within the grade.</param>
/// <param name="ClassTeacher">Their name; null when the class has none.</param>
/// <param name="Students">How many.</param>
/// <param name="FamiliesIn">Of how many of them somebody of the family can sign in.</param>
internal sealed record ClassLine(string Class, string Name, int Grade, int Number, string? ClassTeacher, int Students, int FamiliesIn);

/// <param name="Class">The class's id.</param>
/// <param name="Name">E.g. 三年级2班.</param>
/// <param name="Grade">The grade that it is in now, or was in when it graduated.</param>
/// <param name="Number">Its number within the grade.</param>
/// <param name="Graduated">The day on which it graduated; null when it has not.</param>
/// <param name="MayChange">Whether the reader is an administrator.</param>
/// <param name="Teachers">The class teacher first.</param>
/// <param name="Students">By student number.</param>
internal sealed record ClassPeople(
    string Class, string Name, int Grade, int Number, DateOnly? Graduated, bool MayChange, ImmutableArray<TeacherLine> Teachers, ImmutableArray<StudentLine> Students);

/// <param name="Teacher">The staff number.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">What they do in the class.</param>
/// <param name="Subjects">What they teach there.</param>
/// <param name="HasAccount">Whether somebody can sign in as them.</param>
internal sealed record TeacherLine(string Teacher, string Name, DutyKind Role, ImmutableArray<string> Subjects, bool HasAccount);

/// <param name="Student">The student number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Gender">男, 女, or null.</param>
/// <param name="Guardians">In the order in which they are to be contacted.</param>
internal sealed record StudentLine(string Student, string Name, string? Gender, ImmutableArray<FamilyGuardian> Guardians);

/// <param name="Grade">1 to 12; 0 for kindergarten.</param>
/// <param name="Number">1 to 99.</param>
/// <param name="Name">Null or empty for the usual name, e.g. 三年级2班.</param>
internal sealed record ClassCommand(int? Grade, int? Number, string? Name);

/// <param name="Class">The new class's id.</param>
internal sealed record ClassAdded(string Class);
