using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using SchoolHome.Silo.Storage;

namespace SchoolHome.Tests.Storage;

/// <summary>The queue over a database with its tables, without a silo. Tests hold its only connection, so that what they write meanwhile is one group.</summary>
internal sealed class TestQueue : IAsyncDisposable
{
    private const string ServiceId = "schoolhome";

    private readonly SchoolDatabase _database;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();

    private TestQueue(SchoolDatabase database, StorageOptions options, Func<IGroupCommit, IGroupCommit>? wrap)
    {
        _database = database;
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => (instrument.Name == StorageMetrics.GroupSize ? Groups : Refused).Enqueue(value));
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => Waits.Enqueue(value));
        _listener.Start();
        IGroupCommit groups = database.Kind switch { DatabaseKind.Sqlite => new SqliteGroups(ServiceId), DatabaseKind.Postgres => new PostgresGroups(ServiceId) };
        Commit = wrap?.Invoke(groups) ?? groups;
        Queue = new GroupCommitQueue(database.DataSource, Commit, options, new StorageMetrics(meters), NullLogger<GroupCommitQueue>.Instance);
    }

    public GroupCommitQueue Queue { get; }

    public IGroupCommit Commit { get; }

    /// <summary>How many rows each group had, by the metrics.</summary>
    public ConcurrentQueue<int> Groups { get; } = new();

    public ConcurrentQueue<int> Refused { get; } = new();

    public ConcurrentQueue<double> Waits { get; } = new();

    public static async Task<TestQueue> OpenAsync(TestDatabase database, Action<StorageOptions>? configure = null, Func<IGroupCommit, IGroupCommit>? wrap = null)
    {
        var builder = database.Builder();
        var options = StorageOptions.From(builder.Configuration, builder.Environment);
        if (options.ConnectionString is not null) options.ConnectionString += ";Maximum Pool Size=1;Timeout=60";
        configure?.Invoke(options);
        var school = SchoolDatabase.Open(options);
        _ = await SchemaMigrations.ApplyAsync(school, default);
        return new(school, options, wrap);
    }

    /// <summary>Until it is disposed of, writes wait.</summary>
    public async Task<DbConnection> HoldAsync() => await _database.DataSource.OpenConnectionAsync();

    /// <summary>Writes that wait together, in this order. Answers what came of each.</summary>
    public async Task<Outcome[]> WriteTogetherAsync(params RowWrite[] rows)
    {
        Task<Outcome>[] outcomes;
        await using (await HoldAsync()) outcomes = [.. rows.Select(WriteAsync)];
        return await Task.WhenAll(outcomes);
    }

    public async Task<Outcome> WriteAsync(RowWrite row)
    {
        try
        {
            await Queue.WriteAsync(row);
            return Outcome.Stored;
        }
        catch (InconsistentStateException)
        {
            return Outcome.Conflict;
        }
        catch (OutcomeUnknownException)
        {
            return Outcome.Unknown;
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException)
        {
            return Outcome.Refused;
        }
    }

    public static RowWrite Row(string key, int? expected, string text = "") => new(new("page", key), expected, Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}"""));

    public async ValueTask DisposeAsync()
    {
        await Queue.StopAsync(default);
        Queue.Dispose();
        _listener.Dispose();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>What came of a write.</summary>
internal enum Outcome
{
    Stored,
    Conflict,
    Refused,
    Unknown,
}

internal static class StoredRows
{
    /// <summary>Every row as key, version, JSON.</summary>
    public static async Task<List<string>> RowsAsync(this TestDatabase database) =>
        await database.ReadAsync("SELECT GrainIdExtensionString, Version, PayloadJson FROM OrleansStorage ORDER BY GrainIdExtensionString");

    /// <summary>From now on the database refuses rows with this key, at once or only when the transaction commits.</summary>
    public static Task RefuseAsync(this TestDatabase database, string key, bool atCommit = false) => database.ChangeAsync((database.IsPostgres, atCommit) switch
    {
        (true, _) => string.Format(CultureInfo.InvariantCulture, """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON OrleansStorage DEFERRABLE INITIALLY {0}
                FOR EACH ROW WHEN (NEW.GrainIdExtensionString = '{1}') EXECUTE FUNCTION refuse()
            """, atCommit ? "DEFERRED" : "IMMEDIATE", key),
        (false, false) => $"""
            CREATE TRIGGER refuse BEFORE INSERT ON OrleansStorage WHEN NEW.GrainIdExtensionString = '{key}' BEGIN SELECT RAISE(ABORT, 'refused'); END;
            CREATE TRIGGER refuse_later BEFORE UPDATE ON OrleansStorage WHEN NEW.GrainIdExtensionString = '{key}' BEGIN SELECT RAISE(ABORT, 'refused'); END
            """,
        // A reference to nothing, which is looked at when the transaction commits.
        (false, true) => $"""
            CREATE TABLE one (id INTEGER PRIMARY KEY);
            CREATE TABLE other (id INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER refuse AFTER INSERT ON OrleansStorage WHEN NEW.GrainIdExtensionString = '{key}' BEGIN INSERT INTO other VALUES (7); END
            """,
    });
}
