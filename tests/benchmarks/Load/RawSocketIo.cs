using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace SchoolHome.Benchmarks.Load;

/// <summary>One browser's connection to Socket.IO, in its raw protocol (Engine.IO 4 over a WebSocket).</summary>
internal sealed class RawSocketIo : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private Task _reading = Task.CompletedTask;

    /// <summary>Each event. Called on the reading thread, one at a time.</summary>
    public RawHub.Arrived? OnMessage { get; set; }

    public static async Task<RawSocketIo> Join(int port, string room, RawHub.Arrived? onMessage)
    {
        var connection = new RawSocketIo { OnMessage = onMessage };
        await connection._socket.ConnectAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket")), CancellationToken.None);
        connection._reading = Task.Run(() => connection.Read(room));
        await connection._joined.Task;
        return connection;
    }

    public Task Publish(string room, string payload) => Write($"42[\"publish\",\"{room}\",{payload}]");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    private async Task Write(string message)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task Read(string room)
    {
        var buffer = new byte[4 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
                var read = await _socket.ReceiveAsync(buffer.AsMemory(filled), _closing.Token);
                if (read.MessageType is WebSocketMessageType.Close)
                    break;
                filled += read.Count;
                if (!read.EndOfMessage)
                    continue;
                var kind = Encoding.ASCII.GetString(buffer, 0, Math.Min(2, filled));
                if (kind == "42")
                    OnMessage?.Invoke(buffer.AsSpan(0, filled));
                else if (kind[0] == '0')
                    await Write("40");
                else if (kind == "40")
                    await Write($"421[\"join\",\"{room}\"]");
                else if (kind == "43")
                    _joined.TrySetResult();
                else if (kind[0] == '2')
                    await Write("3");
                filled = 0;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // Closed by us, or by the other side.
        }

        _joined.TrySetException(new IOException("The connection was closed."));
    }
}
