using System.Data.Common;
using System.Globalization;
using CsCheck;
using Npgsql;
using SchoolHome.Silo.Storage;
using SchoolHome.Tests.Infrastructure;
using SchoolHome.Tests.Rules.CoEditing;
using static SchoolHome.Tests.Storage.TestQueue;

namespace SchoolHome.Tests.Storage;

/// <summary>What a group of writes means for each of them, the same on both databases.</summary>
public abstract class GroupCommitTests : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    private protected abstract Task<TestDatabase> CreateDatabaseAsync();

    public async Task InitializeAsync() => Database = await CreateDatabaseAsync();

    public Task DisposeAsync()
    {
        Database.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Writes_that_wait_at_the_same_time_are_one_commit()
    {
        await using var queue = await OpenAsync(Database);

        var outcomes = await queue.WriteTogetherAsync([.. Enumerable.Range(0, 20).Select(i => Row($"page/{i:00}", null, "雨"))]);

        Assert.All(outcomes, outcome => Assert.Equal(Outcome.Stored, outcome));
        Assert.Equal([20], queue.Groups);
        Assert.Equal(20, queue.Waits.Count);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $$"""page/{{i:00}} | 1 | {"text":"雨"}"""), await Database.RowsAsync());
    }

    [Fact]
    public async Task Nobody_waits_for_company()
    {
        await using var queue = await OpenAsync(Database);

        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/1", null)));
        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/1", 1)));

        Assert.Equal([1, 1], queue.Groups);
    }

    [Fact]
    public async Task A_conflict_inside_a_group_is_one_writers_alone()
    {
        await using var queue = await OpenAsync(Database);
        _ = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/b", null), Row("page/c", null));
        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/c", 1)));

        var outcomes = await queue.WriteTogetherAsync(
            Row("page/a", 1, "next"), Row("page/b", null, "exists already"), Row("page/c", 1, "an old version"), Row("page/d", null, "first"), Row("page/e", 3, "was never there"),
            Row("page/f", 0, "no version"));

        Assert.Equal([Outcome.Stored, Outcome.Conflict, Outcome.Conflict, Outcome.Stored, Outcome.Conflict, Outcome.Conflict], outcomes);
        Assert.Equal(6, queue.Groups.Last());
        Assert.Empty(queue.Refused);
        Assert.Equal(
            ["""page/a | 2 | {"text":"next"}""", """page/b | 1 | {"text":""}""", """page/c | 2 | {"text":""}""", """page/d | 1 | {"text":"first"}"""], await Database.RowsAsync());
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_fails_alone_and_nobody_meets_their_own_write()
    {
        await using var queue = await OpenAsync(Database);
        await Database.RefuseAsync("page/poison");

        var outcomes = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/poison", null), Row("page/z", null));
        var next = await queue.WriteTogetherAsync(Row("page/a", 1), Row("page/poison", null), Row("page/z", 1));

        Assert.Equal([Outcome.Stored, Outcome.Refused, Outcome.Stored], outcomes);
        Assert.Equal([Outcome.Stored, Outcome.Refused, Outcome.Stored], next);
        Assert.Equal([3, 3], queue.Groups);
        Assert.Equal(2, queue.Refused.Count);
        Assert.Equal(["page/a | 2", "page/z | 2"], await Database.ReadAsync("SELECT GrainIdExtensionString, Version FROM OrleansStorage ORDER BY 1"));
    }

    [Fact]
    public async Task Two_writes_of_one_row_are_in_two_groups_in_their_order()
    {
        await using var queue = await OpenAsync(Database);

        var outcomes = await queue.WriteTogetherAsync(
            Row("page/a", null, "1"), Row("page/a", 1, "2"), Row("page/b", null, "1"), Row("page/a", 1, "not after 2"), Row("page/a", 2, "3"));

        Assert.Equal([Outcome.Stored, Outcome.Stored, Outcome.Stored, Outcome.Conflict, Outcome.Stored], outcomes);
        Assert.Equal([2, 1, 1, 1], queue.Groups);
        Assert.Equal(["""page/a | 3 | {"text":"3"}""", """page/b | 1 | {"text":"1"}"""], await Database.RowsAsync());
    }

    [Fact]
    public async Task The_same_actor_under_two_state_names_is_two_rows()
    {
        await using var queue = await OpenAsync(Database);

        var outcomes = await queue.WriteTogetherAsync(Row("page/a", null), new RowWrite(new("other", "page/a"), null, "{}"u8.ToArray()));

        Assert.Equal([Outcome.Stored, Outcome.Stored], outcomes);
        Assert.Equal([2], queue.Groups);
    }

    [Fact]
    public async Task A_group_is_bounded_in_rows_and_in_bytes()
    {
        await using (var queue = await OpenAsync(Database, options => options.GroupRows = 7))
        {
            _ = await queue.WriteTogetherAsync([.. Enumerable.Range(0, 20).Select(i => Row($"page/{i:00}", null))]);
            Assert.Equal([7, 7, 6], queue.Groups);
        }

        await using (var queue = await OpenAsync(Database, options => options.GroupBytes = 1000))
        {
            _ = await queue.WriteTogetherAsync([.. Enumerable.Range(0, 5).Select(i => Row($"page/{i:00}", 1, new string('x', 400)))]);
            Assert.Equal([3, 2], queue.Groups);
        }

        Assert.Equal(["1 | 15", "2 | 5"], await Database.ReadAsync("SELECT Version, COUNT(*) FROM OrleansStorage GROUP BY Version ORDER BY Version"));
    }

    [Fact]
    public async Task Stopping_commits_what_waits_and_takes_no_more()
    {
        await using var queue = await OpenAsync(Database);
        Task<Outcome>[] writes;
        Task stopping;
        await using (await queue.HoldAsync())
        {
            writes = [.. Enumerable.Range(0, 10).Select(i => queue.WriteAsync(Row($"page/{i}", null)))];
            stopping = queue.Queue.StopAsync(default);
            Assert.False(stopping.IsCompleted);
            _ = await Assert.ThrowsAsync<InvalidOperationException>(() => queue.WriteAsync(Row("page/late", null)));
        }

        await stopping;
        Assert.All(await Task.WhenAll(writes), outcome => Assert.Equal(Outcome.Stored, outcome));
        Assert.Equal(10, (await Database.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_shutdown_that_cannot_wait_breaks_off_and_everybody_learns_it()
    {
        await using var queue = await OpenAsync(Database);
        await using (await queue.HoldAsync())
        {
            Task<Outcome>[] writes = [.. Enumerable.Range(0, 10).Select(i => queue.WriteAsync(Row($"page/{i}", null)))];

            await queue.Queue.StopAsync(new CancellationToken(canceled: true));

            Assert.All(await Task.WhenAll(writes), outcome => Assert.Equal(Outcome.Refused, outcome));
        }

        Assert.Empty(await Database.RowsAsync());
    }

    private sealed record Step(int Key, int Version, bool First);

    private sealed record Batch(Step[] Steps, Loss Loss);

    /// <summary>Batches that wait together, over few rows, with right, old, invented and missing versions, some rows twice; one row is always refused, and some answers are lost on the way.</summary>
    private static readonly Gen<Batch[]> Histories = Gen.Select(
        Gen.Select(Gen.Int[0, 6], Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[-2, 2])), Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))), (key, off, first) => new Step(key, off, first)).Array[1, 12],
        Gen.Frequency((4, Gen.Const(Loss.None)), (1, Gen.Const(Loss.BeforeCommit)), (1, Gen.Const(Loss.AfterCommit))),
        (steps, loss) => new Batch(steps, loss)).Array[1, 8];

    [Fact]
    public async Task Whatever_waits_together_comes_out_as_if_each_had_been_written_alone()
    {
        LosingGroups? wire = null;
        await using var queue = await OpenAsync(Database, wrap: groups => wire = new LosingGroups(groups));
        await Database.RefuseAsync("page/refused");
        var (conflicts, stored, refused, unknown) = (0, 0, 0, 0);
        for (var example = 0UL; example < 25UL * (ulong)Fixed.Scale; example++)
        {
            var random = new PCG(11, example);
            var seed = random.ToString();
            var model = new Dictionary<string, (int Version, string Text)>();
            var number = 0;
            foreach (var batch in Histories.Generate(random, null, out _))
            {
                var (rows, expected, before) = (new List<RowWrite>(), new List<Outcome>(), new Dictionary<string, (int Version, string Text)>(model));
                // A second write of a row is in a later group than the one whose answer is lost.
                foreach (var step in batch.Loss is Loss.None ? batch.Steps : [.. batch.Steps.DistinctBy(step => step.Key)])
                {
                    var key = step.Key == 0 ? "page/refused" : string.Create(CultureInfo.InvariantCulture, $"page/{example}/{step.Key}");
                    int? known = model.TryGetValue(key, out var row) ? row.Version : null;
                    var version = step.First ? null : step.Version == 0 ? known : (known ?? 0) + step.Version;
                    var text = string.Create(CultureInfo.InvariantCulture, $"{++number}");
                    rows.Add(Row(key, version, text));
                    // A refused row is refused only if it would be written.
                    var outcome = version != known ? Outcome.Conflict : step.Key == 0 ? Outcome.Refused : Outcome.Stored;
                    expected.Add(outcome);
                    if (outcome is Outcome.Stored) model[key] = ((known ?? 0) + 1, text);
                }

                // A group in which a row is refused has an answer, that nothing is stored; its rows are then tried one by one.
                var isLost = batch.Loss is Loss.BeforeCommit || (batch.Loss is Loss.AfterCommit && !expected.Contains(Outcome.Refused));
                if (isLost) expected = [.. expected.Select(_ => Outcome.Unknown)];
                if (batch.Loss is Loss.BeforeCommit) model = before;
                wire!.Next = batch.Loss;

                var outcomes = await queue.WriteTogetherAsync([.. rows]);

                Assert.True(expected.SequenceEqual(outcomes), $"Seed {seed}: {string.Join(", ", rows.Select(row => row.Key.Actor + ":" + row.Expected))}: {string.Join(", ", outcomes)}, not {string.Join(", ", expected)}");
                conflicts += outcomes.Count(outcome => outcome is Outcome.Conflict);
                refused += outcomes.Count(outcome => outcome is Outcome.Refused);
                stored += outcomes.Count(outcome => outcome is Outcome.Stored);
                unknown += outcomes.Count(outcome => outcome is Outcome.Unknown);
            }

            var rowsOfExample = (await Database.RowsAsync()).Where(row => row.StartsWith($"page/{example}/", StringComparison.Ordinal));
            Assert.Equal(model.Select(row => $$"""{{row.Key}} | {{row.Value.Version}} | {"text":"{{row.Value.Text}}"}""").Order(StringComparer.Ordinal), rowsOfExample);
        }

        // Histories in which nothing ever went wrong, or right, would prove nothing.
        Assert.True(conflicts > 50 && refused > 15 && stored > 150 && unknown > 50 && queue.Groups.Max() >= 5, $"{conflicts} conflicts, {refused} refused, {stored} stored, {unknown} unknown");
    }

    private enum Loss
    {
        None,
        BeforeCommit,
        AfterCommit,
    }

    /// <summary>Commits, but for a group that, or whose answer, is lost on the way.</summary>
    private sealed class LosingGroups(IGroupCommit groups) : IGroupCommit
    {
        public Loss Next { get; set; }

        public async Task<bool[]> CommitAsync(DbConnection connection, IReadOnlyList<RowWrite> rows, CancellationToken cancellationToken)
        {
            var loss = Next;
            Next = Loss.None;
            if (loss is Loss.BeforeCommit)
                throw new IOException("Lost on the way there.");

            var written = await groups.CommitAsync(connection, rows, cancellationToken);
            return loss is Loss.AfterCommit ? throw new IOException("Lost on the way back.") : written;
        }
    }
}

