using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.People;

/// <summary>A child's guardians, and what a court keeps one of them from.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class GuardianTests(DemoSchool school)
{
    [Fact]
    public async Task A_guardian_is_added_once_per_command_corrected_put_in_order_and_removed()
    {
        using var office = await school.SignInAs("administrator");
        var student = $"/api/people/s01/students/{DemoSchool.OtherChild}";
        var before = await Entries(office, student);
        var operation = Guid.NewGuid();
        var command = new { name = "罗阿姨", relation = "other", phone = "199 1000 7010", household = 2 };

        var added = (string)(await office.Post($"{student}/guardians", command, operation)).Is(HttpStatusCode.OK).Json["entry"]!;
        Assert.Equal(added, (string?)(await office.Post($"{student}/guardians", command, operation)).Is(HttpStatusCode.OK).Json["entry"]);
        string[] all = [.. before, added];
        Assert.Equal(all, await Entries(office, student));

        var correction = new { name = "罗阿姨", relation = "maternalGrandmother", phone = "19910007011", household = 2 };
        for (var times = 0; times < 2; times++)
            _ = (await office.Put($"{student}/guardians/{added}", correction)).Is(HttpStatusCode.NoContent);
        var line = await Guardian(office, student, added);
        Assert.Equal(("maternalGrandmother", "+8619910007011", 2), ((string)line["relation"]!, (string)line["phone"]!, (int)line["household"]!));

        string[] order = [added, .. before];
        for (var times = 0; times < 2; times++)
            _ = (await office.Put($"{student}/guardian-order", new { entries = order })).Is(HttpStatusCode.NoContent);
        Assert.Equal(order, await Entries(office, student));
        Assert.NotNull((await office.Put($"{student}/guardian-order", new { entries = before })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["entries"]);

        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"{student}/guardians/{added}/remove")).Is(HttpStatusCode.NoContent);
        Assert.Equal(before, await Entries(office, student));
    }

    [Fact]
    public async Task Every_wrong_field_of_a_guardian_is_named_at_once()
    {
        using var office = await school.SignInAs("administrator");

        var added = await office.Post($"/api/people/s01/students/{DemoSchool.Child}/guardians", new { name = " ", phone = "12", household = 9 });
        var restricted = await office.Post($"/api/people/s01/students/{DemoSchool.Child}/guardians/g1/restrict", new { reason = "" });

        Assert.Equal(["household", "name", "phone", "relation"], Fields(added));
        Assert.Equal(["reason", "restriction"], Fields(restricted));
    }

    [Fact]
    public async Task Somebody_who_has_access_is_not_removed()
    {
        using var office = await school.SignInAs("administrator");

        var reply = await office.Post($"/api/people/s01/students/{DemoSchool.Child}/guardians/g1/remove");

        _ = reply.IsProblem(HttpStatusCode.Conflict, "guardian-was-bound");
    }

    [Fact]
    public async Task L2_custody_that_changes_while_somebody_is_connected_counts_at_once_and_is_given_back()
    {
        var day = school.FreshDay();
        using var office = await school.SignInAs("administrator");
        var account = await school.OpenAccountForGuardian();
        var restrict = $"/api/people/s01/students/{account.Student}/guardians/{account.Entry}/restrict";
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        await using var home = await guardian.ConnectLive();
        var page = DemoSchool.Page(account.Student, day);
        _ = Ok(await home.Join(page));
        _ = Ok(await home.PushText(page, "words", 0, "guardian-tab", 1, """[[0,"能写"]]"""));

        // May read, may not write.
        for (var times = 0; times < 2; times++)
            _ = (await office.Post(restrict, new { restriction = "readOnly", reason = "探视权" })).Is(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(
            async () => (string?)(await home.PushText(page, "words", 1, "other-tab", 1, """[2,[0,"还能写"]]"""))["code"] == "forbidden", TimeSpan.FromSeconds(20), "writing to be refused");
        _ = Ok(await home.Join(page));
        Assert.DoesNotContain(home.Frames(page), frame => frame.ContainsKey("removed"));

        // May know nothing.
        for (var times = 0; times < 2; times++)
            _ = (await office.Post(restrict, new { restriction = "noAccess", reason = "法院判决" })).Is(HttpStatusCode.NoContent);
        await home.Until(live => live.Frames(page).Any(frame => (string?)frame["removed"] == "not-found"), "the page to be taken away");
        Assert.Equal("not-found", (string?)(await home.Join(page))["code"]);
        Assert.Empty((await guardian.SessionView())["children"]!.AsArray());
        using var teacher = await school.SignInAs("class-teacher");
        var issued = await teacher.Post($"/api/people/s01/classes/{DemoSchool.Class}/slips", new { people = new[] { new { student = account.Student, entry = account.Entry } } });
        Assert.NotNull(issued.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["people"]);

        _ = (await office.Post(restrict, new { restriction = "none", reason = "判决撤销" })).Is(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(async () => (bool)(await home.Join(page))["ok"]!, TimeSpan.FromSeconds(20), "the page to be the guardian's again");
    }

    private static async Task<string[]> Entries(Person office, string student) =>
        [.. (await office.Get(student)).Is(HttpStatusCode.OK).Json["guardians"]!.AsArray().Select(one => (string)one!["entry"]!)];

    private static async Task<JsonNode> Guardian(Person office, string student, string entry) =>
        (await office.Get(student)).Is(HttpStatusCode.OK).Json["guardians"]!.AsArray().Single(one => (string?)one!["entry"] == entry)!;

    private static string[] Fields(Reply reply) => [.. reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)];
}
