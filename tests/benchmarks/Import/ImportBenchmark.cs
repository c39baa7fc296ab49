using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Benchmarks.Import;

/// <summary>
/// P8: the roster of a school of 10,000 students on SQLite, from the upload of the workbook to its last person, in a web process that an office would start: the silo in it, its own folder, nobody there yet.
/// </summary>
internal static partial class ImportBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task<bool> Run(bool isQuick)
    {
        var (students, runs) = isQuick ? (1_000, 1) : (10_000, 3);
        var roster = MadeUpRoster.Workbook(students, out var staff);
        Console.WriteLine($"{students} students, {staff} staff, a workbook of {roster.Length / 1024} kB; {runs} run{(runs == 1 ? "" : "s")}, each in a process and a folder of its own");
        var (dryRuns, applying, whole, bare, again) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            var (dryRun, apply, repeated) = await Once(roster, students);
            dryRuns.Add(dryRun);
            applying.Add(apply);
            whole.Add(dryRun + apply);
            again.Add(repeated);
            bare.Add(BareUpserts.Seconds(students + staff));
            Console.WriteLine($"  run {run + 1}: dry run {dryRun:0.0} s, applied in {apply:0.0} s");
        }

        Report.Table(
            ("dry run, s", dryRuns),
            ("applying, s", applying),
            ("both, s", whole),
            ("students a second, both", [.. whole.Select(seconds => students / seconds)]),
            ("dry run of the same file again, s", again),
            ("as many bare upserts, 100 to a commit, s", bare),
            ("applying ÷ bare upserts (for information)", [.. applying.Zip(bare, (ours, theirs) => ours / theirs)]));
        return Report.Ratio("P8", "import-seconds", Report.Median(whole), "<", 60);
    }

    private static async Task<(double DryRun, double Apply, double Again)> Once(byte[] roster, int students)
    {
        await using var web = await WebProcess.StartAsync("Production");
        using var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        using var office = new HttpClient(handler) { BaseAddress = web.Address, Timeout = Limit };
        await web.UntilLoggedAsync("one-time token", TimeSpan.FromMinutes(1));
        _ = await Ask(office, handler, HttpMethod.Get, "/api/session");
        _ = await Ask(office, handler, HttpMethod.Post, "/api/setup", JsonContent.Create(new
        {
            token = Token().Match(web.Log).Groups[1].Value,
            schoolName = "万人学校",
            name = "王校长",
            phone = "19910009999",
            password = "roster of ten thousand",
        }));

        var clock = Stopwatch.StartNew();
        var offered = await Upload(office, handler, roster);
        var dryRun = clock.Elapsed.TotalSeconds;
        if ((int)offered["counts"]!["added"]! != students)
            throw new InvalidOperationException($"The dry run is not what it should be: {offered["counts"]!.ToJsonString()}");

        var import = $"/api/people/s01/imports/{(string)offered["import"]!}";
        clock.Restart();
        _ = await Ask(office, handler, HttpMethod.Post, $"{import}/confirm", JsonContent.Create(new { removals = (int?)null }));
        JsonNode view = offered;
        _ = await Eventually.TrueAsync(async () => (string?)(view = await Ask(office, handler, HttpMethod.Get, import))["state"] == "done", Limit, "the import to be done");
        var apply = clock.Elapsed.TotalSeconds;
        if ((int)view["skippedCount"]! != 0)
            throw new InvalidOperationException($"{(int)view["skippedCount"]!} people were left out.");

        clock.Restart();
        var again = await Upload(office, handler, roster);
        var repeated = clock.Elapsed.TotalSeconds;
        return (bool)again["changesNothing"]! ? (dryRun, apply, repeated) : throw new InvalidOperationException($"The same file again would change something: {again["counts"]!.ToJsonString()}");
    }

    private static async Task<JsonNode> Upload(HttpClient office, SocketsHttpHandler handler, byte[] roster)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(roster), "file", "roster.xlsx" } };
        return await Ask(office, handler, HttpMethod.Post, "/api/people/s01/imports", form);
    }

    private static async Task<JsonNode> Ask(HttpClient office, SocketsHttpHandler handler, HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (handler.CookieContainer.GetCookies(office.BaseAddress!)["XSRF-TOKEN"] is { } token)
            request.Headers.Add("X-XSRF-TOKEN", Uri.UnescapeDataString(token.Value));
        request.Headers.Add("Operation-Id", Guid.NewGuid().ToString());
        using var response = await office.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }

    [GeneratedRegex("one-time token: ([a-z2-9]+)")]
    private static partial Regex Token();
}
