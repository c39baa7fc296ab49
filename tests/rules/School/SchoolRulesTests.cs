using System.Globalization;
using SchoolHome.Grains.School;
using SchoolHome.School;

namespace SchoolHome.Tests.Rules.School;

public sealed class SchoolRulesTests
{
    private static readonly Term Autumn = new("第一学期", new DateOnly(2026, 9, 1), new DateOnly(2027, 1, 31), 2026);
    private static readonly Term Spring = new("第二学期", new DateOnly(2027, 2, 22), new DateOnly(2027, 7, 10), 2026);
    private static readonly SchoolProfile Good = SchoolProfile.Of("青禾小学", "Asia/Shanghai", [Autumn, Spring]);

    private static string[] Problems(SchoolProfile profile) => [.. SchoolRules.Check(profile).Select(problem => $"{problem.Field} {problem.Code}")];

    [Fact]
    public void A_school_with_a_name_a_time_zone_and_terms_in_order_is_good() => Assert.Empty(Problems(Good));

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(["name required", "timeZone unknown", "terms required"], Problems(SchoolProfile.Of(" ", "Asia/Nowhere", [])));

    [Fact]
    public void Terms_neither_overlap_nor_run_backwards()
    {
        Assert.Equal(["terms order"], Problems(Good with { Terms = [Autumn with { Last = new DateOnly(2026, 8, 31) }] }));
        Assert.Equal(["terms overlap"], Problems(Good with { Terms = [Autumn, Spring with { First = Autumn.Last }] }));
        Assert.Equal(["terms overlap"], Problems(Good with { Terms = [Spring, Autumn] }));
        Assert.Empty(Problems(Good with { Terms = [Autumn, Spring with { First = Autumn.Last.AddDays(1) }] }));
        Assert.Equal(["name too-long"], Problems(Good with { Name = new string('校', SchoolRules.LongestName + 1) }));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2026-11-22T15:59:59Z", "2026-11-22")]
    [InlineData("Asia/Shanghai", "2026-11-22T16:00:00Z", "2026-11-23")]
    [InlineData("Asia/Urumqi", "2026-11-22T17:59:59Z", "2026-11-22")]
    [InlineData("Europe/Berlin", "2026-07-01T22:00:00Z", "2026-07-02")]
    [InlineData("Europe/Berlin", "2026-12-01T22:00:00Z", "2026-12-01")]
    public void Today_is_the_day_in_the_schools_time_zone(string timeZone, string now, string today) =>
        Assert.Equal(DateOnly.Parse(today, CultureInfo.InvariantCulture), SchoolRules.Today(timeZone, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_day_belongs_to_the_term_that_holds_it_its_ends_included()
    {
        Assert.Equal(Autumn, Good.TermOf(Autumn.First));
        Assert.Equal(Autumn, Good.TermOf(Autumn.Last));
        Assert.Null(Good.TermOf(Autumn.Last.AddDays(1)));
        Assert.Equal(Spring, Good.TermOf(Spring.First));
    }

    [Fact]
    public void Classes_are_in_the_order_in_which_people_count() =>
        Assert.Equal(
            ["1-1", "1-2", "1-10", "2-1", "3-1", "3-2", "3-2-a", "3-2-b", "3-10", "10-1"],
            new[] { "3-10", "10-1", "3-2-b", "1-10", "3-2", "1-2", "2-1", "3-2-a", "1-1", "3-1" }.Order(ClassOrder.Natural));
}
