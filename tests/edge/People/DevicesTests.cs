using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>The browsers that know an account, and what their owner does about them.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class DevicesTests(DemoSchool school)
{
    private const string Phone = "Mozilla/5.0 (Linux; Android 15; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50";

    [Fact]
    public async Task A_browser_is_one_device_however_often_it_signs_in_and_says_what_it_is()
    {
        var account = await school.NextAccount();
        using var phone = await school.Visit();
        for (var times = 0; times < 2; times++)
        {
            _ = (await phone.With(HttpMethod.Post, "/api/session/sign-in", new { login = account.Login, password = account.Password }, ("User-Agent", Phone))).Is(HttpStatusCode.OK);
            _ = (await phone.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);
        }

        _ = (await phone.With(HttpMethod.Post, "/api/session/sign-in", new { login = account.Login, password = account.Password }, ("User-Agent", Phone))).Is(HttpStatusCode.OK);
        var device = Assert.Single(await Devices(phone), one => (string?)one!["name"] == "微信 · Android")!;

        Assert.True((bool)device["current"]! && (bool)device["signedIn"]!);
    }

    [Fact]
    public async Task A_new_device_is_told_to_the_owner_until_they_have_read_it()
    {
        var account = await school.NextAccount();
        using var here = await school.SignInByPassword(account.Login, account.Password);
        _ = (await here.Post("/api/session/notices/read")).Is(HttpStatusCode.NoContent);
        Assert.Equal(0, (int)(await here.SessionView())["unread"]!);

        using var there = await school.SignInByPassword(account.Login, account.Password);

        Assert.Equal(1, (int)(await here.SessionView())["unread"]!);
        var notice = (await here.Get("/api/session/notices")).Is(HttpStatusCode.OK).Json[0]!;
        Assert.Equal(("newDevice", false), ((string)notice["kind"]!, (bool)notice["read"]!));
        for (var times = 0; times < 2; times++)
            _ = (await here.Post("/api/session/notices/read")).Is(HttpStatusCode.NoContent);
        Assert.Equal(0, (int)(await here.SessionView())["unread"]!);
    }

    [Fact]
    public async Task A_device_that_is_signed_out_is_out_at_once_on_live_connections_too_and_the_others_go_on()
    {
        var account = await school.NextAccount();
        using var lost = await school.SignInByPassword(account.Login, account.Password);
        using var here = await school.SignInByPassword(account.Login, account.Password);
        await using var lostLive = await lost.ConnectLive();
        await using var hereLive = await here.ConnectLive();
        var device = (string)Assert.Single(await Devices(lost), one => (bool)one!["current"]!)!["device"]!;

        for (var times = 0; times < 2; times++)
            _ = (await here.Post($"/api/session/devices/{device}/sign-out", new { forget = false })).Is(HttpStatusCode.NoContent);

        _ = (await lost.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        await lostLive.UntilClosed("its device was signed out");
        _ = (await here.Get("/api/book/today")).Is(HttpStatusCode.OK);
        Assert.True(hereLive.IsOpen);
        Assert.False((bool)Assert.Single(await Devices(here), one => (string?)one!["device"] == device)!["signedIn"]!);

        for (var times = 0; times < 2; times++)
            _ = (await here.Post($"/api/session/devices/{device}/sign-out", new { forget = true })).Is(HttpStatusCode.NoContent);
        Assert.DoesNotContain(await Devices(here), one => (string?)one!["device"] == device);
    }

    [Fact]
    public async Task Signing_out_cuts_the_live_connections_of_this_browser_only()
    {
        var account = await school.NextAccount();
        using var here = await school.SignInByPassword(account.Login, account.Password);
        using var there = await school.SignInByPassword(account.Login, account.Password);
        await using var hereLive = await here.ConnectLive();
        await using var thereLive = await there.ConnectLive();

        _ = (await here.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);

        await hereLive.UntilClosed("it was signed out");
        Assert.True(thereLive.IsOpen);
        _ = (await there.Get("/api/book/today")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_cookie_that_was_copied_ends_with_its_device()
    {
        var account = await school.NextAccount();
        using var owner = await school.SignInByPassword(account.Login, account.Password);
        using var thief = await school.Visit();
        thief.Cookies.Add(new Cookie("schoolhome", owner.Cookies.GetCookies(owner.Address)["schoolhome"]!.Value, "/", owner.Address.Host));
        _ = (await thief.Get("/api/book/today")).Is(HttpStatusCode.OK);

        _ = (await owner.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);

        _ = (await thief.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
    }

    [Fact]
    public async Task Nobody_signs_out_a_device_of_somebody_else()
    {
        var account = await school.NextAccount();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        using var mother = await school.SignInAs("mother");
        var device = (string)Assert.Single(await Devices(guardian), one => (bool)one!["current"]!)!["device"]!;

        _ = (await mother.Post($"/api/session/devices/{device}/sign-out", new { forget = false })).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await mother.Post("/api/session/devices/nonsense/sign-out", new { forget = false })).IsProblem(HttpStatusCode.NotFound, "not-found");

        _ = (await guardian.Get("/api/book/today")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_device_cookie_is_for_the_server_alone_and_a_forged_one_is_as_good_as_none()
    {
        var account = await school.NextAccount();
        using var person = await school.Visit();
        var reply = (await person.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);

        var cookie = Assert.Single(reply.Headers.GetValues("Set-Cookie"), one => one.StartsWith("schoolhome-device=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);

        foreach (var forged in new[] { "x", "CfDJ8AAAA", "..", new string('a', 1900), cookie.Split('=', ';')[1][..^6] + "AAAAAA" })
        {
            using var other = await school.Visit();
            other.Cookies.Add(new Cookie("schoolhome-device", forged, "/api", other.Address.Host));
            _ = (await other.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
        }
    }

    private static async Task<JsonArray> Devices(Person person) => (await person.Get("/api/session/devices")).Is(HttpStatusCode.OK).Json.AsArray();
}
