using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.Durability;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.ContactBook;

internal sealed record BookPageState : TextDocumentRecord
{
    /// <summary>The class that the child was in when the page was first written: the page stays in that class's day, wherever the child goes.</summary>
    public ClassId? Class { get; init; }
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("book-page")]
[Reentrant]
internal sealed class BookPageGrain(
    [PersistentState("book-page")] IPersistentState<BookPageState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<BookPageGrain> logger)
    : TextDocumentGrain<BookPageState>(storage, clock, logger), IBookPageGrain
{
    private (string Name, ClassId Class, string ClassName)? _child;

    private BookPageId Id => BookPageId.Parse(Key);

    protected override ImmutableArray<SectionRule> Rules => BookSections.OfPage;

    public async Task<BookPageView?> View()
    {
        ThrowIfBroken();
        if (await Child() is not { } child)
            return null;

        var position = Position;
        return new BookPageView(
            Key, position.Epoch, position.N, Id.School, Id.Student, child.Name, child.Class.Class, child.ClassName,
            new ClassSheetId(child.Class.School, child.Class.Class, Id.Day).ToString(), Id.Day, SectionViews(), [], [], 0, [], [], null);
    }

    public async Task<ClassId?> Class() => (await Child())?.Class;

    public Task<Answer<Done>> Tick(string item, bool ticked, Participant by) => throw new NotImplementedException();

    public Task<Answer<Done>> SetMarks(ImmutableArray<SetMark> marks, Participant by) => throw new NotImplementedException();

    public Task<Answer<Done>> Sign(SignPage command, Participant by) => throw new NotImplementedException();

    public Task<Answer<Done>> Withdraw(WithdrawSignature command, Participant by) => throw new NotImplementedException();

    public Task<Answer<Done>> Add(AddAddendum command, Participant by) => throw new NotImplementedException();

    public Task<bool> Remind() => throw new NotImplementedException();

    protected override async Task<object?> LiveView() => await View();

    protected override LivePosition PositionOf(object view) => view is BookPageView page ? new(page.Epoch, page.N) : Position;

    protected override async Task<bool> ReadyToWrite()
    {
        if (await Child() is not { } child)
            return false;

        await ReadyToPost(OutboxWatches.OfClass(child.Class));
        return true;
    }

    protected override BookPageState FilledChanged(BookPageState next, ImmutableArray<string> filled, DateTimeOffset now)
    {
        // ReadyToWrite has found the class before anything is written.
        var @class = next.Class ?? _child!.Value.Class;
        return (next with { Class = @class }).Post(new ClassDayId(@class.School, @class.Class, Id.Day).ToString(), new ChildDayIs(filled, now));
    }

    private async Task<(string Name, ClassId Class, string ClassName)?> Child()
    {
        // Until somebody has written, the page goes along with the child into another class.
        if (_child is not null && Decided.Class is not null)
            return _child;
        if (await GrainFactory.GetGrain<IStudentGrain>(Id.StudentId.ToString()).Profile() is not { } profile || (Decided.Class ?? profile.Class) is not { } @class)
            return null;

        var known = await GrainFactory.GetGrain<ISchoolGrain>(Id.StudentId.SchoolId.ToString()).Class(@class);
        _child = (profile.Name, @class, known?.Name ?? @class.Class);
        return _child;
    }
}
