using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using SchoolHome.Silo;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Benchmarks.Storage;

/// <summary>
/// P4: a hundred actors that write as fast as they can, on each database: through our storage, which commits together what waits, and through Orleans' AdoNet provider as it is delivered. The actors run inside the silo,
/// so that no client is a limit.
/// </summary>
internal static class StorageBenchmark
{
    private const int Actors = 100;

    public static async Task<bool> Run(bool isQuick)
    {
        var (runs, time) = isQuick ? (3, TimeSpan.FromSeconds(1)) : (5, TimeSpan.FromSeconds(4));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Actors} actors in a silo of its own for each row, each writing a state of about {WriterGrain.Bytes} bytes again and again for {time.TotalSeconds:0} s; {runs} rounds, alternately"));
        using var groups = new GroupSizes();
        var postgres = new PostgresServer();
        try
        {
            await postgres.InitializeAsync();
            var passes = await Measure("PostgreSQL", runs, time, 8, [
                await Candidate.OnPostgres("ours", postgres, groupCommit: true),
                await Candidate.OnPostgres("stock provider", postgres, groupCommit: false),
            ]);
            passes &= await Measure("SQLite", runs, time, 30, [
                await Candidate.OnSqlite("ours", groupCommit: true, ownConnections: false),
                await Candidate.OnSqlite("stock provider, as delivered", groupCommit: false, ownConnections: true),
                await Candidate.OnSqlite("stock provider, our one connection", groupCommit: false, ownConnections: false),
            ]);
            return passes;
        }
        finally
        {
            await postgres.DisposeAsync();
        }
    }

    /// <summary>The first candidate is ours, the second the reference; a third is for information.</summary>
    private static async Task<bool> Measure(string database, int runs, TimeSpan time, double goal, Candidate[] candidates)
    {
        try
        {
            foreach (var candidate in candidates) await candidate.WarmUp(Actors);
            for (var run = 0; run < runs; run++)
            {
                foreach (var candidate in candidates) await candidate.Write(Actors, time);
            }
        }
        finally
        {
            foreach (var candidate in candidates) await candidate.DisposeAsync();
        }

        Console.WriteLine();
        Console.WriteLine(database);
        Report.Table([.. candidates.SelectMany(candidate => candidate.Rows)]);
        foreach (var candidate in candidates.Where(candidate => candidate.Failed > 0))
            Console.WriteLine($"{candidate.Name}: {candidate.Failed} writes failed");

        var (ours, stock) = (candidates[0], candidates[1]);
        foreach (var other in candidates.Skip(2))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ours ÷ {other.Name} (for information): {Report.Median([.. ours.PerSecond.Zip(other.PerSecond, (a, b) => a / b)]):0.0}"));

        var name = database.ToLowerInvariant();
        // Round by round, so that what the machine does meanwhile burdens both.
        var faster = Report.Ratio("P4", $"storage-{name}", Report.Median([.. ours.PerSecond.Zip(stock.PerSecond, (a, b) => a / b)]), ">=", goal);
        var bounded = Report.Ratio("P4", $"storage-{name}-worst-wait-ms", Report.Median(ours.Worst), "<=", 100);
        return faster && bounded && ours.Failed == 0;
    }

    /// <summary>How many rows a commit of ours had, from the metrics that it publishes.</summary>
    private sealed class GroupSizes : IDisposable
    {
        private static long _rows;
        private static long _groups;

        private readonly MeterListener _listener = new();

        public GroupSizes()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "schoolhome.storage.group.size") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>(static (_, rows, _, _) =>
            {
                _ = Interlocked.Add(ref _rows, rows);
                _ = Interlocked.Increment(ref _groups);
            });
            _listener.Start();
        }

        public static double MeanSinceLast() => (double)Interlocked.Exchange(ref _rows, 0) / Interlocked.Exchange(ref _groups, 0);

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>A silo with one way to store, on a database of its own.</summary>
    private sealed class Candidate : IAsyncDisposable
    {
        private readonly IHost _host;
        private readonly DirectoryInfo _folder;
        private readonly List<double> _middle = [];
        private readonly List<double> _high = [];
        private readonly List<double> _group = [];
        private readonly List<double> _processor = [];

        private Candidate(string name, IHost host, DirectoryInfo folder) => (Name, _host, _folder) = (name, host, folder);

        public string Name { get; }

        public List<double> PerSecond { get; } = [];

        public List<double> Worst { get; } = [];

        public int Failed { get; private set; }

        public IEnumerable<(string What, IReadOnlyList<double> Values)> Rows =>
        [
            ($"{Name}: writes/s", PerSecond),
            ($"{Name}: wait p50, ms", _middle),
            ($"{Name}: wait p99, ms", _high),
            ($"{Name}: worst wait, ms", Worst),
            ($"{Name}: rows per commit", _group),
            ($"{Name}: CPU of this process per write, µs", _processor),
        ];

        public static async Task<Candidate> OnPostgres(string name, PostgresServer server, bool groupCommit) => await Start(name, groupCommit, null, new()
        {
            ["SchoolHome:Database"] = "Postgres",
            ["SchoolHome:ConnectionString"] = await server.CreateDatabaseAsync(),
        });

        public static async Task<Candidate> OnSqlite(string name, bool groupCommit, bool ownConnections) => await Start(name, groupCommit, ownConnections ? AsDelivered : null, []);

        private static async Task<Candidate> Start(string name, bool groupCommit, Action<AdoNetGrainStorageOptions, string>? storage, Dictionary<string, string?> settings)
        {
            var folder = Directory.CreateTempSubdirectory("schoolhome-bench-storage-");
            settings["SchoolHome:DataFolder"] = folder.FullName;
            settings["SchoolHome:GroupCommit"] = groupCommit.ToString();
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = folder.FullName });
            _ = builder.Configuration.AddInMemoryCollection(settings);
            _ = builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Critical);
            _ = builder.UseSchoolHomeSilo(builder.Configuration);
            // The actors answer when the time is over, which is no lost answer.
            _ = builder.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromMinutes(2));
            if (storage is not null) _ = builder.Services.PostConfigureAll<AdoNetGrainStorageOptions>(options => storage(options, Path.Combine(folder.FullName, "schoolhome.sqlite")));
            var host = builder.Build();
            await host.StartAsync();
            if (storage is not null) EnsureDurable(Path.Combine(folder.FullName, "schoolhome.sqlite"));
            return new(name, host, folder);
        }

        /// <summary>The provider opens connections as it needs them.</summary>
        private static void AsDelivered(AdoNetGrainStorageOptions options, string file)
        {
            options.DataSource = null;
            options.ConnectionString = $"Data Source={file}";
        }

        /// <summary>That such a connection waits for the disk is SQLite's default, but the comparison rests on it.</summary>
        private static void EnsureDurable(string file)
        {
            using var connection = new SqliteConnection($"Data Source={file}");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT (SELECT synchronous FROM pragma_synchronous) || (SELECT journal_mode FROM pragma_journal_mode)";
            if (command.ExecuteScalar() is not "2wal") throw new InvalidOperationException("The reference does not write as durably as we do.");
        }

        public async Task WarmUp(int actors)
        {
            // One after another, so that nobody meets a busy database.
            for (var i = 0; i < actors; i++) await Actor(i).Begin();
            // Until the compiler has done with what is called often; without it, short rounds measure the compiler.
            _ = await WriteAll(actors, TimeSpan.FromSeconds(3));
        }

        public async Task Write(int actors, TimeSpan time)
        {
            GC.Collect();
            _ = GroupSizes.MeanSinceLast();
            var processor = Environment.CpuUsage.TotalTime;
            var written = await WriteAll(actors, time);
            _processor.Add((Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / written.Sum(one => one.Waits.Length));
            var waits = written.SelectMany(one => one.Waits).Order().ToArray();
            PerSecond.Add(written.Sum(one => one.Count) / time.TotalSeconds);
            _middle.Add(waits[waits.Length / 2]);
            _high.Add(waits[waits.Length * 99 / 100]);
            Worst.Add(waits[^1]);
            Failed += written.Sum(one => one.Failed);
            var rows = GroupSizes.MeanSinceLast();
            _group.Add(double.IsNaN(rows) ? 1 : rows);
        }

        private Task<Written[]> WriteAll(int actors, TimeSpan time)
        {
            var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
            return Task.WhenAll(Enumerable.Range(0, actors).Select(i => Actor(i).WriteUntil(end)));
        }

        private IWriterGrain Actor(int number) =>
            _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IWriterGrain>(string.Create(CultureInfo.InvariantCulture, $"page/s01/{number:0000}"));

        public async ValueTask DisposeAsync()
        {
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
            SqliteConnection.ClearAllPools();
            _folder.Delete(recursive: true);
        }
    }
}
