using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.Live;

/// <summary>Rules L8, T2, T3 and T9 where it matters: in a browser whose network goes away.</summary>
public sealed class NetworkTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Words = "words";

    [Fact]
    public async Task L8_After_a_cut_network_both_have_everything_once_without_a_reload()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father", Device.Desktop), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        await mother.MarkDocument();
        await byMother.Type("一");
        await byFather.Shows("一");
        await byMother.IsDelivered();

        await mother.Context.SetOfflineAsync(true);
        await mother.ConnectionIs("offline");
        await Expect(mother.Connection).ToContainTextAsync("离线");
        await byMother.Type("离线写的");
        await byMother.IsKeptHere();
        await byFather.GoToEnd();
        await byFather.Type("（爸爸）");
        await byFather.IsDelivered();
        Assert.Equal("一（爸爸）", await father.StoredText(Demo.Child, day, Words));
        await byMother.Shows("一离线写的");

        await mother.Context.SetOfflineAsync(false);
        await mother.IsConnected();
        await byMother.IsDelivered();
        await byFather.ShowsPart("离线写的");
        var stored = await father.StoredText(Demo.Child, day, Words);
        Assert.Contains(stored, (string[])["一离线写的（爸爸）", "一（爸爸）离线写的"]);
        await byMother.Shows(stored);
        await byFather.Shows(stored);
        await mother.HasNotReloaded();
    }

    [Fact]
    public async Task T2_Words_that_were_pending_at_a_reload_are_taken_up_and_delivered_once()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        await byMother.Type("在线，");
        await byMother.IsDelivered();
        await mother.Context.SetOfflineAsync(true);
        await mother.ConnectionIs("offline");
        await byMother.Type("离线");
        await byMother.IsKeptHere();
        var speaksAs = mother.PushedClientIds().Single();

        // The document is gone, as after a reload, with the words on their way. (A reload without a network would be repeated by the browser by itself.)
        _ = await mother.Page.GotoAsync("about:blank");
        await mother.Context.SetOfflineAsync(false);
        await mother.OpenPage(Demo.Child, day);
        byMother = await mother.Section(Words);
        await byMother.Shows("在线，离线");
        await byMother.IsDelivered();
        Assert.Equal("在线，离线", await mother.StoredText(Demo.Child, day, Words));
        // The same tab's id again: that is what makes a repetition known.
        Assert.Equal([speaksAs], mother.PushedClientIds());
    }

    [Fact]
    public async Task T3_Words_whose_answer_was_lost_are_not_written_twice_after_a_reload()
    {
        var day = Demonstration.NewDay();
        var web = await Demonstration.WebAsync();
        await using var cable = new NetworkCable(web.Address);
        var father = await SignedIn("father", Device.Desktop);
        var mother = await SignedInAt(cable.Address, "mother");
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        await byMother.Type("一");
        await byMother.IsDelivered();

        cable.SwallowAnswers();
        await byMother.Type("二");
        // The school has it; she cannot know.
        await byFather.Shows("一二");
        await byMother.IsKeptHere();
        cable.Cut();
        await mother.ConnectionIs("offline");

        cable.Restore();
        await mother.OpenPage(Demo.Child, day);
        byMother = await mother.Section(Words);
        await byMother.Shows("一二");
        await byMother.IsDelivered();
        Assert.Equal("一二", await father.StoredText(Demo.Child, day, Words));
    }

    [Fact]
    public async Task A_network_that_goes_silent_is_noticed_and_got_over()
    {
        var day = Demonstration.NewDay();
        var web = await Demonstration.WebAsync();
        await using var cable = new NetworkCable(web.Address);
        var father = await SignedIn("father", Device.Desktop);
        var mother = await SignedInAt(cable.Address, "mother");
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        await mother.MarkDocument();

        // Nothing is closed: only the signs of life stay out.
        cable.SwallowAnswers();
        await mother.ConnectionIs("reconnecting", Patience.Long);
        await byFather.Type("还在吗");
        cable.Cut();
        await byMother.Type("在");
        await byMother.IsKeptHere();
        cable.Restore();
        await mother.IsConnected(Patience.Long);
        await byMother.IsDelivered();
        await byFather.ShowsPart("还在吗");
        await byFather.Shows(text => text is "还在吗在" or "在还在吗", "both words");
        await byMother.Shows(await byFather.Text());
        await mother.HasNotReloaded();
    }

    [Fact]
    public async Task T9_Signing_out_with_words_that_wait_is_asked_about_and_leaves_nothing_on_the_device()
    {
        var day = Demonstration.NewDay();
        var web = await Demonstration.WebAsync();
        await using var cable = new NetworkCable(web.Address);
        var father = await SignedInAt(cable.Address, "father");
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        // The screens that he has not been to are fetched in time: without a network he can turn to them.
        await HasFetched(father.Page, "MeView");
        cable.Cut();
        await byFather.Type("没送达");
        await byFather.IsKeptHere();
        await father.Page.GetByTestId("nav-me").ClickAsync();
        await father.Page.GetByTestId("sign-out").ClickAsync();
        var question = father.Page.GetByRole(AriaRole.Dialog);
        await Expect(question).ToContainTextAsync("还有没送达的字");
        await question.GetByRole(AriaRole.Button, new() { Name = "先不退出" }).ClickAsync();
        await Expect(question).ToHaveCountAsync(0);

        // Left alone, they are delivered although their page is not open.
        cable.Restore();
        await father.IsConnected();
        _ = await Eventually.TrueAsync(
            async () => await father.StoredText(Demo.Child, day, Words) == "没送达", Patience.Limit, "the words to be delivered from another screen");
        await father.Page.GetByTestId("sign-out").ClickAsync();
        await Expect(father.Page.GetByTestId("sign-in")).ToBeVisibleAsync();
        Assert.Empty(await father.Page.EvaluateAsync<string[]>("() => Object.keys(localStorage).filter(key => /pending|kept/.test(key))"));
    }

    [Fact]
    public async Task C3_A_killed_server_loses_nothing_that_was_delivered_and_gets_the_rest_when_it_is_back()
    {
        await using var web = await WebProcess.StartAsync("Development");
        await web.UntilLoggedAsync("The demo class has written", Patience.Long);
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedInAt(web.Address, "father", Device.Desktop), await SignedInAt(web.Address, "mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        await father.MarkDocument();
        await mother.MarkDocument();
        await byMother.Type("送达");
        await byMother.IsDelivered();
        await byFather.Shows("送达");

        await web.KillAsync();
        await mother.ConnectionIs("offline", Patience.Long);
        await father.ConnectionIs("offline", Patience.Long);
        await byMother.Type("，妈妈离线");
        await byFather.GoToEnd();
        await byFather.Type("，爸爸离线");
        await byMother.IsKeptHere();
        await byFather.IsKeptHere();

        await web.StartAgainAsync();
        await mother.IsConnected(Patience.Long);
        await father.IsConnected(Patience.Long);
        await byMother.IsDelivered(Patience.Long);
        await byFather.IsDelivered(Patience.Long);
        var stored = await father.StoredText(Demo.Child, day, Words);
        Assert.Contains(stored, (string[])["送达，妈妈离线，爸爸离线", "送达，爸爸离线，妈妈离线"]);
        await byMother.Shows(stored);
        await byFather.Shows(stored);
        await mother.HasNotReloaded();
        await father.HasNotReloaded();

        // And live goes on.
        await byMother.GoToEnd();
        await byMother.Type("。");
        await byFather.Shows(stored + "。");
    }

    /// <summary>Waits until a screen's code, with all that it needs, has been fetched ahead.</summary>
    private static async Task HasFetched(IPage page, string screen)
    {
        var script = await page.WaitForFunctionAsync(
            "screen => performance.getEntriesByType('resource').map(one => one.name).find(name => name.includes(`/${screen}-`) && name.endsWith('.js'))", screen);
        // Importing it once more answers when it is there with all that it imports.
        await page.EvaluateAsync("script => import(script).then(() => undefined)", await script.JsonValueAsync<string>());
        _ = await page.WaitForFunctionAsync("screen => [...document.querySelectorAll(`link[rel=stylesheet][href*='/${screen}-']`)].every(one => one.sheet)", screen);
    }
}
