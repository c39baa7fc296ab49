using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Who changed people's data, with what was and what is.</summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder history)
    {
        history.MapGet("/audit", Day).WithName("GetAudit");
        history.MapGet("/students/{student}/history", OfStudent).WithName("GetStudentHistory");
        history.MapGet("/staff/{teacher}/history", OfTeacher).WithName("GetTeacherHistory");
    }

    /// <summary>The changes of one day, the newest first, page by page.</summary>
    /// <param name="school">The school.</param>
    /// <param name="day">The day, in the school's time zone; today when it is missing.</param>
    /// <param name="chunk">The page, as <c>older</c> of the page before names it.</param>
    /// <param name="context">The request.</param>
    /// <param name="actors">The actors.</param>
    /// <param name="views">How entries are shown.</param>
    private static async Task<Results<Ok<AuditView>, ProblemHttpResult>> Day(string school, DateOnly? day, int? chunk, HttpContext context, IGrainFactory actors, AuditViews views)
    {
        if (chunk < 0)
            return Problems.Missing(context);

        var id = new SchoolId(school);
        var shown = day ?? await actors.GetGrain<ISchoolGrain>(id.ToString()).Today();
        var page = await actors.GetGrain<IAuditLogGrain>(new AuditDayId(id.School, shown).ToString()).Page(chunk);
        return TypedResults.Ok(new AuditView(shown, await views.Of(page.Entries), page.Older));
    }

    /// <summary>What was changed in this student's record, the newest first.</summary>
    private static async Task<Results<Ok<ImmutableArray<AuditEntryView>>, ProblemHttpResult>> OfStudent(string school, string student, HttpContext context, IGrainFactory actors, AuditViews views)
    {
        if (!StudentId.TryCreate(school, student, out var id) || await actors.GetGrain<IStudentGrain>(id.ToString()).Profile() is null)
            return Problems.Missing(context);

        return TypedResults.Ok(await views.Of(await actors.GetGrain<IStudentGrain>(id.ToString()).History()));
    }

    /// <summary>What was changed in this person's record, the newest first.</summary>
    private static async Task<Results<Ok<ImmutableArray<AuditEntryView>>, ProblemHttpResult>> OfTeacher(string school, string teacher, HttpContext context, IGrainFactory actors, AuditViews views)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id) || await actors.GetGrain<ITeacherGrain>(id.ToString()).Profile() is null)
            return Problems.Missing(context);

        return TypedResults.Ok(await views.Of(await actors.GetGrain<ITeacherGrain>(id.ToString()).History()));
    }
}

/// <summary>Shows entries of audit logs: classes by their names.</summary>
internal sealed class AuditViews(PeopleNames names)
{
    public async Task<ImmutableArray<AuditEntryView>> Of(ImmutableArray<AuditEntry> entries)
    {
        var called = await names.NamesOf(entries.SelectMany(ClassesOf));
        return [.. entries.Select(entry => new AuditEntryView(
            entry.At, entry.By.Name, entry.By.Capacity, entry.By.Import?.Opaque, entry.Subject, entry.SubjectName, entry.What,
            [.. entry.Changes.Select(change => Shown(SchoolOf(entry), change, called))], entry.Reason))];
    }

    private static IEnumerable<ClassId> ClassesOf(AuditEntry entry)
    {
        foreach (var change in entry.Changes)
        {
            var named = change.Field == "class" ? [change.Before, change.After] : new[] { ClassIn(change.Field) };
            foreach (var one in named)
            {
                if (ClassId.TryCreate(SchoolOf(entry), one, out var id))
                    yield return id;
            }
        }
    }

    private static FieldChangeView Shown(string school, FieldChange change, Dictionary<ClassId, string> called)
    {
        var isClass = change.Field == "class";
        return new FieldChangeView(change.Field, Called(ClassIn(change.Field)), isClass ? Called(change.Before) : change.Before, isClass ? Called(change.After) : change.After);

        string? Called(string? @class) => ClassId.TryCreate(school, @class, out var id) ? called[id] : @class;
    }

    // duty.2024-2, class.2024-2: what a field is about stands behind the point.
    private static string? ClassIn(string field) => field.Split('.') is ["duty" or "class", var @class] ? @class : null;

    // Every subject is something of a school: school/s01, student/s01/2026110001.
    private static string SchoolOf(AuditEntry entry) => entry.Subject.Split('/') is [_, var school, ..] ? school : "";
}

/// <param name="Day">The day, in the school's time zone.</param>
/// <param name="Entries">The newest first.</param>
/// <param name="Older">The page with the entries before these; null when there are none.</param>
internal sealed record AuditView(DateOnly Day, ImmutableArray<AuditEntryView> Entries, int? Older);

/// <param name="At">When, UTC.</param>
/// <param name="By">Who, by name.</param>
/// <param name="Capacity">As what.</param>
/// <param name="Import">The import that it was part of; null when it was none.</param>
/// <param name="Subject">What was changed, e.g. <c>student/s01/2026110001</c>.</param>
/// <param name="SubjectName">What people call it.</param>
/// <param name="What">A stable word in kebab case, e.g. <c>student-moved</c>.</param>
/// <param name="Changes">Field by field.</param>
/// <param name="Reason">Why, in the changer's words; null when none was asked for.</param>
internal sealed record AuditEntryView(
    DateTimeOffset At, string By, ChangeCapacity Capacity, string? Import, string Subject, string SubjectName, string What, ImmutableArray<FieldChangeView> Changes, string? Reason);

/// <param name="Field">A stable word in camelCase, e.g. <c>guardian.g1.phone</c>.</param>
/// <param name="ClassName">What the class is called that the field is about, as in <c>duty.2024-2</c>; null for other fields.</param>
/// <param name="Before">As it was, classes by their names; null when there was nothing.</param>
/// <param name="After">As it is, classes by their names; null when there is nothing.</param>
internal sealed record FieldChangeView(string Field, string? ClassName, string? Before, string? After);
