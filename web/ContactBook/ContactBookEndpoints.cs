using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.ContactBook;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.ContactBook;

/// <summary>Reading the contact book (C.11). Writing goes through the live hub; see <c>PROTOCOL.md</c>.</summary>
internal static class ContactBookEndpoints
{
    public static IEndpointRouteBuilder MapContactBook(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/book").WithTags("ContactBook").RequireAuthorization();
        group.MapGet("/today", Today).WithName("GetToday");
        group.MapGet("/sheets/{school}/{class}/{date}", Sheet).WithName("GetClassSheet");
        group.MapGet("/pages/{school}/{student}/{date}", Page).WithName("GetBookPage");
        group.MapGet("/days/{school}/{class}/{date}", Day).WithName("GetClassDay");
        return routes;
    }

    /// <summary>For each child of the account: what there is today.</summary>
    private static async Task<Results<Ok<TodayView>, ProblemHttpResult>> Today(HttpContext context, IGrainFactory actors, Rights rights, SessionViews sessions)
    {
        if (await rights.Standing(context.User.Account()) is not { } standing)
            return Problems.Missing(context);

        var children = await sessions.Children(standing);
        var lines = await Task.WhenAll(children.Select(async child =>
        {
            var day = await actors.GetGrain<ISchoolGrain>(new SchoolId(child.School).ToString()).Today();
            var sheet = await actors.GetGrain<IClassSheetGrain>(new ClassSheetId(child.School, child.Class, day).ToString()).View();
            var page = await actors.GetGrain<IBookPageGrain>(new BookPageId(child.School, child.Student, day).ToString()).View();
            return page is null ? null : new TodayChild(child, day, sheet, page);
        }));
        return TypedResults.Ok(new TodayView([.. lines.OfType<TodayChild>()]));
    }

    private static async Task<Results<Ok<ClassSheetView>, ProblemHttpResult>> Sheet(
        string school, string @class, string date, HttpContext context, IGrainFactory actors, Rights rights)
    {
        var topic = $"{KeyKinds.Sheet}/{school}/{@class}/{date}";
        return await rights.On(topic, context.User.Account()) is null
            ? Problems.Missing(context)
            : TypedResults.Ok(await actors.GetGrain<IClassSheetGrain>(topic).View());
    }

    private static async Task<Results<Ok<BookPageView>, ProblemHttpResult>> Page(
        string school, string student, string date, HttpContext context, IGrainFactory actors, Rights rights)
    {
        var topic = $"{KeyKinds.Page}/{school}/{student}/{date}";
        return await rights.On(topic, context.User.Account()) is not null && await actors.GetGrain<IBookPageGrain>(topic).View() is { } view
            ? TypedResults.Ok(view)
            : Problems.Missing(context);
    }

    private static async Task<Results<Ok<ClassDayView>, ProblemHttpResult>> Day(
        string school, string @class, string date, HttpContext context, IGrainFactory actors, Rights rights)
    {
        var topic = $"{KeyKinds.ClassDay}/{school}/{@class}/{date}";
        return await rights.On(topic, context.User.Account()) is not null && await actors.GetGrain<IClassDayGrain>(topic).View() is { } view
            ? TypedResults.Ok(view)
            : Problems.Missing(context);
    }
}

/// <param name="Children">A line for each child of the account; empty when it has none.</param>
internal sealed record TodayView(ImmutableArray<TodayChild> Children);

/// <param name="Child">The child.</param>
/// <param name="Date">Today, in the time zone of the child's school.</param>
/// <param name="Sheet">What the class shares today.</param>
/// <param name="Page">The child's page of today.</param>
internal sealed record TodayChild(SessionChild Child, DateOnly Date, ClassSheetView Sheet, BookPageView Page);
