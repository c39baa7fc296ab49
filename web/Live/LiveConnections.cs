using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace SchoolHome.Web.Live;

/// <summary>
/// Lets the hub have its connections themselves. What a hundred browsers get of one event is written as a message once, and given to each connection as it is; by its name, SignalR would write it anew for each.
/// </summary>
internal sealed class LiveConnections(ILogger<DefaultHubLifetimeManager<LiveHub>> logger) : DefaultHubLifetimeManager<LiveHub>(logger)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        // Not among its items: those are a dictionary that is made for the first of them.
        connection.Features.Set(connection);
        return base.OnConnectedAsync(connection);
    }

    public static HubConnectionContext Of(HubCallerContext context) => context.Features.GetRequiredFeature<HubConnectionContext>();
}
