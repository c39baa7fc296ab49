using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.People;

namespace SchoolHome.Grains.Durability;

internal sealed record OutboxWatchState : DurableRecord
{
    /// <summary>Actors that may have facts to deliver.</summary>
    public ImmutableSortedSet<string> Expected { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe. Waking interleaves with Expect: a sender that is expected anew while it is being woken stays expected,
// because it is forgotten only if it answered "nothing waits", and it announces itself anew after that answer.
[GrainType("outbox-watch")]
[Reentrant]
internal sealed partial class OutboxWatchGrain(
    [PersistentState("outbox-watch")] IPersistentState<OutboxWatchState> storage,
    ILogger<OutboxWatchGrain> logger)
    : DurableGrain<OutboxWatchState>(storage, logger), IOutboxWatchGrain, IRemindable
{
    private const string Reminder = "wake";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, int> _expectations = [];
    private bool _reminded;

    public async Task Expect(string key)
    {
        // Before anything is expected, so that no crash can fall between the two.
        if (!_reminded)
        {
            await this.RegisterOrUpdateReminder(Reminder, Every, Every);
            _reminded = true;
        }

        _expectations[key] = _expectations.GetValueOrDefault(key) + 1;
        if (Decided.Expected.Contains(key))
            await Settled();
        else
            await Commit(Decided with { Expected = Decided.Expected.Add(key) });
    }

    public async Task<int> Wake()
    {
        var woken = await Task.WhenAll(Durable.Expected.Select(async key =>
        {
            var before = _expectations.GetValueOrDefault(key);
            try
            {
                return (key, before, idle: await FactReceivers.Sender(GrainFactory, key).Flush());
            }
            catch (Exception exception)
            {
                LogWakingFailed(logger, exception, key);
                return (key, before, idle: false);
            }
        }));

        // One that was expected again while it answered is kept: its new fact may have been posted after the answer.
        var idle = woken.Where(one => one.idle && _expectations.GetValueOrDefault(one.key) == one.before).Select(one => one.key).ToArray();
        foreach (var key in idle)
            _expectations.Remove(key);

        if (idle.Length > 0)
            await Commit(Decided with { Expected = Decided.Expected.Except(idle) });

        if (Decided.Expected.IsEmpty && await this.GetReminder(Reminder) is { } reminder)
        {
            _reminded = false;
            await this.UnregisterReminder(reminder);
            // Somebody may have been expected while the reminder was being taken away.
            if (!Decided.Expected.IsEmpty)
            {
                await this.RegisterOrUpdateReminder(Reminder, Every, Every);
                _reminded = true;
            }
        }

        return woken.Length - idle.Length;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Wake();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} could not be woken; it is tried again")]
    private static partial void LogWakingFailed(ILogger logger, Exception exception, string actor);
}
