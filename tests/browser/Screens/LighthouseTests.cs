using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Browser.Screens;

/// <summary>
/// A parent's first page as Lighthouse's mobile profile sees it: nothing in the cache, a slow network and a slow processor. Both are reckoned from what was
/// observed, so the score for speed is one of the machine too, and other tests run beside this one: it is held to what even then is reached, and to <c>SCHOOLHOME_LIGHTHOUSE_PERFORMANCE</c> where
/// that is set, such as 95 on a machine that has nothing else to do. What a first page weighs is held to in every build (P9).
/// </summary>
public sealed class LighthouseTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Folder = "tests/lighthouse";
    private const int Least = 95;
    private const int Tries = 3;

    private static readonly int LeastPerformance =
        int.TryParse(Environment.GetEnvironmentVariable("SCHOOLHOME_LIGHTHOUSE_PERFORMANCE"), System.Globalization.CultureInfo.InvariantCulture, out var least) ? least : 70;

    private static readonly TimeSpan PatienceOfOne = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("/today")]
    [InlineData("/book")]
    public async Task A_parents_first_page_has_no_finding_of_Lighthouse_and_is_fast_on_a_phone(string path)
    {
        var mother = await SignedIn("mother");
        var cookies = (await mother.Context.CookiesAsync([mother.Site.ToString()])).Select(cookie => new { name = cookie.Name, value = cookie.Value });
        var best = new Dictionary<string, int>();
        var told = new List<string>();
        for (var times = 0; times < Tries && (best.Count == 0 || best.Any(IsShort)); times++)
        {
            var measured = await Measure(new Uri(mother.Site, path), JsonSerializer.Serialize(cookies));
            told.Add(measured.ToJsonString());
            // Somebody who is not let in would be measured on another screen.
            Assert.StartsWith(new Uri(mother.Site, path).ToString(), (string?)measured["finalAddress"], StringComparison.Ordinal);
            foreach (var (category, score) in measured["scores"]!.AsObject())
                best[category] = Math.Max(best.GetValueOrDefault(category), (int)score!);
        }

        Assert.Equal(["accessibility", "best-practices", "performance", "seo"], best.Keys.Order());
        Assert.True(!best.Any(IsShort), string.Join('\n', told));
    }

    private static bool IsShort(KeyValuePair<string, int> score) => score.Value < (score.Key == "performance" ? LeastPerformance : Least);

    private static async Task<JsonNode> Measure(Uri address, string cookies)
    {
        var folder = Path.Combine(Repository.Root, Folder);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "lighthouse")))
            throw new InvalidOperationException($"Lighthouse is not installed: run 'npm ci' in {Folder} (tests/run.sh does).");

        var start = new ProcessStartInfo("node", ["run.mjs", address.ToString()])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Start(start);
        var (output, complaints) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.StandardInput.WriteAsync(cookies);
        node.StandardInput.Close();
        using var patience = new CancellationTokenSource(PatienceOfOne);
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }

        Assert.True(node.ExitCode == 0, $"Lighthouse gave up on {address}: {await complaints}");
        return JsonNode.Parse(await output) ?? throw new JsonException("Lighthouse said nothing.");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("Node did not start.");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("Lighthouse needs 'node' on the PATH.", e);
        }
    }
}
