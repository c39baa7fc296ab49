namespace SchoolHome.Live;

/// <summary>So many a second, and so many at once (L9).</summary>
/// <param name="perSecond">How many a second, in the long run.</param>
/// <param name="atOnce">How many may come at once after a silence.</param>
/// <param name="clock">The clock.</param>
public sealed class Allowance(int perSecond, int atOnce, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private double _left = atOnce;
    private long _since = clock.GetTimestamp();

    /// <summary>Whether one is left at this moment.</summary>
    public bool HasAny => Left(0);

    /// <summary>Takes one; false where none is left at this moment.</summary>
    public bool Take() => Left(1);

    private bool Left(int taking)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(atOnce, _left + clock.GetElapsedTime(_since, now).TotalSeconds * perSecond);
            _since = now;
            if (_left < 1)
                return false;

            _left -= taking;
            return true;
        }
    }
}
