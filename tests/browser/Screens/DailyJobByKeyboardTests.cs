using Microsoft.Playwright;
using SchoolHome.Tests.Browser.ContactBook;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.Screens;

/// <summary>
/// The daily job of a teacher and of a parent, by keyboard alone and by ear. At every stop the focus is seen and what has it is named (<see cref="KeyboardReader"/>);
/// here, what changes is told: by state, by live region, by where the focus goes.
/// </summary>
public sealed class DailyJobByKeyboardTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task A_teacher_fills_in_the_class_and_writes_its_sheet()
    {
        var day = Demonstration.NewDay();
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var children = await teacher.Children(day);
        await teacher.Open(Demo.ClassPath(day));
        await Expect(teacher.Page.GetByTestId($"child-{Demo.Child}")).ToBeVisibleAsync();
        var reader = await KeyboardReader.Of(teacher);
        var page = teacher.Page;
        await reader.IsLaidOut();

        // Past what is on every screen.
        Assert.Equal(("link", "跳到正文"), Said(await reader.Press("Tab")));
        await reader.PressAndGo("Enter");
        Assert.Equal("main", (await reader.IsAt(page.Locator("#main"))).Role);

        // Another day keeps the focus, so that one goes on turning.
        var next = await reader.TabTo(page.GetByTestId("day-next"));
        await reader.PressAndGo("Enter");
        await reader.Hears($"{day.AddDays(1).Month}月{day.AddDays(1).Day}日");
        Assert.Equal(next, await reader.IsAt(page.GetByTestId("day-next")), Same);
        _ = await reader.TabTo(page.GetByTestId("day-previous"), back: true);
        await reader.PressAndGo("Enter");
        await reader.Hears($"{day.Month}月{day.Day}日");
        _ = await reader.IsAt(page.GetByTestId("day-previous"));

        // Who lacks something.
        var filter = await reader.TabTo(page.GetByTestId("filter-family"));
        Assert.Equal(("button", "false"), (filter.Role, filter.State["pressed"]));
        Assert.Equal("true", (await reader.Press("Space")).State["pressed"]);
        await reader.Hears("家长没写");

        // The entry grid: three exceptions, the same for all others, a sentence.
        _ = await reader.TabTo(page.GetByTestId("to-entry"), back: true);
        await reader.PressAndGo("Enter");
        await reader.ComesTo("逐个填写");
        var cell = await reader.TabTo(page.Locator("[role=gridcell][tabindex='0']"));
        Assert.Equal("gridcell", cell.Role);
        Assert.EndsWith(", 上课: 没填", cell.Name, StringComparison.Ordinal);
        Assert.EndsWith(", 上课: 要留意", (await reader.Press("3")).Name, StringComparison.Ordinal);
        await reader.Hears(", 上课: 要留意");
        _ = await reader.Press("ArrowDown");
        Assert.EndsWith(", 作业: 没填", (await reader.Press("ArrowRight")).Name, StringComparison.Ordinal);
        Assert.EndsWith(", 作业: 一般", (await reader.Press("2")).Name, StringComparison.Ordinal);
        await reader.Hears(", 作业: 一般");
        _ = await reader.Press("ArrowDown");
        Assert.EndsWith(", 作业: 好", (await reader.Press("1")).Name, StringComparison.Ordinal);
        await reader.Hears(", 作业: 好");
        _ = await reader.TabTo(page.GetByTestId("rest-good"), back: true);
        _ = await reader.Press("Enter");
        await reader.Hears($"{children.Length} 位还没填的都填了");
        var undo = await reader.TabTo(page.GetByTestId("undo"));
        Assert.Equal(("button", "撤销"), Said(undo));
        // Back in the grid where one left it, and on to the words; Escape ends the writing and keeps what was written.
        Assert.EndsWith(", 作业: 好", (await reader.TabTo(page.Locator("[role=gridcell][tabindex='0']"))).Name, StringComparison.Ordinal);
        var words = page.GetByTestId($"words-{children[2]}");
        _ = await reader.Press("End");
        Assert.EndsWith("在校情况: 没填", (await reader.IsAt(words)).Name, StringComparison.Ordinal);
        await reader.PressAndGo("Enter");
        var writing = await reader.IsAt(words.GetByRole(AriaRole.Textbox));
        Assert.Equal(("textbox", "在校情况"), Said(writing));
        await reader.Type("du de hen xiang");
        await reader.PressAndGo("Escape");
        await Expect(words).ToHaveTextAsync("du de hen xiang");
        Assert.EndsWith("在校情况: du de hen xiang", (await reader.IsAt(words)).Name, StringComparison.Ordinal);
        await teacher.EntriesAreDelivered();
        _ = await Eventually.TrueAsync(async () => await teacher.StoredText(children[2], day, "school-day") == "du de hen xiang", Patience.Limit, "the sentence to be on record");
        Assert.Equal(["attention care", "homework good", "conduct good", "lunch good", "wellbeing good"], Desk.Marks(await teacher.Stored(children[0], day)));
        Assert.Equal("homework fair", Desk.Marks(await teacher.Stored(children[1], day))[1]);

        // Back, and to the sheet: two lines, one of them a notice, and one is changed.
        _ = await reader.TabTo(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "返回" }), back: true);
        await reader.PressAndGo("Enter");
        await reader.ComesTo("班级");
        _ = await reader.TabTo(page.GetByTestId("to-sheet"));
        await reader.PressAndGo("Enter");
        await reader.ComesTo("联系簿");
        var line = await reader.TabTo(teacher.Line());
        Assert.Equal(("textbox", "写一条作业，按回车就加上"), Said(line));
        await reader.Type("tingxie");
        _ = await reader.Press("Enter");
        await reader.Hears("加上了：tingxie");
        Assert.Equal(line, await reader.IsAt(teacher.Line()), Same);
        var notices = await reader.TabTo(page.GetByTestId("kind-notices"), back: true);
        Assert.Equal("false", notices.State["pressed"]);
        Assert.Equal("true", (await reader.Press("Space")).State["pressed"]);
        _ = await reader.TabTo(teacher.Line());
        await reader.Type("dai shuibei");
        _ = await reader.Press("Enter");
        await reader.Hears("加上了：dai shuibei");
        var edit = teacher.Sheet().Row("tingxie").GetByTestId("item-edit");
        Assert.Equal(("button", "改：tingxie"), Said(await reader.TabTo(edit)));
        await reader.PressAndGo("Enter");
        Assert.Equal(("textbox", "内容"), Said(await reader.IsAt(page.GetByTestId("item-text"))));
        await reader.Type(" disan ke");
        await reader.PressAndGo("Enter");
        await reader.Hears("改好了：tingxie disan ke");
        Assert.Equal(("button", "改：tingxie disan ke"), Said(await reader.IsAt(edit)));

        // A dialog takes the focus, keeps it, and gives it back; what is taken off is told, and taken back by key.
        var copy = await reader.TabTo(page.GetByTestId("copy"), back: true);
        await reader.PressAndGo("Enter");
        await Expect(page.GetByTestId("copy-dialog")).ToBeVisibleAsync();
        for (var steps = 0; steps < 8; steps++)
        {
            _ = await reader.Press("Tab");
            Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.closest('[role=dialog]') !== null"));
        }

        await reader.PressAndGo("Escape");
        Assert.Equal(copy, await reader.IsAt(page.GetByTestId("copy")), Same);
        _ = await reader.TabTo(teacher.Sheet().Row("dai shuibei").GetByTestId("item-remove"));
        await reader.PressAndGo("Enter");
        await reader.Hears("删掉了\"dai shuibei\"");
        await Expect(page.GetByTestId("items-notices").Row("dai shuibei")).ToHaveCountAsync(0);
        Assert.Equal("heading", (await reader.Here()).Role);
        _ = await reader.TabTo(page.GetByTestId("undo"));
        await reader.PressAndGo("Enter");
        await Expect(page.GetByTestId("items-notices").Row("dai shuibei")).ToBeVisibleAsync();
        Assert.Equal(["dai shuibei", "tingxie disan ke"], (await teacher.Sheet(day))["items"]!.AsArray().Select(item => (string)item!["text"]!).Order());
    }

    [Fact]
    public async Task A_teacher_answers_on_a_childs_page_marks_the_day_and_signs()
    {
        var day = Demonstration.NewPastDay();
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await teacher.Open(Demo.ClassPath(day));
        var reader = await KeyboardReader.Of(teacher);
        var page = teacher.Page;
        _ = await reader.TabTo(page.GetByTestId($"child-{Demo.Child}"));
        await reader.PressAndGo("Enter");
        await reader.ComesTo("许建萱");

        var mark = await reader.TabTo(page.GetByTestId("set-conduct-good"));
        Assert.Equal(("button", "好", "false"), (mark.Role, mark.Name, mark.State["pressed"]));
        Assert.Equal("true", (await reader.Press("Space")).State["pressed"]);
        await reader.Hears("已送达");

        var answer = teacher.AtRest("answer");
        Assert.Equal(("textbox", "老师回复"), Said(await reader.TabTo(answer.Field)));
        await reader.Type("shoudao");
        await answer.IsDelivered();
        var field = await reader.Here();
        Assert.Equal(("textbox", "老师回复"), Said(field));
        await reader.Hears("老师回复：已送达");
        // No trap: Tab and Shift+Tab lead out of it, and write nothing into it.
        _ = await reader.Press("Tab");
        Assert.False(await answer.HasFocus());
        _ = await reader.TabTo(answer.Field, back: true);
        _ = await reader.Press("Shift+Tab");
        Assert.False(await answer.HasFocus());
        Assert.Equal("shoudao", await teacher.StoredText(Demo.Child, day, "answer"));

        // Who wrote what: the dialog gives the focus back.
        var history = await reader.TabTo(page.GetByTestId("history-answer"));
        await reader.PressAndGo("Enter");
        await Expect(page.GetByTestId("revision")).ToHaveCountAsync(1);
        _ = await reader.Press("Tab");
        await reader.PressAndGo("Escape");
        Assert.Equal(history, await reader.IsAt(page.GetByTestId("history-answer")), Same);

        await Sign(reader, teacher, "teacher");
        Assert.Single((await teacher.Stored(Demo.Child, day))["signatures"]!.AsArray());

        // What is to be said afterwards: first without words, so that the field itself tells what it lacks.
        var add = await reader.TabTo(page.GetByTestId("add-answer"), back: true);
        Assert.Equal(("button", "补充：老师回复"), Said(add));
        await reader.PressAndGo("Enter");
        var text = page.GetByTestId("addendum-text").Locator("textarea").First;
        Assert.Equal(("textbox", "要补充的话"), Said(await reader.IsAt(text)));
        _ = await reader.TabTo(page.GetByTestId("form-save"));
        _ = await reader.Press("Enter");
        await reader.Hears("请写点什么");
        _ = await reader.TabTo(text, back: true);
        await reader.Type("mingtian jian");
        _ = await reader.TabTo(page.GetByTestId("form-save"));
        await reader.PressAndGo("Enter");
        await reader.Hears("补充已送达");
        Assert.Equal(add, await reader.IsAt(page.GetByTestId("add-answer")), Same);
        await Expect(page.GetByTestId("addendum")).ToContainTextAsync("mingtian jian");
    }

    [Fact]
    public async Task A_parent_ticks_the_homework_writes_and_signs_on_a_phone_with_a_keyboard()
    {
        // A school of its own, for the day is today.
        await using var web = await WebProcess.StartAsync("Development");
        await web.UntilLoggedAsync("The demo class has written", Patience.Long);
        var today = DemoServer.Today;
        var teacher = await SignedInAt(web.Address, "class-teacher", Device.Desktop);
        var mother = await SignedInAt(web.Address, "mother");
        var items = await teacher.AddItems(today, ("homework", "语文", "背诵第二段"), ("bring", null, "彩笔"));
        await mother.Open("/today");
        await Expect(mother.Tick(items[0])).ToBeVisibleAsync();
        var reader = await KeyboardReader.Of(mother);
        var page = mother.Page;
        await reader.IsLaidOut();
        Assert.Equal(("link", "跳到正文"), Said(await reader.Press("Tab")));
        await reader.PressAndGo("Enter");
        _ = await reader.IsAt(page.Locator("#main"));

        var tick = await reader.TabTo(mother.Tick(items[0]));
        Assert.Equal(("checkbox", "false"), (tick.Role, tick.State["checked"]));
        Assert.StartsWith("背诵第二段", tick.Name, StringComparison.Ordinal);
        Assert.Equal("true", (await reader.Press("Space")).State["checked"]);
        await reader.Hears("已送达");

        _ = await reader.TabTo(page.GetByTestId("today-write"));
        await reader.PressAndGo("Enter");
        await reader.ComesTo("许建萱 · 今天");
        var bring = await reader.TabTo(mother.Tick(items[1]));
        Assert.Equal("false", bring.State["checked"]);
        Assert.Equal("true", (await reader.Press("Space")).State["checked"]);
        await reader.Hears("已送达");

        var words = mother.AtRest("words");
        Assert.Equal(("textbox", "家长的话"), Said(await reader.TabTo(words.Field)));
        await reader.Type("laoshi hao");
        await reader.PressAndGo("Enter");
        await reader.Type("xiexie");
        await words.IsDelivered();
        // It is the editor by now, and still a field of this name with several lines; the caret moves in it, the focus does not.
        await Expect(words.Editor).ToBeFocusedAsync();
        var editor = await reader.Press("ArrowUp");
        Assert.Equal(("textbox", "家长的话"), Said(editor));
        Assert.Contains("multiline", editor.State.Keys);
        await reader.Hears("家长的话：已送达");
        _ = await reader.Press("Tab");
        Assert.False(await words.HasFocus());
        _ = await reader.TabTo(words.Field, back: true);
        _ = await reader.Press("Shift+Tab");
        Assert.False(await words.HasFocus());
        Assert.Equal("laoshi hao\nxiexie", await mother.StoredText(Demo.Child, today, "words"));

        await Sign(reader, mother, "guardian");
        Assert.Single((await mother.Stored(Demo.Child, today))["signatures"]!.AsArray());

        // The week and the month: another day has the focus when it is opened, and a month is turned within its grid.
        var yesterday = today.AddDays(-1);
        var other = page.GetByTestId($"week-{Demo.Say(today.DayOfWeek is DayOfWeek.Monday ? today.AddDays(1) : yesterday)}");
        _ = await reader.TabTo(other, back: true);
        await reader.PressAndGo("Enter");
        await Expect(other).ToHaveAttributeAsync("aria-current", "date");
        _ = await reader.IsAt(other);
        _ = await reader.TabTo(page.GetByTestId("to-month"), back: true);
        await reader.PressAndGo("Enter");
        await reader.ComesTo("许建萱 · ");
        var open = await reader.TabTo(page.Locator("[data-day][tabindex='0']"));
        Assert.Equal("link", open.Role);
        await reader.PressAndGo("PageUp");
        await reader.Hears(today.AddMonths(-1).ToString("yyyy年M月", System.Globalization.CultureInfo.InvariantCulture));
        var before = await reader.IsAt(page.Locator($"[data-day^='{Demo.Say(today.AddMonths(-1))[..7]}'][tabindex='0']"));
        Assert.NotEqual(open.Name, before.Name);
    }

    /// <summary>Signs by key. First it is called off: who is quick is told that nothing was sent.</summary>
    private static async Task Sign(KeyboardReader reader, Visitor signer, string group)
    {
        var (page, sign, callOff) = (signer.Page, signer.Page.GetByTestId("sign"), signer.Page.GetByTestId("sign-call-off"));
        await Expect(sign).ToBeEnabledAsync();
        Assert.Equal("button", (await reader.TabTo(sign)).Role);
        await reader.PressAndGo("Enter");
        await reader.Hears("10 秒后送出签字，可以撤回");
        Assert.Equal(("button", "撤回"), Said(await reader.IsAt(callOff)));
        await reader.PressAndGo("Enter");
        await reader.Hears("签字没有送出");
        Assert.Equal(("group", "签字"), Said(await reader.IsAt(page.Locator(".signatures-foot"))));

        _ = await reader.TabTo(sign);
        await reader.PressAndGo("Enter");
        await reader.Hears("10 秒后送出签字，可以撤回");
        _ = await reader.IsAt(callOff);
        await reader.Hears("签字已送达", Patience.Long);
        Assert.Equal(("group", "签字"), Said(await reader.IsAt(page.Locator(".signatures-foot"))));
        await signer.SignatureIs(group, true);
    }

    private static (string Role, string Name) Said(Focused focused) => (focused.Role, focused.Name);

    private static bool Same(Focused one, Focused other) => Said(one) == Said(other);
}
