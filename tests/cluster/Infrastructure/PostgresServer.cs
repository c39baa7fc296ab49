using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>
/// A PostgreSQL server of the tests' own, from the binaries that the machine has: data in a temporary folder, on a free port of the loopback interface,
/// without passwords, stopped by its process id. The file stands alone, so that other projects can link it: tests with <c>PostgresCollection.cs</c>, benchmarks without xunit.
/// </summary>
public sealed partial class PostgresServer
{
    private const string Superuser = "postgres";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"schoolhome-postgres-{Guid.NewGuid():N}");
    private Process? _server;
    private string _binaries = "";
    private int _port;
    private int _databases;

    public async Task InitializeAsync()
    {
        _binaries = FindBinaries();
        var data = Path.Combine(_folder, "data");
        if (OperatingSystem.IsWindows()) _ = Directory.CreateDirectory(_folder);
        else _ = Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // PostgreSQL refuses to run as root: the folder belongs to the account that it runs under.
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", [Unprivileged, _folder]);

        await RunAsync("initdb", ["-D", data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]);
        await StartAsync(data);
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    /// <summary>Creates an empty database and answers the connection string for it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        _ = await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async Task DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        NpgsqlConnection.ClearAllPools();
        if (_server is { HasExited: false } server)
        {
            // SIGINT is PostgreSQL's fast shutdown: it breaks the sessions off and leaves no shared memory behind.
            await RunAsync("kill", ["-INT", server.Id.ToString(CultureInfo.InvariantCulture)], asServer: false);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await server.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                server.Kill(entireProcessTree: true);
            }
        }

        _server?.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (_server is { HasExited: false } server) server.Kill(entireProcessTree: true);
    }

    private async Task StartAsync(string data)
    {
        // Between the choice of a free port and its use somebody else may take it.
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort();
            _server = Process.Start(Command("postgres",
            [
                "-D", data, "-p", _port.ToString(CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=on", "-c", "max_connections=200",
                "-c", "logging_collector=off",
            ]))!;
            var log = Drain(_server);
            if (await AnswersAsync(_server)) return;
            if (attempt == 3) throw new InvalidOperationException($"PostgreSQL does not start:\n{log}");
            if (!_server.HasExited) _server.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Polls until it answers; false when it has ended instead, an exception when it does neither for a minute.</summary>
    private async Task<bool> AnswersAsync(Process server)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var waited = Stopwatch.StartNew();
        while (!server.HasExited)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync();
                return true;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException)
            {
                if (waited.Elapsed > TimeSpan.FromMinutes(1))
                    throw new TimeoutException("Waited a minute for PostgreSQL to accept connections.", exception);
                _ = await timer.WaitForNextTickAsync();
            }
        }

        return false;
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username={Superuser};Database={database}";

    private static string Unprivileged => Superuser;

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var found = versions
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
        return found ?? throw new InvalidOperationException(
            "These tests need PostgreSQL's server programs (initdb, postgres) under /usr/lib/postgresql/*/bin or in PATH; on Debian: apt-get install postgresql.");
    }

    private ProcessStartInfo Command(string program, string[] arguments, bool asServer = true)
    {
        var bundled = Path.Combine(_binaries, program);
        var path = File.Exists(bundled) ? bundled : program;
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        // setpriv becomes the program, so that the process id is PostgreSQL's own.
        string[] all = asServer && path == bundled && Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--init-groups", "--", path, .. arguments]
            : [path, .. arguments];
        start.FileName = all[0];
        foreach (var argument in all.Skip(1)) start.ArgumentList.Add(argument);
        return start;
    }

    private async Task RunAsync(string program, string[] arguments, bool asServer = true)
    {
        using var process = Process.Start(Command(program, arguments, asServer))!;
        var log = Drain(process);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed with {process.ExitCode}:\n{log}");
    }

    /// <summary>Reads both outputs as they come: a full pipe would stop the process.</summary>
    private static Log Drain(Process process)
    {
        var log = new Log();
        process.OutputDataReceived += (_, line) => log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => log.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return log;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed class Log
    {
        private readonly Queue<string> _last = new();

        public void Add(string? line)
        {
            if (line is null) return;
            lock (_last)
            {
                _last.Enqueue(line);
                if (_last.Count > 100) _ = _last.Dequeue();
            }
        }

        public override string ToString()
        {
            lock (_last) return string.Join('\n', _last);
        }
    }
}
