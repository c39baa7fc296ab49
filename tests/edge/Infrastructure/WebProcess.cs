using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>
/// The real web host in a process of its own, on a free port of the loopback interface, with a data folder of its own. It can be killed, and started
/// again on both. The file stands alone (with <see cref="Eventually"/>), so that other test projects can link it.
/// </summary>
internal sealed class WebProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _environment;
    private readonly (string Name, string Value)[] _settings;
    private readonly List<string> _log = [];
    private readonly HttpClient _http;
    private Process? _process;

    private WebProcess(string environment, (string Name, string Value)[] settings)
    {
        (_environment, _settings) = (environment, settings);
        DataFolder = Directory.CreateTempSubdirectory("schoolhome-web-").FullName;
        Address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        _http = new HttpClient { BaseAddress = Address };
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public Uri Address { get; }

    public string DataFolder { get; }

    public int ProcessId => _process!.Id;

    /// <summary>Everything that it has written so far, over all its lives.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <summary>Starts it, and waits until it is ready.</summary>
    /// <param name="environment">In <c>Development</c> an empty database becomes the demo school; <c>Production</c> asks for its first administrator.</param>
    /// <param name="settings">More of the configuration, e.g. <c>("SchoolHome:HostsSilo", "false")</c>.</param>
    public static async Task<WebProcess> StartAsync(string environment, params (string Name, string Value)[] settings)
    {
        var web = new WebProcess(environment, settings);
        try
        {
            await web.StartAgainAsync();
            return web;
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it where it was: same port, same data.</summary>
    public async Task StartAgainAsync()
    {
        EnsureClient();
        _process?.Dispose();
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "SchoolHome.Web.dll"),
            "--urls", Address.ToString(),
            $"--SchoolHome:DataFolder={DataFolder}",
            // The tests of one machine sign in more often than a school.
            "--SchoolHome:SignInsPerMinute=100000",
            .. _settings.Select(setting => $"--{setting.Name}={setting.Value}"),
        ])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = _environment },
        };
        _ = start.Environment.Remove("ASPNETCORE_URLS");
        _ = start.Environment.Remove("DOTNET_ENVIRONMENT");
        var process = _process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        _ = await Eventually.TrueAsync(async () => process.HasExited || await IsReadyAsync(), StartLimit, "the web process to be ready");
        if (process.HasExited)
            throw new InvalidOperationException($"The web process ended with {process.ExitCode}:\n{Log}");
    }

    /// <summary>Waits for a line of the log.</summary>
    public Task UntilLoggedAsync(string part, TimeSpan limit) =>
        Eventually.TrueAsync(() => Task.FromResult(Log.Contains(part, StringComparison.Ordinal)), limit, $"the log to say '{part}'");

    /// <summary>As a power failure would end it: no goodbye.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As a supervisor ends it. Answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        _http.Dispose();
        Directory.Delete(DataFolder, recursive: true);
    }

    // A test host that is stopped in the middle leaves no server behind.
    private void KillAtExit(object? sender, EventArgs e)
    {
        if (_process is { HasExited: false } process)
            process.Kill();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Add(line);
    }

    // The build puts the Vue app here. These tests do not look at it, so any page will do where somebody has built without it.
    private static void EnsureClient()
    {
        var page = Path.Combine(AppContext.BaseDirectory, "client", "index.html");
        if (File.Exists(page))
            return;
        _ = Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        File.WriteAllText(page, "<!doctype html><html lang=\"zh-CN\"><title>SchoolHome</title><div id=\"app\"></div></html>\n");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
