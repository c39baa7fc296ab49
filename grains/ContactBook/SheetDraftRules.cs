using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.People;

namespace SchoolHome.Grains.ContactBook;

internal sealed record SheetDraftState : LiveRecord
{
    /// <summary>What is prepared. What was released or taken away has left.</summary>
    public SheetContent Content { get; init; } = SheetContent.Empty;

    /// <summary>When it is released by itself, UTC.</summary>
    public DateTimeOffset? ReleaseAt { get; init; }

    /// <summary>How many items were ever released: the sheet takes them all, so the draft bounds them.</summary>
    public int Released { get; init; }

    /// <summary>The last operations, the oldest first: the items that they added may have left, and must not come back by a repetition.</summary>
    public ImmutableArray<DraftOperation> Operations { get; init; } = [];

    /// <summary>The last items that were taken away, the oldest first: to tell a repetition from an item that was released.</summary>
    public ImmutableArray<string> Removed { get; init; } = [];
}

/// <summary>A command that was carried out.</summary>
/// <param name="Operation">Its operation id.</param>
/// <param name="Added">How many items it added.</param>
internal sealed record DraftOperation(Guid Operation, int Added);

/// <summary>What is prepared for a class sheet, and how it is released. What is the same on a sheet, <see cref="SheetRules"/> says.</summary>
internal static class SheetDraftRules
{
    /// <summary>A repetition comes within minutes; a class prepares less than this in a day.</summary>
    public const int MostRemembered = 200;

    /// <summary>
    /// Adds items that are to be released at a time. A time that has passed meanwhile, because a phone was without a network, releases them and nothing else; where the draft has a time already, that one holds; where others have
    /// left theirs without a time, whoever may not schedule those is told.
    /// </summary>
    public static Answer<SheetDraftState> Add(
        SheetDraftState state, Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by, DateTimeOffset now, SheetDraftId id = default, DateTimeOffset? releaseAt = null)
    {
        if (by.Who.Role.AsWriter() is not Writer.Teacher)
            return new Forbidden("forbidden");
        if (AddedBy(state, operation) is not null)
            return state;

        var answer = SheetRules.Add(state.Content, operation, items, by, now);
        if (answer.Refusal is { } refusal)
            return refusal;
        if (state.Released + answer.Value!.Items.Length > SheetLimits.MostItems)
            return new Conflict("too-many-items");
        if (releaseAt > now + SheetLimits.LongestAhead)
            return Invalid.Field("releaseAt", "too-late");

        var next = (state with { Content = answer.Value }).Remember(operation, items.Length);
        if (releaseAt is not { } at)
            return next;
        if (at <= now)
            return Release(next, id, [.. next.Content.Items.Where(item => state.Content.Find(item.Item) is null)]);
        if (state.ReleaseAt is not null)
            return next;

        return state.Content.Items.All(item => SheetRules.May(by, item.Kind, item.Subject)) ? next with { ReleaseAt = at } : new Conflict("draft-without-time");
    }

    /// <summary>The items that an operation has added; null when it is not known.</summary>
    public static ImmutableArray<string>? AddedBy(SheetDraftState state, Guid operation) =>
        state.Operations.FirstOrDefault(one => one.Operation == operation) is { } known ? SheetRules.IdsOf(operation, known.Added) : null;

    public static Answer<SheetDraftState> Change(SheetDraftState state, ChangeSheetItem command, SheetAuthor by, DateTimeOffset now)
    {
        var answer = SheetRules.Change(state.Content, command, by, now, wasSeen: false);
        return answer.Refusal is { } refusal ? refusal
            : ReferenceEquals(answer.Value, state.Content) ? state
            : state with { Content = answer.Value! };
    }

    public static Answer<SheetDraftState> Remove(SheetDraftState state, string item, SheetAuthor by)
    {
        if (by.Who.Role.AsWriter() is not Writer.Teacher)
            return new Forbidden("forbidden");
        if (state.Content.Find(item) is not { } known)
            return state.Removed.Contains(item) ? state : new NotFound();
        if (!SheetRules.May(by, known.Kind, known.Subject))
            return new Forbidden("forbidden");

        return state with { Content = Without(state.Content, [known]), Removed = Last(state.Removed.Add(item)) };
    }

    /// <summary>Says when it is released by itself. What is said already is done already, whoever says it.</summary>
    public static Answer<SheetDraftState> Schedule(SheetDraftState state, SheetDraftId id, Guid operation, DateTimeOffset? at, SheetAuthor by, DateTimeOffset now)
    {
        if (by.Who.Role.AsWriter() is not Writer.Teacher)
            return new Forbidden("forbidden");
        if (AddedBy(state, operation) is not null)
            return state;
        if (at == state.ReleaseAt)
            return state.Remember(operation, 0);
        if (!state.Content.Items.All(item => SheetRules.May(by, item.Kind, item.Subject)))
            return new Forbidden("forbidden");
        if (at > now + SheetLimits.LongestAhead)
            return Invalid.Field("at", "too-late");

        return (at <= now ? Release(state, id, state.Content.Items) : state with { ReleaseAt = at }).Remember(operation, 0);
    }

    /// <summary>Releases what somebody may release.</summary>
    public static Answer<SheetDraftState> Release(SheetDraftState state, SheetDraftId id, Guid operation, SheetAuthor by)
    {
        if (by.Who.Role.AsWriter() is not Writer.Teacher)
            return new Forbidden("forbidden");
        if (AddedBy(state, operation) is not null)
            return state;

        ImmutableArray<SheetItemView> theirs = [.. state.Content.Items.Where(item => SheetRules.May(by, item.Kind, item.Subject))];
        if (theirs.IsEmpty && !state.Content.Items.IsEmpty)
            return new Forbidden("forbidden");

        return Release(state, id, theirs).Remember(operation, 0);
    }

    /// <summary>Releases all of it when the time has come.</summary>
    public static SheetDraftState ReleaseIfDue(SheetDraftState state, SheetDraftId id, DateTimeOffset now) =>
        state.ReleaseAt <= now ? Release(state, id, state.Content.Items) : state;

    /// <summary>What has left, for the watchers.</summary>
    public static IEnumerable<string> Gone(SheetContent before, SheetContent after) => before.Items.Select(item => item.Item).Except(after.Items.Select(item => item.Item), StringComparer.Ordinal);

    // The items leave, and the sheet is told of them, in one record: both are stored or neither. A draft of which nothing is left has no time any more.
    private static SheetDraftState Release(SheetDraftState state, SheetDraftId id, ImmutableArray<SheetItemView> items)
    {
        var rest = Without(state.Content, items);
        var next = state with { Content = rest, ReleaseAt = rest.Items.IsEmpty ? null : state.ReleaseAt, Released = state.Released + items.Length };
        return items.IsEmpty
            ? next
            : next.PostReleased(id.Sheet.ToString(), [.. items.Select(item => new ReleasedItem(item.Item, new NewSheetItem(item.Kind, item.Subject, item.Text), item.By))]);
    }

    private static SheetContent Without(SheetContent content, ImmutableArray<SheetItemView> items) =>
        items.IsEmpty ? content : new SheetContent(content.Version + 1, content.Items.RemoveRange(items));

    private static SheetDraftState Remember(this SheetDraftState state, Guid operation, int added) =>
        state with { Operations = Last(state.Operations.Add(new DraftOperation(operation, added))) };

    private static ImmutableArray<T> Last<T>(ImmutableArray<T> all) => all.Length <= MostRemembered ? all : all.RemoveAt(0);
}
