using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>The gateway for text messages of a provider, which keeps what it is to send.</summary>
internal sealed class TextMessages : IAsyncDisposable
{
    public const string Token = "the gateway's token";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Phone, string Text)> _sent = new();
    private readonly Task _listening;

    public TextMessages()
    {
        // HttpListener cannot choose a free port by itself.
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Url = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/send/";
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _listening = Listen();
    }

    public string Url { get; }

    /// <summary>What was sent to a phone so far.</summary>
    public string[] To(string phone) => [.. _sent.Where(message => message.Phone == phone).Select(message => message.Text)];

    /// <summary>Waits until so many were sent to a phone. Answers the last one.</summary>
    public async Task<string> Until(string phone, int count)
    {
        _ = await Eventually.TrueAsync(() => Task.FromResult(To(phone).Length >= count), TimeSpan.FromSeconds(20), $"text message {count} to a phone");
        return To(phone)[count - 1];
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _listening;
        _listener.Close();
    }

    private async Task Listen()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var message = (await JsonNode.ParseAsync(context.Request.InputStream))!;
            if (context.Request.Headers["Authorization"] == $"Bearer {Token}")
                _sent.Enqueue(((string)message["phone"]!, (string)message["text"]!));
            context.Response.StatusCode = 204;
            context.Response.Close();
        }
    }
}
