using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Threading.Channels;
using Orleans.Storage;

namespace SchoolHome.Silo.Storage;

/// <summary>
/// Writes that wait on this silo, and the one who commits them. Nobody is made to wait for company: whatever arrived while the last commit ran goes into the next one.
/// </summary>
/// <remarks>
/// A write ends in one of four ways, each its own actor's alone: stored; <see cref="InconsistentStateException"/>, another version is stored; the database's exception, it refused this row, or could not be reached;
/// <see cref="OutcomeUnknownException"/>, it may be stored or not, and only reading tells.
/// </remarks>
internal sealed partial class GroupCommitQueue : IDisposable
{
    private const int MostHeld = 3;

    private readonly DbDataSource _database;
    private readonly IGroupCommit _commit;
    private readonly int _maxRows;
    private readonly int _maxBytes;
    private readonly StorageMetrics _metrics;
    private readonly ILogger<GroupCommitQueue> _logger;

    // Without a bound of its own: an actor waits for its write before it makes another, so that no more wait than there are actors.
    private readonly Channel<Waiting> _arriving = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _cancel = new();
    private readonly Task _committing;
    private Queue<Waiting> _postponed = new();

    public GroupCommitQueue(DbDataSource database, IGroupCommit commit, StorageOptions options, StorageMetrics metrics, ILogger<GroupCommitQueue> logger)
    {
        (_database, _commit, _metrics, _logger) = (database, commit, metrics, logger);
        (_maxRows, _maxBytes) = (options.GroupRows, options.GroupBytes);
        _committing = Task.Run(CommitAllAsync);
    }

    /// <summary>Stores a row together with those that wait, too. Answers when it is on disk.</summary>
    /// <exception cref="InvalidOperationException">The silo has stopped; nothing was stored.</exception>
    public Task WriteAsync(RowWrite row)
    {
        var waiting = new Waiting(row);
        return _arriving.Writer.TryWrite(waiting)
            ? waiting.Outcome.Task
            : throw new InvalidOperationException("The silo stops and takes no more writes; nothing was stored.");
    }

