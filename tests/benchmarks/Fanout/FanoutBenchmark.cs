using System.Buffers.Text;
using System.Diagnostics;
using SchoolHome.Benchmarks.Load;

namespace SchoolHome.Benchmarks.Fanout;

/// <summary>P1: from an actor by the web process to a hundred who watch each of twenty topics, beside SignalR alone and Socket.IO.</summary>
internal static class FanoutBenchmark
{
    /// <summary>How many may be on their way in a topic before the next is published: enough to keep everybody busy, and no more than a phone can miss.</summary>
    private const int Window = 4;

    public static async Task<bool> Run(bool isQuick)
    {
        var (topics, watchers, deliveriesPerSecond, runs, duration) = isQuick ? (4, 50, 4_000, 1, TimeSpan.FromSeconds(3)) : (20, 100, 20_000, 3, TimeSpan.FromSeconds(8));
        Console.WriteLine($"{topics} topics with {watchers} watchers each; {runs} run{(runs == 1 ? "" : "s")} of each, in turn, each server in a process of its own. What we deliver is stored before.");
        (string Name, Func<int, Task<IFan>> Start)[] servers = [("ours", OurFan.Start), ("bare SignalR", BareFan.Start), ("Socket.IO", SocketIoFan.Start)];
        var all = servers.ToDictionary(server => server.Name, _ => new List<Delivered>());
        for (var run = 0; run < runs; run++)
        {
            foreach (var (name, start) in servers)
                all[name].Add(await Once(start, topics, watchers, deliveriesPerSecond, Report.WarmUp(isQuick), duration));
        }

        Report.Table([.. all.SelectMany(server => Rows(server.Key, server.Value, deliveriesPerSecond))]);
        if (all.Values.SelectMany(one => one).Any(one => one.GeneratorBusy > 0.5 * Environment.ProcessorCount))
            Console.WriteLine($"NOTE the generator of the load used up to {all.Values.SelectMany(one => one).Max(one => one.GeneratorBusy):0.00} of {Environment.ProcessorCount} processors: as fast as it goes, it takes from the servers what they need.");
        bool[] passed =
        [
            Report.Ratio("P1", "deliveries-per-second/bare-signalr", Median(all["ours"], one => one.PerSecond) / Median(all["bare SignalR"], one => one.PerSecond), ">=", 0.9),
            Report.Ratio("P1", "deliveries-per-second/socket.io", Median(all["ours"], one => one.PerSecond) / Median(all["Socket.IO"], one => one.PerSecond), ">=", 1.1),
            Report.Ratio("P1", "p99/bare-signalr", Median(all["ours"], one => one.P99) / Median(all["bare SignalR"], one => one.P99), "<=", 1.3),
        ];
        return passed.All(one => one);
    }

    private static async Task<Delivered> Once(Func<int, Task<IFan>> start, int topics, int watchers, int deliveriesPerSecond, TimeSpan warmUp, TimeSpan duration)
    {
        await using var fan = await start(topics);
        var published = Enumerable.Range(0, topics).Select(_ => new Topic(watchers)).ToArray();
        // Some at a time: a server's backlog of connections that were not accepted yet is short.
        foreach (var some in Enumerable.Range(0, topics * watchers).Chunk(50))
            await Task.WhenAll(some.Select(at => fan.Watch(at % topics, message => published[at % topics].Heard(message))));

        await Flood(fan, published, warmUp);
        var (before, processor, own, clock) = (published.Sum(topic => topic.Deliveries), fan.Figures.ProcessorSeconds(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Flood(fan, published, duration);
        var (seconds, delivered) = (clock.Elapsed.TotalSeconds, published.Sum(topic => topic.Deliveries) - before);
        var (used, busy) = (fan.Figures.ProcessorSeconds() - processor, (Environment.CpuUsage.TotalTime - own).TotalSeconds / seconds);

        var latencies = new Latencies();
        foreach (var topic in published)
            topic.Latencies = latencies;
        await Evenly(fan, published, TimeSpan.FromSeconds((double)topics * watchers / deliveriesPerSecond), duration);
        return new Delivered(delivered / seconds, used * 1_000_000 / delivered, latencies.Percentile(50), latencies.Percentile(99), busy);
    }

    /// <summary>As fast as it goes: in each topic the next is published as soon as all watchers have got the one that was published <see cref="Window"/> before.</summary>
    private static Task Flood(IFan fan, Topic[] topics, TimeSpan duration) => Task.WhenAll(topics.Select((topic, at) => Task.Run(async () =>
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            await topic.UntilAllHave(topic.Published - Window + 1);
            await topic.Publish(fan, at);
        }

        await topic.UntilAllHave(topic.Published);
    })));

