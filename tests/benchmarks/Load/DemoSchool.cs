using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Benchmarks.Load;

/// <summary>The product as it is started: one process, an embedded database, the demo school; with the class teacher's sign-in, whose class's pages are the topics.</summary>
internal sealed class DemoSchool : IAsyncDisposable
{
    private readonly WebProcess _web;

    private DemoSchool(WebProcess web, string cookies, string[] pages) => (_web, Cookies, Pages) = (web, cookies, pages);

    public Uri Hub => new(_web.Address, "/live");

    public string Cookies { get; }

    /// <summary>Topics of pages of days to come, on which nobody has written.</summary>
    public string[] Pages { get; }

    public ProcessFigures Figures => new(_web.ProcessId);

    public static async Task<DemoSchool> Start(int pages)
    {
        var web = await WebProcess.StartAsync("Development", ("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:SchoolHome.Web.Demo", "Information"));
        await web.UntilLoggedAsync("The demo class has written", TimeSpan.FromMinutes(2));
        using var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        using var http = new HttpClient(handler) { BaseAddress = web.Address };
        _ = await http.GetStringAsync(new Uri("/api/session", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/demo/sign-in") { Content = JsonContent.Create(new { card = "class-teacher" }) };
        request.Headers.Add("X-XSRF-TOKEN", Uri.UnescapeDataString(handler.CookieContainer.GetCookies(web.Address)["XSRF-TOKEN"]!.Value));
        request.Headers.Add("Operation-Id", Guid.NewGuid().ToString());
        using var answer = await http.SendAsync(request);
        var session = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        var first = session["classes"]![0]!;
        var (school, @class) = ((string)first["school"]!, (string)first["class"]!);
        var today = DateOnly.Parse((string)session["teacherSchools"]![0]!["today"]!, CultureInfo.InvariantCulture);
        var day = JsonNode.Parse(await http.GetStringAsync(new Uri($"/api/book/days/{school}/{@class}/{Written(today)}", UriKind.Relative)))!;
        var students = day["children"]!.AsArray().Select(child => (string)child!["student"]!).ToArray();
        string[] topics = [.. Enumerable.Range(0, pages).Select(at => $"page/{school}/{students[at % students.Length]}/{Written(today.AddDays(1 + (at / students.Length)))}")];
        return new DemoSchool(web, handler.CookieContainer.GetCookieHeader(web.Address), topics);
    }

    /// <summary>Joins a topic with each of some connections.</summary>
    public async Task<RawHub> Join(params IEnumerable<string> topics)
    {
        var hub = await RawHub.Connect(Hub, Cookies);
        foreach (var topic in topics)
        {
            var answer = await hub.Ask("Join", $"[\"{topic}\",null]");
            if (!answer.Contains("\"ok\":true", StringComparison.Ordinal))
                throw new InvalidOperationException($"{topic} cannot be joined: {answer}");
        }

        return hub;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
