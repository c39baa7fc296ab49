using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>What one writes shows itself on the others' screens without a reload.</summary>
public sealed partial class DayTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task Today_tells_the_mother_at_once_when_the_school_has_written()
    {
        var (mother, teacher) = (await SignedIn("mother"), await SignedIn("class-teacher", Device.Desktop));
        // What was there before she has seen, once she has opened the page.
        await mother.OpenPage(Demo.Child, DemoServer.Today);
        await mother.Page.GetByTestId("nav-today").ClickAsync();
        var today = mother.Page.GetByTestId($"today-{Demo.Child}");
        await Expect(today).ToContainTextAsync("许建萱");
        await Expect(today.GetByTestId("today-new")).ToHaveCountAsync(0);
        await mother.MarkDocument();

        var bySchool = await teacher.OpenPage(Demo.Child, DemoServer.Today, "school-day");
        await bySchool.GoToEnd();
        await bySchool.Type("今天发言很积极。");
        await Expect(today.GetByTestId("today-new")).ToContainTextAsync("老师有新的话");
        await mother.HasNotReloaded();

        await today.GetByTestId("today-new").ClickAsync();
        await Expect(mother.TextOf("school-day")).ToContainTextAsync("今天发言很积极。");
        await mother.Page.GetByTestId("nav-today").ClickAsync();
        await Expect(today).ToBeVisibleAsync();
        await Expect(today.GetByTestId("today-new")).ToHaveCountAsync(0);

        // Homework, which the whole class gets, comes by itself too.
        var items = await teacher.AddItems(DemoServer.Today, ("homework", "体育", "跳绳十分钟"));
        await Expect(today.GetByTestId("today-homework")).ToContainTextAsync("跳绳十分钟");
        await mother.HasNotReloaded();
        await teacher.RemoveItem(DemoServer.Today, items[0]);
        await Expect(today.GetByTestId("today-homework")).Not.ToContainTextAsync("跳绳十分钟");
    }

    [Fact]
    public async Task The_class_overview_counts_at_once_when_a_family_has_written_and_when_it_takes_that_back()
    {
        var day = Demonstration.NewDay();
        var (mother, teacher) = (await SignedIn("mother"), await SignedIn("class-teacher", Device.Desktop));
        await teacher.Open(Demo.ClassPath(day));
        var child = teacher.Page.GetByTestId($"child-{Demo.Child}");
        var count = teacher.Page.GetByTestId("class-day-count");
        await Expect(child).ToHaveAttributeAsync("data-filled", "");
        await Expect(count).ToHaveTextAsync(NobodyWrote());
        await teacher.MarkDocument();

        var athome = await mother.OpenPage(Demo.Child, day, "study-at-home");
        await athome.Type("作业做完了");
        await Expect(child).ToHaveAttributeAsync("data-filled", "study-at-home");
        await Expect(count).ToHaveTextAsync(OneWrote());
        await teacher.Page.GetByTestId("filter-family").ClickAsync();
        await Expect(child).ToHaveCountAsync(0);
        await teacher.Page.GetByTestId("filter-all").ClickAsync();

        await athome.Field.PressAsync("Control+a");
        await athome.Field.PressAsync("Delete");
        await Expect(child).ToHaveAttributeAsync("data-filled", "");
        await Expect(count).ToHaveTextAsync(NobodyWrote());
        await teacher.HasNotReloaded();

        // A tap on the child leads to the page of this day.
        await child.ClickAsync();
        await Expect(teacher.Page).ToHaveURLAsync(new Regex(Regex.Escape(Demo.PagePath(Demo.Child, day)) + "$"));
        await Expect(teacher.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("许建萱");
    }

    [Fact]
    public async Task What_a_teacher_writes_for_the_class_appears_in_every_childs_page_and_is_only_read_there()
    {
        var day = Demonstration.NewDay();
        var (mother, twoChildren) = (await SignedIn("mother"), await SignedIn("two-children"));
        var (teacher, english) = (await SignedIn("class-teacher", Device.Desktop), await SignedIn("subject-teacher", Device.Desktop));
        await mother.OpenPage(Demo.Child, day);
        await twoChildren.OpenPage(Demo.Sister, day);
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("今天还没有写作业");

        // Two teachers write on the same sheet.
        var first = await teacher.AddItems(day, ("homework", "语文", "听写第三课"));
        var second = await english.AddItems(day, ("homework", "英语", "朗读"));
        foreach (var parent in new[] { mother, twoChildren })
        {
            await Expect(parent.Tick(first[0])).ToContainTextAsync("听写第三课");
            await Expect(parent.Tick(second[0])).ToContainTextAsync("朗读");
        }

        await teacher.ChangeItem(day, first[0], "听写第四课");
        await Expect(mother.Tick(first[0])).ToContainTextAsync("听写第四课");
        await Expect(mother.Page.GetByTestId("page-sheet").Locator("input, textarea, [contenteditable=true]")).ToHaveCountAsync(0);
        foreach (var section in new[] { "school-day", "results" })
            await Expect(mother.TextOf(section)).ToHaveTextAsync("老师还没写");

        // The same sheet as the overview tells it.
        await english.Open(Demo.ClassPath(day));
        await Expect(english.Page.GetByTestId("to-sheet").Locator(".fill.filled")).ToContainTextAsync("作业");
    }

    [Fact]
    public async Task A_mother_of_two_finds_each_child_named_and_turns_from_one_page_to_the_other()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("two-children");
        await mother.Open("/today");
        await Expect(mother.Page.GetByTestId($"today-{Demo.Sister}").GetByRole(AriaRole.Heading).First).ToContainTextAsync("杨天玥");
        await Expect(mother.Page.GetByTestId($"today-{Demo.Brother}").GetByRole(AriaRole.Heading).First).ToContainTextAsync("杨文宇");

        var words = await mother.OpenPage(Demo.Sister, day, "words");
        await Expect(mother.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("杨天玥");
        await words.Type("给天玥的");
        await words.IsDelivered();
        var children = mother.Page.GetByRole(AriaRole.Group, new() { Name = "选孩子" });
        await children.GetByText("杨文宇").ClickAsync();
        await Expect(mother.Page).ToHaveURLAsync(new Regex(Regex.Escape(Demo.PagePath(Demo.Brother, day)) + "$"));
        await Expect(mother.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("杨文宇");
        words = await mother.Section("words");
        await words.Shows("");
        await words.Type("给文宇的");
        await words.IsDelivered();
        await children.GetByText("杨天玥").ClickAsync();
        words = await mother.Section("words");
        await words.Shows("给天玥的");
        Assert.Equal("给文宇的", await mother.StoredText(Demo.Brother, day, "words"));
    }

    [Fact]
    public async Task The_day_is_changed_by_the_arrows_and_the_way_back_to_today_is_one_tap()
    {
        var mother = await SignedIn("mother");
        await mother.Open("/book");
        var title = mother.Page.GetByTestId("day-title");
        await Expect(title).ToContainTextAsync("今天");
        await mother.Page.GetByTestId("day-previous").ClickAsync();
        await Expect(title).ToContainTextAsync("昨天");
        await Expect(mother.Page).ToHaveURLAsync(new Regex(Demo.Say(DemoServer.Today.AddDays(-1)) + "$"));
        await mother.Page.GetByTestId("day-previous").ClickAsync();
        await Expect(title).ToContainTextAsync(DemoServer.Today.AddDays(-2).ToString("M月d日", CultureInfo.InvariantCulture));
        await mother.Page.GetByTestId("day-today").ClickAsync();
        await Expect(title).ToContainTextAsync("今天");
        await Expect(mother.Page.GetByTestId("day-today")).ToHaveCountAsync(0);
        await mother.Page.GetByTestId("day-next").ClickAsync();
        await Expect(title).ToContainTextAsync("明天");
    }

    [GeneratedRegex("^0 / ")]
    private static partial Regex NobodyWrote();

    [GeneratedRegex("^1 / ")]
    private static partial Regex OneWrote();
}
