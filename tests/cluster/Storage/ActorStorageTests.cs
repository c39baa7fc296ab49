using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;
using SchoolHome.Grains.Durability;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Storage;

/// <summary>What actors may rely on, the same on both databases.</summary>
public abstract class ActorStorageTests : IAsyncLifetime
{
    private const string StateName = "test-notebook";

    private TestDatabase _database = null!;
    private Microsoft.Extensions.Hosting.IHost _host = null!;

    private protected abstract Task<TestDatabase> CreateDatabaseAsync();

    public async Task InitializeAsync()
    {
        _database = await CreateDatabaseAsync();
        _host = await _database.StartSiloAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAndDisposeAsync();
        _database.Dispose();
    }

    private async Task RestartAsync()
    {
        await _host.StopAndDisposeAsync();
        _host = await _database.StartSiloAsync();
    }

    private static GrainId Id(string key) => GrainId.Create("test-notebook", key);

    private async Task<GrainState<NotebookState>> ReadAsync(string key)
    {
        var state = new GrainState<NotebookState>();
        await _host.Storage().ReadStateAsync(StateName, Id(key), state);
        return state;
    }

    private async Task<string> TextAsync(string key) => (await ReadAsync(key)).State!.Text;

    private Task WriteAsync(string key, GrainState<NotebookState> state, string text)
    {
        state.State = new NotebookState { Text = text };
        return _host.Storage().WriteStateAsync(StateName, Id(key), state);
    }

    [Fact]
    public async Task What_an_actor_wrote_is_there_after_a_restart()
    {
        var notebook = _host.Actors().GetGrain<INotebookGrain>("student/s01/0042");
        await notebook.WriteAsync("今天");
        await notebook.WriteAsync("下雨 ☂");

        await RestartAsync();

        Assert.Equal("今天下雨 ☂", await _host.Actors().GetGrain<INotebookGrain>("student/s01/0042").ReadAsync());
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_empty_and_has_no_version()
    {
        var state = await ReadAsync("student/s01/none");

        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal("", state.State!.Text);
    }

    [Fact]
    public async Task A_cleared_state_is_empty_and_can_be_written_again()
    {
        var state = await ReadAsync("student/s01/0001");
        await WriteAsync("student/s01/0001", state, "a");
        await _host.Storage().ClearStateAsync(StateName, Id("student/s01/0001"), state);
        Assert.False((await ReadAsync("student/s01/0001")).RecordExists);

        await RestartAsync();
        state = await ReadAsync("student/s01/0001");
        await WriteAsync("student/s01/0001", state, "b");

        Assert.Equal("b", await TextAsync("student/s01/0001"));
    }

    [Fact]
    public async Task A_cleared_state_leaves_nothing_of_its_content_in_its_row()
    {
        var state = await ReadAsync("student/s01/0001");
        await WriteAsync("student/s01/0001", state, "a secret");
        await _host.Storage().ClearStateAsync(StateName, Id("student/s01/0001"), state);

        Assert.Equal(["2 | 0"], await _database.ReadAsync("SELECT Version, COUNT(PayloadJson) FROM OrleansStorage GROUP BY Version"));
    }

    [Theory]
    [InlineData("student/s01/0042", "student/s01/42")]
    [InlineData("class/ab12", "class/AB12")]
    [InlineData("student/s01/0042", "student/s01/0042 ")]
    [InlineData("login/a", "login/á")]
    public async Task Keys_that_look_alike_are_different_rows(string one, string other)
    {
        await WriteAsync(one, await ReadAsync(one), "one");
        await WriteAsync(other, await ReadAsync(other), "other");

        Assert.Equal("one", await TextAsync(one));
        Assert.Equal("other", await TextAsync(other));
        Assert.Equal(2, (await _database.ReadAsync("SELECT GrainIdExtensionString FROM OrleansStorage")).Count);
    }

    [Fact]
    public async Task A_key_without_its_kind_is_not_safe_which_is_why_every_key_has_one()
    {
        // Documents the trap that the kind in front of every key avoids: Orleans reads digits as a number.
        await WriteAsync("0042", await ReadAsync("0042"), "one");

        Assert.Equal("one", await TextAsync("42"));
    }

    [Fact]
    public async Task A_second_first_write_is_a_conflict()
    {
        var mine = await ReadAsync("page/1");
        var yours = await ReadAsync("page/1");
        await WriteAsync("page/1", mine, "mine");

        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync("page/1", yours, "yours"));
        Assert.Equal("mine", await TextAsync("page/1"));
    }

