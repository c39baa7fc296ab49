using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace SchoolHome.Silo.Storage;

/// <summary>The database of this process: actors' states, reminders, membership and Data Protection keys all go through its one data source.</summary>
internal sealed class SchoolDatabase : IDisposable, IAsyncDisposable
{
    private SchoolDatabase(DatabaseKind kind, string invariant, string connectionString, DbDataSource dataSource)
    {
        Kind = kind;
        Invariant = invariant;
        ConnectionString = connectionString;
        DataSource = dataSource;
    }

    public DatabaseKind Kind { get; }

    /// <summary>The name by which Orleans knows this kind of database.</summary>
    public string Invariant { get; }

    /// <summary>With its password. For the migrations only, which open connections of their own; never logged.</summary>
    public string ConnectionString { get; }

    public DbDataSource DataSource { get; }

    public static SchoolDatabase Open(StorageOptions options)
    {
        switch (options.Database)
        {
            case DatabaseKind.Sqlite:
                var sqlite = new SqliteConnectionStringBuilder
                {
                    DataSource = Path.Combine(options.DataFolder, "schoolhome.sqlite"),
                    ForeignKeys = true,
                }.ToString();
                // Orleans means Microsoft.Data.Sqlite by this name, and refuses that package's own.
                return new(options.Database, "System.Data.SQLite", sqlite, new SqliteDataSource(sqlite));

            case DatabaseKind.Postgres:
                var postgres = new NpgsqlConnectionStringBuilder(options.ConnectionString);
                postgres.ApplicationName ??= "schoolhome";
                // Room for a group of ordinary size, which would otherwise wake the server for every 8 kB of it.
                if (!postgres.ContainsKey("Write Buffer Size")) postgres.WriteBufferSize = 64 * 1024;
                return new(options.Database, "Npgsql", postgres.ToString(), NpgsqlDataSource.Create(postgres));

            default:
                throw new InvalidOperationException($"SchoolHome:Database has no meaning: {options.Database}.");
        }
    }

    /// <summary>Throws when the database does not answer.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        _ = await command.ExecuteScalarAsync(cancellationToken);
    }

    public void Dispose() => DataSource.Dispose();

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
