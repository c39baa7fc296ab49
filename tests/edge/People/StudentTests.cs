using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Students as the office corrects them; what it does counts at once, for those who are looking, too.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class StudentTests(DemoSchool school)
{
    private const string Students = "/api/people/s01/students";

    private static int _next = 2026399000;

    [Fact]
    public async Task A_student_is_entered_once_and_a_number_that_another_has_is_refused()
    {
        using var office = await school.SignInAs("administrator");
        var number = Number();
        var command = new { student = number.ToUpperInvariant(), name = " 单小雨 ", @class = DemoSchool.Class, gender = "女", birthDate = "2017-05-04", guardians = new[] { new { name = "单大雨", relation = "father", phone = "199 1000 7001" } } };

        Assert.Equal(number, (string?)(await office.Post(Students, command)).Is(HttpStatusCode.OK).Json["student"]);
        Assert.Equal(number, (string?)(await office.Post(Students, command)).Is(HttpStatusCode.OK).Json["student"]);

        var errors = (await office.Post(Students, new { student = number, name = "别人", @class = DemoSchool.Class })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!;
        Assert.NotNull(errors["student"]);
        var view = await View(office, number);
        Assert.Equal(("单小雨", "三年级2班", "女", "2017-05-04"), ((string)view["name"]!, (string)view["className"]!, (string)view["gender"]!, (string)view["birthDate"]!));
        var guardian = Assert.Single(view["guardians"]!.AsArray())!;
        Assert.Equal(("单大雨", "father", "+8619910007001", "none"), ((string)guardian["name"]!, (string)guardian["relation"]!, (string)guardian["phone"]!, (string)guardian["state"]!));
        Assert.Single(await History(office, number));
    }

    [Fact]
    public async Task Every_wrong_field_of_a_student_is_named_at_once()
    {
        using var office = await school.SignInAs("administrator");

        var added = await office.Post(Students, new { student = "a b", name = "", @class = "9-9", gender = "?", specialStatus = new string('长', 300), guardians = new object[] { new { name = "", phone = "12" } } });
        var corrected = await office.Put($"{Students}/{DemoSchool.Child}", new { name = new string('长', 61), gender = "x" });
        var left = await office.Post($"{Students}/{DemoSchool.Child}/leave", new { on = "2999-01-01", reason = " " });

        Assert.Equal(["class", "gender", "guardians[0].name", "guardians[0].phone", "guardians[0].relation", "name", "specialStatus", "student"], Fields(added));
        Assert.Equal(["gender", "name"], Fields(corrected));
        Assert.Equal(["on", "reason"], Fields(left));
    }

    [Fact]
    public async Task A_correction_is_made_once_and_says_what_was_what_is_and_who_did_it()
    {
        using var office = await school.SignInAs("administrator");
        var number = await Enter(office, "张三水");
        var command = new { name = "张淼", gender = "男", specialStatus = "随班就读" };

        _ = (await office.Put($"{Students}/{number}", command)).Is(HttpStatusCode.NoContent);
        _ = (await office.Put($"{Students}/{number}", command)).Is(HttpStatusCode.NoContent);

        var history = await History(office, number);
        Assert.Equal(2, history.Count);
        var entry = history[0]!;
        Assert.Equal(("系统管理员", "administrator"), ((string)entry["by"]!, (string)entry["capacity"]!));
        Assert.Contains(entry["changes"]!.AsArray(), change => (string?)change!["field"] == "name" && (string?)change["before"] == "张三水" && (string?)change["after"] == "张淼");
    }

    [Fact]
    public async Task A_child_that_moves_takes_its_familys_and_its_teachers_rights_along_also_on_live_connections()
    {
        var day = school.FreshDay();
        using var office = await school.SignInAs("administrator");
        var account = await school.OpenAccountForGuardian();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await guardian.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        var (page, sheet, other) = (DemoSchool.Page(account.Student, day), DemoSchool.Sheet(day), DemoSchool.Sheet(day, DemoSchool.ClassOf(3, 1)));
        _ = Ok(await home.Join(page));
        _ = Ok(await home.Join(sheet));
        _ = Ok(await desk.Join(page));

        var move = new { @class = DemoSchool.ClassOf(3, 1) };
        _ = (await office.Post($"{Students}/{account.Student}/move", move)).Is(HttpStatusCode.NoContent);
        try
        {
            await home.Until(live => live.Frames(sheet).Any(frame => frame.ContainsKey("removed")), "the old class's sheet to be taken away");
            await desk.Until(live => live.Frames(page).Any(frame => frame.ContainsKey("removed")), "the old teacher to lose the page");
            _ = Ok(await home.Join(other));
            Assert.DoesNotContain(home.Frames(page), frame => frame.ContainsKey("removed"));

            _ = (await office.Post($"{Students}/{account.Student}/move", move)).Is(HttpStatusCode.NoContent);
            Assert.Equal("三年级1班", (string?)(await View(office, account.Student))["className"]);
            Assert.Contains((await History(office, account.Student))[0]!["changes"]!.AsArray(), change =>
                (string?)change!["field"] == "class" && (string?)change["before"] == "三年级2班" && (string?)change["after"] == "三年级1班");
        }
        finally
        {
            _ = (await office.Post($"{Students}/{account.Student}/move", new { @class = DemoSchool.Class })).Is(HttpStatusCode.NoContent);
        }
    }

    [Fact]
    public async Task A_child_that_leaves_is_in_no_class_and_found_among_those_who_left_and_comes_back()
    {
        using var office = await school.SignInAs("administrator");
        var number = await Enter(office, "鲜于离离");
        var leave = new { reason = "转学到外地" };

        _ = (await office.Post($"{Students}/{number}/leave", leave)).Is(HttpStatusCode.NoContent);
        _ = (await office.Post($"{Students}/{number}/leave", leave)).Is(HttpStatusCode.NoContent);

        var view = await View(office, number);
        Assert.Null(view["class"]);
        Assert.Equal(("转学到外地", "三年级2班", DemoSchool.Written(school.Today)), ((string)view["left"]!["reason"]!, (string)view["left"]!["className"]!, (string)view["left"]!["on"]!));
        await Eventually.TrueAsync(
            async () => (await Find(office, "鲜于离离")).Any(one => (string?)one!["kind"] == "leaver"), TimeSpan.FromSeconds(20), "the leaver to be found");
        _ = (await office.Post($"{Students}/{number}/move", new { @class = DemoSchool.Class })).IsProblem(HttpStatusCode.Conflict, "student-has-left");

        _ = (await office.Post($"{Students}/{number}/return", new { @class = DemoSchool.Class })).Is(HttpStatusCode.NoContent);
        Assert.Equal("三年级2班", (string?)(await View(office, number))["className"]);
        await Eventually.TrueAsync(
            async () => (await Find(office, "鲜于离离")).All(one => (string?)one!["kind"] == "student"), TimeSpan.FromSeconds(20), "the child to be a student again");
    }

    [Fact]
    public async Task Other_offices_read_without_phone_numbers_and_without_why_custody_is_restricted()
    {
        using var office = await school.SignInAs("administrator");
        using var head = await school.SignInAs("subject-teacher");
        var number = await Enter(office, "柳青青");
        _ = (await office.Post($"{Students}/{number}/guardians/g1/restrict", new { restriction = "noAccess", reason = "（2026）青法民初字第 1 号" })).Is(HttpStatusCode.NoContent);

        var (all, some) = (await View(office, number), await View(head, number));

        Assert.Equal(("（2026）青法民初字第 1 号", true), ((string)all["guardians"]![0]!["custodyReason"]!, (bool)all["mayChange"]!));
        Assert.Equal("7002", (string?)some["guardians"]![0]!["phoneTail"]);
        Assert.Null(some["guardians"]![0]!["phone"]);
        Assert.Null(some["guardians"]![0]!["custodyReason"]);
        Assert.Equal("noAccess", (string?)some["guardians"]![0]!["custody"]);
        Assert.False((bool)some["mayChange"]!);
        Assert.DoesNotContain("青法民初", some.ToJsonString(), StringComparison.Ordinal);
    }

    private static string Number() => Interlocked.Increment(ref _next).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> Enter(Person office, string name)
    {
        var number = Number();
        _ = (await office.Post(Students, new { student = number, name, @class = DemoSchool.Class, guardians = new[] { new { name = $"{name[0]}妈妈", relation = "mother", phone = "19910007002" } } })).Is(HttpStatusCode.OK);
        return number;
    }

    private static async Task<JsonNode> View(Person reader, string number) => (await reader.Get($"{Students}/{number}")).Is(HttpStatusCode.OK).Json;

    private static async Task<JsonArray> History(Person office, string number) => (await office.Get($"{Students}/{number}/history")).Is(HttpStatusCode.OK).Json.AsArray();

    private static async Task<JsonArray> Find(Person office, string what) => (await office.Get($"/api/people/s01/search?q={Uri.EscapeDataString(what)}")).Is(HttpStatusCode.OK).Json["people"]!.AsArray();

    private static string[] Fields(Reply reply) => [.. reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)];
}
