using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>A silo in a process of its own, as it runs in production, on free ports of the loopback interface. It can be killed.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly Queue<string> _log = new();
    private readonly HttpClient _http;

    private SiloProcess(string connectionString, IReadOnlyDictionary<string, string> more)
    {
        _folder = Directory.CreateTempSubdirectory("schoolhome-silo-").FullName;
        var ports = FreePorts(3);
        SiloPort = ports[0];
        HealthUrl = $"http://127.0.0.1:{ports[2]}";
        _http = new HttpClient { BaseAddress = new Uri(HealthUrl) };
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SchoolHome.Silo.dll")])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SchoolHome__Database"] = "Postgres",
                ["SchoolHome__ConnectionString"] = connectionString,
                ["SchoolHome__SiloPort"] = ports[0].ToString(CultureInfo.InvariantCulture),
                ["SchoolHome__GatewayPort"] = ports[1].ToString(CultureInfo.InvariantCulture),
                ["SchoolHome__HealthUrl"] = HealthUrl,
            },
        };
        _ = start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in more) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int SiloPort { get; }

    public string HealthUrl { get; }

    public string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log);
        }
    }

    public static async Task<SiloProcess> StartAsync(string connectionString, params (string Name, string Value)[] more)
    {
        var silo = new SiloProcess(connectionString, more.ToDictionary(pair => pair.Name, pair => pair.Value));
        try
        {
            await Eventually.TrueAsync(
                async () => await silo.HealthAsync("ready") is HttpStatusCode.OK || silo._process.HasExited, TimeSpan.FromMinutes(1), "a silo to be ready");
            if (silo._process.HasExited) throw new InvalidOperationException($"The silo ended with {silo._process.ExitCode}:\n{silo.Log}");
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>What <c>/healthz/…</c> answers; null when nobody does.</summary>
    public async Task<HttpStatusCode?> HealthAsync(string question)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri($"/healthz/{question}", UriKind.Relative));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>As a power failure would end it: no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As a supervisor ends it. Answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Remember(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > 200) _ = _log.Dequeue();
        }
    }

    /// <summary>All held at once before any is let go, so that they are different.</summary>
    internal static int[] FreePorts(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var socket in sockets) socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var ports = sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port).ToArray();
        foreach (var socket in sockets) socket.Dispose();
        return ports;
    }
}
