using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Signing in at the district's identity provider.</summary>
[Collection(ConnectedSchoolCollection.Name)]
public sealed class OpenIdTests(ConnectedSchool school)
{
    private const string Begin = "/api/session/open-id";

    [Fact]
    public async Task Who_is_not_linked_is_sent_back_with_a_sentence_and_signed_in_as_nobody()
    {
        school.Provider.Subject = "a-stranger";
        school.Provider.StaffNumber = null;
        using var stranger = await school.Visit();
        Assert.Equal(ConnectedSchool.Name, (string?)(await stranger.SessionView())["openId"]);

        Assert.Equal("/sign-in?problem=open-id-unknown", await Navigate(stranger, $"{Begin}?to=/book"));

        Assert.False((bool)(await stranger.SessionView())["signedIn"]!);
    }

    [Fact]
    public async Task Who_has_linked_it_signs_in_by_it_and_nobody_else_can_link_the_same()
    {
        school.Provider.Subject = "mother-at-the-district";
        school.Provider.StaffNumber = null;
        using var mother = await school.Visit();
        _ = (await mother.SignInByCard("mother")).Is(HttpStatusCode.OK);

        for (var times = 0; times < 2; times++)
            Assert.Equal("/me", await Navigate(mother, $"{Begin}?link=true&to=/me"));

        Assert.Contains(ConnectedSchool.Name, (await mother.Get("/api/session/names")).Is(HttpStatusCode.OK).Json.AsArray().Select(name => (string)name!["shown"]!));
        Assert.Single((await mother.Get("/api/session/notices")).Is(HttpStatusCode.OK).Json.AsArray(), notice => (string?)notice!["kind"] == "openIdLinked");
        using var elsewhere = await school.Visit();
        Assert.Equal("/book", await Navigate(elsewhere, $"{Begin}?to=/book"));
        Assert.Equal(mother.Account, (string?)(await elsewhere.SessionView())["account"]!["id"]);
        // The session is one like any other.
        _ = (await elsewhere.Get("/api/book/today")).Is(HttpStatusCode.OK);
        _ = (await elsewhere.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);

        using var father = await school.Visit();
        _ = (await father.SignInByCard("father")).Is(HttpStatusCode.OK);
        Assert.Equal("/me?problem=open-id-taken", await Navigate(father, $"{Begin}?link=true&to=/me"));
    }

    [Fact]
    public async Task A_staff_number_that_the_provider_vouches_for_signs_the_teacher_in()
    {
        school.Provider.Subject = "teacher-at-the-district";
        school.Provider.StaffNumber = "T031";
        using var teacher = await school.Visit();

        Assert.Equal("/", await Navigate(teacher, Begin));

        var session = await teacher.SessionView();
        Assert.Single(session["classes"]!.AsArray());

        // From then on it is the person at the provider that counts, not the number.
        school.Provider.StaffNumber = "t029";
        using var again = await school.Visit();
        Assert.Equal("/", await Navigate(again, Begin));
        Assert.Equal((string?)session["account"]!["id"], (string?)(await again.SessionView())["account"]!["id"]);

        school.Provider.Subject = "somebody-else";
        school.Provider.StaffNumber = "t999";
        using var unknown = await school.Visit();
        Assert.Equal("/sign-in?problem=open-id-unknown", await Navigate(unknown, Begin));
    }

