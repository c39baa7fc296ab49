using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>A browser whose network takes nothing any more, though it still sends signs of life: it speaks SignalR's JSON protocol by hand, so that it can stop reading.</summary>
internal sealed class DeafClient : IAsyncDisposable
{
    private const byte End = 0x1e;

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<byte> _left = [];
    private Task _pings = Task.CompletedTask;
    private int _calls;

    /// <summary>Whether even its signs of life go nowhere: the server has ended the connection.</summary>
    public bool IsCut => _pings.IsCompleted && !_ended.IsCancellationRequested;

    public static async Task<DeafClient> Connect(Person person)
    {
        var client = new DeafClient();
        // Little room on this side, so that the server's fills soon.
        using var handler = new SocketsHttpHandler
        {
            CookieContainer = person.Cookies,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        client._socket.Options.SetRequestHeader("Origin", person.Address.GetLeftPart(UriPartial.Authority));
        await client._socket.ConnectAsync(new UriBuilder(person.Address) { Scheme = "ws", Path = "/live" }.Uri, invoker, CancellationToken.None);
        await client.Send("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await client.Read());
        return client;
    }

    public async Task<JsonNode> Join(string topic)
    {
        var id = (++_calls).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Send(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = "Join", arguments = new object?[] { topic, null } }));
        while (true)
        {
            var message = JsonNode.Parse(await Read())!;
            if ((int)message["type"]! == 3 && (string?)message["invocationId"] == id)
                return message["result"]!;
        }
    }

    /// <summary>From here on it reads nothing; so that it is not taken for gone, it goes on sending pings.</summary>
    public void StopReading() => _pings = Ping();

    /// <summary>Reads what is still in the pipe, until there is no connection any more.</summary>
    public async Task UntilCut(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        var room = new byte[64 * 1024];
        try
        {
            while (_socket.State is WebSocketState.Open)
                _ = await _socket.ReceiveAsync(room, patience.Token);
        }
        catch (WebSocketException)
        {
            // Cut without a goodbye.
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for a browser that does not read to be cut.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _pings;
        _socket.Dispose();
        _ended.Dispose();
    }

    private async Task Ping()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
                await Send("""{"type":6}""");
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // It has been cut, or the test is over.
        }
    }

    private Task Send(string message) => _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(message), End], WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task<string> Read()
    {
        var room = new byte[16 * 1024];
        int end;
        while ((end = _left.IndexOf(End)) < 0)
        {
            var read = await _socket.ReceiveAsync(room, CancellationToken.None);
            _left.AddRange(room.AsSpan(0, read.Count));
        }

        var message = Encoding.UTF8.GetString([.. _left[..end]]);
        _left.RemoveRange(0, end + 1);
        return message;
    }
}