public sealed class SqliteGroupCommitTests : GroupCommitTests
{
    private protected override Task<TestDatabase> CreateDatabaseAsync() => Task.FromResult(TestDatabase.Sqlite());

    [Fact]
    public async Task When_the_commit_itself_fails_nobody_is_told_that_it_is_stored_or_that_it_is_not()
    {
        await using var queue = await OpenAsync(Database);
        await Database.RefuseAsync("page/at-commit", atCommit: true);

        var outcomes = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/at-commit", null), Row("page/z", null));

        Assert.All(outcomes, outcome => Assert.Equal(Outcome.Unknown, outcome));
        Assert.Empty(await Database.RowsAsync());
        // The connection is in no transaction any more.
        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/a", null)));
    }
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresGroupCommitTests(PostgresServer server) : GroupCommitTests
{
    private protected override async Task<TestDatabase> CreateDatabaseAsync() => TestDatabase.Postgres(await server.CreateDatabaseAsync());

    [Fact]
    public async Task A_commit_that_the_server_refuses_after_it_has_answered_the_rows_is_not_acknowledged()
    {
        await using var queue = await OpenAsync(Database);
        await Database.RefuseAsync("page/at-commit", atCommit: true);

        var outcomes = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/at-commit", null), Row("page/z", null));

        Assert.Equal([Outcome.Stored, Outcome.Refused, Outcome.Stored], outcomes);
        Assert.Equal(["page/a", "page/z"], await Database.ReadAsync("SELECT GrainIdExtensionString FROM OrleansStorage ORDER BY 1"));
    }

    [Fact]
    public async Task When_the_session_is_ended_in_the_middle_of_a_group_the_outcome_is_unknown_and_the_next_group_is_written()
    {
        await using var queue = await OpenAsync(Database);
        _ = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/b", null), Row("page/c", null));
        await using var other = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        Task<Outcome[]> writes;
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("SELECT 1 FROM OrleansStorage WHERE GrainIdExtensionString = 'page/b' FOR UPDATE", other, transaction);
            _ = await command.ExecuteScalarAsync();
            writes = queue.WriteTogetherAsync(Row("page/a", 1), Row("page/b", 1), Row("page/c", 1));
            _ = await Eventually.TrueAsync(
                async () => (await Database.ReadAsync($"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")).Count > 0, TimeSpan.FromSeconds(30), "the group to wait for the locked row");
            Assert.All(await writes, outcome => Assert.Equal(Outcome.Unknown, outcome));
            await transaction.RollbackAsync();
        }

        Assert.Equal(["1 | 3"], await Database.ReadAsync("SELECT Version, COUNT(*) FROM OrleansStorage GROUP BY Version"));
        Assert.All(await queue.WriteTogetherAsync(Row("page/a", 1), Row("page/b", 1), Row("page/c", 1)), outcome => Assert.Equal(Outcome.Stored, outcome));
    }

