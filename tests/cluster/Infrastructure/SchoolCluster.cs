using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.TestingHost;
using SchoolHome.Grains;
using SchoolHome.Grains.People;
using SchoolHome.Live;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>
/// Two silos in this process, with the real actors over storage that fails on demand. The actors' clock stands still until a test moves it; the silos' own timers are real.
/// Tests share it: each founds a school of its own.
/// </summary>
public sealed class SchoolCluster : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly List<object> _observers = [];
    private int _schools;

    internal InProcessTestCluster Cluster { get; private set; } = null!;

    internal TestStorage Storage { get; } = new();

    internal FakeTimeProvider Clock { get; } = new(Start);

    internal BegunCalls Calls { get; } = new();

    internal TestPhones Phones { get; } = new();

    internal IClusterClient Actors => Cluster.Client;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        _ = builder.ConfigureSilo((options, silo) =>
        {
            _ = silo.Services.AddGrainStorage("Default", (services, name) => Storage);
            _ = silo.UseInMemoryReminderService();
            _ = silo.AddIncomingGrainCallFilter(Calls);
            _ = silo.Services.AddKeyedSingleton<TimeProvider>(SchoolClock.Key, Clock);
            _ = silo.Services.AddSingleton<ITextMessageGateway>(Phones);
            _ = silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(10));
            _ = silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 2;
                options.NumVotesForDeathDeclaration = 1;
            });
        });
        _ = builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(10)));
        Cluster = builder.Build();
        await Cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>A school of the test's own, with the classes 3-1, 3-2 and 3-10.</summary>
    internal async Task<TestSchool> ASchool()
    {
        var school = new TestSchool(this, new SchoolId(string.Create(CultureInfo.InvariantCulture, $"s{Interlocked.Increment(ref _schools):00}")));
        await school.Found();
        return school;
    }

    /// <summary>A web process that watches. Orleans holds observers weakly, so they are kept here.</summary>
    internal Watcher AWatcher()
    {
        var watcher = new Watcher();
        watcher.Feed = Actors.CreateObjectReference<ILiveFeed>(watcher);
        lock (_observers)
            _observers.Add(watcher);

        return watcher;
    }

    /// <summary>The activation goes away in good order; the next call makes another.</summary>
    internal Task Deactivate(IAddressable actor) => Cluster.DeactivateAsync(actor);

    /// <summary>The actor's next activation is on that silo.</summary>
    internal async Task Move(IAddressable actor, InProcessSiloHandle to)
    {
        if (SiloOf(actor) != to)
            await Cluster.MigrateAsync(actor, to.SiloAddress);
    }

    internal bool IsActive(IAddressable actor) => Cluster.TryGetGrainContext(actor.GetGrainId(), out _);

    /// <summary>The silo on which an actor is active.</summary>
    internal InProcessSiloHandle SiloOf(IAddressable actor) =>
        Cluster.TryGetGrainContext(actor.GetGrainId(), out var context) && Cluster.GetSiloForAddress(context.Address.SiloAddress!) is { } silo
            ? silo
            : throw new InvalidOperationException($"{actor.GetGrainId()} is not active.");
}

[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit's word.")]
public sealed class SchoolClusterCollection : ICollectionFixture<SchoolCluster>
{
    public const string Name = "school cluster";
}
