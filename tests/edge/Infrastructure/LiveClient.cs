using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>A browser's connection to the hub: keeps the frames of each topic, in the order in which they came.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HubConnection _hub;
    private readonly List<JsonObject> _frames = [];
    private readonly List<string> _raw = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LiveClient(HubConnection hub)
    {
        _hub = hub;
        _ = hub.On<JsonElement>("frames", Take);
        hub.Closed += exception =>
        {
            _ = _closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Called with each frame, one at a time.</summary>
    public event Action<JsonObject>? Arrived;

    public bool IsOpen => _hub.State is HubConnectionState.Connected;

    public static async Task<LiveClient> Connect(Uri address, CookieContainer cookies, string? origin = null)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(address, "/live"), HttpTransportType.WebSockets, options =>
            {
                options.SkipNegotiation = true;
                options.Cookies = cookies;
                options.Headers["Origin"] = origin ?? address.GetLeftPart(UriPartial.Authority);
            })
            .Build();
        hub.KeepAliveInterval = TimeSpan.FromSeconds(4);
        hub.ServerTimeout = TimeSpan.FromSeconds(12);
        var client = new LiveClient(hub);
        try
        {
            await hub.StartAsync();
            return client;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    public Task<JsonObject> Join(string topic, (string Epoch, long N)? have = null) =>
        Ask("Join", topic, have is var (epoch, n) ? new { epoch, n } : null);

    public Task Leave(string topic) => _hub.InvokeAsync("Leave", topic);

    /// <param name="topic">The topic.</param>
    /// <param name="section">The section.</param>
    /// <param name="version">The version that the first change is based on.</param>
    /// <param name="clientId">The tab.</param>
    /// <param name="firstSeq">The number of the first change.</param>
    /// <param name="changes">Change sets as JSON, e.g. <c>[[0,"你好"]]</c>.</param>
    public Task<JsonObject> PushText(string topic, string section, int version, string clientId, int firstSeq, params string[] changes) =>
        Ask("PushText", topic, new { section, version, clientId, firstSeq, changes = changes.Select(change => JsonNode.Parse(change)).ToArray() });

    public Task<JsonObject> TextSince(string topic, string section, int version) => Ask("TextSince", topic, section, version);

    /// <summary>Marks have no answer.</summary>
    public Task Mark(string topic, object? place) => _hub.SendAsync("Mark", topic, place);

    /// <summary>Any method with any arguments.</summary>
    public async Task<JsonObject> Ask(string method, params object?[] arguments) =>
        (JsonObject)JsonNode.Parse((await _hub.InvokeCoreAsync<JsonElement>(method, arguments)).GetRawText())!;

    /// <summary>The frames of a topic so far.</summary>
    public JsonObject[] Frames(string topic)
    {
        lock (_frames)
            return [.. _frames.Where(frame => (string?)frame["topic"] == topic)];
    }

    /// <summary>The events of a topic so far.</summary>
    public JsonObject[] Events(string topic) => [.. Frames(topic).Where(frame => frame.ContainsKey("changes"))];

    /// <summary>The events of a topic so far, as the bytes that came.</summary>
    public string[] RawEvents(string topic)
    {
        lock (_frames)
            return [.. _raw.Zip(_frames).Where(one => (string?)one.Second["topic"] == topic && one.Second.ContainsKey("changes")).Select(one => one.First)];
    }

    /// <summary>The marks of a topic so far, one by one.</summary>
    public JsonObject[] Marks(string topic) => [.. Frames(topic).SelectMany(frame => frame["marks"]?.AsArray() ?? []).Select(mark => mark!.AsObject())];

    /// <summary>Waits for what it has of a topic to fulfil a condition.</summary>
    public Task<TimeSpan> Until(Func<LiveClient, bool> condition, string awaited, TimeSpan? limit = null) =>
        Eventually.TrueAsync(() => Task.FromResult(condition(this)), limit ?? Limit, awaited);

    /// <summary>Waits for an event with this number.</summary>
    public Task UntilEvent(string topic, long n) => Until(live => live.Events(topic).Any(one => (long)one["n"]! == n), $"event {n} of {topic}");

    /// <summary>Waits until the server has closed the connection.</summary>
    public async Task UntilClosed(string why)
    {
        try
        {
            await _closed.Task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Limit.TotalSeconds:0} s for the connection to be closed: {why}.");
        }
    }

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    private void Take(JsonElement frames)
    {
        foreach (var element in frames.EnumerateArray())
        {
            var raw = element.GetRawText();
            var frame = (JsonObject)JsonNode.Parse(raw)!;
            lock (_frames)
            {
                _frames.Add(frame);
                _raw.Add(raw);
            }

            Arrived?.Invoke(frame);
        }
    }
}
