using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Storage;

/// <summary>Group commit in a silo: with Orleans' provider over the same rows, at the silo's stop, and at its death.</summary>
public abstract class GroupCommitSiloTests : IAsyncLifetime
{
    private static readonly (string, string) Off = ("SchoolHome:GroupCommit", "false");

    private protected TestDatabase Database { get; private set; } = null!;

    private protected abstract Task<TestDatabase> CreateDatabaseAsync();

    public async Task InitializeAsync() => Database = await CreateDatabaseAsync();

    public Task DisposeAsync()
    {
        Database.Dispose();
        return Task.CompletedTask;
    }

    private const string Columns = "ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, Version, PayloadJson";

    [Fact]
    public async Task The_rows_are_those_that_the_provider_writes()
    {
        var host = await Database.StartSiloAsync();
        await host.Actors().GetGrain<INotebookGrain>("page/one").WriteAsync("雨 ☂ 😀 \0");
        await host.Actors().GetGrain<INotebookGrain>("page/one").WriteAsync("\"");
        await host.StopAndDisposeAsync();
        host = await Database.StartSiloAsync(Off);
        Assert.IsType<AdoNetGrainStorage>(host.Storage());
        await host.Actors().GetGrain<INotebookGrain>("page/other").WriteAsync("雨 ☂ 😀 \0");
        await host.Actors().GetGrain<INotebookGrain>("page/other").WriteAsync("\"");
        await host.StopAndDisposeAsync();

        var rows = await Database.ReadAsync($"SELECT {Columns} FROM OrleansStorage");
        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0], rows[1]);
        // Of one kind and, on SQLite, of one form.
        var dates = await Database.ReadAsync(Database.IsPostgres ? "SELECT now() - ModifiedOn < interval '1 hour' FROM OrleansStorage" : "SELECT length(ModifiedOn) || typeof(PayloadJson) FROM OrleansStorage");
        Assert.Equal(dates[0], dates[1]);
    }

    [Fact]
    public async Task It_can_be_switched_off_and_on_again_over_the_same_data()
    {
        foreach (var (setting, text) in new[] { (Off, "a"), (("SchoolHome:GroupCommit", "true"), "ab"), (Off, "abc") })
        {
            var host = await Database.StartSiloAsync(setting);
            var notebook = host.Actors().GetGrain<INotebookGrain>("page/1");
            await notebook.WriteAsync(text[^1..]);
            Assert.Equal(text, await notebook.ReadAsync());
            await host.StopAndDisposeAsync();
        }

        Assert.Equal(["3"], await Database.ReadAsync("SELECT Version FROM OrleansStorage"));
    }

    [Fact]
    public async Task Keys_that_the_provider_reads_as_numbers_it_writes_itself()
    {
        var host = await Database.StartSiloAsync();
        foreach (var key in new[] { "42", "0123456789abcdef0123456789abcdef" })
        {
            var state = new GrainState<NotebookState>();
            await host.Storage().ReadStateAsync("test-notebook", GrainId.Create("test-notebook", key), state);
            state.State = new NotebookState { Text = key };
            await host.Storage().WriteStateAsync("test-notebook", GrainId.Create("test-notebook", key), state);

            var read = new GrainState<NotebookState>();
            await host.Storage().ReadStateAsync("test-notebook", GrainId.Create("test-notebook", key), read);
            Assert.Equal(key, read.State!.Text);
        }

        await host.StopAndDisposeAsync();
    }

    [Fact]
    public async Task The_state_is_what_it_was_when_the_write_began()
    {
        var host = await Database.StartSiloAsync();
        var pages = new Dictionary<string, int> { ["S01/0042"] = 1 };
        var state = new GrainState<NotebookState> { State = new NotebookState { PagesByChild = pages } };

        var writing = host.Storage().WriteStateAsync("test-notebook", GrainId.Create("test-notebook", "page/1"), state);
        pages["S01/0042"] = 2;
        await writing;

        Assert.Contains("\"S01/0042\":1", Assert.Single(await Database.ReadAsync("SELECT PayloadJson FROM OrleansStorage")), StringComparison.Ordinal);
        await host.StopAndDisposeAsync();
    }

    [Fact]
    public async Task What_actors_write_when_they_deactivate_at_the_silos_stop_is_stored()
    {
        var host = await Database.StartSiloAsync();
        var diaries = Enumerable.Range(0, 60).Select(i => host.Actors().GetGrain<IDiaryGrain>($"page/{i}")).ToList();
        await Task.WhenAll(diaries.Select(diary => diary.RememberAsync("at the end")));
        Assert.Empty(await Database.RowsAsync());

        await host.StopAndDisposeAsync();

        Assert.Equal(["1 | 60"], await Database.ReadAsync("SELECT Version, COUNT(*) FROM OrleansStorage WHERE PayloadJson LIKE '%at the end%' GROUP BY Version"));
    }

    [Fact]
    public async Task Of_a_silo_that_is_killed_while_it_writes_every_acknowledged_write_is_there_and_its_actors_go_on()
    {
        var acknowledged = await KilledWriter.RunAndKillAsync(Database, 2_000);

        Assert.True(acknowledged.Values.Sum() >= 2_000, $"Only {acknowledged.Values.Sum()} writes.");
        var host = await Database.StartSiloAsync();
        foreach (var (key, count) in acknowledged)
        {
            var notebook = host.Actors().GetGrain<INotebookGrain>(key);
            var stored = (await notebook.ReadAsync()).Length;
            // One write may have been stored without an answer.
            Assert.InRange(stored, count, count + 1);
            Assert.Equal([stored.ToString(CultureInfo.InvariantCulture)], await Database.ReadAsync($"SELECT Version FROM OrleansStorage WHERE GrainIdExtensionString = '{key}'"));
            await notebook.WriteAsync("x");
        }

        await host.StopAndDisposeAsync();
    }
}

public sealed class SqliteGroupCommitSiloTests : GroupCommitSiloTests
{
    private protected override Task<TestDatabase> CreateDatabaseAsync() => Task.FromResult(TestDatabase.Sqlite());
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresGroupCommitSiloTests(PostgresServer server) : GroupCommitSiloTests
{
    private protected override async Task<TestDatabase> CreateDatabaseAsync() => TestDatabase.Postgres(await server.CreateDatabaseAsync());
}
