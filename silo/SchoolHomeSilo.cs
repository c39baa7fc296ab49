using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Configuration.Overrides;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using SchoolHome.Grains;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.Silo.People;
using SchoolHome.Silo.Storage;

namespace SchoolHome.Silo;

/// <summary>In which process a silo runs.</summary>
public enum SiloRole
{
    /// <summary>Inside web: nobody else needs to reach it, so it takes whatever port is free.</summary>
    Embedded,

    /// <summary>A process of its own, with ports that others can be told.</summary>
    Process,
}

/// <summary>One configuration of the actors' host, for the silo process and for <c>web</c> when it hosts the silo itself.</summary>
public static class SchoolHomeSilo
{
    // A caller whose answer is lost learns so this soon, and asks again with the same operation id.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    // What Orleans' own storage provider is called where actors do not use it directly. In no row.
    private const string Provider = "AdoNet";

    /// <summary>Hosts a silo in this process. The database is brought up to date before anything in the host starts.</summary>
    public static IHostApplicationBuilder UseSchoolHomeSilo(
        this IHostApplicationBuilder builder, IConfiguration configuration, SiloRole role = SiloRole.Embedded)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var storage = StorageOptions.From(configuration, builder.Environment);
        var hosting = HostingOptions.From(configuration);
        if (role is SiloRole.Process && storage.Database is DatabaseKind.Sqlite)
        {
            throw new InvalidOperationException(
                "A silo process shares its database with others, so it needs SchoolHome:Database=Postgres. With SQLite the silo runs inside web: start that.");
        }

