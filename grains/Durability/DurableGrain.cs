using Microsoft.Extensions.Logging;
using SchoolHome.People;

namespace SchoolHome.Grains.Durability;

/// <summary>
/// An actor that decides in memory, persists, and only then acknowledges (C3).
/// </summary>
/// <remarks>
/// <para>
/// <b>Group commit.</b> While a write is under way the actor takes the next calls; what they decide is persisted together by the next write. So actors with many small writes pay for few commits.
/// That is why the subclasses are reentrant, and what makes it safe: <see cref="Decided"/> only changes between two awaits, in one place (<see cref="Commit"/>), by replacing one immutable
/// record with another; there is one write at a time (<see cref="WriteAll"/>); and whatever is answered or published comes from a record that is stored.
/// </para>
/// <para>
/// <b>A failed write.</b> It may have been stored or not. Every caller that waits learns that the outcome is unknown, the activation refuses all further calls and goes away; the next one reads anew.
/// </para>
/// </remarks>
internal abstract partial class DurableGrain<TRecord>(IPersistentState<TRecord> storage, ILogger logger) : Grain
    where TRecord : DurableRecord, new()
{
    private static readonly TimeSpan DeliverAgainAfter = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _underWay = [];
    private List<TaskCompletionSource> _waiting = [];
    private bool _writing;
    private bool _unwritten;
    private bool _broken;
    private bool _expected;
    private int _forgotten;
    private IGrainTimer? _deliverAgain;

    /// <summary>What commands have decided so far; commands decide on this.</summary>
    protected TRecord Decided { get; private set; } = new();

    /// <summary>What is stored; answers and events come from this.</summary>
    protected TRecord Durable { get; private set; } = new();

    /// <summary>Whether this actor was ever stored.</summary>
    protected bool Exists => storage.RecordExists;

    protected string Key => this.GetPrimaryKeyString();

    protected ILogger Logger => logger;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Durable = Decided = Read();
        if (!Durable.Outbox.IsEmpty)
            DeliverOutbox();

        return base.OnActivateAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // What was delivered since the last write is forgotten only in memory. Writing it now saves the receivers a repetition; if it fails they drop the repetition.
        if (!_broken && !_writing && !ReferenceEquals(Decided, Durable))
        {
            await Write(Decided);
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>To be called first in every command that may post a fact: from here on a crash cannot leave a fact behind that nobody delivers.</summary>
    /// <param name="watch">The key of the watch that wakes this actor; see <see cref="OutboxWatches"/>.</param>
    protected async Task ReadyToPost(string watch)
    {
        ThrowIfBroken();
        while (!_expected)
        {
            var forgotten = _forgotten;
            await GrainFactory.GetGrain<IOutboxWatchGrain>(watch).Expect(Key);
            // The watch may have asked, and forgotten us, between its answer and this line.
            _expected = forgotten == _forgotten;
        }

        ThrowIfBroken();
    }

    /// <summary>Replaces what is decided, and waits until that is stored.</summary>
    protected Task Commit(TRecord next)
    {
        ThrowIfBroken();
        Decided = next;
        _unwritten = true;
        return Join();
    }

    /// <summary>Waits until all that is decided now is stored: for answers that change nothing themselves, but tell of a change that is still being written.</summary>
    protected Task Settled()
    {
        ThrowIfBroken();
        return _writing || _waiting.Count > 0 ? Join() : Task.CompletedTask;
    }

    /// <summary>Replaces what is decided by something that means the same, e.g. with less history. It is stored along with the next write.</summary>
    protected void Amend(TRecord next) => Decided = next;

    protected void ThrowIfBroken()
    {
        if (_broken)
            throw new OutcomeUnknownException("A write failed; this activation is being replaced.");
    }

    /// <summary>The record as it was stored last.</summary>
    protected virtual TRecord Read() => storage.State;

    /// <summary>Stores a record. Called for one after the other.</summary>
    protected virtual Task Write(TRecord record)
    {
        storage.State = record;
        return storage.WriteStateAsync();
    }

    /// <summary>A last change to the record that is about to be written, e.g. its number.</summary>
    protected virtual TRecord Seal(TRecord decided) => decided;

    /// <summary>The record is stored; watchers may be told, nobody is waited for (L6).</summary>
    protected virtual void Stored(TRecord durable) { }

    public async Task<bool> Flush()
    {
        ThrowIfBroken();
        await Settled();
        if (Decided.Outbox.IsEmpty)
        {
            // The watch forgets us in answer to this; the next fact must announce itself anew.
            _expected = false;
            _forgotten++;
            return true;
        }

        DeliverOutbox();
        return false;
    }

    private Task Join()
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(stored);
        if (!_writing)
            WriteAll().Ignore();

        return stored.Task;
    }

    private async Task WriteAll()
    {
        _writing = true;
        // Give the calls that have arrived already a chance to be in the first write, too.
        await Task.Yield();
        while (_waiting.Count > 0)
        {
            var waiting = _waiting;
            _waiting = [];
            if (!_unwritten)
            {
                // They only waited for what has just been stored, such as a command that was repeated meanwhile.
                foreach (var caller in waiting)
                    caller.SetResult();

                continue;
            }

            _unwritten = false;
            var record = Decided = Seal(Decided);
            try
            {
                await Write(record);
                Durable = record;
                Stored(record);
            }
            catch (Exception exception)
            {
                Break(exception, waiting);
                return;
            }

            foreach (var caller in waiting)
                caller.SetResult();

            DeliverOutbox();
        }

        _writing = false;
    }

    private void Break(Exception exception, List<TaskCompletionSource> waiting)
    {
        _broken = true;
        _writing = false;
        LogWriteFailed(logger, exception, Key);
        var unknown = new OutcomeUnknownException("A write failed; whether it was stored is not known.", exception);
        foreach (var caller in waiting.Concat(_waiting))
            caller.SetException(unknown);

        _waiting = [];
        DeactivateOnIdle();
    }

    private void DeliverOutbox()
    {
        // Only what is stored may be told; what was delivered already is out of Decided. One at a time for each receiver: it takes an older fact after a newer one for a late repetition.
        foreach (var entry in Durable.Outbox)
        {
            if (Decided.Outbox.Any(left => left.Number == entry.Number) && _underWay.Add(entry.To))
                Deliver(entry).Ignore();
        }
    }

    private async Task Deliver(OutboxEntry entry)
    {
        try
        {
            await FactReceivers.Of(GrainFactory, entry.To).Take(new Delivery(Key, entry.Number, entry.Fact));
            Decided = Decided.Delivered(entry.Number);
            _underWay.Remove(entry.To);
            DeliverOutbox();
        }
        catch (Exception exception)
        {
            _underWay.Remove(entry.To);
            LogDeliveryFailed(logger, exception, Key, entry.To);
            _deliverAgain ??= this.RegisterGrainTimer(
                static (grain, _) => grain.DeliverRest(),
                this,
                new GrainTimerCreationOptions(DeliverAgainAfter, DeliverAgainAfter) { KeepAlive = true, Interleave = true });
        }
    }

    private Task DeliverRest()
    {
        if (Decided.Outbox.IsEmpty)
        {
            _deliverAgain?.Dispose();
            _deliverAgain = null;
        }
        else
        {
            DeliverOutbox();
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Writing {Actor} failed; it is loaded anew")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, string actor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} could not deliver a fact to {Receiver}; it tries again")]
    private static partial void LogDeliveryFailed(ILogger logger, Exception exception, string actor, string receiver);
}
