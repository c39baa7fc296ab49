using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.ContactBook;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.ContactBook;

/// <summary>One child's book over its days: the month, a search, and several days at once for print. For whoever may read the child's pages.</summary>
internal static class ChildBookEndpoints
{
    public static void Map(IEndpointRouteBuilder book)
    {
        var child = book.MapGroup("/children/{school}/{student}");
        child.MapGet("/months/{month}", Month).WithName("GetBookMonth");
        child.MapGet("/search", Search).WithName("SearchBook").RequireRateLimiting(Limits.BookReading);
        child.MapGet("/days", Days).WithName("GetBookDays").RequireRateLimiting(Limits.BookReading);
    }

    /// <summary>A month, day by day. On days to come, and days without school on which nothing was written, nothing is missing.</summary>
    private static async Task<Results<Ok<BookMonthView>, ProblemHttpResult>> Month(
        string school, string student, string month, HttpContext context, IGrainFactory actors, Rights rights, ChildBooks books)
    {
        if (!BookMonthId.TryCreate(school, student, month, out var id) || await rights.OnChild(id.StudentId, context.User.Account()) is null)
            return Problems.Missing(context);

        return TypedResults.Ok(await books.Month(id));
    }

    /// <summary>Finds words in a child's own book, in the school year of a day: in its texts, addenda, and the items of its class sheets. The newest day first, fifty at most.</summary>
    private static async Task<Results<Ok<BookSearchView>, ProblemHttpResult>> Search(
        string school, string student, string? q, HttpContext context, Rights rights, ChildBooks books)
    {
        if (!StudentId.TryCreate(school, student, out var id) || await rights.OnChild(id, context.User.Account()) is null)
            return Problems.Missing(context);

        var fields = new Fields();
        var words = fields.Required("q", q, 50);
        return fields.AreWrong ? fields.Problem(context) : TypedResults.Ok(await books.Search(id, words));
    }

    /// <summary>The days of a child's book on which something was written, with their class sheets: for print. At most 200 days; refused fields: <c>from</c>, <c>to</c> (<c>required</c>, <c>order</c>, <c>too-many</c>).</summary>
    private static async Task<Results<Ok<BookDaysView>, ProblemHttpResult>> Days(
        string school, string student, DateOnly? from, DateOnly? to, HttpContext context, Rights rights, ChildBooks books)
    {
        if (!StudentId.TryCreate(school, student, out var id) || await rights.OnChild(id, context.User.Account()) is null)
            return Problems.Missing(context);

        var fields = new Fields();
        var first = fields.Given("from", from);
        var last = fields.Given("to", to);
        fields.AddIf(last < first, "to", "order");
        fields.AddIf(last.DayNumber - first.DayNumber >= ChildBooks.MostDays, "to", "too-many");
        return fields.AreWrong ? fields.Problem(context) : TypedResults.Ok(await books.Days(id, first, last));
    }
}

/// <param name="Month">E.g. <c>2026-11</c>.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Days">Every day of the month.</param>
/// <param name="StudentsSign">Whether a page waits for the student's signature, too.</param>
internal sealed record BookMonthView(string Month, string Name, ImmutableArray<BookMonthDay> Days, bool StudentsSign);

/// <param name="Date">The day.</param>
/// <param name="IsInTerm">Whether there is a page for the day at all.</param>
/// <param name="IsTeachingDay">Whether there was school.</param>
/// <param name="State">How far it is.</param>
/// <param name="Filled">The sections that have text.</param>
/// <param name="Marks">How many quick marks.</param>
/// <param name="Signed">The groups whose signature stands.</param>
/// <param name="Addenda">How many addenda.</param>
internal sealed record BookMonthDay(
    DateOnly Date, bool IsInTerm, bool IsTeachingDay, BookDayState State, ImmutableArray<string> Filled, int Marks, ImmutableArray<Writer> Signed, int Addenda);

/// <summary>How far a day of a child's book is.</summary>
internal enum BookDayState
{
    /// <summary>Nothing is expected: a day without school, outside the term, or still to come.</summary>
    None,
    /// <summary>A school day up to today on which nothing was written.</summary>
    Missing,
    /// <summary>Something was written, and a guardian's or the class teacher's signature is missing.</summary>
    Filled,
    /// <summary>A guardian and the class teacher have signed (and the student, where students do).</summary>
    Signed,
}

/// <param name="Query">What was looked for.</param>
/// <param name="Hits">The newest day first.</param>
/// <param name="HasMore">Whether there are more than are told.</param>
internal sealed record BookSearchView(string Query, ImmutableArray<BookHit> Hits, bool HasMore);

/// <param name="Date">The day.</param>
/// <param name="Where">A section's id, or a kind of the class sheet's items.</param>
/// <param name="OnSheet">Whether it is on the class sheet.</param>
/// <param name="Excerpt">Some words around the first place where it is found.</param>
internal sealed record BookHit(DateOnly Date, string Where, bool OnSheet, string Excerpt);

/// <param name="School">The school's name.</param>
/// <param name="Name">The child's name.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day, inclusive.</param>
/// <param name="Days">The days on which something was written, oldest first.</param>
internal sealed record BookDaysView(string School, string Name, DateOnly From, DateOnly To, ImmutableArray<BookDayPages> Days);

/// <param name="Page">The child's page.</param>
/// <param name="Sheet">Its class sheet.</param>
internal sealed record BookDayPages(BookPageView Page, ClassSheetView Sheet);
