using System.Globalization;
using SchoolHome.Benchmarks.Load;

namespace SchoolHome.Benchmarks.Fanout;

/// <summary>A server with topics that many watch, and somebody who publishes in each. What is published carries <c>"seq":n</c>, counted by topic from 1 on.</summary>
internal interface IFan : IAsyncDisposable
{
    ProcessFigures Figures { get; }

    /// <summary>One more who watches a topic.</summary>
    Task Watch(int topic, RawHub.Arrived onMessage);

    /// <summary>Publishes the next in a topic. Called for one after the other within a topic.</summary>
    Task Publish(int topic, int seq);
}

/// <summary>
/// The product: an edit of a page goes to the page's actor, is stored, and goes by the web process to all who watch the page. Those who watch write in turn, for one browser may push only so often.
/// </summary>
internal sealed class OurFan(DemoSchool school) : IFan
{
    private readonly List<RawHub>[] _watching = [.. school.Pages.Select(_ => new List<RawHub>())];

    public ProcessFigures Figures => school.Figures;

    public static async Task<IFan> Start(int topics) => new OurFan(await DemoSchool.Start(topics));

    public async Task Watch(int topic, RawHub.Arrived onMessage)
    {
        var hub = await school.Join(school.Pages[topic]);
        hub.OnMessage = onMessage;
        lock (_watching[topic])
            _watching[topic].Add(hub);
    }

    public async Task Publish(int topic, int seq)
    {
        var rest = seq == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $",{seq - 1}");
        var answer = await _watching[topic][seq % _watching[topic].Count].Ask("PushText", string.Create(CultureInfo.InvariantCulture,
            $"[\"{school.Pages[topic]}\",{{\"section\":\"answer\",\"version\":{seq - 1},\"clientId\":\"editor-{topic:000000}\",\"firstSeq\":{seq},\"changes\":[[[0,\"字\"]{rest}]]}}]"));
        if (!answer.Contains("\"ok\":true", StringComparison.Ordinal))
            throw new InvalidOperationException($"An edit was refused: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _watching.SelectMany(hubs => hubs))
            await hub.DisposeAsync();
        await school.DisposeAsync();
    }
}

/// <summary>SignalR and its groups: the limit.</summary>
internal sealed class BareFan(BareSignalR server, RawHub[] publishers) : IFan
{
    private readonly List<RawHub> _watching = [];

    public ProcessFigures Figures => server.Figures;

    public static async Task<IFan> Start(int topics)
    {
        var server = await BareSignalR.Start();
        return new BareFan(server, await Task.WhenAll(Enumerable.Range(0, topics).Select(_ => RawHub.Connect(server.Hub))));
    }

    public async Task Watch(int topic, RawHub.Arrived onMessage)
    {
        var hub = await RawHub.Connect(server.Hub);
        hub.OnMessage = onMessage;
        _ = await hub.Ask("Join", $"[\"{Payload.Topic(topic)}\"]");
        lock (_watching)
            _watching.Add(hub);
    }

    public Task Publish(int topic, int seq) => publishers[topic].Ask("Publish", $"[\"{Payload.Topic(topic)}\",{Payload.Of(topic, seq)}]");

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _watching.Concat(publishers))
            await hub.DisposeAsync();
        await server.DisposeAsync();
    }
}

/// <summary>Socket.IO and its rooms: the peer.</summary>
internal sealed class SocketIoFan(NodePeer server, RawSocketIo[] publishers) : IFan
{
    private readonly List<RawSocketIo> _watching = [];

    public ProcessFigures Figures => server.Figures;

    public static async Task<IFan> Start(int topics)
    {
        var server = await NodePeer.Start("socketio.mjs");
        return new SocketIoFan(server, await Task.WhenAll(Enumerable.Range(0, topics).Select(_ => RawSocketIo.Join(server.Port, "publishers", null))));
    }

    public async Task Watch(int topic, RawHub.Arrived onMessage)
    {
        var connection = await RawSocketIo.Join(server.Port, Payload.Topic(topic), onMessage);
        lock (_watching)
            _watching.Add(connection);
    }

    public Task Publish(int topic, int seq) => publishers[topic].Publish(Payload.Topic(topic), Payload.Of(topic, seq));

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _watching.Concat(publishers))
            await connection.DisposeAsync();
        await server.DisposeAsync();
    }
}

/// <summary>What the others publish: as long as, and of the shape of, what the product tells of an edit.</summary>
internal static class Payload
{
    public static string Topic(int topic) => string.Create(CultureInfo.InvariantCulture, $"page/s01/2026320{topic:000}/2026-11-24");

    public static string Of(int topic, int seq) => string.Create(CultureInfo.InvariantCulture,
        $"[{{\"topic\":\"{Topic(topic)}\",\"epoch\":\"0123456789ab\",\"n\":{seq},\"changes\":[{{\"kind\":\"text\",\"section\":\"answer\",\"version\":{seq},\"updates\":[{{\"clientId\":\"editor-{topic:000000}\",\"seq\":{seq},\"changes\":[[0,\"字\"],{seq}]}}],\"by\":{{\"id\":\"account/0123456789abcdef0123456789abcdef\",\"name\":\"谭宇英\",\"role\":\"classTeacher\",\"relation\":null}},\"at\":\"2026-11-24T08:00:00.1234567+00:00\"}}]}}]");
}
