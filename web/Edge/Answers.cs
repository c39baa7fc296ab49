using Microsoft.AspNetCore.Http.HttpResults;

namespace SchoolHome.Web.Edge;

/// <summary>What an actor answered, as an HTTP answer.</summary>
internal static class Answers
{
    /// <summary>Nothing to tell but that it is done.</summary>
    public static Results<NoContent, ProblemHttpResult> NoContent<T>(this Answer<T> answer, HttpContext context) =>
        answer.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.NoContent();
}