    [Fact]
    public async Task A_teacher_whom_nobody_has_opened_an_account_gets_one_by_the_staff_number()
    {
        school.Provider.Subject = "principal-at-the-district";
        school.Provider.StaffNumber = "t001";
        using var principal = await school.Visit();

        Assert.Equal("/", await Navigate(principal, Begin));

        Assert.Contains("principal", (await principal.SessionView())["offices"]!.AsArray().Select(one => (string)one!["office"]!));
        // There is no password: nobody signs in with an empty one.
        using var guessing = await school.Visit();
        _ = (await guessing.SignIn("t001", "null")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
    }

    [Fact]
    public async Task An_answer_with_another_state_or_of_another_browser_signs_nobody_in()
    {
        school.Provider.Subject = "mother-at-the-district";
        school.Provider.StaffNumber = "t031";
        using var victim = await school.Visit();
        var issued = school.Provider.TokensIssued;

        // The attacker gets an answer for themselves, and has the victim's browser bring it.
        using var attacker = await school.Visit();
        var callback = await Callback(attacker, Begin);
        Assert.Equal("/sign-in?problem=open-id-failed", await Navigate(victim, callback));

        // A state that we have never written.
        var own = await Callback(victim, Begin);
        Assert.Equal("/sign-in?problem=open-id-failed", await Navigate(victim, System.Text.RegularExpressions.Regex.Replace(own, "state=[^&]+", "state=made-up")));
        Assert.Equal("/sign-in?problem=open-id-failed", await Navigate(victim, "/api/session/open-id/callback"));
        Assert.Equal("/sign-in?problem=open-id-failed", await Navigate(victim, "/api/session/open-id/done"));

        Assert.False((bool)(await victim.SessionView())["signedIn"]!);
        Assert.Equal(issued, school.Provider.TokensIssued);
    }

    [Fact]
    public async Task Who_refuses_at_the_provider_comes_back_and_may_try_again()
    {
        school.Provider.Subject = null;
        using var person = await school.Visit();

        Assert.Equal("/sign-in?problem=open-id-failed", await Navigate(person, Begin));

        Assert.False((bool)(await person.SessionView())["signedIn"]!);
    }

    [Fact]
    public async Task Linking_needs_somebody_who_is_signed_in_and_begins_at_this_site_only()
    {
        school.Provider.Subject = "an-attackers-account";
        school.Provider.StaffNumber = null;
        using var visitor = await school.Visit();
        Assert.Equal("/sign-in?problem=signed-out", await Navigate(visitor, $"{Begin}?link=true"));

        using var grandfather = await school.Visit();
        _ = (await grandfather.SignInByCard("grandfather")).Is(HttpStatusCode.OK);
        var lured = await grandfather.With(HttpMethod.Get, $"{Begin}?link=true", null, ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal("/sign-in?problem=signed-out", lured.Headers.Location!.ToString());
        Assert.DoesNotContain("openId", (await grandfather.Get("/api/session/names")).Json.AsArray().Select(name => (string)name!["kind"]!));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("evil")]
    [InlineData("/%0d%0aSet-Cookie:x=y")]
    public async Task Nobody_is_sent_to_another_site_afterwards(string to)
    {
        school.Provider.Subject = "teacher-of-english";
        school.Provider.StaffNumber = "t029";
        using var teacher = await school.Visit();

        Assert.Equal("/", await Navigate(teacher, $"{Begin}?to={(to.Contains('%', StringComparison.Ordinal) ? to : Uri.EscapeDataString(to))}"));
    }

    /// <summary>Goes where a browser would be sent. Answers the screen of ours where it ends.</summary>
    private async Task<string> Navigate(Person person, string path)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            var reply = await person.Get(path);
            if (reply.Headers.Location is not { } location)
                throw new InvalidOperationException($"{path} sends nobody anywhere: {(int)reply.Status} {reply.Text}");

            path = location.ToString();
            if (path.StartsWith('/') && !path.StartsWith("/api/", StringComparison.Ordinal))
                return path;
            if (location.IsAbsoluteUri && location.Authority == school.Web.Address.Authority && !location.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal))
                return location.PathAndQuery;
        }

        throw new InvalidOperationException($"The browser is sent around: {path}");
    }

    /// <summary>Goes as far as the provider's answer, without bringing it.</summary>
    private async Task<string> Callback(Person person, string path)
    {
        var provider = (await person.Get(path)).Headers.Location!.ToString();
        return (await person.Get(provider)).Headers.Location!.ToString();
    }
}

/// <summary>Where there is no identity provider.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class WithoutOpenIdTests(DemoSchool school)
{
    [Fact]
    public async Task There_is_nowhere_to_go()
    {
        using var visitor = await school.Visit();

        Assert.Null((await visitor.SessionView())["openId"]);
        _ = (await visitor.Get("/api/session/open-id")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await visitor.Get("/api/session/open-id/done")).IsProblem(HttpStatusCode.NotFound, "not-found");
    }
}
