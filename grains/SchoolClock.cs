namespace SchoolHome.Grains;

/// <summary>
/// The clock that actors read: <c>[FromKeyedServices(SchoolClock.Key)] TimeProvider clock</c>. It has a key of its own, so that a test can move the
/// school's time without driving the silo's timers, time-outs and membership probes with it.
/// </summary>
internal static class SchoolClock
{
    public const string Key = "school";
}
