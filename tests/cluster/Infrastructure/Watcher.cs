using System.Collections.Concurrent;
using System.Text.Json;
using SchoolHome.Live;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>What a web process gets to hear.</summary>
internal sealed class Watcher : ILiveFeed
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public ILiveFeed Feed { get; set; } = null!;

    public ConcurrentQueue<LiveEvent> Events { get; } = new();

    public ConcurrentQueue<(string Topic, LiveMark Mark)> Marks { get; } = new();

    public ConcurrentQueue<(string Topic, LivePosition Position)> Announcements { get; } = new();

    /// <summary>What receiving does besides; throws or waits in tests of L6.</summary>
    public Func<Task> OnDeliver { get; set; } = () => Task.CompletedTask;

    public async Task Deliver(LiveEvent happened)
    {
        Events.Enqueue(happened);
        await OnDeliver();
    }

    public Task Marked(string topic, LiveMark mark)
    {
        Marks.Enqueue((topic, mark));
        return Task.CompletedTask;
    }

    public Task Announce(string topic, LivePosition position)
    {
        Announcements.Enqueue((topic, position));
        return Task.CompletedTask;
    }

    /// <summary>The numbers that were heard, in order. Orleans may carry two messages past each other; a web process puts them in order by their numbers (L3).</summary>
    public long[] Numbers() => [.. InOrder().Select(happened => happened.N)];

    public IEnumerable<LiveEvent> InOrder() => Events.ToArray().OrderBy(happened => happened.N);

    /// <summary>The kinds of changes that were told, event by event.</summary>
    public string[] Kinds() => [.. InOrder().SelectMany(KindsOf)];

    /// <summary>Waits for the events of the given numbers.</summary>
    public Task HasHeard(long to, long from = 1) =>
        Eventually.TrueAsync(
            () => Task.FromResult(Numbers().Count(n => from <= n && n <= to) == to - from + 1), Limit, $"the events {from} to {to} ({Numbers().Length} heard so far)");

    public static IEnumerable<string> KindsOf(LiveEvent happened)
    {
        using var changes = JsonDocument.Parse(happened.Changes);
        return [.. changes.RootElement.EnumerateArray().Select(change => change.GetProperty("kind").GetString()!)];
    }
}
