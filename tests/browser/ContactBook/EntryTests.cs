using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>A class teacher has forty-five children and ten minutes.</summary>
public sealed class EntryTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private static readonly string[] AllMarks = ["attention", "homework", "conduct", "lunch", "wellbeing"];

    [Fact]
    public async Task By_keyboard_alone_the_day_of_forty_five_children_is_filled_in_in_less_than_three_minutes_of_typing()
    {
        // A school of its own, for the class is made larger.
        await using var web = await WebProcess.StartAsync("Development");
        await web.UntilLoggedAsync("The demo class has written", Patience.Long);
        var day = DemoServer.Today.AddDays(1);
        var office = await SignedInAt(web.Address, "administrator", Device.Desktop);
        var teacher = await SignedInAt(web.Address, "class-teacher", Device.Desktop);
        var before = (await teacher.Children(day)).Length;
        for (var more = before; more < 45; more++)
            _ = await office.PostJson($"/api/people/{Demo.School}/students", new { student = $"29990{more:000}", name = $"新同学{more}", @class = Demo.Class, guardians = Array.Empty<object>() });
        string[] children = [];
        // The class's day is told of its new members a moment later.
        _ = await Eventually.TrueAsync(async () => (children = await teacher.Children(day)).Length == 45, Patience.Limit, "forty-five children");

        await teacher.Open(Desk.EntryPath(day));
        await Expect(teacher.Page.GetByTestId($"entry-{children[44]}")).ToBeAttachedAsync();
        var typist = new Typist(teacher.Page);

        // The same for all: the button is reached like everything else, by Tab.
        await typist.TabTo(teacher.Page.GetByTestId("rest-good"));
        await typist.Press("Enter");
        await Expect(teacher.Page.GetByTestId("entry-count")).ToHaveTextAsync("45 / 45");
        await typist.TabTo(teacher.Page.Locator("[role=gridcell][tabindex='0']"));

        // The exceptions, and a sentence for some; what lies between is only walked over.
        (int Row, int Column, string Key, string Level, string? Sentence)[] exceptions =
        [
            (2, 0, "3", "care", "今天有点走神，提醒后改得很快"),
            (6, 1, "2", "fair", null),
            (11, 3, "3", "care", "午饭只吃了一点，请留意"),
            (17, 4, "3", "care", "下午说头疼，量过体温不烧"),
            (23, 1, "3", "care", "数学作业没有带来"),
            (24, 2, "2", "fair", null),
            (30, 0, "2", "fair", "朗读很响亮，再多举手就更好了"),
            (38, 3, "0", "", null),
            (44, 2, "3", "care", "课间跑得太快，和他谈过了"),
        ];
        var row = 0;
        foreach (var (to, column, key, _, sentence) in exceptions)
        {
            await typist.Press("ArrowDown", to - row);
            row = to;
            await typist.Press("ArrowRight", column);
            await typist.Press(key);
            if (sentence is not null)
            {
                await typist.Press("End");
                await typist.Press("Enter");
                await typist.Type(sentence);
                await typist.Press("Escape");
            }

            await typist.Press("Home");
        }

        await teacher.EntriesAreDelivered();
        await Expect(teacher.Page.GetByTestId("entry-grid")).Not.ToContainTextAsync("已存本机");
        Assert.True(typist.Time < TimeSpan.FromMinutes(3), $"{typist.Keys} keys take {typist.Time.TotalSeconds:0} s.");

        // Everything is on record: as the school has it, not as this browser shows it.
        foreach (var (child, at) in children.Select((child, at) => (child, at)))
        {
            var exception = exceptions.FirstOrDefault(one => one.Row == at && one.Key.Length > 0);
            var marks = AllMarks
                .Select((mark, column) => exception.Key is not null && column == exception.Column ? (exception.Level.Length == 0 ? null : $"{mark} {exception.Level}") : $"{mark} good")
                .Where(mark => mark is not null);
            var page = await teacher.Stored(child, day);
            Assert.Equal(marks, Desk.Marks(page));
            Assert.Equal(exception.Sentence ?? "", Desk.Text(page, "school-day"));
        }
    }

    [Fact]
    public async Task While_one_writes_Enter_goes_on_to_the_next_child_and_no_letter_is_lost_however_fast()
    {
        var day = Demonstration.NewDay();
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await teacher.Open(Desk.EntryPath(day));
        var children = await teacher.Children(day);
        await teacher.Page.GetByTestId($"words-{children[0]}").ClickAsync();
        foreach (var at in Enumerable.Range(0, 6))
        {
            await teacher.Page.Keyboard.TypeAsync($"sentence number {at}");
            await teacher.Page.Keyboard.PressAsync("Enter");
        }

        // A letter begins to write as Enter does.
        await teacher.Page.Keyboard.PressAsync("Escape");
        await Expect(teacher.Page.GetByTestId($"words-{children[6]}")).ToBeFocusedAsync();
        await teacher.Page.Keyboard.TypeAsync("begun by a letter");
        await teacher.Page.Keyboard.PressAsync("Escape");
        await Expect(teacher.Page.GetByTestId($"words-{children[6]}")).ToHaveTextAsync("begun by a letter");
        foreach (var at in Enumerable.Range(0, 6))
        {
            await Expect(teacher.Page.GetByTestId($"words-{children[at]}")).ToHaveTextAsync($"sentence number {at}");
            _ = await Eventually.TrueAsync(async () => await teacher.StoredText(children[at], day, "school-day") == $"sentence number {at}", Patience.Limit, $"sentence {at} to be on record");
        }
    }

    [Fact]
    public async Task The_grid_says_each_cell_by_name_and_moves_sets_and_takes_back_by_keys()
    {
        var day = Demonstration.NewDay();
        var (teacher, english) = (await SignedIn("class-teacher", Device.Desktop), await SignedIn("subject-teacher", Device.Desktop));
        await teacher.Open(Desk.EntryPath(day));
        await english.Open(Desk.EntryPath(day));
        await english.MarkDocument();
        var children = await teacher.Children(day);
        var first = Cell(teacher, children[0], "attention");
        await Expect(first).ToHaveAttributeAsync("aria-label", Named(", 上课: 没填"));
        await Expect(teacher.Page.Locator("[role=gridcell][tabindex='0']")).ToHaveCountAsync(1);

        await first.FocusAsync();
        await teacher.Page.Keyboard.PressAsync("1");
        await Expect(first).ToHaveAttributeAsync("aria-label", Named(", 上课: 好"));
        // The other teacher sees it come.
        await Expect(Cell(english, children[0], "attention")).ToHaveAttributeAsync("data-level", "good");
        await teacher.Page.Keyboard.PressAsync("Space");
        await Expect(first).ToHaveAttributeAsync("data-level", "fair");
        await teacher.Page.Keyboard.PressAsync("Delete");
        await Expect(first).ToHaveAttributeAsync("data-level", "none");
        await Expect(Cell(english, children[0], "attention")).ToHaveAttributeAsync("data-level", "none");

        await teacher.Page.Keyboard.PressAsync("Control+End");
        await Expect(teacher.Page.GetByTestId($"words-{children[^1]}")).ToBeFocusedAsync();
        await teacher.Page.Keyboard.PressAsync("Home");
        await Expect(Cell(teacher, children[^1], "attention")).ToBeFocusedAsync();
        await teacher.Page.Keyboard.PressAsync("3");

        // The rest good leaves that one; all good does not; each is taken back as it was.
        await teacher.Page.GetByTestId("rest-good").ClickAsync();
        await Expect(teacher.Page.Locator("[data-level=good]")).ToHaveCountAsync((children.Length * 5) - 1);
        await Expect(Cell(english, children[^1], "attention")).ToHaveAttributeAsync("data-level", "care");
        await Expect(english.Page.Locator("[data-level=good]")).ToHaveCountAsync((children.Length * 5) - 1);
        await teacher.Page.GetByTestId("all-good").ClickAsync();
        await Expect(Cell(english, children[^1], "attention")).ToHaveAttributeAsync("data-level", "good");
        await teacher.Page.GetByTestId("undo").ClickAsync();
        await Expect(Cell(english, children[^1], "attention")).ToHaveAttributeAsync("data-level", "care");
        await Expect(english.Page.Locator("[data-level=good]")).ToHaveCountAsync((children.Length * 5) - 1);
        await english.HasNotReloaded();

        static ILocator Cell(Visitor at, string child, string mark) => at.Page.GetByTestId($"mark-{child}-{mark}");
        static System.Text.RegularExpressions.Regex Named(string end) => new($"^\\S+{System.Text.RegularExpressions.Regex.Escape(end)}$");
    }

    [Fact]
    public async Task On_the_phone_one_child_follows_another_by_swipe_and_by_the_large_button()
    {
        var day = Demonstration.NewDay();
        var teacher = await SignedIn("class-teacher");
        await teacher.Open(Demo.ClassPath(day));
        await teacher.Page.GetByTestId("to-entry").ClickAsync();
        var children = await teacher.Children(day);
        await Expect(Card(0)).ToBeVisibleAsync();
        await Expect(teacher.Page.GetByTestId("card-at")).ToHaveTextAsync($"1 / {children.Length}");

        await teacher.Page.GetByTestId("set-lunch-care").ClickAsync();
        await Expect(teacher.Page.GetByTestId("set-lunch-care")).ToHaveAttributeAsync("aria-pressed", "true");
        await teacher.Swipe(Card(0), 300, 60);
        await Expect(Card(1)).ToBeVisibleAsync();
        await teacher.Page.GetByTestId("set-attention-good").ClickAsync();
        await teacher.Page.GetByTestId("card-next").ClickAsync();
        await Expect(Card(2)).ToBeVisibleAsync();
        await teacher.Swipe(Card(2), 60, 300);
        await Expect(Card(1)).ToBeVisibleAsync();
        await Expect(teacher.Page.GetByTestId("set-attention-good")).ToHaveAttributeAsync("aria-pressed", "true");

        // A second tap takes it away; a sentence is the page's own.
        await teacher.Page.GetByTestId("set-attention-good").ClickAsync();
        var words = await teacher.Section("school-day");
        await words.Type("朗读很响亮");
        await words.IsDelivered();

        // Without a network it lies on this phone.
        await teacher.Context.SetOfflineAsync(true);
        await teacher.ConnectionIs("offline");
        await teacher.Page.GetByTestId("rest-good").ClickAsync();
        await Expect(teacher.Page.GetByTestId("entry-state")).ToContainTextAsync("已存本机");
        await Expect(teacher.Page.GetByTestId("entry-finished")).ToBeVisibleAsync();
        await teacher.Context.SetOfflineAsync(false);
        await teacher.EntriesAreDelivered();
        Assert.Equal(["attention good", "homework good", "conduct good", "lunch care", "wellbeing good"], Desk.Marks(await teacher.Stored(children[0], day)));
        Assert.Equal(AllMarks.Select(mark => $"{mark} good"), Desk.Marks(await teacher.Stored(children[^1], day)));
        Assert.Equal("朗读很响亮", Desk.Text(await teacher.Stored(children[1], day), "school-day"));

        ILocator Card(int at) => teacher.Page.GetByTestId($"card-{children[at]}");
    }

    [Fact]
    public async Task The_class_teacher_looks_at_the_pages_that_are_filled_in_and_signs_them_together()
    {
        var day = Demonstration.NewPastDay();
        var (teacher, mother) = (await SignedIn("class-teacher", Device.Desktop), await SignedIn("mother"));
        var children = await teacher.Children(day);
        string[] filled = [Demo.Child, Demo.OtherChild, children.First(one => one is not (Demo.Child or Demo.OtherChild))];
        foreach (var child in filled)
            await teacher.Mark(child, day, "conduct", "good");
        await teacher.Open(Desk.EntryPath(day));
        await Expect(teacher.Page.GetByTestId("sign-ready")).ToContainTextAsync("3 位");

        // Called off within the ten seconds: nothing was sent.
        await SignAll();
        await teacher.Page.GetByTestId("sign-call-off").ClickAsync();
        await Expect(teacher.Page.GetByTestId("sign-ready")).ToContainTextAsync("3 位");
        foreach (var child in filled)
            Assert.Empty((await teacher.Stored(child, day))["signatures"]!.AsArray());

        // Meanwhile a mother writes: what was not seen is not signed.
        await SignAll();
        var words = await mother.OpenPage(Demo.Child, day, "words");
        await words.Type("孩子有点咳嗽");
        await words.IsDelivered();
        await Expect(teacher.Page.GetByTestId("sign-refused")).ToContainTextAsync("许建萱", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await Expect(teacher.Page.GetByTestId("sign-refused")).ToContainTextAsync("有新的内容");
        foreach (var child in filled[1..])
        {
            await Expect(teacher.Page.GetByTestId($"entry-{child}")).ToContainTextAsync("已签字");
            Assert.Single((await teacher.Stored(child, day))["signatures"]!.AsArray());
        }

        Assert.Empty((await teacher.Stored(Demo.Child, day))["signatures"]!.AsArray());
        await teacher.Page.GetByTestId("sign-refused-seen").ClickAsync();
        await SignAll(1);
        await Expect(teacher.Page.GetByTestId($"entry-{Demo.Child}")).ToContainTextAsync("已签字", new() { Timeout = (float)Patience.Long.TotalMilliseconds });

        // What is signed takes no marks, by key or by "all good".
        var cell = teacher.Page.GetByTestId($"mark-{Demo.Child}-lunch");
        await cell.FocusAsync();
        await teacher.Page.Keyboard.PressAsync("3");
        await teacher.Page.GetByTestId("all-good").ClickAsync();
        await teacher.EntriesAreDelivered();
        Assert.Equal(["conduct good"], Desk.Marks(await teacher.Stored(Demo.Child, day)));
        Assert.Equal(5, Desk.Marks(await teacher.Stored(children[^1], day)).Length);

        async Task SignAll(int count = 3)
        {
            await teacher.Page.GetByTestId("sign-ready").ClickAsync();
            await Expect(teacher.Page.GetByTestId("sign-look").Locator(".sign-pages li")).ToHaveCountAsync(count);
            await teacher.Page.GetByTestId("sign-many-yes").ClickAsync();
            await Expect(teacher.Page.GetByTestId("sign-count")).ToBeVisibleAsync();
            await Expect(teacher.Page.GetByTestId("sign-call-off")).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task Marks_for_a_page_that_was_signed_elsewhere_meanwhile_are_refused_by_name()
    {
        var day = Demonstration.NewPastDay();
        var (teacher, english) = (await SignedIn("class-teacher", Device.Desktop), await SignedIn("subject-teacher", Device.Desktop));
        await english.Open(Desk.EntryPath(day));
        await Expect(english.Page.GetByTestId("entry-grid")).ToBeVisibleAsync();
        await english.Context.SetOfflineAsync(true);
        await english.ConnectionIs("offline");
        await english.Page.GetByTestId("rest-good").ClickAsync();
        await teacher.Mark(Demo.Child, day, "lunch", "fair");
        await teacher.Sign(Demo.Child, day);
        await english.Context.SetOfflineAsync(false);
        await Expect(english.Page.GetByTestId("marks-refused")).ToContainTextAsync("许建萱");
        await Expect(english.Page.GetByTestId("marks-refused")).ToContainTextAsync("已经签过字");
        await Expect(english.Page.GetByTestId($"mark-{Demo.Child}-lunch")).ToHaveAttributeAsync("data-level", "fair");
        await Expect(english.Page.GetByTestId($"mark-{Demo.OtherChild}-lunch")).ToHaveAttributeAsync("data-level", "good");
        await english.Page.GetByTestId("marks-refused").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(english.Page.GetByTestId("marks-refused")).ToHaveCountAsync(0);
        Assert.Equal(["lunch fair"], Desk.Marks(await teacher.Stored(Demo.Child, day)));
    }

    /// <summary>Somebody who types: every key is counted, at five a second. A Chinese character takes three on average with an input method: two or three letters and, for each word, the choice.</summary>
    private sealed class Typist(IPage page)
    {
        private const int KeysPerCharacter = 3;
        private static readonly TimeSpan PerKey = TimeSpan.FromMilliseconds(200);

        public int Keys { get; private set; }

        public TimeSpan Time => Keys * PerKey;

        public async Task Press(string key, int times = 1)
        {
            for (var time = 0; time < times; time++)
                await page.Keyboard.PressAsync(key);
            Keys += times;
        }

        public async Task Type(string text)
        {
            await page.Keyboard.TypeAsync(text);
            Keys += text.Sum(letter => letter < 128 ? 1 : KeysPerCharacter);
        }

        public async Task TabTo(ILocator wanted)
        {
            for (var steps = 0; steps < 30; steps++)
            {
                await Press("Tab");
                if (await wanted.EvaluateAsync<bool>("one => document.activeElement === one"))
                    return;
            }

            Assert.Fail($"Thirty steps of Tab do not lead to {wanted}.");
        }
    }
}
