using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.CoEditing;

/// <summary>A section rests as an ordinary field until somebody turns to it; its editor is fetched only then, and nothing that is typed meanwhile is lost.</summary>
public sealed class RestingSectionTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Words = "words";
    private const string EditorScript = "**/assets/writing-*.js";

    [Fact]
    public async Task Who_only_looks_fetches_no_editor_and_sees_what_others_write()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father"), await SignedIn("mother"));
        var fetch = new HeldScript();
        await mother.Page.RouteAsync(EditorScript, fetch.Answer);
        await mother.OpenPage(Demo.Child, day);
        var byMother = mother.AtRest(Words);
        await Expect(byMother.Field).ToBeEditableAsync();
        await Expect(byMother.Field).ToHaveAccessibleNameAsync("家长的话");

        var byFather = await father.OpenPage(Demo.Child, day, Words);
        await byFather.Type("明天带画笔");
        await byMother.Shows("明天带画笔");
        await Expect(byMother.Writing).ToContainTextAsync("爸爸");
        await Expect(byMother.Editor).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Letters_that_were_typed_before_the_editor_came_stay_in_their_order_and_can_be_undone()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father"), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        await byFather.Type("好。");
        await byFather.IsDelivered();

        var fetch = new HeldScript();
        await mother.Page.RouteAsync(EditorScript, fetch.Answer);
        await mother.OpenPage(Demo.Child, day);
        var byMother = mother.AtRest(Words);
        await byMother.Shows("好。");
        await byMother.Field.TapAsync();
        await byMother.Field.PressAsync("Home");
        await mother.Page.Keyboard.TypeAsync("很");
        await byMother.IsKeptHere();
        // Meanwhile he goes on; it comes in with the editor.
        await byFather.GoToEnd();
        await byFather.Type("谢谢");
        await byFather.IsDelivered();
        await mother.Page.Keyboard.TypeAsync("非常");
        await Expect(byMother.Editor).ToHaveCountAsync(0);

        fetch.LetGo();
        await Expect(byMother.Editor).ToBeFocusedAsync();
        await mother.Page.Keyboard.TypeAsync("很");
        await byMother.Shows("很非常很好。谢谢");
        await byMother.IsDelivered();
        await byFather.Shows("很非常很好。谢谢");

        for (var times = 0; times < 6; times++)
            await mother.Page.Keyboard.PressAsync("Control+z");
        await byMother.Shows("好。谢谢");
        await byFather.Shows("好。谢谢");
    }

    [Fact]
    public async Task T8_A_composition_that_began_before_the_editor_came_is_ended_before_it_comes()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        var fetch = new HeldScript();
        await mother.Page.RouteAsync(EditorScript, fetch.Answer);
        await mother.OpenPage(Demo.Child, day);
        var words = mother.AtRest(Words);
        await words.Field.TapAsync();
        await words.Field.EvaluateAsync("field => { window.ended = 0; field.addEventListener('compositionend', () => window.ended++) }");
        var keyboard = await mother.Context.NewCDPSessionAsync(mother.Page);
        Task Compose(string text) => keyboard.SendAsync("Input.imeSetComposition", new() { ["text"] = text, ["selectionStart"] = text.Length, ["selectionEnd"] = text.Length });

        await Compose("n");
        await Compose("ni");
        fetch.LetGo();
        await HasRun(mother.Page);
        await Compose("nih");
        await Compose("nihao");
        await words.Shows("nihao");
        Assert.Equal(0, await mother.Page.EvaluateAsync<int>("() => window.ended"));
        _ = await keyboard.SendAsync("Input.insertText", new() { ["text"] = "你好" });
        await Expect(words.Editor).ToBeFocusedAsync();
        await words.Shows("你好");
        await Compose("ma");
        _ = await keyboard.SendAsync("Input.insertText", new() { ["text"] = "吗" });
        await words.Shows("你好吗");
        await words.IsDelivered();
        Assert.Equal("你好吗", await mother.StoredText(Demo.Child, day, Words));
    }

    [Fact]
    public async Task T9_Where_the_editor_cannot_be_fetched_the_words_are_kept_and_delivered_later()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        await mother.Page.RouteAsync(EditorScript, route => route.AbortAsync());
        await mother.OpenPage(Demo.Child, day);
        var words = mother.AtRest(Words);
        await words.Field.FillAsync("没有编辑器");
        await words.IsKeptHere();

        await mother.Page.UnrouteAsync(EditorScript);
        _ = await mother.Page.ReloadAsync();
        // What waits here opens its editor without a touch.
        await Expect(words.Editor).ToBeEditableAsync();
        await words.Shows("没有编辑器");
        await words.IsDelivered();
        Assert.Equal("没有编辑器", await mother.StoredText(Demo.Child, day, Words));
    }

    [Fact]
    public async Task A_tap_puts_the_caret_where_the_finger_was_and_moves_nothing()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father"), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        await byFather.Type("第一行比较长，在手机上要折成两行才放得下，所以写得长一点。");
        await byFather.Field.PressAsync("Enter");
        await byFather.Type("第二行");
        await byFather.IsDelivered();

        await mother.OpenPage(Demo.Child, day);
        var words = mother.AtRest(Words);
        await words.ShowsPart("第二行");
        // Far down the page, where a jump to its top would show; and in the middle of the screen, so that nobody needs to scroll in order to tap.
        await words.Field.EvaluateAsync("field => field.scrollIntoView({ block: 'center' })");
        var before = await BoxOf(words);
        // Behind the last letter of the last line.
        await words.Field.TapAsync(new() { Position = new() { X = before.Width - 20, Y = before.Height - 20 } });
        await Expect(words.Editor).ToBeFocusedAsync();
        var after = await BoxOf(words);
        Assert.Equal((before.Y, before.Height), (after.Y, after.Height));
        await mother.Page.Keyboard.TypeAsync("！");
        await words.ShowsPart("第二行！");
        // And in the first line, in the editor now as it was in the field.
        await words.IsDelivered();
    }

    [Fact]
    public async Task Tab_passes_a_resting_section_without_being_pulled_back()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        var fetch = new HeldScript();
        await mother.Page.RouteAsync(EditorScript, fetch.Answer);
        await mother.OpenPage(Demo.Child, day);
        var (athome, words) = (mother.AtRest("study-at-home"), mother.AtRest(Words));
        await athome.Field.FocusAsync();
        await mother.Page.Keyboard.PressAsync("Tab");
        Assert.True(await words.HasFocus());
        fetch.LetGo();
        await Expect(athome.Editor).ToBeEditableAsync();
        await Expect(words.Editor).ToBeFocusedAsync();
        await mother.Page.Keyboard.TypeAsync("直接写");
        await words.Shows("直接写");
        await words.IsDelivered();
        await athome.Shows("");
    }

    private static async Task<LocatorBoundingBoxResult> BoxOf(WrittenSection section) =>
        await section.Root.Locator(".shared-field-editor").BoundingBoxAsync() ?? throw new InvalidOperationException("The section is not to be seen.");

    /// <summary>Waits until the editor's script has been fetched and run.</summary>
    private static async Task HasRun(IPage page)
    {
        var script = await page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').map(one => one.name).find(name => /writing-[^/]*[.]js$/.test(name))");
        await page.EvaluateAsync("script => import(script).then(() => undefined)", await script.JsonValueAsync<string>());
    }

    /// <summary>A script that is on its way for as long as the test says.</summary>
    private sealed class HeldScript
    {
        private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void LetGo() => _gone.SetResult();

        public async Task Answer(IRoute route)
        {
            await _gone.Task;
            await route.ContinueAsync();
        }
    }
}
