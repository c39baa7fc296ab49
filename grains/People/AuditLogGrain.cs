using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>Who changed people's data on one day in one school.</summary>
internal sealed record AuditLogState : DurableRecord
{
    /// <summary>The newest entries, the oldest of them first; at most <see cref="AuditLogRules.MostEntries"/>.</summary>
    public ImmutableArray<AuditEntry> Entries { get; init; } = [];

    /// <summary>How many chunks of older ones were written.</summary>
    public int Chunks { get; init; }

    /// <summary>
    /// Per subject, the revision of its last entry here. It does what remembering each sender's last fact does elsewhere, and more: facts of this kind repeat entries that an earlier one has brought.
    /// </summary>
    public ImmutableSortedDictionary<string, long> Known { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
}

/// <summary>How entries come into a day's log, and leave it for chunks.</summary>
internal static class AuditLogRules
{
    public const int MostEntries = 200;

    /// <summary>How many entries are in one chunk. Always the oldest of the log, so that a chunk that is written again holds the same.</summary>
    public const int ChunkSize = 100;

    /// <summary>The entries that the log does not have yet.</summary>
    public static ImmutableArray<AuditEntry> Fresh(AuditLogState state, ChangesAre changes)
    {
        var known = state.Known;
        var fresh = ImmutableArray.CreateBuilder<AuditEntry>();
        foreach (var entry in changes.Entries)
        {
            if (known.TryGetValue(entry.Subject, out var last) && entry.Revision <= last)
                continue;

            fresh.Add(entry);
            known = known.SetItem(entry.Subject, entry.Revision);
        }

        return fresh.DrainToImmutable();
    }

    /// <summary>The log with as many entries as it has room for.</summary>
    public static AuditLogState Take(AuditLogState state, ImmutableArray<AuditEntry> fresh)
    {
        var taken = fresh[..Math.Min(fresh.Length, MostEntries - state.Entries.Length)];
        return state with { Entries = state.Entries.AddRange(taken), Known = state.Known.SetItems(taken.Select(entry => KeyValuePair.Create(entry.Subject, entry.Revision))) };
    }

    /// <summary>The log without its oldest chunk, which is written.</summary>
    public static AuditLogState Drop(AuditLogState state) => state with { Entries = state.Entries[ChunkSize..], Chunks = state.Chunks + 1 };
}

// Reentrant for group commit; see DurableGrain for what makes it safe. Two turns may write the same chunk at once: it holds the same, and only one of them drops it.
[GrainType("audit-log")]
[Reentrant]
internal sealed class AuditLogGrain([PersistentState("audit-log")] IPersistentState<AuditLogState> storage, ILogger<AuditLogGrain> logger)
    : DurableGrain<AuditLogState>(storage, logger), IAuditLogGrain
{
    public async Task<AuditPage> Page(int? chunk)
    {
        ThrowIfBroken();
        if (chunk is not { } number)
            return PageOf(Durable.Entries, Durable.Chunks);
        if (number < 0 || number >= Durable.Chunks)
            return new AuditPage([], null);

        return PageOf(await Chunk(number).Read(), number);
    }

    public async Task Take(Delivery delivery)
    {
        ThrowIfBroken();
        if (delivery.Fact is not ChangesAre changes)
            throw new ArgumentException($"An audit log takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        while (AuditLogRules.Fresh(Decided, changes) is { IsEmpty: false } fresh)
        {
            if (Decided.Entries.Length + fresh.Length > AuditLogRules.MostEntries && Decided.Entries.Length >= AuditLogRules.ChunkSize)
                await MoveOldest();
            else
                await Commit(AuditLogRules.Take(Decided, fresh));
        }

        await Settled();
    }

    private async Task MoveOldest()
    {
        // Only what is stored goes into a chunk: it is written once, and must hold what this log would hold after a crash.
        await Settled();
        var (chunk, entries) = (Durable.Chunks, Durable.Entries);
        if (entries.Length < AuditLogRules.ChunkSize)
            return;

        await Chunk(chunk).Write(entries[..AuditLogRules.ChunkSize]);
        if (Decided.Chunks == chunk)
            await Commit(AuditLogRules.Drop(Decided));
    }

    private IAuditChunkGrain Chunk(int chunk) => GrainFactory.GetGrain<IAuditChunkGrain>(AuditDayId.Parse(Key).Chunk(chunk));

    private static AuditPage PageOf(ImmutableArray<AuditEntry> entries, int chunk) =>
        new([.. entries.Reverse().OrderByDescending(entry => entry.At)], chunk > 0 ? chunk - 1 : null);
}
