using System.Diagnostics;

namespace SchoolHome.Benchmarks.Load;

/// <summary>Collects durations from many threads.</summary>
internal sealed class Latencies
{
    private readonly Lock _lock = new();
    private readonly List<double> _all = [];

    public void Add(long sentAt)
    {
        var took = Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds;
        lock (_lock)
            _all.Add(took);
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    /// <summary>In milliseconds.</summary>
    public double Percentile(double of)
    {
        lock (_lock)
        {
            if (_all.Count == 0)
                throw new InvalidOperationException("Nothing was measured.");
            _all.Sort();
            return _all[Math.Min(_all.Count - 1, (int)(_all.Count * of / 100))];
        }
    }
}
