using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.ContactBook;

internal sealed record ClassSheetState : TextDocumentRecord
{
    public SheetContent Content { get; init; } = SheetContent.Empty;
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("class-sheet")]
[Reentrant]
internal sealed class ClassSheetGrain(
    [PersistentState("class-sheet")] IPersistentState<ClassSheetState> storage,
    [PersistentState("class-sheet-tail")] IPersistentState<TextTail> tail,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<ClassSheetGrain> logger)
    : TextDocumentGrain<ClassSheetState>(storage, tail, clock, logger), IClassSheetGrain
{
    private string? _className;

    private ClassSheetId Id => ClassSheetId.Parse(Key);

    protected override ImmutableArray<SectionRule> Rules => BookSections.OfSheet;

    public async Task<ClassSheetView> View()
    {
        ThrowIfBroken();
        var name = await ClassName() ?? Id.Class;
        var position = Position;
        return new ClassSheetView(
            Key, position.Epoch, position.N, Id.School, Id.Class, name, Id.Day, SectionViews(), Durable.Content.Version, Durable.Content.InReadingOrder());
    }

    public async Task<Answer<SheetItemsAdded>> AddItems(Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by)
    {
        var answer = await Change((content, now) => SheetRules.Add(content, operation, items, by, now));
        return answer.Refusal is { } refusal ? refusal : new SheetItemsAdded(SheetRules.AddedBy(answer.Value!, operation));
    }

    public async Task<Answer<Done>> ChangeItem(ChangeSheetItem command, SheetAuthor by) =>
        DoneOr(await Change((content, now) => SheetRules.Change(content, command, by, now, wasSeen: true)));

    public async Task<Answer<Done>> RemoveItem(string item, SheetAuthor by) => DoneOr(await Change((content, now) => SheetRules.Remove(content, item, by, now)));

    public async Task<Answer<Done>> RestoreItem(string item, SheetAuthor by) => DoneOr(await Change((content, now) => SheetRules.Restore(content, item, by, now)));

    public Task<SheetStanding> Standing()
    {
        ThrowIfBroken();
        return Task.FromResult(new SheetStanding(Durable.Content.Version, Durable.Content.Tickable()));
    }

    public async Task Take(Delivery delivery)
    {
        if (delivery.Fact is not DraftIs draft)
            throw new ArgumentException($"A class sheet takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        await ReadyToPost(OutboxWatches.OfClass(Id.ClassId));
        if (Decided.HasTaken(delivery))
        {
            await Settled();
            return;
        }

        var content = SheetRules.Take(Decided.Content, draft.Items, Clock.GetUtcNow());
        await (ReferenceEquals(content, Decided.Content) ? Commit(Decided.Take(delivery)) : Commit(With(Decided.Take(delivery), content), Changes(content)));
    }

    protected override async Task<object?> LiveView() => await View();

    protected override LivePosition PositionOf(object view) => view is ClassSheetView sheet ? new(sheet.Epoch, sheet.N) : Position;

    protected override async Task<bool> ReadyToWrite()
    {
        if (await ClassName() is null)
            return false;

        await ReadyToPost(OutboxWatches.OfClass(Id.ClassId));
        return true;
    }

    protected override ClassSheetState FilledChanged(ClassSheetState next, ImmutableArray<string> filled, DateTimeOffset now) =>
        next.Post(Day, SheetRules.DayOf(next.Content, filled));

    private string Day => new ClassDayId(Id.School, Id.Class, Id.Day).ToString();

    private async Task<Answer<SheetContent>> Change(Func<SheetContent, DateTimeOffset, Answer<SheetContent>> rule)
    {
        ThrowIfBroken();
        if (!await ReadyToWrite())
            return new NotFound();

        // Between here and Commit there is no await: what is decided on is what is replaced.
        var before = Decided.Content;
        var answer = rule(before, Clock.GetUtcNow());
        if (answer.Value is { } after)
            await (ReferenceEquals(after, before) ? Settled() : Commit(With(Decided, after), Changes(after)));

        return answer;
    }

    private ClassSheetState With(ClassSheetState state, SheetContent content) =>
        (state with { Content = content }).Post(Day, SheetRules.DayOf(content, state.Filled(Rules)));

    private static object[] Changes(SheetContent content) => [.. content.Touched().Select(ItemChange.Of), SetChange.Of("version", content.Version)];

    private static Answer<Done> DoneOr(Answer<SheetContent> answer) => answer.Refusal is { } refusal ? refusal : Done.It;

    private async Task<string?> ClassName()
    {
        _className ??= (await GrainFactory.GetGrain<ISchoolGrain>(Id.ClassId.SchoolId.ToString()).Class(Id.ClassId))?.Name;
        return _className;
    }
}
