using Microsoft.Extensions.Hosting;
using SchoolHome.Silo;
using SchoolHome.Silo.Storage;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Storage;

public abstract class SchemaMigrationsTests : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    private protected abstract Task<TestDatabase> CreateDatabaseAsync();

    private protected abstract string[] Tables { get; }

    private protected SchoolDatabase Open()
    {
        var builder = Database.Builder();
        return SchoolDatabase.Open(StorageOptions.From(builder.Configuration, builder.Environment));
    }

    public async Task InitializeAsync() => Database = await CreateDatabaseAsync();

    public Task DisposeAsync()
    {
        Database.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task They_run_in_order_once_and_the_second_time_nothing_is_left_to_do()
    {
        using var database = Open();
        Assert.False(await SchemaMigrations.IsCompleteAsync(database, default));

        var applied = await SchemaMigrations.ApplyAsync(database, default);

        Assert.Equal(applied.Order(StringComparer.Ordinal), applied);
        Assert.StartsWith("0001_", applied[0], StringComparison.Ordinal);
        Assert.True(await SchemaMigrations.IsCompleteAsync(database, default));
        Assert.Empty(await SchemaMigrations.ApplyAsync(database, default));
        foreach (var table in Tables) _ = await Database.ReadAsync($"SELECT COUNT(*) FROM {table}");
    }

    [Fact]
    public async Task They_keep_what_is_stored()
    {
        var host = await Database.StartSiloAsync();
        await host.Actors().GetGrain<INotebookGrain>("page/1").WriteAsync("kept");
        await host.StopAndDisposeAsync();

        using (var database = Open()) Assert.Empty(await SchemaMigrations.ApplyAsync(database, default));

        host = await Database.StartSiloAsync();
        Assert.Equal("kept", await host.Actors().GetGrain<INotebookGrain>("page/1").ReadAsync());
        await host.StopAndDisposeAsync();
    }
}

public sealed class SqliteSchemaMigrationsTests : SchemaMigrationsTests
{
    private protected override Task<TestDatabase> CreateDatabaseAsync() => Task.FromResult(TestDatabase.Sqlite());

    private protected override string[] Tables => ["OrleansQuery", "OrleansStorage", "OrleansRemindersTable", "DataProtectionKeys"];

    [Fact]
    public async Task Every_connection_waits_for_the_disk_and_the_file_has_a_write_ahead_log()
    {
        using var database = Open();
        _ = await SchemaMigrations.ApplyAsync(database, default);

        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous";
        Assert.Equal(2L, await command.ExecuteScalarAsync());
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", await command.ExecuteScalarAsync());
        command.CommandText = "PRAGMA foreign_keys";
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Connections_are_handed_out_one_at_a_time_and_in_order()
    {
        using var database = Open();
        var first = await database.DataSource.OpenConnectionAsync();
        var second = database.DataSource.OpenConnectionAsync().AsTask();
        var third = database.DataSource.OpenConnectionAsync().AsTask();
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();
        await using (await second.WaitAsync(TimeSpan.FromSeconds(30))) Assert.False(third.IsCompleted);
        await (await third.WaitAsync(TimeSpan.FromSeconds(30))).DisposeAsync();
        // Closing twice gives the turn back once.
        await first.DisposeAsync();
        await using var fourth = await database.DataSource.OpenConnectionAsync();
        Assert.False(database.DataSource.OpenConnectionAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_gives_its_turn_back()
    {
        await using var unreachable = new SqliteDataSource($"Data Source={Path.Combine(Database.Folder, "no", "such", "folder.sqlite")}");

        for (var i = 0; i < 3; i++)
            _ = await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(async () => await unreachable.OpenConnectionAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused()
    {
        var first = await Database.StartSiloAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Database.StartSiloAsync());
        Assert.Contains("Another SchoolHome already runs", refused.Message, StringComparison.Ordinal);

        await first.StopAndDisposeAsync();
        await (await Database.StartSiloAsync()).StopAndDisposeAsync();
    }

    [Fact]
    public void A_silo_process_or_a_client_on_SQLite_is_refused_with_the_reason()
    {
        var builder = Database.Builder();

        Assert.Contains("SchoolHome:Database=Postgres", Assert.Throws<InvalidOperationException>(
            () => builder.UseSchoolHomeSilo(builder.Configuration, SiloRole.Process)).Message, StringComparison.Ordinal);
        Assert.Contains("SchoolHome:Database=Postgres", Assert.Throws<InvalidOperationException>(
            () => builder.UseSchoolHomeClient(builder.Configuration)).Message, StringComparison.Ordinal);
    }
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaMigrationsTests(PostgresServer server) : SchemaMigrationsTests
{
    private protected override async Task<TestDatabase> CreateDatabaseAsync() => TestDatabase.Postgres(await server.CreateDatabaseAsync());

    private protected override string[] Tables =>
        ["OrleansQuery", "OrleansStorage", "OrleansRemindersTable", "OrleansMembershipTable", "OrleansMembershipVersionTable", "DataProtectionKeys"];

    [Fact]
    public async Task Several_processes_that_start_at_once_run_each_script_once()
    {
        var databases = Enumerable.Range(0, 6).Select(_ => Open()).ToList();

        var applied = (await Task.WhenAll(databases.Select(database => SchemaMigrations.ApplyAsync(database, default)))).SelectMany(names => names).ToList();

        Assert.NotEmpty(applied);
        Assert.Equal(applied.Distinct().Order(), applied.Order());
        Assert.Equal(applied.Count, int.Parse((await Database.ReadAsync("SELECT COUNT(*) FROM schemaversions"))[0], System.Globalization.CultureInfo.InvariantCulture));
        foreach (var database in databases) database.Dispose();
    }

    [Fact]
    public void Without_a_connection_string_the_host_says_which_setting_is_missing()
    {
        using var database = TestDatabase.Postgres("");
        var builder = database.Builder();

        Assert.Contains("SchoolHome:ConnectionString", Assert.Throws<InvalidOperationException>(
            () => builder.UseSchoolHomeSilo(builder.Configuration)).Message, StringComparison.Ordinal);
    }
}
