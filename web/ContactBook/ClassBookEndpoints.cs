using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.ContactBook;

/// <summary>A class's contact book as its teachers work on it: the day child by child, marks for many at once, and what the class has chosen.</summary>
internal static class ClassBookEndpoints
{
    private const int MostChildren = 100;

    public static void Map(IEndpointRouteBuilder book)
    {
        var day = book.MapGroup("/days/{school}/{class}/{date}");
        day.MapGet("", Day).WithName("GetClassDay");
        day.MapPut("/marks", SetMarks).WithName("SetMarksOfClass");

        var @class = book.MapGroup("/classes/{school}/{class}");
        @class.MapGet("", Get).WithName("GetClassBook");
        @class.MapPut("/settings", Put).WithName("PutClassBookSettings");
    }

    private static async Task<Results<Ok<ClassDayView>, ProblemHttpResult>> Day(
        string school, string @class, string date, HttpContext context, IGrainFactory actors, Rights rights)
    {
        var topic = $"{KeyKinds.ClassDay}/{school}/{@class}/{date}";
        return await rights.On(topic, context.User.Account()) is not null && await actors.GetGrain<IClassDayGrain>(topic).View() is { } view
            ? TypedResults.Ok(view)
            : Problems.Missing(context);
    }

    /// <summary>
    /// Sets marks on the pages of several children of the class: "the same for all". Each page decides alone; those that refuse (<c>text-sealed</c>), and children who are not in the class, or whose page of that
    /// day belongs to another (<c>not-in-class</c>), are named in the answer; the others are done. Repeating it changes nothing. Refused fields: <c>children</c> (<c>required</c>, <c>too-many</c> (100)), <c>marks</c> (<c>required</c>, <c>unknown</c>).
    /// </summary>
    private static async Task<Results<Ok<MarksOfClassView>, ProblemHttpResult>> SetMarks(
        string school, string @class, string date, MarksOfClassBody body, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (!ClassDayId.TryParse($"{KeyKinds.ClassDay}/{school}/{@class}/{date}", out var day) || await rights.On(day.ToString(), context.User.Account()) is not { } who)
            return Problems.Missing(context);

        var children = body.Children is { IsDefault: false } named ? named.Distinct(StringComparer.Ordinal).ToArray() : [];
        var marks = body.Marks is { IsDefault: false } given ? given : [];
        var fields = new Fields();
        fields.AddIf(children.Length == 0, "children", "required");
        fields.AddIf(children.Length > MostChildren, "children", "too-many");
        fields.AddIf(marks.IsEmpty, "marks", "required");
        fields.AddIf(marks.Any(mark => mark?.Mark is null || !QuickMarks.Known.Contains(mark.Mark)), "marks", "unknown");
        if (fields.AreWrong)
            return fields.Problem(context);

        var pages = await Task.WhenAll(children.Select(async child =>
        {
            if (!StudentId.TryCreate(school, child, out var student))
                return null;

            // The right to write is that of the child's own record; a page that was begun in another class stays in that class's day.
            var page = actors.GetGrain<IBookPageGrain>(new BookPageId(student.School, student.Number, day.Day).ToString());
            return (await actors.GetGrain<IStudentGrain>(student.ToString()).Profile())?.Class == day.ClassId && await page.Class() == day.ClassId ? page : null;
        }));
        var operation = context.OperationId();
        var answers = await Task.WhenAll(pages.Select(page => page?.SetMarks(marks, who, operation) ?? Task.FromResult<Answer<Done>>(new Conflict("not-in-class"))));
        return TypedResults.Ok(new MarksOfClassView(
            [.. children.Zip(answers).Where(one => !one.Second.IsDone).Select(one => new RefusedChild(one.First, one.Second.Refusal!.Code))]));
    }

    private static async Task<Results<Ok<ClassBookView>, ProblemHttpResult>> Get(string school, string @class, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await rights.On(id.ToString(), context.User.Account()) is not { } who || who.Role is ParticipantRole.Office
            || await actors.GetGrain<IClassGrain>(id.ToString()).Roster() is not { } roster)
            return Problems.Missing(context);

        var settings = await actors.GetGrain<IClassBookGrain>(new ClassBookId(id).ToString()).Settings();
        return TypedResults.Ok(new ClassBookView(
            settings, [.. roster.Teachers.SelectMany(teacher => teacher.Subjects).Distinct(StringComparer.Ordinal)], await rights.SubjectsIn(id, context.User.Account()), who.Role is not ParticipantRole.SubjectTeacher));
    }

    /// <summary>The class teacher and the counsellors choose when families are reminded, and which time is offered for scheduling sheets.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Put(
        string school, string @class, ClassBookSettings body, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await rights.On(id.ToString(), context.User.Account()) is not { } who || who.Role is ParticipantRole.Office)
            return Problems.Missing(context);

        return who.Role is ParticipantRole.SubjectTeacher
            ? Problems.Of(new Forbidden("forbidden"), context)
            : (await actors.GetGrain<IClassBookGrain>(new ClassBookId(id).ToString()).Put(body)).NoContent(context);
    }
}

/// <param name="Children">The children's student numbers.</param>
/// <param name="Marks">Which marks are set or taken away.</param>
internal sealed record MarksOfClassBody(ImmutableArray<string>? Children, ImmutableArray<SetMark>? Marks);

/// <param name="Refused">The children whose page did not take the marks; all others have them.</param>
internal sealed record MarksOfClassView(ImmutableArray<RefusedChild> Refused);

/// <param name="Student">The student number.</param>
/// <param name="Code">Why.</param>
internal sealed record RefusedChild(string Student, string Code);

/// <param name="Settings">What the class has chosen.</param>
/// <param name="Subjects">What is taught in the class.</param>
/// <param name="Mine">What the reader teaches there.</param>
/// <param name="WritesAll">Whether the reader writes on the class sheet for all subjects.</param>
internal sealed record ClassBookView(ClassBookSettings Settings, ImmutableArray<string> Subjects, ImmutableArray<string> Mine, bool WritesAll);