    [Fact]
    public async Task A_row_that_somebody_else_holds_fails_alone_and_the_others_go_on()
    {
        await using var queue = await OpenAsync(Database);
        _ = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/b", null), Row("page/c", null));
        await using var other = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("SELECT 1 FROM OrleansStorage WHERE GrainIdExtensionString = 'page/b' FOR UPDATE", other, transaction);
            _ = await command.ExecuteScalarAsync();

            Assert.Equal([Outcome.Stored, Outcome.Refused, Outcome.Stored], await queue.WriteTogetherAsync(Row("page/a", 1), Row("page/b", 1), Row("page/c", 1)));
        }

        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/b", 1)));
        Assert.Equal(["2 | 3"], await Database.ReadAsync("SELECT Version, COUNT(*) FROM OrleansStorage GROUP BY Version"));
    }

    [Fact]
    public async Task While_somebody_holds_the_whole_table_no_write_waits_for_all_the_others()
    {
        await using var queue = await OpenAsync(Database);
        _ = await queue.WriteAsync(Row("page/00", null));
        await using var other = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("LOCK TABLE OrleansStorage IN SHARE MODE", other, transaction);
            _ = await command.ExecuteNonQueryAsync();

            // Were each tried, it would be nearly a minute.
            var outcomes = queue.WriteTogetherAsync([.. Enumerable.Range(1, 100).Select(i => Row($"page/{i:00}", null))]);
            Assert.All(await outcomes.WaitAsync(TimeSpan.FromSeconds(20)), outcome => Assert.Equal(Outcome.Refused, outcome));
        }

        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/01", null)));
    }

    [Fact]
    public async Task When_the_answer_is_lost_after_the_commit_the_outcome_is_unknown_and_no_conflict_with_ones_own_write()
    {
        await using var wire = new CutWire(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        await using var queue = await OpenAsync(Database, options => options.ConnectionString += $";Port={wire.Port}");
        _ = await queue.WriteTogetherAsync(Row("page/a", null), Row("page/b", null));
        _ = await queue.WriteTogetherAsync(Row("page/a", 1), Row("page/b", 1));

        wire.CutAtNextAnswer();
        var outcomes = await queue.WriteTogetherAsync(Row("page/a", 2), Row("page/b", 2));

        Assert.All(outcomes, outcome => Assert.Equal(Outcome.Unknown, outcome));
        Assert.Equal(["3 | 2"], await Database.ReadAsync("SELECT Version, COUNT(*) FROM OrleansStorage GROUP BY Version"));
    }

    [Fact]
    public async Task When_the_server_cannot_be_reached_nothing_is_stored_and_later_writes_find_it_again()
    {
        await using var wire = new CutWire(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        await using var queue = await OpenAsync(Database, options => options.ConnectionString += $";Port={wire.Port};Pooling=false");
        wire.IsDown = true;

        Assert.All(await Task.WhenAll(queue.WriteAsync(Row("page/a", null)), queue.WriteAsync(Row("page/b", null))), outcome => Assert.Equal(Outcome.Refused, outcome));

        wire.IsDown = false;
        Assert.Equal(Outcome.Stored, await queue.WriteAsync(Row("page/a", null)));
        Assert.Equal(["page/a"], await Database.ReadAsync("SELECT GrainIdExtensionString FROM OrleansStorage"));
    }

    [Fact]
    public async Task Two_silos_that_write_the_same_rows_in_groups_both_go_on()
    {
        await using var one = await OpenAsync(Database);
        await using var other = await OpenAsync(Database);
        string[] keys = [.. Enumerable.Range(0, 40).Select(i => $"page/{i:00}")];
        _ = await one.WriteTogetherAsync([.. keys.Select(key => Row(key, null))]);

        for (var version = 1; version < 20; version++)
        {
            var (mine, yours) = (one.WriteTogetherAsync([.. keys.Select(key => Row(key, version))]), other.WriteTogetherAsync([.. keys.Reverse().Select(key => Row(key, version))]));
            var won = (await mine).Zip((await yours).Reverse()).ToList();

            Assert.All(won, pair => Assert.True(pair is (Outcome.Stored, Outcome.Conflict) or (Outcome.Conflict, Outcome.Stored), pair.ToString()));
        }
    }

    [Theory]
    [InlineData("ERROR", PostgresErrorCodes.DeadlockDetected, true)]
    [InlineData("ERROR", PostgresErrorCodes.UniqueViolation, true)]
    [InlineData("ERROR", PostgresErrorCodes.DiskFull, true)]
    [InlineData("ERROR", PostgresErrorCodes.QueryCanceled, false)]
    [InlineData("ERROR", PostgresErrorCodes.StatementCompletionUnknown, false)]
    [InlineData("ERROR", PostgresErrorCodes.ConnectionFailure, false)]
    [InlineData("FATAL", PostgresErrorCodes.AdminShutdown, false)]
    [InlineData("PANIC", PostgresErrorCodes.InternalError, false)]
    public void Only_an_error_that_leaves_the_session_alive_says_for_certain_that_nothing_was_stored(string severity, string code, bool isCertain) =>
        Assert.Equal(isCertain, PostgresGroups.IsRolledBack(new PostgresException("", severity, severity, code)));
}
