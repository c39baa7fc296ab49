using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.ContactBook;

/// <summary>One child's book over its days: the month, the search, the days for print, and what happens to it when the child changes its class.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class ChildBookTests(DemoSchool school)
{
    private const string Child = DemoSchool.Child;

    private static string Book(string child, string what) => $"/api/book/children/s01/{child}/{what}";

    private static async Task<JsonNode> Day(Person person, DateOnly day)
    {
        var month = (await person.Get(Book(Child, $"months/{DemoSchool.Written(day)[..7]}"))).Is(HttpStatusCode.OK).Json;
        return month["days"]!.AsArray().Single(one => (string?)one!["date"] == DemoSchool.Written(day))!;
    }

    private static async Task<JsonNode> Search(Person person, string child, string words) =>
        (await person.Get(Book(child, $"search?q={Uri.EscapeDataString(words)}"))).Is(HttpStatusCode.OK).Json;

    /// <summary>The projection hears of a page by its outbox.</summary>
    private static async Task IsToldOf(Person person, DateOnly day, string state) =>
        _ = await Eventually.TrueAsync(async () => (string?)(await Day(person, day))["state"] == state, TimeSpan.FromSeconds(20), $"{day} to be {state}");

    private static async Task Sign(Person person, DateOnly day)
    {
        var page = (await person.Get($"/api/book/pages/s01/{Child}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;
        var sheet = (await person.Get($"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;
        var seen = new
        {
            sections = page["sections"]!.AsArray().ToDictionary(section => (string)section!["section"]!, section => (int)section!["version"]!),
            entries = (int)page["entries"]!,
            sheet = (int)sheet["version"]!,
        };
        _ = (await person.Post($"/api/book/pages/s01/{Child}/{DemoSchool.Written(day)}/signatures", new { seen })).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_month_tells_which_days_are_missing_filled_and_signed()
    {
        var day = school.EarlierDay();
        using var mother = await school.SignInAs("mother");
        using var student = await school.SignInAs("student");
        using var teacher = await school.SignInAs("class-teacher");
        Assert.Equal(("missing", true, true), await Shown());

        await using var home = await mother.ConnectLive();
        _ = Ok(await home.Join(DemoSchool.Page(Child, day)));
        _ = Ok(await home.PushText(DemoSchool.Page(Child, day), "words", 0, "mother-tab", 1, """[[0,"您好"]]"""));
        await IsToldOf(mother, day, "filled");
        foreach (var person in new[] { mother, teacher })
            await Sign(person, day);
        await Eventually.TrueAsync(async () => (await Day(mother, day))["signed"]!.AsArray().Count == 2, TimeSpan.FromSeconds(20), "two signatures");
        // The demo's students have accounts, so theirs is waited for.
        Assert.Equal("filled", (string?)(await Day(teacher, day))["state"]);
        await Sign(student, day);
        await IsToldOf(mother, day, "signed");

        var signed = await Day(mother, day);
        Assert.Equal(["teacher", "guardian", "student"], signed["signed"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(["words"], signed["filled"]!.AsArray().Select(one => (string)one!));
        Assert.Equal("none", (string?)(await Day(mother, school.LastDay))["state"]);
        Assert.False((bool)(await Day(mother, school.LastDay.AddDays(1)))["isInTerm"]!);

        async Task<(string, bool, bool)> Shown() => await Day(mother, day) is var one ? ((string)one["state"]!, (bool)one["isInTerm"]!, (bool)one["isTeachingDay"]!) : default;
    }

    [Fact]
    public async Task Words_are_found_on_pages_in_addenda_and_on_sheets_of_the_childs_own_book_the_newest_first()
    {
        var (older, newer) = (school.EarlierDay(), school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        using var stranger = await school.SignInAs("other-father");
        await using var home = await mother.ConnectLive();
        foreach (var day in new[] { older, newer })
            _ = Ok(await home.Join(DemoSchool.Page(Child, day)));
        _ = await BookPageTests.AddHomework(teacher, older, "读 Zeppelin Unit 4 三遍");
        _ = Ok(await home.PushText(DemoSchool.Page(Child, older), "words", 0, "mother-tab", 1, $"[[0,\"{new string('前', 30)}\",\"ZEPPELIN{new string('后', 30)}\"]]"));
        _ = Ok(await home.PushText(DemoSchool.Page(Child, newer), "study-at-home", 0, "mother-tab", 1, """[[0,"搭了一艘zeppelin"]]"""));
        await Sign(mother, older);
        _ = (await mother.Post($"/api/book/pages/s01/{Child}/{DemoSchool.Written(older)}/addenda", new { section = "words", text = "zeppelin 还没搭完" })).Is(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(async () => (await Search(mother, Child, "zeppelin"))["hits"]!.AsArray().Count == 4, TimeSpan.FromSeconds(20), "four hits");

        var found = await Search(mother, Child, " Zeppelin ");
        Assert.Equal(
            [
                (DemoSchool.Written(newer), "study-at-home", false, "搭了一艘zeppelin"), (DemoSchool.Written(older), "words", false, $"…{new string('前', 19)} ZEPPELIN{new string('后', 20)}…"),
                (DemoSchool.Written(older), "words", false, "zeppelin 还没搭完"), (DemoSchool.Written(older), "homework", true, "语文 读 Zeppelin Unit 4 三遍"),
            ],
            found["hits"]!.AsArray().Select(hit => ((string)hit!["date"]!, (string)hit["where"]!, (bool)hit["onSheet"]!, (string)hit["excerpt"]!)));
        Assert.Equal(("Zeppelin", false), ((string)found["query"]!, (bool)found["hasMore"]!));
        // The sheet is the whole class's; the page is not.
        Assert.Equal(["homework"], (await Search(stranger, DemoSchool.OtherChild, "zeppelin"))["hits"]!.AsArray().Select(hit => (string)hit!["where"]!));
    }

    [Fact]
    public async Task A_search_tells_fifty_places_and_that_there_are_more()
    {
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        foreach (var day in new[] { school.EarlierDay(), school.EarlierDay() })
        {
            var items = Enumerable.Range(0, 30).Select(i => new { kind = "notices", subject = (string?)null, text = $"quagga {i}" });
            _ = (await teacher.Post($"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}/items", new { items })).Is(HttpStatusCode.OK);
        }

        var found = await Search(mother, Child, "quagga");

        Assert.Equal((50, true), (found["hits"]!.AsArray().Count, (bool)found["hasMore"]!));
        foreach (var wrong in new[] { "search", "search?q=", "search?q=%20", $"search?q={new string('x', 51)}" })
            Assert.NotNull((await mother.Get(Book(Child, wrong))).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["q"]);
    }

    [Fact]
    public async Task Days_for_print_are_those_with_something_on_page_or_sheet()
    {
        var (last, withSheet, withPage, empty) = (school.EarlierDay(), school.EarlierDay(), school.EarlierDay(), school.EarlierDay());
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        _ = await BookPageTests.AddHomework(teacher, withSheet, "练字一页");
        _ = (await teacher.Put($"/api/book/pages/s01/{Child}/{DemoSchool.Written(withPage)}/marks", new { marks = new[] { new { mark = "lunch", level = "good" } } })).Is(HttpStatusCode.NoContent);
        await IsToldOf(mother, withPage, "filled");

        async Task<JsonNode> Days(DateOnly from, DateOnly to) => (await mother.Get(Book(Child, $"days?from={DemoSchool.Written(from)}&to={DemoSchool.Written(to)}"))).Is(HttpStatusCode.OK).Json;
        var printed = await Days(empty, last);

        Assert.Equal([DemoSchool.Written(withPage), DemoSchool.Written(withSheet)], printed["days"]!.AsArray().Select(one => (string)one!["page"]!["date"]!));
        Assert.Equal("练字一页", (string?)printed["days"]![1]!["sheet"]!["items"]![0]!["text"]);
        Assert.Equal(("青禾小学", "许建萱"), ((string)printed["school"]!, (string)printed["name"]!));
        Assert.Empty((await Days(school.LastDay.AddDays(100), school.LastDay.AddDays(101)))["days"]!.AsArray());
        Assert.Empty((await Days(new DateOnly(9999, 12, 1), DateOnly.MaxValue))["days"]!.AsArray());
        foreach (var (wrong, field) in new[] { ("days", "from"), ("days?from=2026-11-02", "to"), ("days?from=2026-11-02&to=2026-11-01", "to"), ("days?from=2026-01-01&to=2026-07-20", "to") })
            Assert.NotNull((await mother.Get(Book(Child, wrong))).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]![field]);
    }

    [Fact]
    public async Task A_child_that_has_changed_its_class_keeps_its_pages_and_their_sheets_and_nothing_else_of_the_old_class()
    {
        var (written, blank) = (school.EarlierDay(), school.EarlierDay());
        var account = await school.OpenAccountForGuardian();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        using var teacher = await school.SignInAs("class-teacher");
        using var office = await school.SignInAs("administrator");
        var item = await BookPageTests.AddHomework(teacher, written, "xylophone 练习");
        _ = await BookPageTests.AddHomework(teacher, blank, "别班的 xylophone");
        // A tick is enough: from there on the page lies in this class's day.
        _ = (await guardian.Put($"/api/book/pages/s01/{account.Student}/{DemoSchool.Written(written)}/ticks/{item}", new { ticked = true })).Is(HttpStatusCode.NoContent);

        try
        {
            _ = (await office.Post($"/api/people/s01/students/{account.Student}/move", new { @class = DemoSchool.ClassOf(3, 1) })).Is(HttpStatusCode.NoContent);

            string Sheet(DateOnly day) => $"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}";
            await Eventually.TrueAsync(async () => (await guardian.Get(Sheet(blank))).Status is HttpStatusCode.NotFound, TimeSpan.FromSeconds(20), "the old class's other sheets to be closed");
            var sheet = (await guardian.Get(Sheet(written))).Is(HttpStatusCode.OK).Json;
            Assert.Equal("xylophone 练习", (string?)sheet["items"]![0]!["text"]);
            var page = (await guardian.Get($"/api/book/pages/s01/{account.Student}/{DemoSchool.Written(written)}")).Is(HttpStatusCode.OK).Json;
            Assert.Equal(DemoSchool.Sheet(written), (string?)page["sheetTopic"]);
            await using var home = await guardian.ConnectLive();
            _ = Ok(await home.Join(DemoSchool.Sheet(written)));
            Assert.Equal("not-found", (string?)(await home.Join(DemoSchool.Sheet(blank)))["code"]);

            await Eventually.TrueAsync(
                async () => (await Search(guardian, account.Student, "xylophone"))["hits"]!.AsArray().Count == 1, TimeSpan.FromSeconds(20), "the sheet of the page's own class to be found");
            Assert.Equal(DemoSchool.Written(written), (string?)(await Search(guardian, account.Student, "xylophone"))["hits"]![0]!["date"]);
            // The old class's teacher has no part in the child any more.
            _ = (await teacher.Get($"/api/book/pages/s01/{account.Student}/{DemoSchool.Written(written)}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        }
        finally
        {
            _ = (await office.Post($"/api/people/s01/students/{account.Student}/move", new { @class = DemoSchool.Class })).Is(HttpStatusCode.NoContent);
        }
    }
}
