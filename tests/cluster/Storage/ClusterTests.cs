using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using SchoolHome.Grains;
using SchoolHome.Silo;
using SchoolHome.Silo.Storage;
using SchoolHome.Tests.Infrastructure;
using Xunit.Abstractions;

namespace SchoolHome.Tests.Storage;

/// <summary>Silo processes on PostgreSQL and clients of them, by configuration alone.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ClusterTests(PostgresServer server, ITestOutputHelper output)
{
    private static IHost BuildClient(TestDatabase database, ILoggerProvider? log = null, params (string Name, string Value)[] more)
    {
        var builder = database.Builder(more);
        if (log is not null) _ = builder.Logging.AddProvider(log);
        _ = builder.UseSchoolHomeClient(builder.Configuration);
        return builder.Build();
    }

    private static async Task<int> ActiveSilosAsync(IHost client)
    {
        try
        {
            return (await client.Actors().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // The management actor may have lived on the silo that is gone; it is found elsewhere once that is noticed.
            return -1;
        }
    }

    [Fact]
    public async Task Two_silos_find_each_other_and_one_that_is_killed_is_noticed_within_seconds()
    {
        var connectionString = await server.CreateDatabaseAsync();
        using var database = TestDatabase.Postgres(connectionString);
        // Both at once: they also race for the migrations.
        var silos = await Task.WhenAll(SiloProcess.StartAsync(connectionString), SiloProcess.StartAsync(connectionString));
        await using var survivor = silos[0];
        await using var victim = silos[1];
        using var client = BuildClient(database);
        await client.StartAsync();
        _ = await Eventually.TrueAsync(async () => await ActiveSilosAsync(client) == 2, TimeSpan.FromSeconds(20), "two active silos");

        await victim.KillAsync();

        // 6 is dead. About two seconds when measured; the limit is for a busy machine.
        var noticed = await Eventually.TrueAsync(
            async () => (await database.ReadAsync($"SELECT Status FROM OrleansMembershipTable WHERE Port = {victim.SiloPort}")) is ["6"],
            TimeSpan.FromSeconds(15), "the killed silo to be declared dead");
        output.WriteLine($"Declared dead after {noticed.TotalSeconds:0.0} s.");
        _ = await Eventually.TrueAsync(async () => await ActiveSilosAsync(client) == 1, TimeSpan.FromSeconds(15), "the client to reach the silo that is left");

        await client.StopAsync();
        Assert.Equal(0, await survivor.StopAsync());
        Assert.Equal(["6", "6"], await database.ReadAsync("SELECT Status FROM OrleansMembershipTable"));
    }

    [Fact]
    public async Task After_all_silos_were_killed_a_new_one_starts_within_seconds()
    {
        var connectionString = await server.CreateDatabaseAsync();
        using var database = TestDatabase.Postgres(connectionString);
        await using (var killed = await SiloProcess.StartAsync(connectionString)) await killed.KillAsync();

        // Its row still says that it is active.
        Assert.Equal(["3"], await database.ReadAsync("SELECT Status FROM OrleansMembershipTable"));
        await using var next = await SiloProcess.StartAsync(connectionString);

        Assert.Equal(HttpStatusCode.OK, await next.HealthAsync("ready"));
    }

    [Fact]
    public async Task A_silo_says_that_it_lives_and_whether_it_is_ready()
    {
        await using var silo = await SiloProcess.StartAsync(await server.CreateDatabaseAsync());

        Assert.Equal(HttpStatusCode.OK, await silo.HealthAsync("live"));
        Assert.Equal(HttpStatusCode.OK, await silo.HealthAsync("ready"));
        Assert.Equal(HttpStatusCode.NotFound, await silo.HealthAsync("else"));
    }

    [Fact]
    public async Task A_client_that_starts_before_the_silos_says_so_and_waits_for_them()
    {
        var connectionString = await server.CreateDatabaseAsync();
        using var database = TestDatabase.Postgres(connectionString);
        using var log = new CapturedLog();
        using var client = BuildClient(database, log);
        var starting = client.StartAsync();
        _ = await Eventually.TrueAsync(() => Task.FromResult(log.Contains("Waiting for a silo")), TimeSpan.FromSeconds(20), "the client to say that it waits");
        Assert.False(starting.IsCompleted);

        await using var silo = await SiloProcess.StartAsync(connectionString);
        await starting;

        Assert.Equal(1, await ActiveSilosAsync(client));
        await client.StopAsync();
    }

    [Fact]
    public async Task A_client_without_silos_gives_up_after_its_time()
    {
        using var database = TestDatabase.Postgres(await server.CreateDatabaseAsync());
        using (var schema = SchoolDatabase.Open(new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = database.Settings["SchoolHome:ConnectionString"] }))
            _ = await SchemaMigrations.ApplyAsync(schema, default);
        using var log = new CapturedLog();
        using var client = BuildClient(database, log, ("SchoolHome:StartupWait", "00:00:01"));

        _ = await Assert.ThrowsAnyAsync<Exception>(() => client.StartAsync());

        Assert.True(log.Contains("Gave up waiting for a silo"));
    }

    [Fact]
    public async Task Only_the_actors_clock_is_moved_by_a_test()
    {
        var then = new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.FromHours(8));
        using var database = TestDatabase.Sqlite();
        var builder = database.Builder();
        _ = builder.Services.AddKeyedSingleton<TimeProvider>(SchoolClock.Key, new FakeTimeProvider(then));
        _ = builder.UseSchoolHomeSilo(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal(then, await host.Actors().GetGrain<INotebookGrain>("page/1").NowAsync());
        Assert.Same(TimeProvider.System, host.Services.GetRequiredService<TimeProvider>());
        await host.StopAsync();
    }

    private sealed class CapturedLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public bool Contains(string text)
        {
            lock (_lines) return _lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines) _lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
