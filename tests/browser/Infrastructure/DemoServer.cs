using SchoolHome.School;
using SchoolHome.Web.Demo;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>One server with the demo school for all tests that only write pages. Each takes days of its own, so that none disturbs another.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private readonly Lazy<Task<WebProcess>> _web = new(StartAsync);
    private int _days;
    private int _pastDays;

    /// <summary>The school's day, in its time zone.</summary>
    internal static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(8).DateTime);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_web.IsValueCreated)
            await (await _web.Value).DisposeAsync();
    }

    internal Task<WebProcess> WebAsync() => _web.Value;

    /// <summary>A day of the demo's term that nobody else writes on. Tomorrow is left alone: its title is a word.</summary>
    internal DateOnly NewDay() => Today.AddDays(2 + Interlocked.Increment(ref _days));

    /// <summary>As <see cref="NewDay"/>, but one that has come: only those are signed. It lies before the days that the demo itself has written.</summary>
    internal DateOnly NewPastDay() => Today.AddDays(-15 - Interlocked.Increment(ref _pastDays));

    private static async Task<WebProcess> StartAsync()
    {
        var web = await WebProcess.StartAsync("Development");
        // The people of the demo write for a moment after the start; a test of today must not meet them.
        await web.UntilLoggedAsync("The demo class has written", Patience.Long);
        return web;
    }
}

/// <summary>The people of the demo school that the tests act as.</summary>
internal static class Demo
{
    public const string School = "s01";

    /// <summary>三年级2班: its id says when it began, so it is another one each year.</summary>
    public static string Class { get; } = SchoolClass.IdOf(new SchoolId(School), Term.UsualYear(DemoServer.Today), 3, 2).Class;

    /// <summary>许建萱, whose mother, father, grandfather and own account have cards.</summary>
    public const string Child = "2026320295";

    /// <summary>罗春强, the child of <c>other-father</c>.</summary>
    public const string OtherChild = "2026320280";

    /// <summary>The children of <c>two-children</c>.</summary>
    public const string Sister = "2026320293";
    public const string Brother = "2026320307";

    public const string MotherPhone = "19910000557";

    public static string Password => DemoSchool.Password;

    public static string Say(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static string PagePath(string student, DateOnly day) => $"/book/{School}/{student}/{Say(day)}";

    public static string ClassPath(DateOnly day) => $"/class/{School}/{Class}/{Say(day)}";

    public static string SheetPath(DateOnly day) => $"/sheet/{School}/{Class}/{Say(day)}";

    public static string PageTopic(string student, DateOnly day) => $"page/{School}/{student}/{Say(day)}";
}