    private static Task Evenly(IFan fan, Topic[] topics, TimeSpan pause, TimeSpan duration) => Task.WhenAll(topics.Select((topic, at) => Task.Run(async () =>
    {
        await Task.Delay(pause * ((double)at / topics.Length));
        var clock = Stopwatch.StartNew();
        for (var next = TimeSpan.Zero; clock.Elapsed < duration; next += pause)
        {
            if (next > clock.Elapsed)
                await Task.Delay(next - clock.Elapsed);
            await topic.Publish(fan, at);
        }

        await topic.UntilAllHave(topic.Published);
    })));

    private static IEnumerable<(string, IReadOnlyList<double>)> Rows(string name, List<Delivered> all, int deliveriesPerSecond) =>
    [
        ($"{name}: deliveries/s", [.. all.Select(one => one.PerSecond)]),
        ($"{name}: processor, µs/delivery", [.. all.Select(one => one.ProcessorMicroseconds)]),
        ($"{name} at {deliveriesPerSecond} a second: p50, ms", [.. all.Select(one => one.P50)]),
        ($"{name} at {deliveriesPerSecond} a second: p99, ms", [.. all.Select(one => one.P99)]),
    ];

    private static double Median(List<Delivered> all, Func<Delivered, double> figure) => Report.Median([.. all.Select(figure)]);

    private sealed record Delivered(double PerSecond, double ProcessorMicroseconds, double P50, double P99, double GeneratorBusy);

    /// <summary>What was published in one topic, and how often it has arrived.</summary>
    private sealed class Topic(int watchers)
    {
        private static readonly byte[] Seq = "\"seq\":"u8.ToArray();

        private readonly Lock _lock = new();
        private readonly List<long> _sentAt = [0];
        private readonly List<int> _arrived = [0];
        private (int Seq, TaskCompletionSource All)? _awaited;
        private long _deliveries;

        public Latencies? Latencies { get; set; }

        public int Published { get; private set; }

        public long Deliveries => Interlocked.Read(ref _deliveries);

        public async Task Publish(IFan fan, int topic)
        {
            lock (_lock)
            {
                _sentAt.Add(Stopwatch.GetTimestamp());
                _arrived.Add(0);
            }

            await fan.Publish(topic, ++Published);
        }

        public Task UntilAllHave(int seq)
        {
            lock (_lock)
            {
                if (seq < 1 || _arrived[seq] >= watchers)
                    return Task.CompletedTask;
                var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited = (seq, all);
                return all.Task;
            }
        }

        public void Heard(ReadOnlySpan<byte> message)
        {
            while (message.IndexOf(Seq) is var at and >= 0)
            {
                message = message[(at + Seq.Length)..];
                _ = Utf8Parser.TryParse(message, out int seq, out _);
                Interlocked.Increment(ref _deliveries);
                long sentAt;
                lock (_lock)
                {
                    sentAt = _sentAt[seq];
                    if (++_arrived[seq] >= watchers && _awaited is var (awaited, all) && awaited == seq)
                        all.TrySetResult();
                }

                Latencies?.Add(sentAt);
            }
        }
    }
}
