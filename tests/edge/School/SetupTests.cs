using System.Net;
using System.Text.RegularExpressions;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.School;

public sealed partial class SetupTests : IAsyncLifetime
{
    private WebProcess _web = null!;

    public async Task InitializeAsync() => _web = await WebProcess.StartAsync("Production");

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task The_first_run_makes_the_school_and_its_administrator_once_and_shows_no_demo()
    {
        using var visitor = await Person.Visit(_web.Address);
        Assert.True((bool)(await visitor.SessionView())["setupNeeded"]!);
        Assert.True((bool)(await visitor.Get("/api/setup")).Is(HttpStatusCode.OK).Json["needed"]!);
        _ = (await visitor.Get("/api/demo/cards")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await visitor.SignInByCard("administrator")).IsProblem(HttpStatusCode.NotFound, "not-found");
        await _web.UntilLoggedAsync("one-time token: ", TimeSpan.FromSeconds(30));
        var token = Token().Match(_web.Log).Groups[1].Value;

        // Every wrong field at once, before the token is looked at.
        var errors = (await visitor.Post("/api/setup", new { token = "", schoolName = "", name = "", phone = "12", password = "short" }))
            .IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject();
        Assert.Equal(["name", "password", "phone", "schoolName", "token"], errors.Select(field => field.Key).Order());

        _ = (await visitor.Post("/api/setup", Command("not-the-token"))).IsProblem(HttpStatusCode.Forbidden, "setup-token-wrong");
        Assert.True((bool)(await visitor.Get("/api/setup")).Json["needed"]!);

        var operation = Guid.NewGuid();
        var session = (await visitor.Post("/api/setup", Command(token), operation)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(["administrator"], session["offices"]!.AsArray().Select(one => (string)one!["office"]!));
        Assert.Equal("测试小学", (string?)session["school"]!["name"]);

        // C1: the answer was lost, the command is repeated.
        using var repeating = await Person.Visit(_web.Address);
        var repeated = (await repeating.Post("/api/setup", Command(token), operation)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((string?)session["account"]!["id"], (string?)repeated["account"]!["id"]);

        using var late = await Person.Visit(_web.Address);
        _ = (await late.Post("/api/setup", Command(token), Guid.NewGuid())).IsProblem(HttpStatusCode.Conflict, "setup-done");
        Assert.False((bool)(await late.Get("/api/setup")).Json["needed"]!);

        using var administrator = await Person.Visit(_web.Address);
        _ = (await administrator.SignIn("199 1000 9999", "kettle moss 41 harbour")).Is(HttpStatusCode.OK);
        var imported = (await administrator.ImportRoster(Workbook.Qinghe))["counts"]!;
        Assert.Equal((Workbook.Students().Count(), Workbook.Staff().Count()), ((int)imported["added"]!, (int)imported["staffAdded"]!));

        // All of it is there after a stop as a supervisor makes it; the cookie, too.
        Assert.Equal(0, await _web.StopAsync());
        await _web.StartAgainAsync();
        Assert.True((bool)(await administrator.SessionView())["signedIn"]!);
        Assert.Equal(18, (await administrator.Get("/api/people/s01/classes")).Is(HttpStatusCode.OK).Json.AsArray().Count);
        Assert.Single(Token().Matches(_web.Log));
    }

    private static object Command(string token) => new { token, schoolName = "测试小学", name = "王校长", phone = "19910009999", password = "kettle moss 41 harbour" };

    [GeneratedRegex("one-time token: ([a-z2-9]+)")]
    private static partial Regex Token();
}
