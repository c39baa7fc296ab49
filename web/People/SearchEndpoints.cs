using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Finding somebody in a school.</summary>
internal static class SearchEndpoints
{
    public static void Map(IEndpointRouteBuilder reading) => reading.MapGet("/search", Search).WithName("SearchPeople");

    /// <summary>Students, staff, and students who left this year or last, by name, number, the initials of the name's pinyin, or a guardian's name. The best fifty.</summary>
    /// <param name="school">The school.</param>
    /// <param name="q">What somebody typed.</param>
    /// <param name="context">The request.</param>
    /// <param name="search">The search.</param>
    private static async Task<Results<Ok<SearchView>, ProblemHttpResult>> Search(string school, string? q, HttpContext context, PeopleSearch search) =>
        q is { Length: > 60 } ? Problems.OfFields([new("q", "too-long")], context) : TypedResults.Ok(await search.Find(new SchoolId(school), q ?? ""));
}

/// <param name="People">The best first; at most fifty.</param>
/// <param name="More">Whether there are more than these.</param>
internal sealed record SearchView(ImmutableArray<SearchHit> People, bool More);

/// <param name="Kind">What they are.</param>
/// <param name="Number">The student or staff number.</param>
/// <param name="Name">Their name.</param>
/// <param name="Class">A student's class, or the one that a leaver left; null when none.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Guardian">The guardian by whose name the child was found; null when it was found otherwise.</param>
/// <param name="Left">The day on which a leaver left.</param>
internal sealed record SearchHit(PersonKind Kind, string Number, string Name, string? Class, string? ClassName, string? Guardian, DateOnly? Left);

/// <summary>What somebody is in a school.</summary>
internal enum PersonKind
{
    /// <summary>A student.</summary>
    Student,
    /// <summary>A teacher or other member of staff.</summary>
    Staff,
    /// <summary>A student who has left.</summary>
    Leaver,
}