        AddDatabase(builder.Services, storage, hosting);
        _ = builder.Services.AddSingleton(TextMessageOptions.From(configuration)).AddSingleton<ITextMessageGateway, TextMessageGateway>();
        _ = builder.Services.AddHostedService<DatabaseMigration>();
        _ = builder.Services.AddHealthChecks()
            .AddCheck<SiloIsActive>("silo", tags: [SchoolHomeHealth.Ready])
            .AddCheck<DatabaseAnswers>("database", tags: [SchoolHomeHealth.Ready]);
        return builder.UseOrleans(silo => Configure(silo, storage, hosting, role));
    }

    /// <summary>Makes this process a client of the silos of a cluster: it waits for them at start, and finds those that come and go.</summary>
    public static IHostApplicationBuilder UseSchoolHomeClient(this IHostApplicationBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var storage = StorageOptions.From(configuration, builder.Environment);
        var hosting = HostingOptions.From(configuration);
        if (storage.Database is DatabaseKind.Sqlite)
        {
            throw new InvalidOperationException(
                "A web process without a silo finds the silos through the database that they share, so it needs SchoolHome:Database=Postgres.");
        }

        AddDatabase(builder.Services, storage, hosting);
        _ = builder.Services.AddHostedService<DatabaseWait>();
        _ = builder.Services.AddHealthChecks()
            .AddCheck<ClusterAnswers>("cluster", tags: [SchoolHomeHealth.Ready])
            .AddCheck<DatabaseAnswers>("database", tags: [SchoolHomeHealth.Ready]);
        return builder.UseOrleansClient(client =>
        {
            _ = client.Configure<ClusterOptions>(options => Name(options, hosting));
            _ = client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
            _ = client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            _ = client.UseAdoNetClustering(clustering => clustering.Configure<SchoolDatabase>((options, database) =>
            {
                options.Invariant = database.Invariant;
                options.DataSource = database.DataSource;
            }));
            _ = client.Services.AddSingleton<IClientConnectionRetryFilter, SilosAtStart>();
        });
    }

    /// <summary>Keeps the keys behind cookies and antiforgery tokens in the database, encrypted. After one of the two methods above.</summary>
    /// <exception cref="InvalidOperationException">Several web processes are to share keys, and no certificate is given.</exception>
    public static IDataProtectionBuilder AddSchoolHomeDataProtection(this IHostApplicationBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var storage = StorageOptions.From(configuration, builder.Environment);
        AddDatabase(builder.Services, storage, HostingOptions.From(configuration));
        var certificate = KeyCertificate.Load(storage, TimeProvider.System);
        _ = builder.Services.AddOptions<KeyManagementOptions>().Configure<SchoolDatabase, TimeProvider>(
            (options, database, clock) => options.XmlRepository = new DataProtectionKeys(database, clock));
        return builder.Services.AddDataProtection()
            .SetApplicationName("schoolhome")
            .ProtectKeysWithCertificate(certificate)
            .UnprotectKeysWithAnyCertificate(certificate);
    }

    internal static void Configure(ISiloBuilder silo, StorageOptions storage, HostingOptions hosting, SiloRole role)
    {
        _ = silo.Configure<ClusterOptions>(options => Name(options, hosting));
        _ = silo.Configure<EndpointOptions>(options => Place(options, hosting, role));
        _ = silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        _ = silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(15));
        UseStorage(silo, storage);

        switch (storage.Database)
        {
            case DatabaseKind.Sqlite:
                // The membership of one lies in its memory. DataFolder sees to it that there is only one.
                _ = silo.UseDevelopmentClustering(primarySiloEndpoint: null);
                break;
            case DatabaseKind.Postgres:
                _ = silo.UseAdoNetClustering(clustering => clustering.Configure<SchoolDatabase>((options, database) =>
                {
                    options.Invariant = database.Invariant;
                    options.DataSource = database.DataSource;
                }));
                _ = silo.Configure<ClusterMembershipOptions>(NoticeTheDeadSoon);
                break;
            default:
                throw new InvalidOperationException($"No clustering for {storage.Database}.");
        }
    }

    /// <summary>Actors' states and reminders in the database, and the actors' clock.</summary>
    internal static void UseStorage(ISiloBuilder silo, StorageOptions storage)
    {
        _ = silo.Configure<SystemTextJsonGrainStorageSerializerOptions>(options => StateJson.Configure(options.JsonSerializerOptions));
        silo.Services.TryAddSingleton<SystemTextJsonGrainStorageSerializer>();
        if (storage.GroupCommit)
        {
            _ = silo.AddAdoNetGrainStorage(Provider, ConfigureProvider);
            silo.Services.TryAddSingleton<StorageMetrics>();
            _ = silo.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (services, name) => GroupCommit(services, name, storage));
        }
        else
        {
            _ = silo.AddAdoNetGrainStorageAsDefault(ConfigureProvider);
        }

        _ = silo.UseAdoNetReminderService(reminders => reminders.Configure<SchoolDatabase>((options, database) =>
        {
            options.Invariant = database.Invariant;
            options.DataSource = database.DataSource;
        }));
        silo.Services.TryAddKeyedSingleton(SchoolClock.Key, TimeProvider.System);
    }

    private static void ConfigureProvider(OptionsBuilder<AdoNetGrainStorageOptions> provider) =>
        provider.Configure<SchoolDatabase, SystemTextJsonGrainStorageSerializer>((options, database, serializer) =>
        {
            options.Invariant = database.Invariant;
            options.DataSource = database.DataSource;
            options.GrainStorageSerializer = serializer;
        });

    private static GroupCommitStorage GroupCommit(IServiceProvider services, string name, StorageOptions storage)
    {
        var database = services.GetRequiredService<SchoolDatabase>();
        var serviceId = services.GetProviderClusterOptions(name).Value.ServiceId;
        // PostgreSQL carries out one group while the silo makes up another; more than two only make the groups smaller. SQLite has one writer.
        (IGroupCommit commit, var count) = database.Kind switch
        {
            DatabaseKind.Sqlite => ((IGroupCommit)new SqliteGroups(serviceId), 1),
            DatabaseKind.Postgres => (new PostgresGroups(serviceId), 2),
        };
        var queues = Enumerable.Range(0, count).Select(_ => new GroupCommitQueue(
            database.DataSource, commit, storage, services.GetRequiredService<StorageMetrics>(), services.GetRequiredService<ILogger<GroupCommitQueue>>()));
        return new(services.GetRequiredKeyedService<IGrainStorage>(Provider), [.. queues], services.GetRequiredService<SystemTextJsonGrainStorageSerializer>());
    }

    internal static void AddDatabase(IServiceCollection services, StorageOptions storage, HostingOptions hosting)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(hosting);
        services.TryAddSingleton(_ => SchoolDatabase.Open(storage));
        services.TryAddSingleton(_ => new DataFolder(storage));
        services.TryAddSingleton<StartupPatience>();
    }

    private static void Name(ClusterOptions options, HostingOptions hosting)
    {
        options.ClusterId = hosting.ClusterId;
        options.ServiceId = hosting.ServiceId;
    }

    private static void Place(EndpointOptions options, HostingOptions hosting, SiloRole role)
    {
        options.AdvertisedIPAddress = IPAddress.Parse(hosting.AdvertisedAddress);
        options.SiloPort = hosting.SiloPort ?? (role is SiloRole.Process ? EndpointOptions.DEFAULT_SILO_PORT : FreePort(options.AdvertisedIPAddress));
        // 0 is no gateway.
        options.GatewayPort = hosting.GatewayPort ?? (role is SiloRole.Process ? EndpointOptions.DEFAULT_GATEWAY_PORT : 0);
    }

    /// <summary>
    /// A killed silo is declared dead by its peers in two or three seconds: two probes missed, one a second. One vote is enough between two silos
    /// (Orleans asks for no more than half of those alive), two among more.
    /// </summary>
    private static void NoticeTheDeadSoon(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 2;
        options.NumVotesForDeathDeclaration = 2;
        // Silos tell each other of changes at once; reading the table is for what that missed.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // A silo that starts after all others were killed waits until the rows of the dead are stale: three times this.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
    }

    private static int FreePort(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>A client that starts before the silos tries again; one that lost them later does so by itself.</summary>
internal sealed class SilosAtStart(StartupPatience patience) : IClientConnectionRetryFilter
{
    public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken) =>
        patience.WaitAsync("a silo to take connections", exception, cancellationToken);
}
