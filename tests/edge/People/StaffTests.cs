using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Teachers and other staff as the office corrects them.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class StaffTests(DemoSchool school)
{
    private const string Staff = "/api/people/s01/staff";

    [Fact]
    public async Task A_teacher_is_entered_once_and_a_number_that_another_has_is_refused()
    {
        using var office = await school.SignInAs("administrator");
        var command = new { teacher = "X101", name = "尉迟老师", phone = "199 1000 7101", offices = new[] { "gradeHead" } };

        for (var times = 0; times < 2; times++)
            Assert.Equal("x101", (string?)(await office.Post(Staff, command)).Is(HttpStatusCode.OK).Json["teacher"]);

        Assert.NotNull((await office.Post(Staff, new { teacher = "x101", name = "别人" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["teacher"]);
        var wrong = await office.Post(Staff, new { teacher = "x-101", name = "", phone = "1" });
        Assert.Equal(["name", "phone", "teacher"], Fields(wrong));
        for (var times = 0; times < 2; times++)
            _ = (await office.Put($"{Staff}/x101", new { name = "尉迟明", phone = "" })).Is(HttpStatusCode.NoContent);
        var view = await View(office, "x101");
        Assert.Equal("尉迟明", (string?)view["name"]);
        Assert.Null(view["phone"]);
        Assert.Equal(["gradeHead"], view["offices"]!.AsArray().Select(one => (string)one!));
        await Eventually.TrueAsync(
            async () => (await office.Get(Staff)).Json.AsArray().Any(one => (string?)one!["teacher"] == "x101" && (string?)one["name"] == "尉迟明"), TimeSpan.FromSeconds(20), "the staff list to name them");
    }

    [Fact]
    public async Task A_teacher_takes_a_class_over_the_rights_of_the_one_before_end_on_live_connections_and_the_new_ones_begin()
    {
        var day = school.FreshDay();
        var @class = DemoSchool.ClassOf(3, 3);
        using var office = await school.SignInAs("administrator");
        using var before = await SignInAs(office, "t032");
        var after = await Enter(office, "x102", "接班老师");
        await using var desk = await before.ConnectLive();
        await using var next = await after.ConnectLive();
        var sheet = DemoSchool.Sheet(day, @class);
        _ = Ok(await desk.Join(sheet));
        Assert.Equal("not-found", (string?)(await next.Join(sheet))["code"]);

        // Whoever takes over has seen from whom.
        _ = (await office.Post($"{Staff}/x102/take-over", new { @class })).IsProblem(HttpStatusCode.Conflict, "class-teacher-changed");
        _ = (await office.Post($"{Staff}/x102/take-over", new { @class, from = "t031" })).IsProblem(HttpStatusCode.Conflict, "class-teacher-changed");
        _ = (await office.Put($"{Staff}/x102/duties/{@class}", new { kind = "classTeacher" })).IsProblem(HttpStatusCode.Conflict, "class-has-teacher");
        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"{Staff}/x102/take-over", new { @class, from = "T032" })).Is(HttpStatusCode.NoContent);

        await desk.Until(live => live.Frames(sheet).Any(frame => frame.ContainsKey("removed")), "the old class teacher to lose the sheet");
        _ = Ok(await next.Join(sheet));
        _ = await after.AddToSheet(day, "新班主任的作业", "英语", @class);
        _ = (await before.Get($"/api/people/s01/classes/{@class}/families")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await after.Get($"/api/people/s01/classes/{@class}/families")).Is(HttpStatusCode.OK);
        await Eventually.TrueAsync(
            async () => (await ClassTeachers(office, @class)).SequenceEqual(["x102"]), TimeSpan.FromSeconds(20), "the class to have one class teacher");

        // Back, and the other goes on as a subject teacher.
        _ = (await office.Post($"{Staff}/t032/take-over", new { @class, from = "x102", staysAsSubjectTeacher = true })).Is(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(
            async () => (await ClassTeachers(office, @class)).SequenceEqual(["t032"]) && (string?)(await View(office, "x102"))["duties"]![0]!["kind"] == "subjectTeacher",
            TimeSpan.FromSeconds(20), "the class to be given back");
        _ = (await after.Get($"/api/people/s01/classes/{@class}/families")).IsProblem(HttpStatusCode.NotFound, "not-found");
        after.Dispose();
    }

    [Fact]
    public async Task A_counsellor_is_in_charge_of_the_class_and_takes_part_as_one()
    {
        var day = school.FreshDay();
        var @class = DemoSchool.ClassOf(3, 1);
        using var office = await school.SignInAs("administrator");
        using var counsellor = await Enter(office, "x103", "辅导员老师");
        for (var times = 0; times < 2; times++)
            _ = (await office.Put($"{Staff}/x103/duties/{@class}", new { kind = "counsellor", subjects = Array.Empty<string>() })).Is(HttpStatusCode.NoContent);

        _ = (await counsellor.Get($"/api/people/s01/classes/{@class}/families")).Is(HttpStatusCode.OK);
        await using var live = await counsellor.ConnectLive();
        var sheet = DemoSchool.Sheet(day, @class);
        _ = Ok(await live.Join(sheet));
        _ = await counsellor.AddToSheet(day, "辅导员也写", "科学", @class);

        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"{Staff}/x103/duties/{@class}/end")).Is(HttpStatusCode.NoContent);
        await live.Until(one => one.Frames(sheet).Any(frame => frame.ContainsKey("removed")), "the counsellor to lose the sheet");
        _ = (await counsellor.Get($"/api/people/s01/classes/{@class}/families")).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_last_administrator_remains_one_and_does_not_leave()
    {
        using var office = await school.SignInAs("administrator");

        _ = (await office.Put($"{Staff}/admin/offices", new { offices = Array.Empty<string>() })).IsProblem(HttpStatusCode.Conflict, "last-administrator");
        _ = (await office.Put($"{Staff}/admin/offices", new { offices = new[] { "principal" } })).IsProblem(HttpStatusCode.Conflict, "last-administrator");
        _ = (await office.Post($"{Staff}/admin/leave", new { reason = "退休" })).IsProblem(HttpStatusCode.Conflict, "last-administrator");
        Assert.NotNull((await office.Put($"{Staff}/admin/offices", new { })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["offices"]);

        // With another one there it could, but for the district, whose only administrator it is.
        using var second = await Enter(office, "x104", "第二管理员");
        for (var times = 0; times < 2; times++)
            _ = (await office.Put($"{Staff}/x104/offices", new { offices = new[] { "administrator" } })).Is(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(
            async () => (await second.Put($"{Staff}/admin/offices", new { offices = Array.Empty<string>() })).Code == "last-district-administrator", TimeSpan.FromSeconds(20), "the second administrator to count");
        _ = (await second.Get("/api/district")).IsProblem(HttpStatusCode.NotFound, "not-found");

        // The second one goes: rights end at once.
        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"{Staff}/x104/leave", new { reason = "调动" })).Is(HttpStatusCode.NoContent);
        _ = (await second.Get(Staff)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal("调动", (string?)(await View(office, "x104"))["left"]!["reason"]);
        _ = (await office.Post($"{Staff}/x104/take-over", new { @class = DemoSchool.Class, from = "t031" })).IsProblem(HttpStatusCode.Conflict, "teacher-has-left");
        _ = (await office.Post($"{Staff}/x104/return")).Is(HttpStatusCode.NoContent);
        Assert.Empty((await View(office, "x104"))["offices"]!.AsArray());
    }

    private async Task<Person> Enter(Person office, string number, string name)
    {
        _ = (await office.Post(Staff, new { teacher = number, name })).Is(HttpStatusCode.OK);
        return await SignInAs(office, number);
    }

    private async Task<Person> SignInAs(Person office, string number)
    {
        var opened = (await office.Post("/api/people/s01/accounts", new { teacher = number })).Is(HttpStatusCode.OK).Json;
        return await school.SignInByPassword(number, (string)opened["initialPassword"]!);
    }

    private static async Task<JsonNode> View(Person office, string number) => (await office.Get($"{Staff}/{number}")).Is(HttpStatusCode.OK).Json;

    private static async Task<string[]> ClassTeachers(Person office, string @class) =>
    [
        .. (await office.Get($"/api/people/s01/classes/{@class}")).Is(HttpStatusCode.OK).Json["teachers"]!.AsArray()
            .Where(one => (string?)one!["role"] == "classTeacher").Select(one => (string)one!["teacher"]!),
    ];

    private static string[] Fields(Reply reply) => [.. reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)];
}
