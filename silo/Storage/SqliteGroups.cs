using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SchoolHome.Silo.Storage;

/// <summary>A group on SQLite: one transaction, a prepared statement for each row, one wait for the disk.</summary>
/// <param name="serviceId">Part of every row's key.</param>
internal sealed class SqliteGroups(string serviceId) : IGroupCommit
{
    // Together these two do what the provider's own WriteToStorageKey does (Migrations/Sqlite/0002_actor_states.sql); a row that is not changed has another version.
    private const string First = """
        INSERT INTO OrleansStorage
            (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, PayloadJson, Version, ModifiedOn)
        VALUES (@service, @state, @actor, 0, 0, CAST(@json AS TEXT), 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
        ON CONFLICT DO NOTHING
        """;

    private const string Later = """
        UPDATE OrleansStorage
        SET PayloadJson = CAST(@json AS TEXT), Version = Version + 1, ModifiedOn = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
        WHERE ServiceId = @service AND GrainTypeString = @state AND GrainIdExtensionString = @actor AND GrainIdN0 = 0 AND GrainIdN1 = 0
            AND Version = @expected
        """;

    public Task<bool[]> CommitAsync(DbConnection connection, IReadOnlyList<RowWrite> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // SQLite's calls block. The data source hands its connection over on a thread of the pool, so that no actor's turn is held up.
        return Task.FromResult(Commit((SqliteConnection)connection, rows));
    }

    private bool[] Commit(SqliteConnection connection, IReadOnlyList<RowWrite> rows)
    {
        using var transaction = Begin(connection);
        bool[] written;
        try
        {
            written = Write(connection, transaction, rows);
        }
        catch (Exception exception)
        {
            transaction.Rollback();
            throw new NothingStoredException(exception);
        }

        // If this fails, the log may hold the commit all the same: after a failed write to the disk that is known only when the file is opened anew.
        transaction.Commit();
        return written;
    }

    private static SqliteTransaction Begin(SqliteConnection connection)
    {
        try
        {
            return connection.BeginTransaction();
        }
        catch (SqliteException exception)
        {
            throw new NothingStoredException(exception);
        }
    }

    private bool[] Write(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<RowWrite> rows)
    {
        using var first = new Statement(connection, transaction, First, serviceId);
        using var later = new Statement(connection, transaction, Later, serviceId);
        var written = new bool[rows.Count];
        for (var i = 0; i < written.Length; i++)
            written[i] = (rows[i].Expected is null ? first : later).Changes(rows[i]);

        return written;
    }

    private sealed class Statement : IDisposable
    {
        private readonly SqliteCommand _command;
        private readonly SqliteParameter _state;
        private readonly SqliteParameter _actor;
        private readonly SqliteParameter _json;
        private readonly SqliteParameter? _expected;

        public Statement(SqliteConnection connection, SqliteTransaction transaction, string sql, string serviceId)
        {
            _command = connection.CreateCommand();
            _command.Transaction = transaction;
            _command.CommandText = sql;
            _ = _command.Parameters.AddWithValue("@service", serviceId);
            _state = _command.Parameters.Add("@state", SqliteType.Text);
            _actor = _command.Parameters.Add("@actor", SqliteType.Text);
            _json = _command.Parameters.Add("@json", SqliteType.Blob);
            if (ReferenceEquals(sql, Later)) _expected = _command.Parameters.Add("@expected", SqliteType.Integer);
        }

        public bool Changes(RowWrite row)
        {
            _state.Value = row.Key.StateName;
            _actor.Value = row.Key.Actor;
            _json.Value = row.Json;
            if (_expected is not null) _expected.Value = row.Expected;
            return _command.ExecuteNonQuery() == 1;
        }

        public void Dispose() => _command.Dispose();
    }
}
