using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace SchoolHome.Benchmarks.Load;

/// <summary>
/// One browser's connection to a SignalR hub, in the raw JSON protocol over a WebSocket: the generator of load must cost less than what it measures. What arrives is looked at as bytes.
/// </summary>
internal sealed class RawHub : IAsyncDisposable
{
    private const byte End = 0x1e;
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(5);
    private static readonly byte[] Completion = "{\"type\":3"u8.ToArray();
    private static readonly byte[] InvocationId = "\"invocationId\":\""u8.ToArray();

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, TaskCompletionSource<string>> _asked = [];
    private readonly CancellationTokenSource _closing = new();
    private int _last;
    private Task _reading = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;

    /// <summary>Each message that is no answer: a client method's invocation, or a ping. Called on the reading thread, one at a time.</summary>
    public Arrived? OnMessage { get; set; }

    public delegate void Arrived(ReadOnlySpan<byte> message);

    public static async Task<RawHub> Connect(Uri address, string? cookies = null)
    {
        var hub = new RawHub();
        hub._socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        if (cookies is not null)
            hub._socket.Options.SetRequestHeader("Cookie", cookies);
        await hub._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, CancellationToken.None);
        await hub.Write("{\"protocol\":\"json\",\"version\":1}");
        hub._reading = Task.Run(hub.Read);
        hub._pinging = hub.Ping();
        return hub;
    }

    /// <summary>Calls a hub method and waits for its answer, as JSON.</summary>
    /// <param name="method">The method.</param>
    /// <param name="arguments">The arguments, as a JSON array.</param>
    public async Task<string> Ask(string method, string arguments)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        int id;
        lock (_lock)
        {
            id = ++_last;
            _asked[id] = answer;
        }

        await Write(string.Create(CultureInfo.InvariantCulture, $"{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"{method}\",\"arguments\":{arguments}}}"));
        return await answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _reading;
        await _pinging;
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    // A browser says now and then that it is there; who does not is cut.
    private async Task Ping()
    {
        try
        {
            while (true)
            {
                await Task.Delay(BetweenPings, _closing.Token);
                await Write("{\"type\":6}");
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // Closed by us, or by the other side.
        }
    }

    private async Task Write(string message)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(message.Length) + 1];
        var length = Encoding.UTF8.GetBytes(message, bytes);
        bytes[length] = End;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes.AsMemory(0, length + 1), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task Read()
    {
        var room = new byte[4 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == room.Length)
                    Array.Resize(ref room, room.Length * 2);
                var read = await _socket.ReceiveAsync(room.AsMemory(filled), _closing.Token);
                if (read.MessageType is WebSocketMessageType.Close)
                    break;
                filled += read.Count;
                var from = 0;
                while (room.AsSpan(from, filled - from).IndexOf(End) is var length and >= 0)
                {
                    Take(room.AsSpan(from, length));
                    from += length + 1;
                }

                room.AsSpan(from, filled - from).CopyTo(room);
                filled -= from;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // Closed by us, or by the other side: whoever waits learns it below.
        }

        lock (_lock)
        {
            foreach (var asked in _asked.Values)
                asked.TrySetException(new IOException("The connection was closed."));
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith(Completion))
        {
            OnMessage?.Invoke(message);
            return;
        }

        var id = 0;
        for (var at = message.IndexOf(InvocationId) + InvocationId.Length; message[at] != '"'; at++)
            id = (id * 10) + message[at] - '0';
        TaskCompletionSource<string>? asked;
        lock (_lock)
            _asked.Remove(id, out asked);
        asked?.TrySetResult(Encoding.UTF8.GetString(message));
    }
}
