using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SchoolHome.Silo.Storage;

/// <summary>
/// Hands out one open connection at a time; the next caller gets one, in order, when the last was closed.
/// <para>
/// SQLite has one writer. Two connections that want to write make Microsoft.Data.Sqlite sleep on a pool thread and try again until its time-out, and
/// with many actors some wait for seconds. A queue in front costs nothing, since the commits are one after another anyway.
/// </para>
/// </summary>
internal sealed class SqliteDataSource(string connectionString) : DbDataSource
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public override string ConnectionString => connectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(connectionString);

    protected override DbConnection OpenDbConnection()
    {
        _turn.Wait();
        return OpenInTurn();
    }

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        // Always goes on on another thread: SQLite's calls block, and on the caller's thread they would hold up the turn of an actor that could
        // take its next call while it waits for the disk.
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return OpenInTurn();
    }

    private SqliteConnection OpenInTurn()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var pragma = connection.CreateCommand();
            // Per connection, unlike the journal mode, which is a property of the file. NORMAL would lose acknowledged writes when the power fails.
            // The log goes into the file when it has 32 MB: whoever writes then waits, and rows that are written again and again, as those of pages are, go there once.
            pragma.CommandText = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -32768";
            _ = pragma.ExecuteNonQuery();
        }
        catch
        {
            connection.Dispose();
            _ = _turn.Release();
            throw;
        }

        connection.StateChange += GiveTurnBack;
        return connection;
    }

    private void GiveTurnBack(object sender, StateChangeEventArgs change)
    {
        if (change.CurrentState is not ConnectionState.Closed) return;
        ((SqliteConnection)sender).StateChange -= GiveTurnBack;
        _ = _turn.Release();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Pooled handles would keep the file open after the host has stopped.
            using (var connection = new SqliteConnection(connectionString)) SqliteConnection.ClearPool(connection);
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }
}
