using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.Live;

/// <summary>Rule T9 on a phone that has the app: it opens, is read and written in without a network, and keeps nothing of somebody who has signed out.</summary>
public sealed class InstalledTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Words = "words";

    // What is kept of views: the keys of the IndexedDB store, in whatever account's name.
    private const string KeptViews = """
        () => new Promise(resolve => {
          const asked = indexedDB.open('schoolhome-seen')
          asked.onerror = () => resolve([])
          asked.onsuccess = () => {
            const db = asked.result
            const end = keys => { db.close(); resolve(keys) }
            if (!db.objectStoreNames.contains('views')) return end([])
            const keys = db.transaction('views').objectStore('views').getAllKeys()
            keys.onsuccess = () => end(keys.result.map(String))
            keys.onerror = () => end([])
          }
        })
        """;

    private const string CachedFiles = """
        async () => (await Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(request => new URL(request.url).pathname)))).flat()
        """;

    [Fact]
    public async Task T9_Without_a_network_the_app_opens_shows_what_was_last_seen_and_takes_words_that_are_delivered_later()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father"), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        await byFather.Type("爸爸写的");
        await byFather.IsDelivered();
        await mother.OpenPage(Demo.Child, day);
        await mother.AtRest(Words).Shows("爸爸写的");
        await IsInstalled(mother.Page);
        // It goes on after the answer came: what is kept is what was last seen, not what was first there.
        await byFather.Type("，又写的");
        await mother.AtRest(Words).Shows("爸爸写的，又写的");
        await HasKept(mother.Page, $"topic:{Demo.PageTopic(Demo.Child, day)}", "，又写的");
        await Expect(mother.Page.GetByTestId("last-seen")).ToHaveCountAsync(0);

        await mother.Context.SetOfflineAsync(true);
        _ = await mother.Page.ReloadAsync();
        await Expect(mother.Page.GetByTestId("last-seen")).ToContainTextAsync("上次看到的内容 · 今天");
        var words = await mother.Section(Words);
        await words.Shows("爸爸写的，又写的");
        await words.GoToEnd();
        await words.Type("，妈妈离线写的");
        await words.IsKeptHere();
        // A page that was never seen is not made up.
        await mother.Page.GetByTestId("day-previous").ClickAsync();
        await Expect(mother.Page.GetByTestId("screen-offline")).ToBeVisibleAsync();

        _ = await mother.Page.GotoAsync(Demo.PagePath(Demo.Child, day));
        words = await mother.Section(Words);
        await words.Shows("爸爸写的，又写的，妈妈离线写的");
        await words.IsKeptHere();

        await mother.Context.SetOfflineAsync(false);
        await mother.IsConnected(Patience.Long);
        await words.IsDelivered();
        await Expect(mother.Page.GetByTestId("last-seen")).ToHaveCountAsync(0);
        await byFather.Shows("爸爸写的，又写的，妈妈离线写的");
        Assert.Equal("爸爸写的，又写的，妈妈离线写的", await mother.StoredText(Demo.Child, day, Words));
    }

    [Fact]
    public async Task T9_Signing_out_leaves_no_view_on_the_device_and_the_files_of_the_app_hold_no_answer_of_the_school()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        await mother.OpenPage(Demo.Child, day);
        await IsInstalled(mother.Page);
        await HasKept(mother.Page, $"/api/book/pages/{Demo.School}/{Demo.Child}/{Demo.Say(day)}", "sections");
        var files = await mother.Page.EvaluateAsync<string[]>(CachedFiles);
        Assert.Contains("/index.html", files);
        Assert.Contains(files, file => file.Contains("/assets/writing-", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.StartsWith("/api", StringComparison.Ordinal) || file.StartsWith("/live", StringComparison.Ordinal));

        await mother.Open("/me");
        await mother.Page.GetByTestId("sign-out").ClickAsync();
        await Expect(mother.Page.GetByTestId("sign-in")).ToBeVisibleAsync();
        Assert.Empty(await mother.Page.EvaluateAsync<string[]>(KeptViews));
        files = await mother.Page.EvaluateAsync<string[]>(CachedFiles);
        Assert.DoesNotContain(files, file => file.StartsWith("/api", StringComparison.Ordinal));

        // And without a network nobody is let in by what was there before.
        await mother.Context.SetOfflineAsync(true);
        _ = await mother.Page.GotoAsync(Demo.PagePath(Demo.Child, day));
        await Expect(mother.Page.GetByTestId("screen-offline")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_new_version_is_offered_and_takes_over_when_its_reader_says_so_without_losing_words()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        var words = await mother.OpenPage(Demo.Child, day, Words);
        await IsInstalled(mother.Page);
        await mother.MarkDocument();
        var script = Path.Combine(AppContext.BaseDirectory, "client", "sw.js");
        var before = await File.ReadAllTextAsync(script);
        try
        {
            // As after a deployment: another service worker.
            await File.WriteAllTextAsync(script, before.Replace("const version = \"", "const version = \"newer-", StringComparison.Ordinal));
            await mother.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(found => found.update()).then(() => undefined)");
            var offer = mother.Page.GetByTestId("update");
            await Expect(offer).ToContainTextAsync("有新版本", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
            await mother.HasNotReloaded();
            await mother.Context.SetOfflineAsync(true);
            await words.Type("还没送达");
            await words.IsKeptHere();

            await offer.ClickAsync();
            _ = await mother.Page.WaitForFunctionAsync("() => !window.schoolhomeTestMark");
            await Expect(offer).ToHaveCountAsync(0);
            words = await mother.Section(Words);
            await words.Shows("还没送达");
            await mother.Context.SetOfflineAsync(false);
            await words.IsDelivered(Patience.Long);
            Assert.Equal("还没送达", await mother.StoredText(Demo.Child, day, Words));
        }
        finally
        {
            await File.WriteAllTextAsync(script, before);
        }
    }

    /// <summary>Waits until the app's files lie in the browser and are what the page is opened from.</summary>
    private static Task<IJSHandle> IsInstalled(IPage page) =>
        page.WaitForFunctionAsync("() => navigator.serviceWorker.controller !== null", null, new() { Timeout = (float)Patience.Long.TotalMilliseconds });

    /// <summary>Waits until a view with these words in it is kept.</summary>
    private static async Task HasKept(IPage page, string key, string words) =>
        _ = await Eventually.TrueAsync(
            async () => await page.EvaluateAsync<bool>(
                """
                ([key, words]) => new Promise(resolve => {
                  const asked = indexedDB.open('schoolhome-seen')
                  asked.onerror = () => resolve(false)
                  asked.onsuccess = () => {
                    const db = asked.result
                    const end = is => { db.close(); resolve(is) }
                    if (!db.objectStoreNames.contains('views')) return end(false)
                    const store = db.transaction('views').objectStore('views')
                    const keys = store.getAllKeys(), values = store.getAll()
                    values.onsuccess = () => end(keys.result.some((one, at) => String(one).endsWith('|' + key) && values.result[at].value.includes(words)))
                    values.onerror = () => end(false)
                  }
                })
                """,
                new[] { key, words }),
            Patience.Limit,
            $"{key} to be kept");
}
