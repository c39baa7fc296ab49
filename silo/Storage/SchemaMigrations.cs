using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using Npgsql;

namespace SchoolHome.Silo.Storage;

/// <summary>
/// The ordered scripts under <c>Storage/Migrations</c>, and which of them a database has had. A script that was released is never changed; what
/// it got wrong, the next one puts right.
/// </summary>
internal static class SchemaMigrations
{
    // Any number will do, as long as nothing else in this database locks on it.
    private const long AdvisoryLock = 0x5C_0001_0E5C_4E3A;

    /// <summary>Runs what is outstanding, once, even when several processes start together. Returns the names of the scripts that it ran.</summary>
    public static async Task<IReadOnlyList<string>> ApplyAsync(SchoolDatabase database, CancellationToken cancellationToken)
    {
        switch (database.Kind)
        {
            case DatabaseKind.Sqlite:
                // Stored in the file: readers of backups and other tools go on while the one connection writes.
                await ExecuteAsync(database, "PRAGMA journal_mode = WAL", cancellationToken);
                return await RunAsync(database, cancellationToken);

            case DatabaseKind.Postgres:
                await using (var connection = await ((NpgsqlDataSource)database.DataSource).OpenConnectionAsync(cancellationToken))
                {
                    await using var command = connection.CreateCommand();
                    // Another process may be in the middle of a long migration: wait for it as long as it takes.
                    command.CommandTimeout = 0;
                    command.CommandText = $"SELECT pg_advisory_lock({AdvisoryLock})";
                    _ = await command.ExecuteScalarAsync(cancellationToken);
                    try
                    {
                        return await RunAsync(database, cancellationToken);
                    }
                    finally
                    {
                        command.CommandText = $"SELECT pg_advisory_unlock({AdvisoryLock})";
                        _ = await command.ExecuteScalarAsync(CancellationToken.None);
                    }
                }

            default:
                throw new InvalidOperationException($"No migrations for {database.Kind}.");
        }
    }

    /// <summary>Whether a database has had every script that this build knows.</summary>
    public static Task<bool> IsCompleteAsync(SchoolDatabase database, CancellationToken cancellationToken) =>
        Task.Run(() => !CreateEngine(database).IsUpgradeRequired(), cancellationToken);

    private static async Task<IReadOnlyList<string>> RunAsync(SchoolDatabase database, CancellationToken cancellationToken)
    {
        // DbUp is synchronous.
        var result = await Task.Run(() => CreateEngine(database).PerformUpgrade(), cancellationToken);
        return result.Successful
            ? [.. result.Scripts.Select(script => script.Name)]
            : throw new InvalidOperationException($"The database migration {result.ErrorScript?.Name} failed.", result.Error);
    }

    private static UpgradeEngine CreateEngine(SchoolDatabase database) =>
        For(database)
            .WithScripts(Scripts(database.Kind))
            .WithTransactionPerScript()
            // "$" is PostgreSQL's quotation mark here, not the start of a variable.
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();

    private static UpgradeEngineBuilder For(SchoolDatabase database) => database.Kind switch
    {
        DatabaseKind.Sqlite => DeployChanges.To.SqliteDatabase(database.ConnectionString),
        DatabaseKind.Postgres => DeployChanges.To.PostgresqlDatabase(database.ConnectionString),
        _ => throw new InvalidOperationException($"No migrations for {database.Kind}."),
    };

    private static IEnumerable<SqlScript> Scripts(DatabaseKind kind)
    {
        // The database remembers a script by its file name alone, so that a renamed namespace does not make it run again.
        var folder = $"{typeof(SchemaMigrations).Namespace}.Migrations.{kind}.";
        var assembly = typeof(SchemaMigrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new SqlScript(name[folder.Length..], Read(assembly, name)));
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(SchoolDatabase database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        _ = await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
