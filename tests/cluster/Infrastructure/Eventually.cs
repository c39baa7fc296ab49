using System.Diagnostics;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>Asks again and again, and says what it waited for when it gives up.</summary>
internal static class Eventually
{
    public static async Task<TimeSpan> TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string awaited)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (waited.Elapsed > limit) throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for {awaited}.");
            _ = await timer.WaitForNextTickAsync();
        }

        return waited.Elapsed;
    }
}
