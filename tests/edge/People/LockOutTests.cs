using System.Net;
using System.Text.RegularExpressions;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Tries are counted by where they come from, so that guessing is hopeless and nobody is locked out by somebody else.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class LockOutTests(DemoSchool school)
{
    private static readonly IPAddress Cafe = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Home = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task Two_hundred_wrong_tries_lock_their_own_place_and_neither_a_known_device_nor_another_address()
    {
        var account = await school.NextAccount();
        // The owner has signed in at this very address before.
        using var owner = await From(Cafe);
        _ = (await owner.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
        _ = (await owner.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);

        using var stranger = await From(Cafe);
        var codes = new List<string?>();
        for (var tries = 0; tries < 200; tries++)
            codes.Add((await stranger.SignIn(account.Login, $"a guess {tries}")).Code);

        Assert.Equal(Enumerable.Repeat("sign-in-failed", 5).Concat(Enumerable.Repeat("locked-out", 195)), codes);
        // Not with the right password either, nor as a new browser at that address: else guessing would only have to begin anew.
        var locked = (await stranger.SignIn(account.Login, account.Password)).IsProblem(HttpStatusCode.TooManyRequests, "locked-out");
        Assert.True(locked.Headers.RetryAfter!.Delta >= TimeSpan.FromMinutes(1));
        using var another = await From(Cafe);
        _ = (await another.SignIn(account.Login, account.Password)).IsProblem(HttpStatusCode.TooManyRequests, "locked-out");

        _ = (await owner.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
        using var elsewhere = await From(Home);
        _ = (await elsewhere.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_header_that_names_another_address_is_not_believed()
    {
        var account = await school.NextAccount();
        using var stranger = await From(Cafe);
        for (var tries = 0; tries < 5; tries++)
            _ = (await Try(stranger, account.Login, "a guess", $"198.51.100.{tries}")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");

        _ = (await Try(stranger, account.Login, account.Password, "198.51.100.77")).IsProblem(HttpStatusCode.TooManyRequests, "locked-out");
    }

    [Fact]
    public async Task A_device_that_guesses_locks_itself_only()
    {
        var account = await school.NextAccount();
        using var child = await From(Home);
        _ = (await child.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
        _ = (await child.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);
        for (var tries = 0; tries < 5; tries++)
            _ = (await child.SignIn(account.Login, "a guess")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");

        _ = (await child.SignIn(account.Login, account.Password)).IsProblem(HttpStatusCode.TooManyRequests, "locked-out");

        using var sameAddress = await From(Home);
        _ = (await sameAddress.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_current_passwords_are_counted_like_wrong_ones_at_sign_in()
    {
        var account = await school.NextAccount();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        for (var tries = 0; tries < 5; tries++)
            _ = (await guardian.Put("/api/session/password", new { currentPassword = "a guess", newPassword = Slips.Password })).IsProblem(HttpStatusCode.BadRequest, "invalid");

        _ = (await guardian.Put("/api/session/password", new { currentPassword = account.Password, newPassword = Slips.Password })).IsProblem(HttpStatusCode.TooManyRequests, "locked-out");
    }

    private Task<Person> From(IPAddress address) => Person.Visit(school.Web.Address, from: address);

    private static Task<Reply> Try(Person person, string login, string password, string forwardedFor) =>
        person.With(HttpMethod.Post, "/api/session/sign-in", new { login, password }, ("X-Forwarded-For", forwardedFor));
}

/// <summary>How many tries there are in a minute, and behind a proxy.</summary>
public sealed partial class RateLimitTests : IAsyncLifetime
{
    private const int PerMinute = 6;

    private WebProcess _web = null!;

    public async Task InitializeAsync() =>
        _web = await WebProcess.StartAsync("Production", ("SchoolHome:SignInsPerMinute", $"{PerMinute}"), ("SchoolHome:TrustedProxies", "127.0.0.1, 10.0.0.0/8"));

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task An_address_that_tries_too_often_waits_and_neither_other_addresses_nor_known_browsers_do()
    {
        await _web.UntilLoggedAsync("one-time token: ", TimeSpan.FromSeconds(30));
        using var known = await Person.Visit(_web.Address);
        var token = Token().Match(_web.Log).Groups[1].Value;
        _ = (await known.Post("/api/setup", new { token, schoolName = "测试小学", name = "王校长", phone = "19910009999", password = Slips.Password })).Is(HttpStatusCode.OK);

        using var stranger = await Person.Visit(_web.Address);
        Reply reply;
        var tries = 0;
        do
        {
            reply = await stranger.SignIn("19910000001", "a guess");
            tries++;
        }
        while (reply.Status is HttpStatusCode.Unauthorized && tries < 3 * PerMinute);

        _ = reply.IsProblem(HttpStatusCode.TooManyRequests, "too-many-tries");
        Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        // The window may have ended in between: then the stranger has but used up more of it.
        Assert.True(tries >= PerMinute, $"Refused after {tries} tries.");

        // The proxy is believed: readers behind it are told apart.
        _ = (await stranger.With(HttpMethod.Post, "/api/session/sign-in", new { login = "19910000001", password = "a guess" }, ("X-Forwarded-For", "198.51.100.7")))
            .IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        // Two of one IPv6 network are one.
        for (var i = 0; i < PerMinute; i++)
            _ = await stranger.With(HttpMethod.Post, "/api/session/sign-in", new { login = "19910000001", password = "a guess" }, ("X-Forwarded-For", $"2001:db8:1:2::{i}"));
        _ = (await stranger.With(HttpMethod.Post, "/api/session/sign-in", new { login = "19910000001", password = "a guess" }, ("X-Forwarded-For", "2001:db8:1:2:ffff::1")))
            .IsProblem(HttpStatusCode.TooManyRequests, "too-many-tries");
        _ = (await stranger.With(HttpMethod.Post, "/api/session/sign-in", new { login = "19910000001", password = "a guess" }, ("X-Forwarded-For", "2001:db8:1:3::1")))
            .IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");

        // A browser that has signed in before has tries of its own.
        _ = (await known.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);
        _ = (await known.SignIn("19910009999", Slips.Password)).Is(HttpStatusCode.OK);
    }

    [GeneratedRegex("one-time token: ([a-z2-9]+)")]
    private static partial Regex Token();
}
