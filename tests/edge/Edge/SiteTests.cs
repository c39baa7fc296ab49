using System.Net;
using System.Net.WebSockets;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.Edge;

/// <summary>What the site as a whole does, whoever asks.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class SiteTests(DemoSchool school)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/session")]
    [InlineData("/api/no-such-thing")]
    [InlineData("/openapi.json")]
    public async Task Every_answer_keeps_other_sites_and_injected_markup_out(string path)
    {
        using var visitor = await school.Visit();

        var headers = (await visitor.Get(path)).Headers;

        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", headers.GetValues("Cross-Origin-Opener-Policy").Single());
        var policy = headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.False(headers.Contains("Server"), "The server says what it is.");
    }

    [Theory]
    [InlineData("/api/no-such-thing")]
    [InlineData("/api")]
    [InlineData("/api/book/pages")]
    public async Task An_unknown_path_of_the_API_is_a_problem_and_no_page(string path)
    {
        using var mother = await school.SignInAs("mother");

        _ = (await mother.Get(path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await mother.Post(path)).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/book/s01/2026320295/2026-11-24")]
    public async Task Any_other_path_is_a_screen_of_the_app(string path)
    {
        using var visitor = await school.Visit();

        var reply = (await visitor.Get(path)).Is(HttpStatusCode.OK);

        Assert.Equal("text/html", reply.ContentType);
        Assert.Contains("id=\"app\"", reply.Text, StringComparison.Ordinal);
        Assert.True(reply.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_page_of_another_site_cannot_open_the_live_connection(string origin)
    {
        using var mother = await school.SignInAs("mother");

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.Connect(mother.Address, mother.Cookies, origin));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_signed_in_cannot_open_the_live_connection()
    {
        using var visitor = await school.Visit();

        var refused = await Assert.ThrowsAsync<WebSocketException>(visitor.ConnectLive);

        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_told_to_anybody_and_tells_nothing_else()
    {
        using var visitor = await school.Visit();

        Assert.Equal("Healthy", (await visitor.Get("/healthz/live")).Is(HttpStatusCode.OK).Text);
        Assert.Equal("Healthy", (await visitor.Get("/healthz/ready")).Is(HttpStatusCode.OK).Text);
    }
}
