using SchoolHome.Benchmarks.Load;

namespace SchoolHome.Benchmarks.Connections;

/// <summary>P2: what a signed-in browser that watches three topics costs the web process in memory, beside a connection of SignalR alone that is in three groups.</summary>
internal static class ConnectionsBenchmark
{
    private const int TopicsOfEach = 3;
    private const int Topics = 120;

    public static async Task<bool> Run(bool isQuick)
    {
        var (connections, runs) = isQuick ? (500, 1) : (5_000, 3);
        Console.WriteLine($"{connections} connections in {TopicsOfEach} of {Topics} topics each; {runs} run{(runs == 1 ? "" : "s")} of each, in turn, each server in a process of its own");
        var (ours, bare) = (new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            ours.Add(await Ours(connections));
            bare.Add(await Bare(connections));
        }

        Report.Table(("ours: kB a connection", ours), ("bare SignalR: kB a connection", bare));
        return Report.Ratio("P2", "memory-per-connection/bare-signalr", Report.Median(ours) / Report.Median(bare), "<=", 1.25);
    }

    private static async Task<double> Ours(int connections)
    {
        await using var school = await DemoSchool.Start(Topics);
        return await Kilobytes(school.Figures, connections, at => school.Join(Of(at).Select(topic => school.Pages[topic])));
    }

    private static async Task<double> Bare(int connections)
    {
        await using var server = await BareSignalR.Start();
        return await Kilobytes(server.Figures, connections, async at =>
        {
            var hub = await RawHub.Connect(server.Hub);
            foreach (var topic in Of(at))
                _ = await hub.Ask("Join", $"[\"page/s01/2026320{topic:000}/2026-11-24\"]");
            return hub;
        });
    }

    private static IEnumerable<int> Of(int connection) => Enumerable.Range(0, TopicsOfEach).Select(at => (connection + (at * 40)) % Topics);

    private static async Task<double> Kilobytes(ProcessFigures server, int connections, Func<int, Task<RawHub>> connect)
    {
        var all = new List<RawHub>();
        try
        {
            // What is needed once, for whomever: code, actors, the first of each kind.
            await Connect(Topics * 2);
            await Settle();
            var before = server.ResidentKilobytes();
            await Connect(connections);
            await Settle();
            return (server.ResidentKilobytes() - before) / connections;
        }
        finally
        {
            foreach (var hub in all)
                await hub.DisposeAsync();
        }

        async Task Connect(int more)
        {
            foreach (var some in Enumerable.Range(all.Count, more).Chunk(50))
                all.AddRange(await Task.WhenAll(some.Select(connect)));
        }

        // The collector has time to give back what it does not need.
        static Task Settle() => Task.Delay(TimeSpan.FromSeconds(10));
    }
}
