using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.School;

namespace SchoolHome.Grains.ContactBook;

/// <remarks>
/// A scheduled draft has a reminder that comes once a minute, set before the time is stored and taken away when it finds no time any more: no crash can fall between. The last of the minutes is waited for by a timer, so
/// that four o'clock is four o'clock.
/// </remarks>
// Reentrant for group commit; see DurableGrain for what makes it safe. The reminder is taken away only while nobody is scheduling, and whoever begins to schedule meanwhile waits until it is gone, and sets it anew.
[GrainType("sheet-draft")]
[Reentrant]
internal sealed class SheetDraftGrain(
    [PersistentState("sheet-draft")] IPersistentState<SheetDraftState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<SheetDraftGrain> logger)
    : LiveGrain<SheetDraftState>(storage, clock, logger), ISheetDraftGrain, IRemindable
{
    private const string Reminder = "release";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Near = Every + TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(20);

    private Task _unreminding = Task.CompletedTask;
    private int _scheduling;
    private IGrainTimer? _soon;

    private SheetDraftId Id => SheetDraftId.Parse(Key);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        WaitIfNear();
    }

    public Task<SheetDraftView> View()
    {
        ThrowIfBroken();
        var position = Position;
        return Task.FromResult(new SheetDraftView(Key, position.Epoch, position.N, Id.School, Id.Class, Id.Day, Durable.ReleaseAt, Durable.Content.InReadingOrder()));
    }

    public Task<Answer<SheetItemsAdded>> AddItems(Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by, DateTimeOffset? releaseAt = null) => Scheduling(releaseAt is not null, async () =>
    {
        var answer = await Change((state, now) => SheetDraftRules.Add(state, operation, items, by, now, Id, releaseAt));
        return answer.Refusal is { } refusal ? (Answer<SheetItemsAdded>)refusal : new SheetItemsAdded(SheetDraftRules.AddedBy(answer.Value!, operation)!.Value);
    });

    public async Task<Answer<Done>> ChangeItem(ChangeSheetItem command, SheetAuthor by) => DoneOr(await Change((state, now) => SheetDraftRules.Change(state, command, by, now)));

    public async Task<Answer<Done>> RemoveItem(string item, SheetAuthor by) => DoneOr(await Change((state, _) => SheetDraftRules.Remove(state, item, by)));

    public Task<Answer<Done>> Schedule(Guid operation, DateTimeOffset? at, SheetAuthor by) =>
        Scheduling(at is not null, async () => DoneOr(await Change((state, now) => SheetDraftRules.Schedule(state, Id, operation, at, by, now))));

    /// <summary>Does what may store a time: the reminder is there before it.</summary>
    private async Task<Answer<T>> Scheduling<T>(bool mayStoreTime, Func<Task<Answer<T>>> what)
    {
        ThrowIfBroken();
        _scheduling++;
        try
        {
            await _unreminding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (mayStoreTime)
                await this.RegisterOrUpdateReminder(Reminder, Every, Every);

            var answer = await what();
            WaitIfNear();
            return answer;
        }
        finally
        {
            _scheduling--;
        }
    }

    public async Task<Answer<Done>> Release(Guid operation, SheetAuthor by) => DoneOr(await Change((state, _) => SheetDraftRules.Release(state, Id, operation, by)));

    public async Task ReleaseIfDue()
    {
        ThrowIfBroken();
        // Asked once a minute: only when there is something to do are others called.
        if (Decided.ReleaseAt <= Clock.GetUtcNow())
            await Change((state, now) => SheetDraftRules.ReleaseIfDue(state, Id, now));

        WaitIfNear();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await ReleaseIfDue();
        if (_unreminding.IsCompleted)
            _unreminding = Unremind();

        await _unreminding;
    }

    protected override async Task<object?> LiveView() => await View();

    protected override LivePosition PositionOf(object view) => view is SheetDraftView draft ? new(draft.Epoch, draft.N) : Position;

    // A time that is not yet stored, or not yet stored as gone, counts: what is stored may be all that is left after a crash.
    private bool NeedsReminder => _scheduling > 0 || Decided.ReleaseAt is not null || Durable.ReleaseAt is not null;

    private async Task Unremind()
    {
        if (!NeedsReminder && await this.GetReminder(Reminder) is { } reminder && !NeedsReminder)
            await this.UnregisterReminder(reminder);
    }

    private void WaitIfNear()
    {
        _soon?.Dispose();
        _soon = null;
        if (Decided.ReleaseAt is { } at && at - Clock.GetUtcNow() is var left && left <= Near)
        {
            _soon = this.RegisterGrainTimer(
                static (grain, _) => grain.ReleaseIfDue(), this,
                new GrainTimerCreationOptions(left > Least ? left : Least, Timeout.InfiniteTimeSpan) { KeepAlive = true, Interleave = true });
        }
    }

    private async Task<Answer<SheetDraftState>> Change(Func<SheetDraftState, DateTimeOffset, Answer<SheetDraftState>> rule)
    {
        ThrowIfBroken();
        if (await GrainFactory.GetGrain<ISchoolGrain>(Id.ClassId.SchoolId.ToString()).Class(Id.ClassId) is null)
            return new NotFound();

        await ReadyToPost(OutboxWatches.OfClass(Id.ClassId));
        // Between here and Commit there is no await: what is decided on is what is replaced.
        var before = Decided;
        var answer = rule(before, Clock.GetUtcNow());
        if (answer.Value is { } after)
            await (ReferenceEquals(after, before) ? Settled() : Commit(after, Changes(before, after)));

        return answer;
    }

    private static object[] Changes(SheetDraftState before, SheetDraftState after)
    {
        IEnumerable<object> items = ReferenceEquals(before.Content, after.Content)
            ? []
            : [.. SheetDraftRules.Gone(before.Content, after.Content).Select(ItemGoneChange.Of), .. after.Content.Touched().Select(ItemChange.Of)];
        return before.ReleaseAt == after.ReleaseAt ? [.. items] : [.. items, SetChange.Of("releaseAt", after.ReleaseAt)];
    }

    private static Answer<Done> DoneOr(Answer<SheetDraftState> answer) => answer.Refusal is { } refusal ? refusal : Done.It;
}
