using System.Data.Common;

namespace SchoolHome.Silo.Storage;

/// <summary>Which row of <c>OrleansStorage</c>: one per actor and state name.</summary>
internal readonly record struct RowKey(string StateName, string Actor) : IComparable<RowKey>
{
    /// <summary>The same order on every machine, and nearly that of the table's key.</summary>
    public int CompareTo(RowKey other)
    {
        var states = string.CompareOrdinal(StateName, other.StateName);
        return states != 0 ? states : string.CompareOrdinal(Actor, other.Actor);
    }
}

/// <summary>A state on its way into its row.</summary>
/// <param name="Key">The row.</param>
/// <param name="Expected">The version that the row must have; null when it must not exist.</param>
/// <param name="Json">The state, serialized, in UTF-8.</param>
internal sealed record RowWrite(RowKey Key, int? Expected, byte[] Json)
{
    /// <summary>The version that the row has once this is stored.</summary>
    public int Next => (Expected ?? 0) + 1;
}

/// <summary>How one kind of database stores the rows of a group in one commit.</summary>
internal interface IGroupCommit
{
    /// <summary>Stores the rows, durably, or none of them.</summary>
    /// <param name="rows">In the order of their keys, each key once.</param>
    /// <returns>For each row whether it was written. One that was not has another version than the expected one.</returns>
    /// <exception cref="NothingStoredException">It failed and nothing is stored, for certain. After every other exception that is not known.</exception>
    Task<bool[]> CommitAsync(DbConnection connection, IReadOnlyList<RowWrite> rows, CancellationToken cancellationToken);
}

/// <summary>A commit failed, and the database says that it kept nothing of it. The reason is the inner exception.</summary>
internal sealed class NothingStoredException(Exception reason) : Exception("The database refused the commit; nothing was stored.", reason)
{
    /// <summary>Somebody else holds a row, or the whole table, and did not let go in time.</summary>
    public bool IsHeld { get; init; }
}
