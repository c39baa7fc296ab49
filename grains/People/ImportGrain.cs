using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.People;

/// <remarks>
/// One reminder an import, at every stage: it drops a dry run that nobody decided on, goes on with one that a crash has interrupted, and forgets the people when nobody can undo it any more. It is set
/// before the state that it wakes is stored.
/// </remarks>
// Reentrant for group commit; see DurableGrain for what makes it safe. Of the long works (confirming, checking before undoing, going on) there is one at a time each.
[GrainType("import")]
[Reentrant]
internal sealed partial class ImportGrain(
    [PersistentState("import")] IPersistentState<ImportRecord> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<ImportGrain> logger)
    : LiveGrain<ImportRecord>(storage, clock, logger), IImportGrain, IRemindable
{
    private const string Reminder = "import";
    private const int PartsAtOnce = 2;
    private const int MostLooks = 5;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private Task<Answer<Done>>? _confirming;
    private Task<Answer<Done>>? _undoing;
    private bool _running;
    private int _failures;
    private int _looks;
    private IGrainTimer? _again;

    private ImportId Id => ImportId.Parse(Key);

    private ISchoolGrain School => GrainFactory.GetGrain<ISchoolGrain>(Id.SchoolId.ToString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (Durable.State is ImportState.Applying or ImportState.Undoing)
            Run().Ignore();
    }

    public async Task<Answer<Done>> Offer(ImportOffer offer, ChangedBy by)
    {
        ThrowIfBroken();
        if (Decided.Offer is null)
        {
            await Remind(ImportLimits.OfferFor, Daily);
            if ((await School.NoteImport(Id)).Refusal is { } refused)
                return refused;
        }

        return await Change(record => ImportRules.Offer(record, offer, by, Clock.GetUtcNow()));
    }

    public Task<ImportView?> View()
    {
        ThrowIfBroken();
        if (Durable is not { Offer: { } offer, By: { } by } record)
            return Task.FromResult<ImportView?>(null);

        var position = Position;
        return Task.FromResult<ImportView?>(new ImportView(
            Id, position.Epoch, position.N, record.State, offer, record.Finished.Length, by, record.OfferedAt, record.DoneAt, record.Skipped, record.SkippedCount, record.Hindrances));
    }

    // Whoever confirms again while it is being confirmed waits for the same answer.
    public async Task<Answer<Done>> Confirm(int? removals, ChangedBy by)
    {
        ThrowIfBroken();
        if (_confirming is { } under)
            return await under;

        _confirming = ConfirmOnce(removals, by);
        try
        {
            return await _confirming;
        }
        finally
        {
            _confirming = null;
        }
    }

    public async Task<Answer<Done>> Drop(ChangedBy by)
    {
        ThrowIfBroken();
        if (Decided.Offer is null)
            return new NotFound();

        // A confirmation that is under way decides first.
        if (_confirming is { } confirming)
            await confirming;

        await Remind(Soon, Soon);
        var answer = await Change(ImportRules.Drop);
        if (answer.IsDone)
            Run().Ignore();
        else
            await RemindLater();

        return answer;
    }

    public async Task<Answer<Done>> Undo(ChangedBy by)
    {
        ThrowIfBroken();
        if (_undoing is { } under)
            return await under;

        _undoing = UndoOnce(by);
        try
        {
            return await _undoing;
        }
        finally
        {
            _undoing = null;
        }
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        ThrowIfBroken();
        if (_confirming is not null || _undoing is not null)
            return;

        switch (Decided.State)
        {
            case ImportState.Offered when Decided.Offer is null:
                await Unremind();
                return;
            case ImportState.Offered:
                // A crash may have come between taking the school's turn and storing that.
                await School.EndImport(Id, null);
                if (Decided.OfferedAt + ImportLimits.OfferFor <= Clock.GetUtcNow())
                    await Drop(ChangedBy.Software);
                else
                    await RemindLater();
                return;
            case ImportState.Done when Decided.DoneAt + ImportLimits.UndoFor > Clock.GetUtcNow():
                await School.EndImport(Id, null);
                await RemindLater();
                return;
            case ImportState.Applying or ImportState.Undoing or ImportState.Done or ImportState.Dropped or ImportState.Undone:
                Run().Ignore();
                return;
        }
    }

    protected override async Task<object?> LiveView() => await View();

    protected override LivePosition PositionOf(object view) => view is ImportView import ? new(import.Epoch, import.N) : Position;

    private async Task<Answer<Done>> ConfirmOnce(int? removals, ChangedBy by)
    {
        var may = ImportRules.MayConfirm(Decided, removals, Clock.GetUtcNow());
        if (may.Refusal is { } refusal)
            return refusal;
        if (!may.Value)
        {
            await Settled();
            return Done.It;
        }

        await Remind(Soon, Soon);
        var school = School;
        if ((await school.BeginImport(Id)).Refusal is { } refused)
        {
            await RemindLater();
            return refused;
        }

        var profile = await school.Profile();
        var classes = await school.Classes();
        var answer = await Change(record => ImportRules.Confirm(record, classes, profile, by));
        if (answer.IsDone)
        {
            Run().Ignore();
            return answer;
        }

        await school.EndImport(Id, null);
        await RemindLater();
        return answer;
    }

    private async Task<Answer<Done>> UndoOnce(ChangedBy by)
    {
        var may = ImportRules.MayUndo(Decided, Clock.GetUtcNow());
        if (may.Refusal is { } refusal)
            return refusal;
        if (!may.Value)
        {
            await Settled();
            return Done.It;
        }

        await Remind(Soon, Soon);
        if ((await School.BeginImport(Id)).Refusal is { } refused)
        {
            await RemindLater();
            return refused;
        }

        var hindrances = new List<ImportRemark>();
        await OfParts([.. Enumerable.Range(0, Decided.Offer!.Parts)], async part => hindrances.AddRange(await Part(part).Hindrances()));
        if (hindrances.Count > 0)
        {
            await Change(record => ImportRules.Hindered(record, [.. hindrances]));
            await School.EndImport(Id, null);
            await RemindLater();
            return new Conflict("import-depended-on");
        }

        var answer = await Change(record => ImportRules.BeginUndo(record, by));
        Run().Ignore();
        return answer;
    }

    /// <summary>Goes on with what is to be done in this state, to its end. What fails is tried again; after a crash the reminder begins anew.</summary>
    private async Task Run()
    {
        if (_running)
            return;

        _running = true;
        _again?.Dispose();
        _again = null;
        try
        {
            switch (Decided.State)
            {
                case ImportState.Applying:
                    await Apply();
                    break;
                case ImportState.Undoing:
                    await TakeBack();
                    break;
                case ImportState.Done or ImportState.Dropped or ImportState.Undone:
                    await Forget();
                    break;
                case ImportState.Offered:
                    break;
            }

            _failures = 0;
        }
        catch (Exception exception)
        {
            LogInterrupted(Logger, exception, Key);
            Again();
        }
        finally
        {
            _running = false;
        }
    }

    private async Task Apply()
    {
        var by = Decided.ConfirmedBy! with { Import = Id };
        if (!Decided.ClassesDone)
        {
            var skipped = await EnterClasses(Decided.Offer!.NewClasses, by);
            if (Decided.SetsExternal && await School.Profile() is { External: null } profile)
                await School.Put(new PutSchool(profile with { External = Decided.Offer.SchoolExternal }), by);

            await Change(record => ImportRules.Skip(record, skipped) with { ClassesDone = true });
        }

        await OfParts(ImportRules.Left(Decided), async part => await Finished(part, await Part(part).Apply(Decided.ConfirmedBy!)));

        // The summary first: told again after a crash it is known by its revision.
        var now = Clock.GetUtcNow();
        await School.EndImport(Id, ImportRules.Summary(Id, Decided, now));
        await Change(record => record with { State = ImportState.Done, DoneAt = now });
        await RemindLater();
    }

    private async Task TakeBack()
    {
        await OfParts(ImportRules.Left(Decided), async part => await Finished(part, await Part(part).Undo(Decided.UndoneBy!)));
        if (!Decided.ClassesDone)
        {
            if (!await TakeBackClasses(Decided.UndoneBy! with { Import = Id }))
            {
                Again();
                return;
            }

            await Change(record => record with { ClassesDone = true });
        }

        await School.EndImport(Id, ImportRules.Summary(Id, Decided, Clock.GetUtcNow()));
        await Change(record => record with { State = ImportState.Undone });
        await Forget();
    }

    private async Task Forget()
    {
        if (!Decided.Forgotten)
        {
            await OfParts([.. Enumerable.Range(0, Decided.Offer?.Parts ?? 0)], part => Part(part).Forget());
            await Change(record => record with { Forgotten = true });
        }

        await Unremind();
    }

    /// <summary>All at once, as it was looked at when it was confirmed; if the school has changed in the last moment, one by one, without those that no longer fit.</summary>
    private async Task<ImmutableArray<ImportRemark>> EnterClasses(ImmutableArray<SchoolClass> classes, ChangedBy by)
    {
        if (classes.IsEmpty || (await School.PutClasses(classes, by)).IsDone)
            return [];

        var skipped = ImmutableArray.CreateBuilder<ImportRemark>();
        foreach (var one in classes)
        {
            if (!(await School.PutClasses([one], by)).IsDone)
                skipped.Add(new ImportRemark(one.Class.ToString(), one.Name, "changed-meanwhile"));
        }

        return skipped.DrainToImmutable();
    }

    /// <summary>Takes classes back that the import added and that nobody is in, and corrects those back that nobody has corrected since. False when it is too early to say.</summary>
    private async Task<bool> TakeBackClasses(ChangedBy by)
    {
        foreach (var added in Decided.AddedClasses)
        {
            if (await GrainFactory.GetGrain<IClassGrain>(added.ToString()).Roster() is not { } roster || (roster.Students.IsEmpty && roster.Teachers.IsEmpty))
                await School.RemoveClass(added, by);
            else if (_looks < MostLooks)
            {
                // Its members are a projection: those who were just taken out of it may not have told it yet.
                _looks++;
                await GrainFactory.GetGrain<IOutboxWatchGrain>(OutboxWatches.OfClass(added)).Wake();
                return false;
            }
        }

        var now = await School.Classes();
        ImmutableArray<SchoolClass> back = [.. Decided.ClassesBefore.Where(before => now.FirstOrDefault(one => one.Class == before.Class) is { } known && Decided.Offer!.NewClasses.Contains(known))];
        if (!back.IsEmpty)
            await School.PutClasses(back, by);
        if (Decided.SetsExternal && await School.Profile() is { } profile && profile.External == Decided.Offer!.SchoolExternal)
            await School.Put(new PutSchool(profile with { External = null }), by);

        return true;
    }

    private Task<Answer<Done>> Finished(int part, ImmutableArray<ImportRemark> left) => Change(record => ImportRules.FinishPart(record, part, left));

    private IImportPartGrain Part(int part) => GrainFactory.GetGrain<IImportPartGrain>(Id.Part(part));

    private static async Task OfParts(ImmutableArray<int> parts, Func<int, Task> work)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(PartsAtOnce, parts.Length)).Select(async _ =>
        {
            while (next < parts.Length)
                await work(parts[next++]);
        }));
    }

    private async Task<Answer<Done>> Change(Func<ImportRecord, Answer<ImportRecord>> rule)
    {
        ThrowIfBroken();
        var before = Decided;
        var answer = rule(before);
        if (answer.Refusal is { } refusal)
            return refusal;

        var next = answer.Value!;
        await (next == before ? Settled() : Commit(next, new ImportChange("import", next.State, next.Finished.Length, next.SkippedCount, next.DoneAt)));
        return Done.It;
    }

    private void Again()
    {
        var pause = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(_failures++, 6), LongestPause.Ticks));
        _again ??= this.RegisterGrainTimer(
            static (grain, _) => grain.Run(), this, new GrainTimerCreationOptions(pause, Timeout.InfiniteTimeSpan) { KeepAlive = true, Interleave = true });
    }

    private Task<IGrainReminder> Remind(TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(Reminder, due, period);

    /// <summary>When something is to be done next, if nobody decides anything until then.</summary>
    private Task RemindLater() => Decided switch
    {
        { Offer: not null, State: ImportState.Offered } => Remind(AtLeastSoon(Decided.OfferedAt + ImportLimits.OfferFor), Daily),
        { State: ImportState.Done, Forgotten: false } => Remind(AtLeastSoon(Decided.DoneAt!.Value + ImportLimits.UndoFor), Daily),
        { State: ImportState.Applying or ImportState.Undoing } => Remind(Soon, Soon),
        _ => Unremind(),
    };

    private TimeSpan AtLeastSoon(DateTimeOffset at) => at - Clock.GetUtcNow() is var left && left > Soon ? left : Soon;

    private async Task Unremind()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    private sealed record ImportChange(string Kind, ImportState State, int PartsDone, int SkippedCount, DateTimeOffset? DoneAt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Import} was interrupted; it goes on soon")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, string import);
}
