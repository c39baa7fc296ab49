using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.School;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.School;

/// <summary>Year-end promotion 升级 of all classes: seen before it is done, and taken back as a whole.</summary>
internal static class PromotionEndpoints
{
    public static void Map(IEndpointRouteBuilder administration)
    {
        administration.MapGet("/promotion", Preview).WithName("PreviewPromotion");
        administration.MapPost("/promotion", Promote).WithName("Promote");
        administration.MapPost("/promotion/undo", Undo).WithName("UndoPromotion");
    }

    /// <summary>What moving up all classes by a grade would do now, and the last time that can still be taken back.</summary>
    private static async Task<Ok<PromotionView>> Preview(string school, IGrainFactory actors)
    {
        var actor = actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString());
        var (preview, last) = (await actor.PreviewPromotion(), await actor.LastPromotion());
        return TypedResults.Ok(new PromotionView(Moves(preview), preview.Refused, last is null ? null : new PromotionDone(last.At!.Value, Moves(last))));
    }

    private static async Task<Results<Ok<PromotionDone>, ProblemHttpResult>> Promote(string school, HttpContext context, IGrainFactory actors)
    {
        var done = await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).Promote(context.OperationId(), context.By());
        return done.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(new PromotionDone(done.Value!.At!.Value, Moves(done.Value)));
    }

    /// <summary>Takes the last promotion back, all of it.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Undo(string school, HttpContext context, IGrainFactory actors) =>
        (await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).UndoPromotion(context.By())).NoContent(context);

    private static ImmutableArray<ClassMoveView> Moves(Promotion promotion) => [.. promotion.Moves.Select(move => new ClassMoveView(move.Class.Class, move.Before, move.After))];
}

/// <param name="Moves">Class by class.</param>
/// <param name="Refused">Why it cannot be done now, as a code; null when it can.</param>
/// <param name="Last">The last promotion that can still be taken back; null when none.</param>
internal sealed record PromotionView(ImmutableArray<ClassMoveView> Moves, string? Refused, PromotionDone? Last);

/// <param name="At">When, UTC.</param>
/// <param name="Moves">Class by class.</param>
internal sealed record PromotionDone(DateTimeOffset At, ImmutableArray<ClassMoveView> Moves);

/// <param name="Class">The class's id.</param>
/// <param name="Before">Its name before.</param>
/// <param name="After">Its name after; null when it graduates.</param>
internal sealed record ClassMoveView(string Class, string Before, string? After);
