using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.School;

/// <summary>A school's name, calendar and settings.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class CalendarTests(DemoSchool school)
{
    private const string Path = "/api/schools/s01";

    [Fact]
    public async Task The_calendar_is_read_by_offices_and_what_is_put_back_changes_nothing()
    {
        using var office = await school.SignInAs("administrator");
        using var head = await school.SignInAs("subject-teacher");
        var before = (await office.Get(Path)).Is(HttpStatusCode.OK).Json;

        for (var times = 0; times < 2; times++)
            _ = (await office.Put(Path, before)).Is(HttpStatusCode.NoContent);

        Assert.Equal(before.ToJsonString(), (await office.Get(Path)).Is(HttpStatusCode.OK).Json.ToJsonString());
        Assert.Single(before["holidays"]!.AsArray());
        Assert.Single(before["makeUpDays"]!.AsArray());
        Assert.True((bool)before["studentAccounts"]!);
        Assert.False((bool)(await head.Get(Path)).Is(HttpStatusCode.OK).Json["mayChange"]!);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_calendar_is_named_at_once()
    {
        using var office = await school.SignInAs("administrator");

        var missing = await office.Put(Path, new { });
        var wrong = await office.Put(Path, new
        {
            name = "",
            timeZone = "Nowhere/Never",
            terms = new[] { new { name = "甲", first = "2026-09-01", last = "2027-01-20" }, new { name = "乙", first = "2027-01-20", last = "2027-07-01" } },
            holidays = new[] { new { name = "", first = "2026-10-01", last = "2026-10-07" } },
            makeUpDays = new[] { new { day = "2026-09-02", name = "周三" } },
            lastGrade = 13,
            slipDays = 0,
        });

        Assert.Equal(["lastGrade", "slipDays"], Fields(missing));
        Assert.Equal(["holidays", "lastGrade", "makeUpDays", "name", "slipDays", "terms", "timeZone"], Fields(wrong));
    }

    [Fact]
    public async Task A_holiday_and_a_make_up_day_are_kept_in_order_and_written_in_the_log()
    {
        using var office = await school.SignInAs("administrator");
        var before = (await office.Get(Path)).Is(HttpStatusCode.OK).Json;
        var changed = before.DeepClone();
        var holiday = DateOnly.ParseExact((string)before["holidays"]![0]!["first"]!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var earlier = DemoSchool.Written(holiday.AddDays(-7));
        changed["holidays"]!.AsArray().Add(JsonNode.Parse($$"""{"name":"校庆","first":"{{earlier}}"}"""));
        try
        {
            for (var times = 0; times < 2; times++)
                _ = (await office.Put(Path, changed)).Is(HttpStatusCode.NoContent);

            var after = (await office.Get(Path)).Is(HttpStatusCode.OK).Json["holidays"]!.AsArray();
            Assert.Equal(["校庆", "演示假期"], after.Select(one => (string)one!["name"]!));
            Assert.Equal(earlier, (string?)after[0]!["last"]);
            await Eventually.TrueAsync(
                async () => (await office.Get("/api/people/s01/audit")).Json["entries"]!.AsArray().Count(entry =>
                    (string?)entry!["subject"] == "school/s01" && entry["changes"]!.AsArray().Any(change => ((string?)change!["after"])?.Contains("校庆", StringComparison.Ordinal) == true)) == 1,
                TimeSpan.FromSeconds(20), "one entry in the log");
        }
        finally
        {
            _ = (await office.Put(Path, before)).Is(HttpStatusCode.NoContent);
        }
    }

    private static string[] Fields(Reply reply) => [.. reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)];
}
