using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

[Collection(DemoSchoolCollection.Name)]
public sealed class AuditTests(DemoSchool school)
{
    [Fact]
    public async Task Every_change_is_in_the_days_log_once_with_before_after_and_who_and_none_is_lost()
    {
        const int Changes = 130;
        using var office = await school.SignInAs("administrator");
        const string Number = "2026398001";
        _ = (await office.Post("/api/people/s01/students", new { student = Number, name = "改名零", @class = DemoSchool.Class })).Is(HttpStatusCode.OK);
        for (var i = 1; i <= Changes; i++)
        {
            _ = (await office.Put($"/api/people/s01/students/{Number}", new { name = $"改名{i}" })).Is(HttpStatusCode.NoContent);
            _ = (await office.Put($"/api/people/s01/students/{Number}", new { name = $"改名{i}" })).Is(HttpStatusCode.NoContent);
        }

        List<JsonNode> entries = [];
        await Eventually.TrueAsync(async () => (entries = await OfToday(office, $"student/s01/{Number}")).Count == Changes + 1, TimeSpan.FromSeconds(40), $"{Changes + 1} entries");

        // The newest first.
        Assert.Equal(Enumerable.Range(1, Changes).Reverse().Select(i => $"改名{i}"), entries.Take(Changes).Select(entry => After(entry, "name")));
        Assert.Equal("改名1", Before(entries[Changes - 2], "name"));
        Assert.All(entries, entry => Assert.Equal(("系统管理员", "administrator"), ((string)entry["by"]!, (string)entry["capacity"]!)));
        // The record itself remembers the newest.
        var own = (await office.Get($"/api/people/s01/students/{Number}/history")).Is(HttpStatusCode.OK).Json.AsArray();
        Assert.Equal($"改名{Changes}", After(own[0]!, "name"));
        Assert.True(own.Count <= 40);
    }

    [Fact]
    public async Task A_slip_that_a_class_teacher_issues_is_signed_as_such_and_its_code_is_nowhere()
    {
        using var office = await school.SignInAs("administrator");
        using var teacher = await school.SignInAs("class-teacher");
        var (student, entry, phone) = (await school.NotIn())[^1];
        var slip = await DemoSchool.IssueSlip(teacher, student, entry, phone);

        List<JsonNode> entries = [];
        await Eventually.TrueAsync(async () => (entries = await OfToday(office, $"student/s01/{student}")).Any(one => (string?)one["capacity"] == "classTeacher"), TimeSpan.FromSeconds(20), "the slip's entry");

        Assert.Contains(entries, one => (string?)one["capacity"] == "classTeacher" && one["changes"]!.AsArray().Any(change => (string?)change!["field"] == $"guardian.{entry}.slip"));
        Assert.DoesNotContain(slip.Code[..5], string.Join("", entries.Select(one => one.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_without_changes_is_empty_and_a_malformed_one_is_refused()
    {
        using var office = await school.SignInAs("administrator");

        Assert.Empty((await office.Get("/api/people/s01/audit?day=2001-01-01")).Is(HttpStatusCode.OK).Json["entries"]!.AsArray());
        _ = (await office.Get("/api/people/s01/audit?day=yesterday")).IsProblem(HttpStatusCode.BadRequest, "bad-request");
        _ = (await office.Get("/api/people/s01/audit?chunk=-1")).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    private static async Task<List<JsonNode>> OfToday(Person office, string subject)
    {
        var entries = new List<JsonNode>();
        int? chunk = null;
        do
        {
            var page = (await office.Get($"/api/people/s01/audit{(chunk is { } older ? $"?chunk={older}" : "")}")).Is(HttpStatusCode.OK).Json;
            entries.AddRange(page["entries"]!.AsArray().Where(entry => (string?)entry!["subject"] == subject)!);
            chunk = (int?)page["older"];
        }
        while (chunk is not null);
        return entries;
    }

    private static string? Before(JsonNode entry, string field) => (string?)entry["changes"]!.AsArray().Single(change => (string?)change!["field"] == field)!["before"];

    private static string? After(JsonNode entry, string field) => (string?)entry["changes"]!.AsArray().Single(change => (string?)change!["field"] == field)!["after"];
}
