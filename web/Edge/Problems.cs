using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans.Runtime;

namespace SchoolHome.Web.Edge;

/// <summary>The one mapping of refusals and faults to RFC 9457 problem details: a stable <c>code</c>, and a sentence that a parent understands, in the reader's language.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(Refusal refusal, HttpContext context) => refusal switch
    {
        Invalid invalid => OfFields(invalid.Problems, context),
        NotFound => Make(StatusCodes.Status404NotFound, refusal.Code, context),
        Forbidden => Make(StatusCodes.Status403Forbidden, refusal.Code, context),
        Conflict => Make(StatusCodes.Status409Conflict, refusal.Code, context),
        Stale stale => Make(StatusCodes.Status409Conflict, refusal.Code, context, ("newer", stale.Newer)),
        _ => throw new System.Diagnostics.UnreachableException($"{refusal.GetType().Name} is no refusal that is known here."),
    };

    public static ProblemHttpResult Missing(HttpContext context) => Of(new NotFound(), context);

    public static ProblemHttpResult OfFields(ImmutableArray<FieldProblem> problems, HttpContext context)
    {
        var language = Texts.LanguageOf(context);
        return Make(StatusCodes.Status400BadRequest, "invalid", context, ("errors", problems
            .GroupBy(problem => problem.Field, StringComparer.Ordinal)
            .ToDictionary(field => field.Key, field => field.Select(problem => Texts.Of(problem.Code, language)).ToArray(), StringComparer.Ordinal)));
    }

    public static ProblemHttpResult Make(int status, string code, HttpContext context, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var details = new ProblemDetails { Status = status, Title = code, Detail = Texts.Of(code, Texts.LanguageOf(context)) };
        details.Extensions["code"] = code;
        foreach (var (name, value) in more)
            details.Extensions[name] = value;

        return TypedResults.Problem(details);
    }

    /// <summary>Too often: the answer says when to come again.</summary>
    public static ProblemHttpResult TooMany(string code, TimeSpan wait, HttpContext context)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Make(StatusCodes.Status429TooManyRequests, code, context);
    }

    /// <summary>Whether a fault leaves open if the command was carried out (C2): ask again with the same operation id.</summary>
    public static bool IsUnknownOutcome(Exception exception) =>
        exception is OutcomeUnknownException or TimeoutException or OrleansException or Orleans.Storage.InconsistentStateException;
}

/// <summary>Turns faults into problem details; their messages go to the log only.</summary>
internal sealed class FaultHandler : Microsoft.AspNetCore.Diagnostics.IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException bad => Problems.Make(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too-large" : "bad-request", httpContext),
            _ when Problems.IsUnknownOutcome(exception) => Problems.Make(StatusCodes.Status503ServiceUnavailable, "unknown-outcome", httpContext),
            _ => Problems.Make(StatusCodes.Status500InternalServerError, "fault", httpContext),
        };
        await problem.ExecuteAsync(httpContext);
        return true;
    }
}