    [Fact]
    public async Task A_write_over_a_newer_version_is_a_conflict()
    {
        await WriteAsync("page/1", await ReadAsync("page/1"), "first");
        var mine = await ReadAsync("page/1");
        var yours = await ReadAsync("page/1");
        await WriteAsync("page/1", mine, "mine");

        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync("page/1", yours, "yours"));
        Assert.Equal("mine", await TextAsync("page/1"));
    }

    [Fact]
    public async Task Clearing_over_a_newer_version_is_a_conflict()
    {
        await WriteAsync("page/1", await ReadAsync("page/1"), "first");
        var yours = await ReadAsync("page/1");
        await WriteAsync("page/1", await ReadAsync("page/1"), "mine");

        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => _host.Storage().ClearStateAsync(StateName, Id("page/1"), yours));
        Assert.Equal("mine", await TextAsync("page/1"));
    }

    [Fact]
    public async Task A_write_after_somebody_else_cleared_is_a_conflict()
    {
        await WriteAsync("page/1", await ReadAsync("page/1"), "first");
        var yours = await ReadAsync("page/1");
        await _host.Storage().ClearStateAsync(StateName, Id("page/1"), await ReadAsync("page/1"));

        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync("page/1", yours, "yours"));
        Assert.False((await ReadAsync("page/1")).RecordExists);
    }

    [Fact]
    public async Task A_write_with_a_version_of_a_row_that_is_not_there_is_a_conflict_and_writes_nothing()
    {
        var invented = new GrainState<NotebookState> { ETag = "7" };

        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync("page/1", invented, "invented"));
        Assert.Empty(await _database.ReadAsync("SELECT Version FROM OrleansStorage"));
    }

    [Fact]
    public async Task Of_many_who_write_over_the_same_version_exactly_one_succeeds()
    {
        await WriteAsync("page/1", await ReadAsync("page/1"), "first");
        var rivals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync("page/1")));

        var outcomes = await Task.WhenAll(rivals.Select(async (rival, number) =>
        {
            try
            {
                await WriteAsync("page/1", rival, $"rival {number}");
                return 1;
            }
            catch (InconsistentStateException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, outcomes.Sum());
        Assert.Equal("2", (await ReadAsync("page/1")).ETag);
    }

    [Fact]
    public async Task Many_actors_write_at_once_and_every_write_is_kept()
    {
        var actors = Enumerable.Range(0, 50).Select(i => _host.Actors().GetGrain<INotebookGrain>($"student/s01/{i:0000}")).ToList();

        await Task.WhenAll(actors.Select(async actor =>
        {
            for (var i = 0; i < 10; i++) await actor.WriteAsync("x");
        }));
        await RestartAsync();

        var rows = await _database.ReadAsync("SELECT Version, COUNT(*) FROM OrleansStorage GROUP BY Version");
        Assert.Equal(["10 | 50"], rows);
        Assert.Equal(new string('x', 10), await _host.Actors().GetGrain<INotebookGrain>("student/s01/0049").ReadAsync());
    }

    [Fact]
    public async Task A_record_is_readable_json_without_names_of_our_types()
    {
        var state = await ReadAsync("page/1");
        state.State = new NotebookState { Text = "雨 ☂ 😀 \"<a>\" \u0000", Kind = NotebookKind.LetterHome, PagesByChild = { ["S01/0042"] = 3 } };
        await _host.Storage().WriteStateAsync(StateName, Id("page/1"), state);

        var stored = Assert.Single(await _database.ReadAsync("SELECT PayloadJson FROM OrleansStorage"));
        Assert.Equal("""{"schema":1,"text":"雨 ☂ \uD83D\uDE00 \"<a>\" \u0000","kind":"letterHome","pagesByChild":{"S01/0042":3}}""", stored);
        Assert.Equal(JsonSerializer.Serialize(state.State, StateJson.Options), stored);
        Assert.Equal(state.State.Text, await TextAsync("page/1"));
    }

    [Fact]
    public async Task A_large_record_comes_back_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('一' + (i % 5000))));
        await WriteAsync("page/1", await ReadAsync("page/1"), text);

        Assert.Equal(text, await TextAsync("page/1"));
    }

    [Fact]
    public async Task Reminders_are_kept_over_a_restart_and_can_be_dropped()
    {
        var notebook = _host.Actors().GetGrain<INotebookGrain>("class/s01/3-2");
        await notebook.SetReminderAsync("outbox");
        await notebook.SetReminderAsync("outbox");
        await notebook.SetReminderAsync("term");
        Assert.Equal(["1 | 604800000", "0 | 604800000"], await _database.ReadAsync("SELECT Version, Period FROM OrleansRemindersTable ORDER BY ReminderName"));

        await RestartAsync();
        notebook = _host.Actors().GetGrain<INotebookGrain>("class/s01/3-2");
        Assert.Equal(["outbox", "term"], await notebook.RemindersAsync());
        Assert.Empty(await _host.Actors().GetGrain<INotebookGrain>("class/s01/3-1").RemindersAsync());

        await notebook.DropReminderAsync("outbox");
        Assert.Equal(["term"], await notebook.RemindersAsync());
    }

    [Fact]
    public async Task The_reminders_of_a_part_of_the_ring_are_found_also_where_it_wraps()
    {
        for (var i = 0; i < 20; i++) await _host.Actors().GetGrain<INotebookGrain>($"class/s01/{i}").SetReminderAsync("outbox");
        var table = (IReminderTable)_host.Services.GetService(typeof(IReminderTable))!;

        Assert.Equal(20, (await table.ReadRows(0, 0)).Reminders.Count);
        foreach (var middle in new uint[] { 1, 0x4000_0000, 0x8000_0000, 0xC000_0000 })
        {
            var (one, rest) = (await table.ReadRows(0, middle), await table.ReadRows(middle, 0));
            Assert.Equal(20, one.Reminders.Concat(rest.Reminders).Select(reminder => reminder.GrainId).Distinct().Count());
            Assert.Equal(20, one.Reminders.Count + rest.Reminders.Count);
        }
    }
}

public sealed class SqliteActorStorageTests : ActorStorageTests
{
    private protected override Task<TestDatabase> CreateDatabaseAsync() => Task.FromResult(TestDatabase.Sqlite());
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresActorStorageTests(PostgresServer server) : ActorStorageTests
{
    private protected override async Task<TestDatabase> CreateDatabaseAsync() => TestDatabase.Postgres(await server.CreateDatabaseAsync());
}
