using System.Diagnostics;
using System.Globalization;

namespace SchoolHome.Benchmarks.Load;

/// <summary>A program of <c>peers/</c>: somebody else's server, or the load in its protocol.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private readonly Process _process;

    private NodePeer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int ProcessId => _process.Id;

    public ProcessFigures Figures => new(_process.Id);

    private static string Folder => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "peers"));

    /// <summary>Starts a server, which says its port.</summary>
    public static async Task<NodePeer> Start(string program, params string[] arguments)
    {
        var process = Begin(program, arguments);
        var first = await process.StandardOutput.ReadLineAsync();
        if (first?.Split(' ') is not [.., var port] || !int.TryParse(port, CultureInfo.InvariantCulture, out var number))
        {
            process.Kill();
            throw new InvalidOperationException($"{program} did not start: {first} {await process.StandardError.ReadToEndAsync()}");
        }

        return new NodePeer(process, number);
    }

    /// <summary>Runs a program to its end, and answers what it printed.</summary>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Begin(program, arguments);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"{program}: {await complained}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Begin(string program, string[] arguments) => Process.Start(new ProcessStartInfo("node", [program, .. arguments])
    {
        WorkingDirectory = Folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
