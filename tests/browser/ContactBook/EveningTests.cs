using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>An evening of a family with the book: homework is ticked, words are written, the page is signed, and who is elsewhere sees it come.</summary>
public sealed class EveningTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task A_mother_and_her_child_tick_write_and_sign_while_the_father_watches()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father, student) = (await SignedIn("mother"), await SignedIn("father"), await SignedIn("student"));
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var items = await teacher.AddItems(day, ("homework", "语文", "背诵第二自然段"), ("homework", "数学", "第43页 1～4 题"), ("bring", null, "彩笔一盒"), ("notices", null, "明天有体育课"));
        await father.OpenPage(Demo.Child, day);
        await father.MarkDocument();
        await mother.OpenPage(Demo.Child, day);
        await student.OpenPage(Demo.Child, day);
        var homework = mother.Page.GetByTestId("sheet-homework");
        await Expect(homework.GetByRole(AriaRole.Heading, new() { Level = 4 })).ToHaveTextAsync(["语文", "数学"]);
        await Expect(mother.Page.GetByTestId("sheet-notices")).ToContainTextAsync("明天有体育课");
        await Expect(mother.Tick(items[3])).ToHaveCountAsync(0);

        // What the school says in a word each comes by itself.
        await teacher.Mark(Demo.Child, day, "lunch", "fair");
        await Expect(mother.Page.GetByTestId("mark-lunch")).ToContainTextAsync("一般");

        // One tap on the row, wherever; the other phone sees it with a name.
        await student.Tick(items[0]).ClickAsync();
        await mother.Tick(items[1]).ClickAsync(new() { Position = new() { X = 250, Y = 20 } });
        await Expect(mother.Tick(items[1])).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(father.Tick(items[0])).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(father.Tick(items[0])).ToContainTextAsync("学生");
        await Expect(father.Tick(items[1])).ToContainTextAsync("妈妈");
        await Expect(mother.Page.GetByTestId("count-homework")).ToHaveTextAsync("完成 2 / 2");

        // The same tap takes a slip back.
        await mother.Tick(items[2]).ClickAsync();
        await Expect(father.Tick(items[2])).ToHaveAttributeAsync("aria-checked", "true");
        await mother.Tick(items[2]).ClickAsync();
        await Expect(father.Tick(items[2])).ToHaveAttributeAsync("aria-checked", "false");

        var atHome = await student.Section("study-at-home");
        await atHome.Type("背完了");
        await atHome.IsDelivered();
        await student.PressSign("student");
        await father.SignatureIs("student", true);
        // The child has closed it for itself; the mother can still say more.
        await Expect(student.Page.GetByTestId("sealed-study-at-home")).ToBeVisibleAsync();
        atHome = await mother.Section("study-at-home");
        await atHome.GoToEnd();
        await atHome.Type("，很流利");
        var words = await mother.Section("words");
        await words.Type("谢谢老师");
        await words.IsDelivered();
        await mother.PressSign("guardian");

        await father.SignatureIs("guardian", true);
        await Expect(father.Signed("guardian")).ToContainTextAsync(mother.Name);
        await Expect(father.TextOf("words")).ToHaveTextAsync("谢谢老师");
        await Expect(father.TextOf("study-at-home")).ToHaveTextAsync("背完了，很流利");
        await Expect(father.Page.GetByTestId("sealed-words")).ToBeVisibleAsync();
        await father.HasNotReloaded();
        var stored = await mother.Stored(Demo.Child, day);
        Assert.Equal([items[0], items[1]], stored["ticks"]!.AsArray().Select(tick => (string)tick!["item"]!).Order(StringComparer.Ordinal));
        Assert.Equal(["student", "guardian"], stored["signatures"]!.AsArray().Select(one => (string)one!["for"]!));
    }

    [Fact]
    public async Task Today_tells_a_mother_of_two_what_is_to_do_for_which_child_and_takes_the_ticks()
    {
        var mother = await SignedIn("two-children");
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var items = await teacher.AddItems(DemoServer.Today, ("homework", "语文", "抄写生字两遍"));
        await mother.Open("/today");
        var sister = mother.Page.GetByTestId($"today-{Demo.Sister}");
        await Expect(sister.GetByTestId("today-sign")).ToContainTextAsync("杨天玥");
        await Expect(sister.GetByTestId("today-nothing")).ToHaveCountAsync(0);

        var tick = sister.GetByTestId($"tick-{items[0]}");
        await tick.FocusAsync();
        await tick.PressAsync(" ");
        await Expect(tick).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(tick).ToContainTextAsync(mother.Name);
        // The brother's is another child's.
        var brother = mother.Page.GetByTestId($"today-{Demo.Brother}");
        await Expect(brother).ToBeVisibleAsync();
        Assert.Contains((await mother.Stored(Demo.Sister, DemoServer.Today))["ticks"]!.AsArray(), one => (string)one!["item"]! == items[0]);
        Assert.DoesNotContain((await mother.Stored(Demo.Brother, DemoServer.Today))["ticks"]!.AsArray(), one => (string)one!["item"]! == items[0]);

        // An item that comes meanwhile is there at once; one that goes is gone.
        var later = await teacher.AddItems(DemoServer.Today, ("bring", null, "一片树叶"));
        await Expect(sister.GetByTestId($"tick-{later[0]}")).ToContainTextAsync("一片树叶");
        await teacher.RemoveItem(DemoServer.Today, later[0]);
        await Expect(sister.GetByTestId($"tick-{later[0]}")).ToHaveCountAsync(0);

        await sister.GetByTestId("today-sign").ClickAsync();
        await Expect(mother.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("杨天玥");
        await Expect(mother.Page.GetByTestId("sign")).ToBeInViewportAsync();
        await teacher.RemoveItem(DemoServer.Today, items[0]);
    }

    [Fact]
    public async Task A_teacher_marks_the_day_on_the_childs_page_and_the_mother_reads_it_in_a_word_each()
    {
        var day = Demonstration.NewPastDay();
        var (mother, teacher) = (await SignedIn("mother"), await SignedIn("subject-teacher"));
        await mother.OpenPage(Demo.Child, day);
        await teacher.OpenPage(Demo.Child, day);
        await teacher.Page.GetByTestId("set-attention-good").ClickAsync();
        await teacher.Page.GetByTestId("set-wellbeing-care").ClickAsync();
        await Expect(mother.Page.GetByTestId("mark-attention")).ToContainTextAsync("好");
        await Expect(mother.Page.GetByTestId("mark-wellbeing")).ToContainTextAsync("要留意");
        await Expect(mother.Page.GetByTestId("page-marks-entry")).ToHaveCountAsync(0);

        await teacher.Page.GetByTestId("set-attention-good").ClickAsync();
        await Expect(mother.Page.GetByTestId("mark-attention")).ToHaveCountAsync(0);
        // The class teacher's signature closes it.
        await (await SignedIn("class-teacher")).Sign(Demo.Child, day);
        await Expect(teacher.Page.GetByTestId("page-marks-entry")).ToHaveCountAsync(0);
        await Expect(teacher.Page.GetByTestId("mark-wellbeing")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_student_reads_of_the_own_homework()
    {
        var student = await SignedIn("student");
        await student.Open("/today");
        await Expect(student.Page.GetByTestId("today-homework").GetByRole(AriaRole.Heading, new() { Level = 3 })).ToHaveTextAsync("我的作业");
    }

    [Fact]
    public async Task T9_Ticks_made_without_a_network_are_kept_and_delivered_on_return_also_after_a_reload()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father) = (await SignedIn("mother"), await SignedIn("father"));
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var items = await teacher.AddItems(day, ("homework", "语文", "背诵"), ("homework", "数学", "口算"), ("bring", null, "跳绳"));
        await father.OpenPage(Demo.Child, day);
        await mother.OpenPage(Demo.Child, day);

        await Expect(mother.Tick(items[2])).ToBeVisibleAsync();
        await mother.Context.SetOfflineAsync(true);
        await mother.ConnectionIs("offline", Patience.Long);
        foreach (var item in items)
            await mother.Tick(item).ClickAsync();
        // The last is taken back before it was ever sent.
        await mother.Tick(items[2]).ClickAsync();
        await Expect(mother.Tick(items[0])).ToHaveAttributeAsync("data-state", "waiting");
        await Expect(mother.Tick(items[0])).ToContainTextAsync("已存本机");
        await Expect(mother.Page.GetByTestId("sign")).ToBeDisabledAsync();
        await Expect(mother.Page.GetByTestId("sign-hindrance")).ToContainTextAsync("没有网络");
        await Expect(father.Tick(items[0])).ToHaveAttributeAsync("aria-checked", "false");

        // The tab is closed, and the phone comes back with another.
        await mother.Page.CloseAsync();
        await mother.Context.SetOfflineAsync(false);
        var again = await mother.NewTab();
        await again.OpenPage(Demo.Child, day);
        await Expect(father.Tick(items[0])).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(father.Tick(items[1])).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(again.Tick(items[1])).ToContainTextAsync("妈妈");
        await Expect(father.Tick(items[2])).ToHaveAttributeAsync("aria-checked", "false");
    }
}
