using System.Collections.Immutable;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

/// <summary>Year-end promotion 升级. A class is a cohort, so that this is one write of the school's record, and nobody moves.</summary>
internal static class PromotionRules
{
    /// <summary>Classes move up once a year; half a year tells a second promotion by mistake from the next one.</summary>
    public static readonly TimeSpan SoonestAgain = TimeSpan.FromDays(183);

    public static Promotion Preview(SchoolState state, SchoolId id, DateTimeOffset now)
    {
        var moves = Moves(state, id);
        var refused = moves.IsEmpty ? "no-classes" : state.Promotion is { Undone: false } last && now - last.At < SoonestAgain ? "promoted-this-year" : null;
        return new Promotion(moves, null, refused);
    }

    public static Answer<SchoolState> Promote(SchoolState state, SchoolId id, Guid operation, ChangeMade change)
    {
        if (state.Promotion?.Operation == operation)
            return state;
        var preview = Preview(state, id, change.At);
        if (preview.Refused is { } refused)
            return new Conflict(refused);

        var next = SchoolRules.With(state, preview.Moves.Select(move =>
        {
            var known = SchoolRules.Class(state, id, move.Class)!;
            return move.After is { } name ? known with { Name = name, Grade = known.Grade + 1 } : known with { Graduated = change.Day };
        }));
        var changes = state.ClassChanges + 1;
        next = next with { ClassChanges = changes, Promotion = new PromotionDone(operation, preview.Moves, change.At, changes, Undone: false) };
        return next.Note(SchoolRules.Entry(next, id, "classes-promoted", [.. preview.Moves.Select(move => new FieldChange($"class.{move.Class.Class}", move.Before, move.After))], change), id.School, change.Day);
    }

    public static Answer<SchoolState> Undo(SchoolState state, SchoolId id, ChangeMade change)
    {
        if (state.Promotion is not { Undone: false } last)
            return new Conflict("nothing-to-undo");
        if (last.ClassChanges != state.ClassChanges)
            return new Conflict("classes-changed-since");

        var next = SchoolRules.With(state, last.Moves.Select(move =>
        {
            var known = SchoolRules.Class(state, id, move.Class)!;
            return move.After is null ? known with { Graduated = null } : known with { Name = move.Before, Grade = known.Grade - 1 };
        }));
        next = next with { ClassChanges = state.ClassChanges + 1, Promotion = last with { Undone = true } };
        return next.Note(SchoolRules.Entry(next, id, "promotion-undone", [.. last.Moves.Select(move => new FieldChange($"class.{move.Class.Class}", move.After, move.Before))], change), id.School, change.Day);
    }

    /// <summary>The last promotion that can still be taken back; null when none.</summary>
    public static Promotion? Last(SchoolState state) =>
        state.Promotion is { Undone: false } last && last.ClassChanges == state.ClassChanges ? new Promotion(last.Moves, last.At, null) : null;

    // Only names of the usual form follow the grade; 火箭班 stays 火箭班.
    private static ImmutableArray<ClassMove> Moves(SchoolState state, SchoolId id) =>
    [
        .. SchoolRules.Classes(state, id).Where(one => one.Graduated is null).Select(one => new ClassMove(
            one.Class, one.Name,
            one.Grade >= state.LastGrade ? null : one.Name == SchoolClass.UsualName(one.Grade, one.Number) ? SchoolClass.UsualName(one.Grade + 1, one.Number) : one.Name)),
    ];
}
