using System.Net;
using System.Text.RegularExpressions;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Signing in where a district has several schools: staff and student numbers repeat across them.</summary>
public sealed partial class SeveralSchoolsTests : IAsyncLifetime
{
    private WebProcess _web = null!;

    public async Task InitializeAsync() => _web = await WebProcess.StartAsync("Production");

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task Who_signs_in_by_a_number_names_the_school_and_who_does_so_by_phone_need_not()
    {
        await _web.UntilLoggedAsync("one-time token: ", TimeSpan.FromSeconds(30));
        using var first = await Person.Visit(_web.Address);
        _ = (await first.Post("/api/setup", new { token = Token().Match(_web.Log).Groups[1].Value, schoolName = "第一小学", name = "王校长", phone = "19910009999", password = Slips.Password })).Is(HttpStatusCode.OK);
        using (var alone = await Person.Visit(_web.Address))
        {
            Assert.Empty((await alone.SessionView())["schools"]!.AsArray());
            _ = (await alone.SignIn("admin", Slips.Password)).Is(HttpStatusCode.OK);
        }

        var founded = (await first.Post("/api/district/schools", new { name = "第二小学", timeZone = "Asia/Shanghai", administrator = new { number = "admin", name = "李校长", phone = "19910008888" } }))
            .Is(HttpStatusCode.OK).Json;
        var (second, initial) = ((string)founded["school"]!, (string)founded["initialPassword"]!);

        using var visitor = await Person.Visit(_web.Address);
        Assert.Equal(["第一小学", "第二小学"], (await visitor.SessionView())["schools"]!.AsArray().Select(one => (string)one!["name"]!));
        // Asked of every number alike, whether somebody has it or not; of a phone nobody is asked, whether it has an account or not.
        foreach (var number in new[] { "admin", "nobody", "2026110001" })
            _ = (await visitor.SignIn(number, Slips.Password)).IsProblem(HttpStatusCode.Conflict, "choose-school");
        foreach (var phone in new[] { "19910009999", "19910007777" })
            _ = (await visitor.SignIn(phone, "a wrong guess")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = (await visitor.SignIn("admin", initial, "s01")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = (await visitor.SignIn("nobody", initial, second)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = (await visitor.SignIn("admin", initial, second)).Is(HttpStatusCode.OK);

        Assert.Equal([(second, "administrator")], (await visitor.SessionView())["offices"]!.AsArray().Select(one => ((string)one!["school"]!, (string)one["office"]!)));
        Assert.False((bool)(await visitor.SessionView())["isDistrictAdministrator"]!);
        Assert.True((bool)(await first.SessionView())["isDistrictAdministrator"]!);
        using var byPhone = await Person.Visit(_web.Address);
        _ = (await byPhone.SignIn("19910009999", Slips.Password)).Is(HttpStatusCode.OK);
        Assert.Equal((string?)(await first.SessionView())["account"]!["id"], byPhone.Account);

        // Each school's tokens are its own.
        _ = (await first.Get($"/api/schools/{second}/tokens")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await visitor.Get("/api/schools/s01/tokens")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await visitor.Get($"/api/schools/{second}/tokens")).Is(HttpStatusCode.OK);
    }

    [GeneratedRegex("one-time token: ([a-z2-9]+)")]
    private static partial Regex Token();
}
