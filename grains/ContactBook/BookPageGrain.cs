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

    /// <summary>Items of the class sheet that are done, in the order in which they were ticked.</summary>
    public ImmutableArray<ItemTick> Ticks { get; init; } = [];

    /// <summary>In reading order.</summary>
    public ImmutableArray<QuickMark> Marks { get; init; } = [];

    /// <summary>The number of changes of marks and addenda so far (S1).</summary>
    public int Entries { get; init; }

    /// <summary>All that were ever given, the oldest first.</summary>
    public ImmutableArray<Signature> Signatures { get; init; } = [];

    /// <summary>The operations that withdrew signatures (C1).</summary>
    public ImmutableArray<Guid> Withdrawals { get; init; } = [];

    /// <summary>The oldest first.</summary>
    public ImmutableArray<Addendum> Addenda { get; init; } = [];

    /// <summary>The last operations that set ticks and marks, the oldest first (C1): a phone that comes back after hours must not undo what others have decided since.</summary>
    public ImmutableArray<Guid> Operations { get; init; } = [];

    /// <summary>When the class's reminder found the page without a guardian's signature.</summary>
    public DateTimeOffset? RemindedAt { get; init; }
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("book-page")]
[Reentrant]
internal sealed class BookPageGrain(
    [PersistentState("book-page")] IPersistentState<BookPageState> storage,
    [PersistentState("book-page-tail")] IPersistentState<TextTail> tail,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<BookPageGrain> logger)
    : TextDocumentGrain<BookPageState>(storage, tail, clock, logger), IBookPageGrain
{
    private (string Name, ClassId Class, string ClassName)? _child;

    private BookPageId Id => BookPageId.Parse(Key);

    private ISchoolGrain School => GrainFactory.GetGrain<ISchoolGrain>(Id.StudentId.SchoolId.ToString());

    protected override ImmutableArray<SectionRule> Rules => PageRules.Sections;

    public async Task<BookPageView?> View()
    {
        ThrowIfBroken();
        if (await Child() is not { } child)
            return null;

        var (position, page) = (Position, Durable);
        return new BookPageView(
            Key, position.Epoch, position.N, Id.School, Id.Student, child.Name, child.Class.Class, child.ClassName,
            new ClassSheetId(child.Class.School, child.Class.Class, Id.Day).ToString(), Id.Day, SectionViews(),
            page.Ticks, page.Marks, page.Entries, page.Signatures, page.Addenda, page.RemindedAt);
    }

    public async Task<ClassId?> Class() => (await Child())?.Class;

    public Task<Answer<Done>> Tick(string item, bool ticked, Participant by, Guid operation = default) =>
        Change(asksSheet: ticked, (page, sheet, now) => PageRules.Once(page, operation, () => PageRules.Tick(page, item, ticked, by, sheet.Tickable, now)));

    public Task<Answer<Done>> SetMarks(ImmutableArray<SetMark> marks, Participant by, Guid operation = default) =>
        Change(asksSheet: false, (page, _, now) => PageRules.Once(page, operation, () => PageRules.SetMarks(page, marks, by, now)));

    public async Task<Answer<Done>> Sign(SignPage command, Participant by)
    {
        var isToCome = Id.Day > await School.Today();
        return await Change(asksSheet: true, (page, sheet, now) => PageRules.Sign(page, command, by, sheet.Version, isToCome, now));
    }

    public Task<Answer<Done>> Withdraw(WithdrawSignature command, Participant by) => Change(asksSheet: false, (page, _, now) => PageRules.Withdraw(page, command, by, now));

    public Task<Answer<Done>> Add(AddAddendum command, Participant by) => Change(asksSheet: false, (page, _, now) => PageRules.Add(page, command, by, now));

    public async Task<bool> Remind()
    {
        ThrowIfBroken();
        if (!await ReadyToWrite() || PageRules.Remind(Decided, Clock.GetUtcNow()) is not { } next)
            return false;

        // Nothing of it is in the class's day; and a page on which nobody has written goes along with the child still.
        var before = Decided;
        await (ReferenceEquals(next, before) ? Settled() : Commit(next, PageRules.Changes(before, next)));
        return true;
    }

    protected override async Task<object?> LiveView() => await View();

    protected override LivePosition PositionOf(object view) => view is BookPageView page ? new(page.Epoch, page.N) : Position;

    protected override async Task<bool> ReadyToWrite()
    {
        if (await Child() is not { } child)
            return false;

        await ReadyToPost(OutboxWatches.OfClass(child.Class));
        return true;
    }

    protected override string? Closed(SectionRule rule, Participant writer) => Decided.Signatures.Closes(rule, writer.Role) ? TextCodes.Sealed : null;

    protected override BookPageState FilledChanged(BookPageState next, ImmutableArray<string> filled, DateTimeOffset now)
    {
        // One fact for two receivers: the class's day, child by child, and the child's month, day by day.
        var (@class, fact) = (ClassOf(next), new ChildDayIs(filled, now, PageRules.More(next)));
        return (next with { Class = @class })
            .Post(new ClassDayId(@class.School, @class.Class, Id.Day).ToString(), fact)
            .Post(BookMonthId.Of(Id.StudentId, Id.Day).ToString(), fact);
    }

    /// <summary>Carries out a command: the rule decides on what is decided so far.</summary>
    private async Task<Answer<Done>> Change(bool asksSheet, Func<BookPageState, SheetStanding, DateTimeOffset, Answer<BookPageState>> rule)
    {
        while (true)
        {
            ThrowIfBroken();
            if (await Child() is not { } child)
                return new NotFound();

            // The page asks its sheet, never the other way. What changes there from here on is newer than what was decided on, and S2 says what it means.
            var sheet = asksSheet ? await SheetOf(child.Class).Standing() : new SheetStanding(0, []);
            if (!await ReadyToWrite())
                return new NotFound();
            // Nobody has written yet, and the child has come into another class meanwhile.
            if (_child!.Value.Class != child.Class)
                continue;

            // Between here and Commit there is no await: what is decided on is what is replaced.
            var (before, now) = (Decided, Clock.GetUtcNow());
            var answer = rule(before, sheet, now);
            if (answer.Value is { } next && !ReferenceEquals(next, before))
            {
                if (PageRules.Changes(before, next) is { Length: > 0 } changes)
                {
                    await Commit(FilledChanged(next, next.Filled(Rules), now), changes);
                    return Done.It;
                }

                // An operation that only is remembered: stored along with the next change, the first that its repetition could undo.
                Amend(next);
            }

            // What an answer tells of is stored, also when it is a refusal: whoever hears of something newer finds it there.
            await Settled();
            return answer.Refusal is { } refusal ? refusal : Done.It;
        }
    }

    private IClassSheetGrain SheetOf(ClassId @class) => GrainFactory.GetGrain<IClassSheetGrain>(new ClassSheetId(@class.School, @class.Class, Id.Day).ToString());

    // ReadyToWrite has found the class before anything is written.
    private ClassId ClassOf(BookPageState page) => page.Class ?? _child!.Value.Class;

    private async Task<(string Name, ClassId Class, string ClassName)?> Child()
    {
        // Until somebody has written, the page goes along with the child into another class.
        if (_child is not null && Decided.Class is not null)
            return _child;
        if (await GrainFactory.GetGrain<IStudentGrain>(Id.StudentId.ToString()).Profile() is not { } profile || (Decided.Class ?? profile.Class) is not { } @class)
            return null;

        var known = await School.Class(@class);
        _child = (profile.Name, @class, known?.Name ?? @class.Class);
        return _child;
    }
}
