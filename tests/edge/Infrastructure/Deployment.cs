using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using SchoolHome.Live;
using SchoolHome.Silo;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>
/// SchoolHome as a school district runs it: two silo processes and two web processes on PostgreSQL, by configuration alone, with the demo school in it.
/// With the other files of this folder and those of the cluster ring it can be linked into other test projects.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schoolhome-deployment-").FullName;
    private IHost? _observer;

    private Deployment()
    {
    }

    public List<SiloProcess> Silos { get; } = [];

    public List<WebProcess> Webs { get; } = [];

    public static async Task<Deployment> StartAsync(PostgresServer server)
    {
        var deployment = new Deployment();
        try
        {
            await deployment.StartAsync(await server.CreateDatabaseAsync());
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Which silo has the actor of a topic in its memory now.</summary>
    public async Task<SiloProcess> SiloOf(string topic)
    {
        var actors = _observer!.Services.GetRequiredService<IGrainFactory>();
        var address = await actors.GetGrain<IManagementGrain>(0).GetActivationAddress(LiveTopics.Of(actors, topic)!)
            ?? throw new InvalidOperationException($"Nobody has asked anything of {topic} yet.");
        return Silos.Single(silo => silo.SiloPort == address.Endpoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_observer is not null)
            await _observer.StopAsync();
        _observer?.Dispose();
        foreach (var web in Webs)
            await web.DisposeAsync();
        foreach (var silo in Silos)
            await silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(string connectionString)
    {
        Silos.AddRange(await Task.WhenAll(SiloProcess.StartAsync(connectionString), SiloProcess.StartAsync(connectionString)));
        (string Name, string Value)[] settings =
        [
            ("SchoolHome:HostsSilo", "false"),
            ("SchoolHome:Database", "Postgres"),
            ("SchoolHome:ConnectionString", connectionString),
            ("SchoolHome:KeyCertificatePath", MakeKeyCertificate()),
        ];
        // One after the other: the first one makes the demo school.
        Webs.Add(await WebProcess.StartAsync("Development", settings));
        await Webs[0].UntilLoggedAsync("The demo class has written", TimeSpan.FromMinutes(2));
        Webs.Add(await WebProcess.StartAsync("Development", settings));

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder });
        _ = builder.Logging.ClearProviders();
        _ = builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        _ = builder.UseSchoolHomeClient(builder.Configuration);
        _observer = builder.Build();
        await _observer.StartAsync();
    }

    private string MakeKeyCertificate()
    {
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=SchoolHome keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        var path = Path.Combine(_folder, "keys.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12));
        return path;
    }
}
