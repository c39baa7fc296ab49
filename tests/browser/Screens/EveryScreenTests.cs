using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Browser.ContactBook;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.Screens;

/// <summary>What holds for every screen on a phone 360 pixels wide: axe, width, touch targets, large text, and doing without a mouse.</summary>
public sealed class EveryScreenTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    /// <summary>WCAG 2.2's larger measure (2.5.5); the design aims at 48.</summary>
    private const int LeastTarget = 44;

    [Fact]
    public async Task No_screen_has_a_serious_finding_of_axe_or_scrolls_sideways()
    {
        var findings = new List<string>();
        foreach (var (page, screen, _) in await Screens(ColorScheme.Light))
        {
            findings.AddRange(await Findings.OfAxe(page, screen));
            findings.AddRange(await Findings.OfWidth(page, screen));
        }

        Findings.AreNone(findings);
    }

    [Fact]
    public async Task In_the_dark_every_screen_has_contrast_enough()
    {
        var findings = new List<string>();
        foreach (var (page, screen, _) in await Screens(ColorScheme.Dark))
        {
            // All else is as in the light.
            findings.AddRange(await Findings.OfAxe(page, screen, "color-contrast"));
        }

        Findings.AreNone(findings);
    }

    [Fact]
    public async Task In_English_the_contact_book_and_its_dialogs_have_no_serious_finding_of_axe_and_words_fit()
    {
        var findings = new List<string>();
        var day = Demonstration.NewPastDay();
        var (mother, teacher) = (await SignedIn("mother"), await SignedIn("class-teacher"));
        await Speak("en", mother, teacher);
        try
        {
            await mother.OpenPage(Demo.Child, day);
            var words = await mother.Section("words");
            await words.Type("Good evening");
            _ = await Eventually.TrueAsync(async () => await mother.StoredText(Demo.Child, day, "words") == "Good evening", Patience.Limit, "the words to be on record");
            await SignAndChange(mother, teacher, day);

            await Look(mother, "/today", $"today-{Demo.Child}");
            await Look(mother, Demo.PagePath(Demo.Child, day), "sign-behind");
            foreach (var (button, dialog) in new[] { ("add-words", "addendum-text"), ("history-words", "revision"), ("sign-look", "newer-sheet"), ("withdraw", "withdraw-reason") })
                await LookAtDialog(mother, button, dialog);
            await Look(mother, $"/book/{Demo.School}/{Demo.Child}/month/{Demo.Say(day)[..7]}", "month");
            await Look(mother, $"/book/{Demo.School}/{Demo.Child}/search?q=evening", $"hit-{Demo.Say(day)}");
            await Look(mother, $"/book/{Demo.School}/{Demo.Child}/print?day={Demo.Say(day)}", $"print-{Demo.Say(day)}");
            await Look(mother, "/me", "sign-out");

            await Look(teacher, Demo.ClassPath(day), $"child-{Demo.Child}");
            await LookAtDialog(teacher, "open-settings", "form-save");
            await Look(teacher, $"{Demo.ClassPath(day)}/entry", "card-next");
            await Look(teacher, Demo.PagePath(Demo.Child, day), "section-school-day");
            // A sheet with a draft, and an item that is being changed. What is released by itself is at most a month ahead.
            var next = DemoServer.Today.AddDays(28);
            await teacher.AddItems(next, ("homework", "语文", "背诵第一段"));
            await teacher.Open(Demo.SheetPath(next));
            await teacher.Page.GetByTestId("when-usual").ClickAsync();
            await teacher.WriteLine("写一篇日记");
            await Expect(teacher.Draft().Row("写一篇日记")).ToBeVisibleAsync();
            _ = await teacher.Sheet().Row("背诵第一段").BeginToChange("背诵第二段");
            await Find(teacher, "sheet with a draft");
            foreach (var (button, dialog) in new[] { ("copy", "form-cancel"), ("open-templates", "template-save"), ("draft-release", "confirm-yes"), ("draft-time", "draft-at") })
                await LookAtDialog(teacher, button, dialog);

            var desk = await SignedIn("class-teacher", Device.Desktop);
            await desk.Mark(Demo.OtherChild, day, "lunch", "good");
            await Look(desk, $"{Demo.ClassPath(day)}/entry", "entry-grid");
            await desk.Page.GetByTestId($"words-{Demo.OtherChild}").ClickAsync();
            await Expect(desk.Page.GetByTestId($"words-{Demo.OtherChild}").Locator(".cm-content")).ToBeFocusedAsync();
            await Find(desk, "entry with a sentence that is written");
            await desk.Page.Keyboard.PressAsync("Escape");
            await LookAtDialog(desk, "sign-ready", "sign-sheet");
        }
        finally
        {
            await Speak("zh-CN", mother, teacher);
        }

        Findings.AreNone(findings);

        async Task Look(Visitor visitor, string path, string shown)
        {
            await visitor.Open(path);
            await Expect(visitor.Page.GetByTestId(shown)).ToBeVisibleAsync();
            await Find(visitor, path);
        }

        async Task LookAtDialog(Visitor visitor, string button, string shown)
        {
            await visitor.Page.GetByTestId(button).ClickAsync();
            await Expect(visitor.Page.GetByTestId(shown).First).ToBeVisibleAsync();
            // While it fades in, its letters have no contrast.
            await Expect(visitor.Page.Locator(".v-overlay--active .v-overlay__content")).ToHaveCSSAsync("opacity", "1");
            await Find(visitor, button);
            await visitor.Page.Keyboard.PressAsync("Escape");
            await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        }

        async Task Find(Visitor visitor, string screen)
        {
            Assert.Equal("en", await visitor.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
            findings.AddRange(await Findings.OfAxe(visitor.Page, screen));
            findings.AddRange(await Findings.OfWidth(visitor.Page, screen));
            findings.AddRange(await Findings.OfSpilledText(visitor.Page, screen));
        }
    }

    [Fact]
    public async Task Everything_that_a_family_taps_is_large_enough_for_a_finger()
    {
        var findings = new List<string>();
        foreach (var (page, screen, isFamilys) in await Screens(ColorScheme.Light))
        {
            if (isFamilys)
                findings.AddRange(await Findings.OfTargets(page, screen, LeastTarget));
        }

        Findings.AreNone(findings);
    }

    [Fact]
    public async Task Large_text_cuts_nothing_off()
    {
        var findings = new List<string>();
        foreach (var (page, screen, _) in await Screens(ColorScheme.Light))
        {
            var usual = await page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.body).fontSize)");
            await page.EvaluateAsync("() => localStorage.setItem('schoolhome/large-text', 'yes')");
            _ = await page.ReloadAsync();
            // With two, one would not know what the screen is about.
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
            await Expect(page.GetByTestId("screen-loading")).ToHaveCountAsync(0);
            Assert.True(await page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.body).fontSize)") >= usual * 1.2, $"{screen}: the letters have not grown.");
            findings.AddRange(await Findings.OfWidth(page, screen));
            findings.AddRange(await Findings.OfCutText(page, screen));
            await page.EvaluateAsync("() => localStorage.removeItem('schoolhome/large-text')");
        }

        Findings.AreNone(findings);
    }

    [Fact]
    public async Task Large_text_is_a_switch_that_this_device_remembers()
    {
        var mother = await SignedIn("mother");
        await mother.Open("/me");
        var before = await Size(mother.Page);
        await mother.Page.GetByTestId("large-text").GetByRole(AriaRole.Switch).Or(mother.Page.GetByLabel("大字")).First.CheckAsync();
        await Expect(mother.Page.Locator("html")).ToHaveClassAsync(new Regex("large-text"));
        Assert.True(await Size(mother.Page) > before);
        await mother.Open("/today");
        await Expect(mother.Page.Locator("html")).ToHaveClassAsync(new Regex("large-text"));

        static Task<double> Size(IPage page) => page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.body).fontSize)");
    }

    [Fact]
    public async Task Without_a_mouse_one_signs_in_and_writes()
    {
        var day = Demonstration.NewDay();
        var mother = await Visit((await Demonstration.WebAsync()).Address, Device.Desktop);
        _ = await mother.Page.GotoAsync(Demo.PagePath(Demo.Child, day));
        await Expect(mother.Page.GetByTestId("sign-in")).ToBeVisibleAsync();
        await TabTo(mother.Page, mother.Page.GetByLabel("手机号、工号或学号"));
        await mother.Page.Keyboard.TypeAsync(Demo.MotherPhone);
        await TabTo(mother.Page, mother.Page.GetByLabel("密码", new() { Exact = true }));
        await mother.Page.Keyboard.TypeAsync(Demo.Password);
        await mother.Page.Keyboard.PressAsync("Enter");

        var words = await mother.Section("words");
        await TabTo(mother.Page, words.Field);
        await mother.Page.Keyboard.TypeAsync("zhi yong jian pan");
        await words.IsDelivered();
        // Tab leaves the field instead of writing into it: nobody is caught there.
        await mother.Page.Keyboard.PressAsync("Tab");
        Assert.False(await words.HasFocus());
        await words.Shows("zhi yong jian pan");
        Assert.Equal("zhi yong jian pan", await mother.StoredText(Demo.Child, day, "words"));
    }

    private async Task<DateOnly> SignedPage(Visitor mother, Visitor teacher)
    {
        var day = Demonstration.NewPastDay();
        await SignAndChange(mother, teacher, day);
        return day;
    }

    /// <summary>The mother signs, and then the class sheet changes.</summary>
    private static async Task SignAndChange(Visitor mother, Visitor teacher, DateOnly day)
    {
        var items = await teacher.AddItems(day, ("homework", "语文", "背诵第一段"), ("homework", "数学", "第42页"), ("bring", null, "彩笔"));
        await teacher.Mark(Demo.Child, day, "wellbeing", "care");
        await mother.Sign(Demo.Child, day);
        await teacher.ChangeItem(day, items[0], "背诵第二段");
        await teacher.RemoveItem(day, items[1]);
        _ = await teacher.AddItems(day, ("notices", null, "明天有体育课"));
    }

    /// <summary>The account's language goes along to every device; the other tests' people read Chinese.</summary>
    private static async Task Speak(string language, params Visitor[] all)
    {
        foreach (var one in all)
            _ = await one.Send("PUT", "/api/session/language", new { language });
    }

    private static async Task TabTo(IPage page, ILocator wanted)
    {
        await Expect(wanted).ToBeVisibleAsync();
        for (var steps = 0; steps < 60; steps++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("one => document.activeElement === one"))
            {
                Assert.True(await wanted.EvaluateAsync<bool>("one => one.matches(':focus-visible')"), "Where the focus is cannot be seen.");
                return;
            }
        }

        Assert.Fail($"Sixty steps of Tab do not lead to {wanted}.");
    }

    /// <summary>Every screen of the slice with something on it, settled, one after another in the same few browsers.</summary>
    private async Task<IReadOnlyList<(IPage Page, string Screen, bool IsFamilys)>> Screens(ColorScheme scheme)
    {
        var day = Demonstration.NewDay();
        var anyone = await Visit((await Demonstration.WebAsync()).Address, Device.Phone, scheme);
        _ = await anyone.Page.GotoAsync("/sign-in");
        await Expect(anyone.Page.GetByTestId("demo-card-administrator")).ToBeVisibleAsync();
        var screens = new List<(IPage, string, bool)> { (anyone.Page, "sign-in", true) };

        var (mother, teacher) = (await SignedIn("mother", Device.Phone, scheme), await SignedIn("class-teacher", Device.Phone, scheme));
        var office = await SignedIn("administrator", Device.Phone, scheme);
        await Add(mother, "/today", "today", $"today-{Demo.Child}");
        await Add(await mother.NewTab(), Demo.PagePath(Demo.Child, day), "page", "section-words");
        // A day that was signed, and on which the class sheet changed after that.
        var signed = await SignedPage(mother, teacher);
        await Add(await mother.NewTab(), Demo.PagePath(Demo.Child, signed), "signed page", "sign-behind");
        await Add(await mother.NewTab(), $"/book/{Demo.School}/{Demo.Child}/month/{Demo.Say(signed)[..7]}", "month", "month");
        await Add(await mother.NewTab(), $"/book/{Demo.School}/{Demo.Child}/search?q={Uri.EscapeDataString("背诵")}", "search", $"hit-{Demo.Say(signed)}");
        await Add(await mother.NewTab(), $"/book/{Demo.School}/{Demo.Child}/print?day={Demo.Say(signed)}", "print", $"print-{Demo.Say(signed)}");
        await Add(await mother.NewTab(), "/me", "me", "sign-out");
        await Add(await mother.NewTab(), Demo.PagePath(Demo.OtherChild, day), "not found", "screen-not-found");
        await Add(teacher, Demo.ClassPath(DemoServer.Today), "class", $"child-{Demo.Child}", isFamilys: false);
        await Add(await teacher.NewTab(), Demo.SheetPath(DemoServer.Today), "sheet", "line", isFamilys: false);
        await Add(await teacher.NewTab(), $"{Demo.ClassPath(DemoServer.Today)}/entry", "entry", "card-next", isFamilys: false);
        await Add(await teacher.NewTab(), Demo.PagePath(Demo.Child, DemoServer.Today), "page of a teacher", "section-school-day", isFamilys: false);
        await Add(await teacher.NewTab(), $"/class/{Demo.School}/{Demo.Class}/families", "families", $"family-{Demo.Child}", isFamilys: false);
        await Add(office, "/office", "office", $"office-class-{Demo.Class}", isFamilys: false);
        foreach (var (path, screen, shown) in new[]
        {
            ($"/office/{Demo.School}/classes/{Demo.Class}", "office class", $"student-{Demo.Child}"),
            ($"/office/{Demo.School}/students/{Demo.Child}", "student", $"guardian-{Demo.Child}-g1"),
            ($"/office/{Demo.School}/staff", "staff", "member-t031"),
            ($"/office/{Demo.School}/staff/t031", "member of staff", "correct-member"),
            ($"/office/{Demo.School}/calendar", "calendar", "school-name"),
            ($"/office/{Demo.School}/promotion", "promotion", "promote"),
            ($"/office/{Demo.School}/changes", "audit", "audit-day"),
            ($"/office/{Demo.School}/tokens", "tokens", "make-token"),
            ("/import", "import", "choose-roster"),
            ("/district", "district", "district-name"),
        })
        {
            await Add(await office.NewTab(), path, screen, shown, isFamilys: false);
        }

        var joining = await Visit((await Demonstration.WebAsync()).Address, Device.Phone, scheme);
        _ = await joining.Page.GotoAsync("/join");
        await Expect(joining.Page.GetByTestId("join-check")).ToBeVisibleAsync();
        screens.Add((joining.Page, "join", true));
        return screens;

        async Task Add(Visitor visitor, string path, string screen, object shown, bool isFamilys = true)
        {
            await visitor.Open(path);
            await Expect(shown is Regex regex ? visitor.Page.GetByTestId(regex) : visitor.Page.GetByTestId((string)shown)).ToBeVisibleAsync();
            screens.Add((visitor.Page, screen, isFamilys));
        }
    }
}
