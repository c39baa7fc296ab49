using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SchoolHome.Benchmarks.Load;

/// <summary>The limit of the live path: SignalR with groups, and nothing else. It runs in a process of its own, which is this program again.</summary>
internal sealed class BareSignalR : IAsyncDisposable
{
    public const string Argument = "serve-bare-signalr";

    private readonly Process _process;

    private BareSignalR(Process process, Uri hub) => (_process, Hub) = (process, hub);

    public Uri Hub { get; }

    public ProcessFigures Figures => new(_process.Id);

    public static async Task<BareSignalR> Start()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareSignalR).Assembly.Location, Argument])
        {
            RedirectStandardOutput = true,
            // As a web program has it.
            Environment = { ["DOTNET_gcServer"] = "1" },
        })!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare server did not start.");
        return new BareSignalR(process, new Uri(address));
    }

    /// <summary>The server's side.</summary>
    public static async Task Serve()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapHub<GroupsHub>("/live");
        await app.StartAsync();
        Console.WriteLine($"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/live");
        await app.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    internal sealed class GroupsHub : Hub
    {
        public Task Join(string topic) => Groups.AddToGroupAsync(Context.ConnectionId, topic);

        public Task Publish(string topic, JsonElement frames) => Clients.Group(topic).SendAsync("frames", frames);
    }
}
