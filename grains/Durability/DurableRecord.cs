using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.Grains.Durability;

/// <summary>
/// What an actor stores. Records are immutable: storage serializes them off the actor's turn, so a record that went on changing would be torn.
/// Facts to deliver, and the memory of facts taken, lie in the same record as their cause, so that both are stored or neither.
/// </summary>
internal abstract record DurableRecord
{
    /// <summary>The shape of this record. A newer version of the software reads every older one.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Facts that wait for their receivers, oldest first.</summary>
    public ImmutableArray<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>The number of the last fact ever posted.</summary>
    public long LastPosted { get; init; }

    /// <summary>Per sender, the number of the last fact taken. Bounded by who may send: the members of a class, the children of a guardian.</summary>
    public ImmutableDictionary<string, long> Taken { get; init; } = ImmutableDictionary<string, long>.Empty;
}

/// <summary>A fact that waits for one receiver.</summary>
internal sealed record OutboxEntry(long Number, string To, Fact Fact);

internal static class OutboxRules
{
    /// <summary>
    /// Adds a fact for a receiver. Facts say what is so now, so a newer one of the same kind to the same receiver takes the place of one that still waits.
    /// </summary>
    public static TRecord Post<TRecord>(this TRecord record, string to, Fact fact)
        where TRecord : DurableRecord
    {
        var number = record.LastPosted + 1;
        var outbox = record.Outbox.RemoveAll(entry => entry.To == to && entry.Fact.GetType() == fact.GetType());
        return record with { LastPosted = number, Outbox = outbox.Add(new OutboxEntry(number, to, fact)) };
    }

    /// <summary>Adds an entry for a day's audit log: a fact of all entries that are not known to be taken, so those of one that still waits are in the new one too.</summary>
    public static TRecord PostChanges<TRecord>(this TRecord record, string to, AuditEntry entry)
        where TRecord : DurableRecord
    {
        var waiting = record.Outbox.FirstOrDefault(one => one.To == to && one.Fact is ChangesAre)?.Fact as ChangesAre;
        return record.Post(to, new ChangesAre([.. waiting?.Entries ?? [], entry]));
    }

    /// <summary>Tells a teacher that a class was taken over from them, together with those that still wait to be told.</summary>
    public static TRecord PostTakenOver<TRecord>(this TRecord record, string to, ClassId @class, bool staysAsSubjectTeacher, ChangedBy by)
        where TRecord : DurableRecord
    {
        var waiting = record.Outbox.FirstOrDefault(one => one.To == to && one.Fact is TakenOverAre)?.Fact as TakenOverAre;
        return record.Post(to, new TakenOverAre((waiting?.Classes ?? ImmutableDictionary<string, bool>.Empty).SetItem(@class.ToString(), staysAsSubjectTeacher), by));
    }

    /// <summary>Tells a class sheet of items that are released, together with those that are not known to be taken yet.</summary>
    public static TRecord PostReleased<TRecord>(this TRecord record, string to, ImmutableArray<ReleasedItem> items)
        where TRecord : DurableRecord
    {
        var waiting = record.Outbox.FirstOrDefault(one => one.To == to && one.Fact is DraftIs)?.Fact as DraftIs;
        return record.Post(to, new DraftIs([.. waiting?.Items ?? [], .. items]));
    }

    /// <summary>The receiver has it.</summary>
    public static TRecord Delivered<TRecord>(this TRecord record, long number)
        where TRecord : DurableRecord
        => record with { Outbox = record.Outbox.RemoveAll(entry => entry.Number == number) };

    /// <summary>Whether a delivery was taken before; it then changes nothing.</summary>
    public static bool HasTaken(this DurableRecord record, Delivery delivery)
        => record.Taken.TryGetValue(delivery.From, out var last) && delivery.Number <= last;

    /// <summary>Remembers that a delivery was taken.</summary>
    public static TRecord Take<TRecord>(this TRecord record, Delivery delivery)
        where TRecord : DurableRecord
        => record with { Taken = record.Taken.SetItem(delivery.From, delivery.Number) };
}
