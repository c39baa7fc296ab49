using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.ContactBook;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.Durability;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.ContactBook;

internal sealed record ClassSheetState : TextDocumentRecord;

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("class-sheet")]
[Reentrant]
internal sealed class ClassSheetGrain(
    [PersistentState("class-sheet")] IPersistentState<ClassSheetState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<ClassSheetGrain> logger)
    : TextDocumentGrain<ClassSheetState>(storage, clock, logger), IClassSheetGrain
{
    private string? _className;

    private ClassSheetId Id => ClassSheetId.Parse(Key);

    protected override ImmutableArray<SectionRule> Rules => BookSections.OfSheet;

    public async Task<ClassSheetView> View()
    {
        ThrowIfBroken();
        var name = await ClassName() ?? Id.Class;
        var position = Position;
        return new ClassSheetView(Key, position.Epoch, position.N, Id.School, Id.Class, name, Id.Day, SectionViews(), 0, []);
    }

    public Task<Answer<SheetItemsAdded>> AddItems(Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by) => throw new NotImplementedException();

    public Task<Answer<Done>> ChangeItem(ChangeSheetItem command, SheetAuthor by) => throw new NotImplementedException();

    public Task<Answer<Done>> RemoveItem(string item, SheetAuthor by) => throw new NotImplementedException();

    public Task<Answer<Done>> RestoreItem(string item, SheetAuthor by) => throw new NotImplementedException();

    public Task<SheetStanding> Standing() => Task.FromResult(new SheetStanding(0, []));

    public Task Take(Delivery delivery) => throw new NotImplementedException();

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
        next.Post(new ClassDayId(Id.School, Id.Class, Id.Day).ToString(), new SheetDayIs(filled));

    private async Task<string?> ClassName()
    {
        _className ??= (await GrainFactory.GetGrain<ISchoolGrain>(Id.ClassId.SchoolId.ToString()).Class(Id.ClassId))?.Name;
        return _className;
    }
}
