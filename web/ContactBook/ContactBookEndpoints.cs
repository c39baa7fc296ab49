using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.ContactBook;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.ContactBook;

/// <summary>The contact book (C.11). Text is written through the live hub; see <c>PROTOCOL.md</c>.</summary>
internal static class ContactBookEndpoints
{
    public static IEndpointRouteBuilder MapContactBook(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/book").WithTags("ContactBook").RequireAuthorization();
        group.MapGet("/today", Today).WithName("GetToday");
        SheetEndpoints.Map(group);
        PageEndpoints.Map(group);
        ClassBookEndpoints.Map(group);
        ChildBookEndpoints.Map(group);
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
}

/// <param name="Children">A line for each child of the account; empty when it has none.</param>
internal sealed record TodayView(ImmutableArray<TodayChild> Children);

/// <param name="Child">The child.</param>
/// <param name="Date">Today, in the time zone of the child's school.</param>
/// <param name="Sheet">What the class shares today.</param>
/// <param name="Page">The child's page of today.</param>
internal sealed record TodayChild(SessionChild Child, DateOnly Date, ClassSheetView Sheet, BookPageView Page);
