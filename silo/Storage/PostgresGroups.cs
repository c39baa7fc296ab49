using System.Data.Common;
using Npgsql;

namespace SchoolHome.Silo.Storage;

/// <summary>A group on PostgreSQL: a column of each array, one round trip, one transaction, one wait for the disk.</summary>
/// <param name="serviceId">Part of every row's key.</param>
internal sealed class PostgresGroups(string serviceId) : IGroupCommit
{
    // Together these two do what the provider's own WriteToStorageKey does (Migrations/Postgres/0002_actor_states.sql); a row that does not come back has another version.
    // Its one statement would serve both, at twice the work for an update, which is what nearly every write is.
    private const string First = """
        INSERT INTO OrleansStorage
            (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, PayloadJson, Version, ModifiedOn)
        SELECT $1, w.state, w.actor, 0, 0, convert_from(w.json, 'UTF8'), 1, now()
        FROM unnest($2::text[], $3::text[], $4::bytea[]) AS w (state, actor, json)
        ON CONFLICT DO NOTHING
        RETURNING GrainTypeString, GrainIdExtensionString
        """;

    // For this transaction alone: each row of an update is looked up by its key. A plan that was made while the table was small would scan all of it for ever after. So rows are
    // also locked in the order in which they are handed over, that of their keys: silos that write the same ones wait for each other instead of embracing.
    // Nor does it wait for long for a row that somebody else holds, which happens only when a commit hangs: it is refused then and tried row by row.
    private const string ByKey = """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('lock_timeout', '500ms', true)
        """;

    private const string Later = """
        UPDATE OrleansStorage AS stored
        SET PayloadJson = convert_from(w.json, 'UTF8'), Version = stored.Version + 1, ModifiedOn = now()
        FROM unnest($2::text[], $3::text[], $4::bytea[], $5::integer[]) AS w (state, actor, json, expected)
        WHERE stored.ServiceId = $1 AND stored.GrainTypeString = w.state AND stored.GrainIdExtensionString = w.actor
            AND stored.GrainIdN0 = 0 AND stored.GrainIdN1 = 0 AND stored.Version = w.expected
        RETURNING stored.GrainTypeString, stored.GrainIdExtensionString
        """;

    public async Task<bool[]> CommitAsync(DbConnection connection, IReadOnlyList<RowWrite> rows, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync((NpgsqlConnection)connection, rows, cancellationToken);
        }
        catch (PostgresException exception) when (IsRolledBack(exception))
        {
            throw new NothingStoredException(exception) { IsHeld = exception.SqlState is PostgresErrorCodes.LockNotAvailable };
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
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ByKey));
        Add(batch, First, [.. rows.Where(row => row.Expected is null)]);
        Add(batch, Later, [.. rows.Where(row => row.Expected is not null)]);
        // A round trip once per physical connection; later ones find it prepared.
        await batch.PrepareAsync(cancellationToken);

        var written = new HashSet<RowKey>(rows.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        // The first result is that of the settings. The server commits after it has sent the last one; that it has is known when there is no further one.
        while (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                _ = written.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return [.. rows.Select(row => written.Contains(row.Key))];
    }

    private void Add(NpgsqlBatch batch, string statement, RowWrite[] rows)
    {
        if (rows.Length == 0) return;
        var command = new NpgsqlBatchCommand(statement)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = serviceId },
                new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(rows, row => row.Key.StateName) },
                new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(rows, row => row.Key.Actor) },
                new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(rows, row => row.Json) },
            },
        };
        if (ReferenceEquals(statement, Later))
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = Array.ConvertAll(rows, row => row.Expected!.Value) });
        batch.BatchCommands.Add(command);
    }
}
