using System.Data.Common;
using Npgsql;

namespace SchoolHome.Silo.Storage;

/// <summary>A group on PostgreSQL: one statement with a column of each array, one round trip, one wait for the disk.</summary>
/// <param name="serviceId">Part of every row's key.</param>
internal sealed class PostgresGroups(string serviceId) : IGroupCommit
{
    // The provider's own WriteToStorageKey (Migrations/Postgres/0002_actor_states.sql) for many rows. The version that a row is to get travels in "excluded": a first
    // write's is 1, and no stored version is 0, so it never overwrites.
    // Rows are written, and locked, in the order of their keys: two silos that write the same rows wait for each other instead of embracing.
    // The subquery in parentheses is asked row by row through the key; as EXISTS it might be planned as a scan of the whole table.
    private const string Write = """
        INSERT INTO OrleansStorage AS stored
            (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, PayloadJson, Version, ModifiedOn)
        SELECT $1, w.state, w.actor, 0, 0, convert_from(w.json, 'UTF8'), COALESCE(w.expected, 0) + 1, now()
        FROM unnest($2::text[], $3::text[], $4::integer[], $5::bytea[]) WITH ORDINALITY AS w (state, actor, expected, json, place)
        WHERE w.expected IS NULL OR
        (
            SELECT 1 FROM OrleansStorage known
            WHERE known.ServiceId = $1 AND known.GrainTypeString = w.state AND known.GrainIdExtensionString = w.actor
                AND known.GrainIdN0 = 0 AND known.GrainIdN1 = 0
        ) = 1
        ORDER BY w.place
        ON CONFLICT (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1) DO UPDATE
            SET PayloadJson = excluded.PayloadJson, Version = excluded.Version, ModifiedOn = excluded.ModifiedOn
            WHERE stored.Version = excluded.Version - 1
        RETURNING GrainTypeString, GrainIdExtensionString
        """;

    public async Task<bool[]> CommitAsync(DbConnection connection, IReadOnlyList<RowWrite> rows, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync((NpgsqlConnection)connection, rows, cancellationToken);
        }
        catch (PostgresException exception) when (IsRolledBack(exception))
        {
            throw new NothingStoredException(exception);
        }
    }

    /// <summary>
    /// An error that the server reports ends its transaction without a trace. Not so when it ends the session (it may do that after the commit, before the answer), when it was told to cancel (likewise), or when it says itself that it does not know.
    /// </summary>
    internal static bool IsRolledBack(PostgresException exception) =>
        exception.InvariantSeverity == "ERROR"
        && exception.SqlState is not (PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.StatementCompletionUnknown)
        && !exception.SqlState.StartsWith("08", StringComparison.Ordinal);

    private async Task<bool[]> WriteAsync(NpgsqlConnection connection, IReadOnlyList<RowWrite> rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Write, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = serviceId },
                new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Key.StateName)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Key.Actor)] },
                new NpgsqlParameter<int?[]> { TypedValue = [.. rows.Select(row => row.Expected)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. rows.Select(row => row.Json)] },
            },
        };
        // A round trip once per physical connection; later ones find it prepared.
        await command.PrepareAsync(cancellationToken);
        var places = new Dictionary<RowKey, int>(rows.Count);
        for (var i = 0; i < rows.Count; i++) places.Add(rows[i].Key, i);

        var written = new bool[rows.Count];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            written[places[new(reader.GetString(0), reader.GetString(1))]] = true;

        // The server commits after it has sent the rows. Only at the end of its answer is it known that it has.
        _ = await reader.NextResultAsync(cancellationToken);
        return written;
    }
}
