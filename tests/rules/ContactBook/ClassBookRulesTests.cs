using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.School;

namespace SchoolHome.Tests.Rules.ContactBook;

public sealed class ClassBookRulesTests
{
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private static readonly TimeOnly AtEight = new(20, 0);
    private static readonly SchoolProfile School =
        SchoolProfile.Of("青禾小学", "Asia/Shanghai", [new Term("第一学期", new DateOnly(2026, 9, 1), new DateOnly(2027, 1, 31), 2026)]) with
        {
            Holidays = [new Holiday("演示假期", new DateOnly(2026, 11, 25), new DateOnly(2026, 11, 26))],
            MakeUpDays = [new MakeUpDay(new DateOnly(2026, 11, 28), "补课")],
        };

    private static readonly ClassBookState Chosen = new() { Settings = ClassBookSettings.Default with { RemindAt = AtEight } };

    private static DateTimeOffset InShanghai(DateOnly day, int hour, int minute) => new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, minute)), TimeSpan.FromHours(8)).ToUniversalTime();

    private static DateOnly? DueDay(ClassBookState state, DateTimeOffset now) => ClassBookRules.DueDay(state, School, now);

    [Fact]
    public void Families_are_reminded_from_the_chosen_time_on_and_once_a_day()
    {
        Assert.Null(DueDay(Chosen, InShanghai(Monday, 19, 59)));
        Assert.Equal(Monday, DueDay(Chosen, InShanghai(Monday, 20, 0)));
        Assert.Equal(Monday, DueDay(Chosen, InShanghai(Monday, 23, 59)));
        Assert.Null(DueDay(Chosen, InShanghai(Monday.AddDays(1), 0, 1)));
        Assert.Null(DueDay(Chosen with { Reminded = Monday }, InShanghai(Monday, 20, 5)));
        Assert.Equal(Monday.AddDays(1), DueDay(Chosen with { Reminded = Monday }, InShanghai(Monday.AddDays(1), 20, 0)));
        Assert.Null(DueDay(new ClassBookState(), InShanghai(Monday, 20, 0)));
        Assert.Null(DueDay(new ClassBookState { Settings = ClassBookSettings.Default }, InShanghai(Monday, 20, 0)));
    }

    [Theory]
    [InlineData("2026-11-24", true)]
    [InlineData("2026-11-25", false)]
    [InlineData("2026-11-28", true)]
    [InlineData("2026-11-29", false)]
    [InlineData("2027-02-01", false)]
    public void On_days_without_school_nobody_is_reminded(string date, bool isReminded)
    {
        var day = DateOnly.ParseExact(date, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(isReminded ? day : null, DueDay(Chosen, InShanghai(day, 20, 0)));
    }

    [Fact]
    public void The_next_time_is_today_or_tomorrow_in_the_schools_time_zone()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), ClassBookRules.Until(AtEight, "Asia/Shanghai", InShanghai(Monday, 19, 59)));
        Assert.Equal(TimeSpan.FromDays(1), ClassBookRules.Until(AtEight, "Asia/Shanghai", InShanghai(Monday, 20, 0)));
        Assert.Equal(TimeSpan.FromHours(21), ClassBookRules.Until(AtEight, "Asia/Shanghai", InShanghai(Monday, 23, 0)));
    }

    [Fact]
    public void It_stays_the_same_time_of_day_when_the_clocks_change()
    {
        // In Berlin the clocks go back on 25 October 2026: that day has 25 hours, and no hour is left out or reminded twice.
        var before = new DateTimeOffset(2026, 10, 24, 18, 0, 0, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromHours(25), ClassBookRules.Until(AtEight, "Europe/Berlin", before));
        Assert.Equal(TimeSpan.FromHours(24), ClassBookRules.Until(AtEight, "Europe/Berlin", before.AddHours(25)));
        // And on 28 March 2027 there is no half past two: half past three is as long after midnight.
        Assert.Equal(TimeSpan.FromMinutes(150), ClassBookRules.Until(new TimeOnly(2, 30), "Europe/Berlin", new DateTimeOffset(2027, 3, 27, 23, 0, 0, TimeSpan.Zero)));
    }
}