    /// <summary>Commits what waits and takes no more. When the token is cancelled it breaks off: what waits then fails.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _ = _arriving.Writer.TryComplete();
        await using var broken = cancellationToken.UnsafeRegister(static queue => ((GroupCommitQueue)queue!)._cancel.Cancel(), this);
        await _committing;
    }

    /// <summary>After it has stopped.</summary>
    public void Dispose() => _cancel.Dispose();

    private async Task CommitAllAsync()
    {
        while (_postponed.Count > 0 || await _arriving.Reader.WaitToReadAsync())
        {
            try
            {
                // First the connection, then the group: so what arrives while the connection is waited for is in it.
                await using var connection = await _database.OpenConnectionAsync(_cancel.Token);
                // Those whom the last commit has just told get the chance to be in the next, too: without it, the first to come would be committed alone while the others wait.
                await Task.Yield();
                var group = NextGroup();
                _metrics.GroupTaken(group.Count);
                await CommitAsync(connection, group);
            }
            catch (Exception exception)
            {
                // There was no connection. Nothing of what waits has been sent, and all of it would meet the same.
                var group = NextGroup();
                LogUnreachable(_logger, exception, group.Count);
                foreach (var waiting in group) Fail(waiting, exception);
            }
        }
    }

    /// <summary>What waits, up to the bounds, in the order of the keys. A second write of the same row, which no actor should make, comes in a later group.</summary>
    private List<Waiting> NextGroup()
    {
        var (group, keys, postponed, bytes) = (new List<Waiting>(), new HashSet<RowKey>(), new Queue<Waiting>(), 0L);
        while (group.Count < _maxRows && bytes < _maxBytes && (_postponed.TryDequeue(out var waiting) || _arriving.Reader.TryRead(out waiting)))
        {
            if (keys.Add(waiting.Row.Key))
            {
                group.Add(waiting);
                bytes += waiting.Row.Json.Length;
            }
            else
            {
                postponed.Enqueue(waiting);
            }
        }

        // Those postponed now came before those that were postponed earlier and did not get their turn.
        while (_postponed.TryDequeue(out var waiting)) postponed.Enqueue(waiting);
        _postponed = postponed;
        group.Sort(static (one, other) => one.Row.Key.CompareTo(other.Row.Key));
        return group;
    }

    /// <summary>Commits a group and tells everybody in it what came of it. Throws nothing. Answers whether a single write failed because somebody else holds its row.</summary>
    private async Task<bool> CommitAsync(DbConnection connection, IReadOnlyList<Waiting> group)
    {
        try
        {
            var written = await _commit.CommitAsync(connection, [.. group.Select(waiting => waiting.Row)], _cancel.Token);
            for (var i = 0; i < written.Length; i++)
            {
                if (written[i]) Succeed(group[i]);
                else Fail(group[i], Conflict(group[i].Row));
            }
        }
        catch (NothingStoredException failed) when (group.Count > 1)
        {
            // One row may be to blame. As nothing is stored, each can be tried alone without meeting its own write.
            LogOneByOne(_logger, failed.InnerException!, group.Count);
            _metrics.GroupFailed();
            await CommitOneByOneAsync(connection, group, failed.InnerException!);
        }
        catch (NothingStoredException failed)
        {
            Fail(group[0], failed.InnerException!);
            return failed.IsHeld;
        }
        catch (Exception exception)
        {
            LogUnknown(_logger, exception, group.Count);
            foreach (var waiting in group)
                Fail(waiting, new OutcomeUnknownException("The database did not say whether the write was stored.", exception));
        }

        return false;
    }

    /// <summary>Each row alone. When one after another is held by somebody else, it is the table: the rest is not made to wait for that, too.</summary>
    private async Task CommitOneByOneAsync(DbConnection connection, IReadOnlyList<Waiting> group, Exception reason)
    {
        var held = 0;
        foreach (var waiting in group)
        {
            if (held >= MostHeld) Fail(waiting, reason);
            else if (await CommitAsync(connection, [waiting])) held++;
        }
    }

    private void Succeed(Waiting waiting)
    {
        _metrics.WriteEnded(waiting.Since);
        waiting.Outcome.SetResult();
    }

    private void Fail(Waiting waiting, Exception exception)
    {
        _metrics.WriteEnded(waiting.Since);
        waiting.Outcome.SetException(exception);
    }

    private static InconsistentStateException Conflict(RowWrite row) =>
        new($"{row.Key.StateName} of {row.Key.Actor}: the stored version is not {(row.Expected is { } version ? version.ToString(CultureInfo.InvariantCulture) : "none")}, which this write follows.");

    [LoggerMessage(Level = LogLevel.Error, Message = "No connection to the database; {Count} writes failed")]
    private static partial void LogUnreachable(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database refused a group of {Count} writes; each is tried alone")]
    private static partial void LogOneByOne(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether {Count} writes were stored is not known; their actors are loaded anew")]
    private static partial void LogUnknown(ILogger logger, Exception exception, int count);

    /// <summary>A write and its caller, who goes on elsewhere than on the thread that commits.</summary>
    private sealed class Waiting(RowWrite row)
    {
        public RowWrite Row => row;

        public long Since { get; } = Stopwatch.GetTimestamp();

        public TaskCompletionSource Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What the meter <c>SchoolHome.Storage</c> tells.</summary>
internal sealed class StorageMetrics(IMeterFactory meters)
{
    public const string Meter = "SchoolHome.Storage";
    public const string GroupSize = "schoolhome.storage.group.size";
    public const string GroupFailures = "schoolhome.storage.group.failures";
    public const string WriteWait = "schoolhome.storage.write.wait";

    private readonly Histogram<int> _size = Of(meters).CreateHistogram<int>(GroupSize, "{row}", "Rows that were committed together.");
    private readonly Counter<int> _failures = Of(meters).CreateCounter<int>(GroupFailures, "{group}", "Groups that were refused and tried row by row.");
    private readonly Histogram<double> _wait = Of(meters).CreateHistogram<double>(WriteWait, "s", "How long an actor waited for a write, whatever came of it.");

    public void GroupTaken(int rows) => _size.Record(rows);

    public void GroupFailed() => _failures.Add(1);

    public void WriteEnded(long since) => _wait.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);

    // The factory keeps one of each name.
    private static Meter Of(IMeterFactory meters) => meters.Create(Meter);
}
