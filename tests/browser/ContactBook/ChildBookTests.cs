using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>One child's book over its days: week, month, search, history, and on paper.</summary>
public sealed partial class ChildBookTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task The_week_tells_by_sign_and_word_how_far_each_day_is_and_leads_there()
    {
        var day = Demonstration.NewPastDay();
        var mother = await SignedIn("mother");
        var words = await mother.OpenPage(Demo.Child, day, "words");
        var open = mother.Page.GetByTestId($"week-{Demo.Say(day)}");
        await Expect(open).ToHaveAttributeAsync("aria-current", "date");
        await words.Type("您好");
        // Live, on the page that is open.
        await Expect(open).ToHaveAttributeAsync("data-state", "filled");
        await Expect(open).ToHaveAccessibleNameAsync(new Regex("已写$"));
        await words.IsDelivered();
        await mother.Sign(Demo.Child, day);
        await (await SignedIn("student")).Sign(Demo.Child, day);
        await (await SignedIn("class-teacher")).Sign(Demo.Child, day);
        await Expect(open).ToHaveAttributeAsync("data-state", "signed");

        // To another day of the week and back; what the month tells is the same.
        var other = day.DayOfWeek is DayOfWeek.Sunday ? day.AddDays(-1) : day.AddDays(1);
        await mother.Page.GetByTestId($"week-{Demo.Say(other)}").ClickAsync();
        await Expect(mother.Page).ToHaveURLAsync(new Regex(Regex.Escape(Demo.PagePath(Demo.Child, other)) + "$"));
        await Expect(open).ToHaveAttributeAsync("data-state", "signed");
        await Expect(open).ToHaveAccessibleNameAsync(new Regex("已签$"));
    }

    [Fact]
    public async Task A_month_is_walked_through_by_keys_and_a_day_opened()
    {
        var day = Demonstration.NewPastDay();
        var mother = await SignedIn("mother");
        var words = await mother.OpenPage(Demo.Child, day, "words");
        await words.Type("这一天写过");
        await words.IsDelivered();
        await mother.Page.GetByTestId("to-month").ClickAsync();
        await Expect(mother.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("许建萱");
        await Expect(mother.Page.GetByTestId("month-title")).ToHaveTextAsync(day.ToString("yyyy年M月", CultureInfo.InvariantCulture));
        var written = Day(mother, day);
        await Expect(written).ToHaveAttributeAsync("data-state", "filled");
        await Expect(written).ToHaveAccessibleNameAsync(new Regex("已写$"));
        await Expect(mother.Page.GetByTestId("month-filled")).ToContainTextAsync("已写");
        // The grid is one stop of the Tab key.
        await Expect(mother.Page.GetByTestId("month").Locator("[tabindex='0']")).ToHaveCountAsync(1);

        await written.FocusAsync();
        var next = day.AddDays(day.Day == 1 ? 1 : -1);
        await mother.Page.Keyboard.PressAsync(day.Day == 1 ? "ArrowRight" : "ArrowLeft");
        await Expect(Day(mother, next)).ToBeFocusedAsync();
        await Expect(Day(mother, next)).ToHaveAttributeAsync("tabindex", "0");
        await mother.Page.Keyboard.PressAsync(day.Day == 1 ? "ArrowLeft" : "ArrowRight");
        await mother.Page.Keyboard.PressAsync("Enter");
        await Expect(mother.Page).ToHaveURLAsync(new Regex(Regex.Escape(Demo.PagePath(Demo.Child, day)) + "$"));
        await (await mother.Section("words")).Shows("这一天写过");

        await mother.Page.GoBackAsync();
        await mother.Page.GetByTestId("month-previous").ClickAsync();
        await Expect(mother.Page.GetByTestId("month-title")).ToHaveTextAsync(day.AddMonths(-1).ToString("yyyy年M月", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_month_of_somebody_elses_child_is_not_there()
    {
        var stranger = await SignedIn("other-father");
        foreach (var screen in new[] { "month", "search?q=a", "print" })
        {
            await stranger.Open($"/book/{Demo.School}/{Demo.Child}/{screen}");
            await Expect(stranger.Page.GetByTestId("screen-not-found")).ToBeVisibleAsync();
            Assert.DoesNotContain("许建萱", await stranger.Page.ContentAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Words_are_found_in_the_childs_own_book_only_and_lead_to_their_day()
    {
        var day = Demonstration.NewPastDay();
        var (mother, other) = (await SignedIn("mother"), await SignedIn("other-father"));
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var words = await mother.OpenPage(Demo.Child, day, "words");
        await words.Type("周末去看了恐龙化石展");
        await words.IsDelivered();
        var others = await other.OpenPage(Demo.OtherChild, day, "words");
        await others.Type("我们也去看了恐龙化石展");
        await others.IsDelivered();
        _ = await teacher.AddItems(day, ("homework", "语文", "写一写恐龙化石"));

        await mother.Page.GetByTestId("to-search").ClickAsync();
        await Expect(mother.Page.GetByTestId("search-count")).ToContainTextAsync("只找这个孩子的联系簿");
        var field = mother.Page.GetByTestId("search-words").Locator("input");
        await field.FillAsync("没有人写过的词");
        await field.PressAsync("Enter");
        await Expect(mother.Page.GetByTestId("search-count")).ToContainTextAsync("没有找到");
        await field.FillAsync("恐龙化石");
        await mother.Page.GetByTestId("search-go").ClickAsync();

        var hit = mother.Page.GetByTestId($"hit-{Demo.Say(day)}");
        await Expect(hit.Locator("mark")).ToHaveTextAsync(["恐龙化石", "恐龙化石"]);
        await Expect(hit).ToContainTextAsync("家长的话");
        await Expect(hit).ToContainTextAsync("作业");
        await Expect(hit).Not.ToContainTextAsync("我们也去");
        await hit.ClickAsync();
        await (await mother.Section("words")).Shows("周末去看了恐龙化石展");
        // Back to what was found.
        await mother.Page.GoBackAsync();
        await Expect(hit).ToBeVisibleAsync();
        await Expect(field).ToHaveValueAsync("恐龙化石");
    }

    [Fact]
    public async Task The_history_of_a_section_tells_who_wrote_and_who_took_away_what()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father) = (await SignedIn("mother"), await SignedIn("father"));
        var byMother = await mother.OpenPage(Demo.Child, day, "words");
        await byMother.Type("孩子昨晚发烧");
        await byMother.IsDelivered();
        var byFather = await father.OpenPage(Demo.Child, day, "words");
        await byFather.GoToEnd();
        await byFather.Field.PressAsync("Backspace");
        await byFather.Field.PressAsync("Backspace");
        await byFather.Type("咳嗽");
        await byFather.IsDelivered();
        await byMother.Shows("孩子昨晚咳嗽");

        var open = mother.Page.GetByTestId("history-words");
        await Expect(open).ToContainTextAsync(father.Name);
        await open.ClickAsync();
        var revisions = mother.Page.GetByTestId("revision");
        await Expect(revisions).ToHaveCountAsync(2);
        await Expect(revisions.Nth(0)).ToContainTextAsync($"爸爸 {father.Name}");
        await Expect(revisions.Nth(0).Locator("del")).ToContainTextAsync("发烧");
        await Expect(revisions.Nth(0).Locator("ins")).ToContainTextAsync("咳嗽");
        await Expect(revisions.Nth(1)).ToContainTextAsync($"妈妈 {mother.Name}");
        await Expect(revisions.Nth(1).Locator("ins")).ToContainTextAsync("孩子昨晚发烧");
        // More than colour: underlined and struck out, and said to who does not see.
        await Expect(revisions.Nth(0).Locator("del")).ToHaveCSSAsync("text-decoration-line", "line-through");
        await Expect(revisions.Nth(0).Locator("ins")).ToHaveCSSAsync("text-decoration-line", "underline");
        await Expect(revisions.Nth(0).Locator("del .visually-hidden")).ToHaveTextAsync("删掉：");
        await mother.Page.Keyboard.PressAsync("Escape");
        await Expect(revisions).ToHaveCountAsync(0);
        await Expect(open).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_week_is_printed_on_one_or_two_pages_and_a_term_with_a_cover_and_its_months()
    {
        var mother = await SignedIn("mother", Device.Desktop);
        // A week that the demo has written in full.
        var monday = DemoServer.Today.AddDays(-7);
        while (monday.DayOfWeek is not DayOfWeek.Monday)
            monday = monday.AddDays(-1);
        await mother.OpenPage(Demo.Child, monday);
        await mother.Page.GetByTestId("to-print").ClickAsync();
        var book = mother.Page.GetByTestId("print-book");
        await Expect(book.Locator(".print-day")).ToHaveCountAsync(5);
        await Expect(book.GetByTestId($"print-{Demo.Say(monday)}")).ToContainTextAsync("作业");
        await Expect(mother.Page.GetByTestId("print-week")).ToHaveAttributeAsync("aria-pressed", "true");
        var pages = await PagesOnA4(mother.Page);
        Assert.InRange(pages, 1, 2);

        await mother.Page.GetByTestId("print-term").ClickAsync();
        var cover = book.Locator(".print-cover");
        await Expect(cover).ToContainTextAsync("许建萱");
        await Expect(cover).ToContainTextAsync("三年级2班");
        var days = await book.Locator(".print-day").CountAsync();
        Assert.True(days >= 10, $"{days} days are printed of a term of which the demo has written ten.");
        await Expect(book.Locator(".print-month-name").First).ToBeVisibleAsync();
        // A cover, each month on a page of its own, and no day that is torn apart: more days than one on a page.
        var months = await book.Locator(".print-month-name").CountAsync();
        Assert.InRange(await PagesOnA4(mother.Page), 1 + Math.Max(months, (days + 4) / 5), days);
    }

    private static ILocator Day(Visitor reader, DateOnly day) => reader.Page.Locator($"[data-day='{Demo.Say(day)}']");

    /// <summary>Prints what is on the screen, and counts the sheets of paper.</summary>
    private static async Task<int> PagesOnA4(IPage page)
    {
        var pdf = System.Text.Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true }));
        // 210 × 297 mm in points.
        Assert.All(MediaBox().Matches(pdf), box => Assert.Matches("^(594|595)", box.Groups[1].Value));
        return PdfPage().Count(pdf);
    }

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex PdfPage();

    [GeneratedRegex(@"/MediaBox\s*\[0 0 ([0-9.]+)")]
    private static partial Regex MediaBox();
}
