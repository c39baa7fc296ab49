using System.Net;
using System.Net.Sockets;

namespace SchoolHome.Tests.Storage;

/// <summary>A wire to a server on this machine that can be cut at a chosen moment.</summary>
internal sealed class CutWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly Task _accepting;
    private readonly CancellationTokenSource _end = new();
    private volatile bool _cut;

    public CutWire(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether new connections are closed at once.</summary>
    public volatile bool IsDown;

    /// <summary>The next that the server says does not arrive; the connection ends instead. PostgreSQL answers a small command in one piece, after it has committed.</summary>
    public void CutAtNextAnswer() => _cut = true;

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (IsDown) client.Dispose();
                else wires.Add(CarryAsync(client));
            }
        }
        catch (SocketException)
        {
            await Task.WhenAll(wires);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, _server);
        var (here, there) = (near.GetStream(), far.GetStream());
        _ = await Task.WhenAny(PumpAsync(here, there, isAnswer: false), PumpAsync(there, here, isAnswer: true));
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _end.Token) is var count and > 0)
            {
                if (isAnswer && _cut)
                {
                    _cut = false;
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction has ended, or all do.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        // Also those that wait in somebody's pool.
        await _end.CancelAsync();
        await _accepting;
        _end.Dispose();
    }
}
