using System.Net;
using SchoolHome.Silo.Storage;

namespace SchoolHome.Silo;

/// <summary>How the processes of a deployment find each other. Bound from the configuration section <c>SchoolHome</c>.</summary>
public sealed class HostingOptions
{
    /// <summary>Silos and clients with the same one form a cluster.</summary>
    public string ClusterId { get; set; } = "schoolhome";

    /// <summary>Part of the key of every stored row: a deployment never changes it.</summary>
    public string ServiceId { get; set; } = "schoolhome";

    /// <summary>TCP port between silos. Null: 11111 for a silo process, a free one for a silo inside web.</summary>
    public int? SiloPort { get; set; }

    /// <summary>TCP port for web processes. Null: 30000 for a silo process, none for a silo inside web, which has no other clients.</summary>
    public int? GatewayPort { get; set; }

    /// <summary>IP address by which the others reach this silo, and on which it listens.</summary>
    public string AdvertisedAddress { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Where a silo process answers <c>/healthz/live</c> and <c>/healthz/ready</c>, unless the usual ASP.NET Core settings say otherwise.</summary>
    public string HealthUrl { get; set; } = "http://127.0.0.1:8081";

    /// <summary>How long a starting process waits for the database and the silos.</summary>
    public TimeSpan StartupWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <exception cref="InvalidOperationException">The address is not an IP address.</exception>
    public static HostingOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.GetSection(StorageOptions.Section).Get<HostingOptions>() ?? new HostingOptions();
        return IPAddress.TryParse(options.AdvertisedAddress, out _)
            ? options
            : throw new InvalidOperationException($"SchoolHome:AdvertisedAddress must be an IP address, not '{options.AdvertisedAddress}'.");
    }
}
