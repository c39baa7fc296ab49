using Microsoft.Playwright;
using SchoolHome.Tests.Browser.ContactBook;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.Screenshots;

/// <summary>
/// The pictures of the README, taken from the running product. They are written only with SCHOOLHOME_WRITE_SCREENSHOTS=1; otherwise these tests see to it that
/// the screens still hold what the pictures show.
/// </summary>
public sealed class PictureTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task A_page_on_a_phone_while_mother_and_father_write()
    {
        var today = DemoServer.Today;
        var (mother, father, teacher) = (await SignedIn("mother"), await SignedIn("father"), await SignedIn("class-teacher", Device.Desktop));
        await teacher.AddItems(today, ("homework", "语文", "预习《海滨小城》，圈出生字"), ("notices", null, "明天有体育课，请穿运动鞋。"));

        var words = await mother.OpenPage(Demo.Child, today, "words");
        await Put(await mother.Section("study-at-home"), "口算全对，听写错了两个字，已订正。");
        await teacher.OpenPage(Demo.Child, today);
        await Put(await teacher.Section("school-day"), "主动举手发言两次，朗读声音响亮。");
        await Put(await teacher.Section("results"), "听写 18/20，第三单元练习：优");
        var byFather = await father.OpenPage(Demo.Child, today, "words");
        // A short line of hers, so that the flag at the father's caret covers none of it.
        await Put(words, "孩子咳嗽。");
        await byFather.GoToEnd();
        await byFather.Field.PressAsync("Enter");
        await byFather.Type("请老师提醒她多喝水");

        await words.ShowsPart("多喝水");
        foreach (var section in new[] { "school-day", "results" })
            await Expect(mother.TextOf(section)).ToHaveCSSAsync("background-color", "rgba(0, 0, 0, 0)");
        // Writing on shows the name at the caret again.
        await byFather.Type("。");
        await words.ShowsPart("多喝水。");
        await Expect(words.Cursors).ToContainTextAsync("爸爸");
        await Expect(words.Cursors.Locator("span")).ToHaveCSSAsync("opacity", "1");
        await Expect(words.Writing).ToContainTextAsync("正在写");
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("海滨小城");
        await Expect(mother.TextOf("school-day")).ToContainTextAsync("举手发言");
        await mother.IsConnected();
        await Picture(mother, "page-360.png");
    }

    [Fact]
    public async Task A_class_on_a_desktop_with_what_its_families_have_written()
    {
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        // The last day of school that the demo has written in full.
        await teacher.Open(Demo.ClassPath(LastSchoolDay()));
        await Expect(teacher.Page.GetByTestId($"child-{Demo.Child}")).ToContainTextAsync("许建萱");
        await Expect(teacher.Page.Locator("[data-filled*='study-at-home']").First).ToBeVisibleAsync();
        await Expect(teacher.Page.GetByTestId("class-day-count")).ToContainTextAsync("/");
        await teacher.IsConnected();
        await Picture(teacher, "class-1280.png", wholePage: false);
    }

    [Fact]
    public async Task A_class_that_is_filled_in_by_keyboard()
    {
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var day = Demonstration.NewDay();
        var children = await teacher.Children(day);
        await teacher.Mark(children[1], day, "attention", "care");
        await teacher.Mark(children[3], day, "lunch", "fair");
        await teacher.Open(Desk.EntryPath(day));
        await teacher.Page.GetByTestId("rest-good").ClickAsync();
        await teacher.EntriesAreDelivered();
        await teacher.Page.GetByTestId($"words-{children[1]}").ClickAsync();
        await teacher.Page.Keyboard.TypeAsync("今天有点走神，提醒后改得很快。");
        await teacher.Page.Keyboard.PressAsync("Enter");
        await Expect(teacher.Page.GetByTestId($"words-{children[1]}")).ToHaveTextAsync("今天有点走神，提醒后改得很快。");
        await Picture(teacher, "entry-1280.png", wholePage: false);
    }

    [Fact]
    public async Task A_class_sheet_with_what_is_sent_and_what_is_still_to_be_sent()
    {
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        // What is released by itself is at most a month ahead.
        var day = DemoServer.Today.AddDays(26);
        await teacher.AddItems(day, ("homework", "语文", "背诵《海滨小城》第二段"), ("homework", "数学", "练习册第 43 页"), ("homework", "英语", "朗读第三课三遍"), ("bring", null, "彩笔一盒"));
        await teacher.Open(Demo.SheetPath(day));
        await teacher.Page.GetByTestId("when-usual").ClickAsync();
        await teacher.Page.GetByTestId("kind-notices").ClickAsync();
        await teacher.WriteLine("周五春游，请穿校服和运动鞋。");
        await Expect(teacher.Draft().Row("周五春游")).ToBeVisibleAsync();
        await Expect(teacher.Page.GetByTestId("adding")).ToHaveCountAsync(0);
        await Expect(teacher.Sheet().Row("海滨小城")).ToContainTextAsync("语文");
        await teacher.IsConnected();
        await Picture(teacher, "sheet-1280.png", wholePage: false);
    }

    [Fact]
    public async Task The_foot_of_a_page_that_a_family_has_signed_and_added_to()
    {
        var day = Demonstration.NewPastDay();
        var (mother, teacher) = (await SignedIn("mother"), await SignedIn("class-teacher", Device.Desktop));
        await Put(await mother.OpenPage(Demo.Child, day, "words"), "孩子今天有点咳嗽，请提醒她多喝水。");
        await Put(await teacher.OpenPage(Demo.Child, day, "answer"), "收到，课间会提醒她。");
        await (await SignedIn("student")).Sign(Demo.Child, day);
        await mother.Sign(Demo.Child, day);
        await mother.Page.GetByTestId("add-words").ClickAsync();
        await mother.Page.GetByTestId("addendum-text").Locator("textarea").First.FillAsync("明天奶奶来接。");
        await mother.Page.GetByTestId("form-save").ClickAsync();
        await Expect(mother.Page.GetByTestId("addendum-waiting")).ToHaveCountAsync(0);
        await Expect(mother.Page.GetByTestId("addendum")).ToContainTextAsync("明天奶奶来接");
        await Expect(mother.TextOf("answer")).ToContainTextAsync("收到");
        await mother.SignatureIs("guardian", true);
        await mother.SignatureIs("student", true);
        await mother.IsConnected();
        await Picture(mother, "signatures-360.png", wholePage: false, foot: true);
    }

    [Fact]
    public async Task A_roster_of_which_nothing_is_applied_yet()
    {
        var office = await SignedIn("administrator", Device.Desktop);
        // The school's own students as the office has them, but that one has another name, one another class, and one is new.
        var export = await office.Context.APIRequest.GetAsync(new Uri(office.Site, $"/api/people/{Demo.School}/students.csv").ToString());
        var lines = (await export.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[3] = lines[3].Replace("1班", "2班", StringComparison.Ordinal);
        lines[5] = lines[5].Replace(",男,", ",女,", StringComparison.Ordinal).Replace(",女,2020", ",男,2020", StringComparison.Ordinal);
        // The picture shows its name.
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "roster.csv");
        await File.WriteAllTextAsync(file, string.Join("\r\n", [.. lines, lines[1].Replace("2026110001", "2026110999", StringComparison.Ordinal).Replace("吴子熙", "周一诺", StringComparison.Ordinal)]) + "\r\n");
        try
        {
            _ = await office.SendRoster(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await Expect(office.Page.GetByTestId("import-sums")).ToContainTextAsync("1");
        await Expect(office.Page.GetByTestId("import-confirm")).ToBeVisibleAsync();
        await Picture(office, "import-1280.png", wholePage: false);
        await office.Page.GetByTestId("import-drop").ClickAsync();
        await Expect(office.Page.GetByTestId("import")).ToHaveAttributeAsync("data-state", "dropped");
    }

    [Fact]
    public async Task A_family_that_joins_by_its_slip()
    {
        var teacher = await SignedIn("class-teacher");
        await teacher.Open($"/class/{Demo.School}/{Demo.Class}/families");
        await Expect(teacher.Page.GetByTestId($"family-{Demo.Child}")).ToBeVisibleAsync();
        await Picture(teacher, "families-360.png", wholePage: false);

        // Somebody of the class whose family is not in yet.
        var student = (await teacher.Page.Locator("[data-testid^=family-][data-in=false]").Last.GetAttributeAsync("data-testid"))!["family-".Length..];
        var tail = await teacher.TailOf(student, "g1");
        await teacher.Page.GetByTestId("issue-all").ClickAsync();
        await teacher.Page.GetByTestId("confirm-yes").ClickAsync();
        var slip = teacher.Page.GetByTestId($"slip-{student}").First;
        await Expect(slip).ToBeVisibleAsync();
        if (Environment.GetEnvironmentVariable("SCHOOLHOME_WRITE_SCREENSHOTS") == "1")
        {
            await teacher.Page.EmulateMediaAsync(new() { Media = Media.Print });
            await teacher.Page.SetViewportSizeAsync(794, 1123);
            _ = await teacher.Page.Locator(".slip-page").First.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "images", "slips-a4.png") });
            await teacher.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        }

        var guardian = await Visit((await Demonstration.WebAsync()).Address);
        await guardian.ShowSlip(await slip.Locator("[data-code]").GetAttributeAsync("data-code") ?? "", tail);
        await Expect(guardian.Page.GetByTestId("join-offer")).ToBeVisibleAsync();
        await Picture(guardian, "join-360.png", wholePage: false);
        await teacher.Page.GetByTestId("slips-done").ClickAsync();
        await teacher.Page.GetByTestId("slips-leave").ClickAsync();
    }

    /// <summary>The section now holds exactly these lines.</summary>
    private static async Task Put(WrittenSection section, params string[] lines)
    {
        await section.Field.PressAsync("Control+a");
        await section.Field.PressAsync("Delete");
        await section.Shows("");
        foreach (var (line, at) in lines.Select((line, at) => (line, at)))
        {
            if (at > 0)
                await section.Field.PressAsync("Enter");
            await section.Type(line);
        }

        await section.Shows(string.Join('\n', lines));
        await section.IsDelivered();
    }

    private static DateOnly LastSchoolDay()
    {
        var day = DemoServer.Today.AddDays(-1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            day = day.AddDays(-1);
        return day;
    }

    private static async Task Picture(Visitor visitor, string name, bool wholePage = true, bool foot = false)
    {
        if (Environment.GetEnvironmentVariable("SCHOOLHOME_WRITE_SCREENSHOTS") != "1")
            return;
        var (page, size) = (visitor.Page, visitor.Page.ViewportSize!);
        // As on a phone that is long enough: what is fixed to the edges of the screen stays there.
        if (wholePage)
            await page.SetViewportSizeAsync(size.Width, await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight"));
        await page.EvaluateAsync("foot => { document.activeElement.blur(); scrollTo(0, foot ? document.documentElement.scrollHeight : 0); return document.fonts.ready.then(() => undefined) }", foot);
        _ = await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "images", name), Caret = ScreenshotCaret.Hide });
    }
}
