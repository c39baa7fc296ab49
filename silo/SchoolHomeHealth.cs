using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Runtime;
using SchoolHome.Silo.Storage;

namespace SchoolHome.Silo;

/// <summary>What a load balancer or a supervisor asks of a process. Neither answer says anything about people or settings.</summary>
public static class SchoolHomeHealth
{
    internal const string Ready = "ready";

    /// <summary>Listens on <see cref="HostingOptions.HealthUrl"/>, unless one of ASP.NET Core's own settings names an address.</summary>
    public static void UseSchoolHomeHealthUrl(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration["urls"] is null && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            _ = builder.WebHost.UseUrls(HostingOptions.From(builder.Configuration).HealthUrl);
    }

    /// <summary>
    /// <c>/healthz/live</c>: the process answers at all. <c>/healthz/ready</c>: its silo is active in the cluster (or, in a client, a silo answers), and
    /// the database does.
    /// </summary>
    public static void MapSchoolHomeHealth(this IEndpointRouteBuilder endpoints)
    {
        _ = endpoints.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        _ = endpoints.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) }).AllowAnonymous();
    }
}

internal sealed class SiloIsActive(ISiloStatusOracle membership) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(membership.CurrentStatus is SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The silo is {membership.CurrentStatus}."));
}

internal sealed class ClusterAnswers(IClusterClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // What this throws is reported as unhealthy.
        var silos = await client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
        return silos.Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No silo is active.");
    }
}

internal sealed class DatabaseAnswers(SchoolDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await database.PingAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
