using System.Net;
using System.Net.Sockets;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>
/// A cable between one browser and the server that can be pulled, and that can swallow the answers only. What the browser's own emulation cuts
/// ends at once; a real network also goes silent.
/// </summary>
internal sealed class NetworkCable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly List<TcpClient> _connections = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;
    private volatile bool _isCut;
    private volatile bool _swallowsAnswers;

    public NetworkCable(Uri server)
    {
        _target = server.Port;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = Accept();
    }

    /// <summary>Where the browser finds the server.</summary>
    public Uri Address { get; }

    /// <summary>From now on nothing that the server says arrives, while what the browser says still does.</summary>
    public void SwallowAnswers() => _swallowsAnswers = true;

    /// <summary>Ends all connections, and every new one at once.</summary>
    public void Cut()
    {
        _isCut = true;
        lock (_connections)
        {
            foreach (var connection in _connections)
                connection.Dispose();
            _connections.Clear();
        }
    }

    public void Restore() => (_isCut, _swallowsAnswers) = (false, false);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ended.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var browser = await _listener.AcceptTcpClientAsync(_ended.Token);
                if (_isCut)
                    browser.Dispose();
                else
                    _ = Connect(browser);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Connect(TcpClient browser)
    {
        var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            lock (_connections)
                _connections.AddRange([browser, server]);
            await Task.WhenAny(Pump(browser, server, () => false), Pump(server, browser, () => _swallowsAnswers));
        }
        catch (SocketException)
        {
            // The server is down: the browser learns it by the closing below.
        }
        finally
        {
            browser.Dispose();
            server.Dispose();
        }
    }

    private static async Task Pump(TcpClient from, TcpClient to, Func<bool> swallows)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var (source, sink) = (from.GetStream(), to.GetStream());
            for (int read; (read = await source.ReadAsync(buffer)) > 0;)
            {
                if (!swallows())
                    await sink.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end has gone: so does the other.
        }
    }
}
