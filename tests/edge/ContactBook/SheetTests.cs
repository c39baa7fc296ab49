using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.ContactBook;

/// <summary>Class sheets over HTTP, with families and teachers who watch: who may do what, who sees what when.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class SheetTests(DemoSchool school)
{
    private static object Item(string kind, string? subject, string text) => new { items = new[] { new { kind, subject, text } } };

    private static async Task<JsonArray> Items(Person reader, string path) => (await reader.Get(path)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();

    private static async Task<string[]> Texts(Person reader, string path) => [.. (await Items(reader, path)).Select(item => (string)item!["text"]!)];

    private static JsonNode Errors(Reply reply) => reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!;

    [Fact]
    public async Task What_teachers_write_is_seen_at_once_by_the_families_of_the_class_and_stays_on_record()
    {
        var day = school.FreshDay();
        var path = WrittenSheets.Path(day);
        using var teacher = await school.SignInAs("class-teacher");
        using var mother = await school.SignInAs("mother");
        await using var home = await mother.ConnectLive();
        _ = Ok(await home.Join(DemoSchool.Sheet(day)));
        var operation = Guid.NewGuid();
        var body = new { items = new[] { new { kind = "notices", subject = (string?)null, text = " 明天春游\r\n带水 " }, new { kind = "homework", subject = (string?)"数学", text = "口算一页" } } };

        var first = (await teacher.Post($"{path}/items", body, operation)).Is(HttpStatusCode.OK).Json["items"]!.AsArray().Select(id => (string)id!).ToArray();
        var again = (await teacher.Post($"{path}/items", body, operation)).Is(HttpStatusCode.OK).Json["items"]!.AsArray().Select(id => (string)id!).ToArray();
        Assert.Equal([$"{operation:N}-0", $"{operation:N}-1"], first);
        Assert.Equal(first, again);
        _ = (await teacher.Put($"{path}/items/{first[0]}", new { version = 1, text = "明天不春游" })).Is(HttpStatusCode.NoContent);
        _ = (await teacher.Send(HttpMethod.Delete, $"{path}/items/{first[1]}", null)).Is(HttpStatusCode.NoContent);

        await home.UntilEvent(DemoSchool.Sheet(day), 3);
        Assert.Equal([["item", "item", "set"], ["item", "set"], ["item", "set"]], home.Events(DemoSchool.Sheet(day)).Select(one => one["changes"]!.AsArray().Select(change => (string)change!["kind"]!).ToArray()));
        var items = await Items(mother, path);
        Assert.Equal(["口算一页", "明天不春游"], items.Select(item => (string)item!["text"]!));
        Assert.Equal("明天春游\n带水", (string?)Assert.Single(items[1]!["earlier"]!.AsArray())!["text"]);
        Assert.True((bool)items[0]!["isRemoved"]!);

        _ = (await teacher.Post($"{path}/items/{first[1]}/restore")).Is(HttpStatusCode.NoContent);
        Assert.False((bool)(await Items(mother, path))[0]!["isRemoved"]!);
        var today = (await teacher.Get($"/api/book/days/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;
        Assert.True((bool)today["studentsSign"]!);
    }

    [Theory]
    [InlineData("mother")]
    [InlineData("student")]
    public async Task A_family_reads_the_sheet_and_writes_nothing_on_it(string card)
    {
        var day = school.FreshDay();
        var path = WrittenSheets.Path(day);
        using var teacher = await school.SignInAs("class-teacher");
        using var person = await school.SignInAs(card);
        var item = await teacher.AddToSheet(day, "口算一页");

        _ = (await person.Post($"{path}/items", Item("homework", "数学", "不用做"))).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await person.Put($"{path}/items/{item}", new { version = 1, subject = "数学", text = "不用做" })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await person.Send(HttpMethod.Delete, $"{path}/items/{item}", null)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await person.Post($"{path}/items/{item}/restore")).IsProblem(HttpStatusCode.Forbidden, "forbidden");

        Assert.Equal(["口算一页"], await Texts(person, path));
        Assert.Equal(1, (int)(await person.Get(path)).Json["version"]!);
    }

    [Fact]
    public async Task A_subject_teacher_writes_what_belongs_to_their_subject_and_is_told_all_that_does_not()
    {
        var day = school.FreshDay();
        var path = WrittenSheets.Path(day);
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher", "en");
        var (sums, reading) = (await teacher.AddToSheet(day, "口算一页"), await english.AddToSheet(day, "朗读三遍", "英语"));

        var body = new
        {
            items = new object[]
            {
                new { kind = "homework", subject = "数学", text = "别人的科目" }, new { kind = "notices", text = "全班的通知" }, new { kind = "fees", subject = "英语", text = "买书 20 元" }, new { kind = "homework", text = "" },
            },
        };
        var errors = Errors(await english.Post($"{path}/items", body));
        Assert.Equal(
            ["items[0].subject", "items[1].subject", "items[2].kind", "items[3].subject", "items[3].text"], errors.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
        Assert.Equal("This is for the class teacher, or the teacher of that subject, to write.", (string?)errors["items[0].subject"]![0]);
        _ = (await english.Put($"{path}/items/{sums}", new { version = 1, subject = "英语", text = "变成英语" })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await english.Send(HttpMethod.Delete, $"{path}/items/{sums}", null)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        Assert.NotNull(Errors(await english.Put($"{path}/items/{reading}", new { version = 2, subject = "数学", text = "变成数学" }))["subject"]);

        _ = (await english.Put($"{path}/items/{reading}", new { version = 2, subject = "英语", text = "朗读两遍" })).Is(HttpStatusCode.NoContent);
        _ = (await english.Post($"{path}/items", Item("bring", "英语", "单词卡"))).Is(HttpStatusCode.OK);
        _ = (await teacher.Put($"{path}/items/{reading}", new { version = 3, subject = "英语", text = "班主任改成一遍" })).Is(HttpStatusCode.NoContent);
        _ = (await teacher.Post($"{path}/items", Item("fees", null, "秋游 35 元"))).Is(HttpStatusCode.OK);
        Assert.Equal(["口算一页", "班主任改成一遍", "单词卡", "秋游 35 元"], await Texts(english, path));
    }

    [Fact]
    public async Task What_somebody_else_has_changed_meanwhile_is_stale_and_named()
    {
        var day = school.FreshDay();
        var path = WrittenSheets.Path(day);
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher");
        var item = await english.AddToSheet(day, "朗读三遍", "英语");
        _ = (await teacher.Put($"{path}/items/{item}", new { version = 1, subject = "英语", text = "朗读两遍" })).Is(HttpStatusCode.NoContent);

        var stale = (await english.Put($"{path}/items/{item}", new { version = 1, subject = "英语", text = "朗读四遍" })).IsProblem(HttpStatusCode.Conflict, "stale");
        Assert.Equal(item, (string?)Assert.Single(stale.Json["newer"]!.AsArray()));
        // What it says already is done already: that is how a repetition ends well.
        _ = (await english.Put($"{path}/items/{item}", new { version = 1, subject = "英语", text = "朗读两遍" })).Is(HttpStatusCode.NoContent);
        _ = (await english.Put($"{path}/items/{new string('0', 32)}-0", new { version = 1, subject = "英语", text = "没有" })).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await english.Send(HttpMethod.Delete, $"{path}/items/{item}", null)).Is(HttpStatusCode.NoContent);
        _ = (await english.Send(HttpMethod.Delete, $"{path}/items/{item}", null)).Is(HttpStatusCode.NoContent);
        _ = (await english.Put($"{path}/items/{item}", new { version = 3, subject = "英语", text = "又来" })).IsProblem(HttpStatusCode.Conflict, "item-removed");
    }

    [Fact]
    public async Task Two_teachers_who_add_at_once_see_each_others_items_in_one_order()
    {
        const int Each = 15;
        var day = school.FreshDay();
        var topic = DemoSchool.Sheet(day);
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher");
        await using var one = await teacher.ConnectLive();
        await using var other = await english.ConnectLive();
        _ = Ok(await one.Join(topic));
        _ = Ok(await other.Join(topic));

        await Task.WhenAll(Enumerable.Range(0, Each).SelectMany(i => new[] { teacher.AddToSheet(day, $"口算{i}"), english.AddToSheet(day, $"朗读{i}", "英语") }));

        var view = (await teacher.Get(WrittenSheets.Path(day))).Is(HttpStatusCode.OK).Json;
        Assert.Equal((2 * Each, 2 * Each), ((int)view["version"]!, view["items"]!.AsArray().Count));
        foreach (var live in new[] { one, other })
        {
            await live.UntilEvent(topic, (long)view["n"]!);
            var told = live.Events(topic).SelectMany(happened => happened["changes"]!.AsArray()).Where(change => (string?)change!["kind"] == "item").Select(change => (string)change!["item"]!["item"]!);
            Assert.Equal(view["items"]!.AsArray().OrderBy(item => (int)item!["version"]!).Select(item => (string)item!["item"]!), told);
        }
    }

    [Fact]
    public async Task L1_what_is_prepared_exists_for_no_family_before_it_is_released()
    {
        var day = school.FreshDay();
        var (sheet, draft) = (WrittenSheets.Path(day), WrittenSheets.Path(day, "drafts"));
        var topic = $"sheet-draft/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}";
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher");
        using var mother = await school.SignInAs("mother");
        await using var desk = await english.ConnectLive();
        await using var home = await mother.ConnectLive();
        _ = Ok(await desk.Join(topic));
        _ = Ok(await home.Join(DemoSchool.Sheet(day)));
        Assert.Equal("not-found", (string?)(await home.Join(topic))["code"]);

        var item = await teacher.Prepare(day, "期中卷订正");
        _ = (await teacher.Put($"{draft}/items/{item}", new { version = 1, subject = "数学", text = "期中卷订正，家长签字" })).Is(HttpStatusCode.NoContent);
        _ = (await teacher.Put($"{draft}/schedule", new { at = DateTimeOffset.UtcNow.AddHours(3) })).Is(HttpStatusCode.NoContent);
        await desk.UntilEvent(topic, 3);
        Assert.Equal(["item", "item", "set"], desk.Events(topic).Select(one => (string)one["changes"]![0]!["kind"]!));

        _ = (await mother.Get(draft)).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await mother.Post($"{draft}/release")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await mother.Put($"{draft}/schedule", new { at = DateTimeOffset.UtcNow })).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Empty(await Items(mother, sheet));
        Assert.DoesNotContain("期中卷", (await mother.Get("/api/book/today")).Text, StringComparison.Ordinal);
        Assert.Empty(home.Events(DemoSchool.Sheet(day)));

        // Another's items are neither moved nor released by who may not write them.
        _ = (await english.Put($"{draft}/schedule", new { at = DateTimeOffset.UtcNow })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await english.Post($"{draft}/release")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await english.Send(HttpMethod.Delete, $"{draft}/items/{item}", null)).IsProblem(HttpStatusCode.Forbidden, "forbidden");

        var operation = Guid.NewGuid();
        for (var times = 0; times < 2; times++)
            _ = (await teacher.Post($"{draft}/release", null, operation)).Is(HttpStatusCode.NoContent);
        await home.UntilEvent(DemoSchool.Sheet(day), 1);
        Assert.Equal(["期中卷订正，家长签字"], await Texts(mother, sheet));
        Assert.Equal(item, (string?)(await Items(mother, sheet))[0]!["item"]);
        var left = (await teacher.Get(draft)).Is(HttpStatusCode.OK).Json;
        Assert.Empty(left["items"]!.AsArray());
        Assert.Null(left["releaseAt"]);
        _ = (await teacher.Send(HttpMethod.Delete, $"{draft}/items/{item}", null)).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_scheduled_draft_is_released_at_its_time_without_anybody_there()
    {
        var day = school.FreshDay();
        using var english = await school.SignInAs("subject-teacher");
        using var mother = await school.SignInAs("mother");
        await using var home = await mother.ConnectLive();
        _ = Ok(await home.Join(DemoSchool.Sheet(day)));
        _ = await english.Prepare(day, "听录音", "英语");
        var draft = WrittenSheets.Path(day, "drafts");
        var later = DateTimeOffset.UtcNow.AddHours(1);
        _ = (await english.Put($"{draft}/schedule", new { at = later.ToOffset(TimeSpan.FromHours(8)) })).Is(HttpStatusCode.NoContent);
        Assert.Equal(later, (DateTimeOffset)(await english.Get(draft)).Json["releaseAt"]!);

        // The host's own clock runs here; times far away are proved in the cluster ring, where it is moved.
        var at = DateTimeOffset.UtcNow.AddSeconds(3);
        _ = (await english.Put($"{draft}/schedule", new { at })).Is(HttpStatusCode.NoContent);
        await home.UntilEvent(DemoSchool.Sheet(day), 1);
        Assert.True(DateTimeOffset.UtcNow >= at);
        Assert.True((DateTimeOffset)(await Items(mother, WrittenSheets.Path(day)))[0]!["at"]! >= at);
    }

    [Fact]
    public async Task What_was_written_without_a_network_is_released_when_it_comes_after_its_time_and_nothing_else_along()
    {
        var day = school.FreshDay();
        var draft = WrittenSheets.Path(day, "drafts");
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher");
        using var mother = await school.SignInAs("mother");
        _ = await teacher.Prepare(day, "还没说什么时候发");
        object Reading(DateTimeOffset releaseAt) => new { items = new[] { new { kind = "homework", subject = "英语", text = "朗读三遍" } }, releaseAt };

        _ = (await english.Post($"{draft}/items", Reading(DateTimeOffset.UtcNow.AddHours(1)))).IsProblem(HttpStatusCode.Conflict, "draft-without-time");
        var operation = Guid.NewGuid();
        for (var times = 0; times < 2; times++)
            _ = (await english.Post($"{draft}/items", Reading(DateTimeOffset.UtcNow.AddMinutes(-1)), operation)).Is(HttpStatusCode.OK);

        await Eventually.TrueAsync(async () => (await Texts(mother, WrittenSheets.Path(day))).SequenceEqual(["朗读三遍"]), TimeSpan.FromSeconds(20), "the late item to be on the sheet");
        Assert.Equal(["还没说什么时候发"], await Texts(teacher, draft));
    }

    [Fact]
    public async Task A_teacher_keeps_templates_that_nobody_else_sees()
    {
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher");
        using var mother = await school.SignInAs("mother");
        var path = $"/api/book/templates/s01/{Guid.NewGuid()}";

        for (var times = 0; times < 2; times++)
            _ = (await teacher.Put(path, new { name = " 周五 ", items = new[] { new { kind = "homework", subject = "数学", text = "数学日记一篇" } } })).Is(HttpStatusCode.NoContent);

        var kept = Assert.Single((await teacher.Get("/api/book/templates/s01")).Is(HttpStatusCode.OK).Json.AsArray())!;
        Assert.Equal(("周五", "数学日记一篇"), ((string)kept["name"]!, (string)kept["items"]![0]!["text"]!));
        Assert.Empty((await english.Get("/api/book/templates/s01")).Is(HttpStatusCode.OK).Json.AsArray());
        _ = (await mother.Get("/api/book/templates/s01")).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(
            ["items", "name"], Errors(await teacher.Put($"/api/book/templates/s01/{Guid.NewGuid()}", new { name = "周五" })).AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));

        for (var times = 0; times < 2; times++)
            _ = (await teacher.Send(HttpMethod.Delete, path, null)).Is(HttpStatusCode.NoContent);
        Assert.Empty((await teacher.Get("/api/book/templates/s01")).Json.AsArray());
    }

    [Fact]
    public async Task Who_is_in_charge_chooses_for_the_class_and_every_teacher_of_it_sees_what_was_chosen()
    {
        var (path, at) = ($"/api/book/classes/s01/{DemoSchool.Class}", "23:59:00");
        using var teacher = await school.SignInAs("class-teacher");
        using var english = await school.SignInAs("subject-teacher");

        _ = (await english.Put($"{path}/settings", new { remindAt = at, releaseAt = "15:30:00" })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        for (var times = 0; times < 2; times++)
            _ = (await teacher.Put($"{path}/settings", new { remindAt = at, releaseAt = "15:30:00" })).Is(HttpStatusCode.NoContent);

        var seen = (await english.Get(path)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((at, "15:30:00"), ((string)seen["settings"]!["remindAt"]!, (string)seen["settings"]!["releaseAt"]!));
        Assert.Equal((false, "英语"), ((bool)seen["writesAll"]!, (string)Assert.Single(seen["mine"]!.AsArray())!));
        Assert.Contains("数学", seen["subjects"]!.AsArray().Select(subject => (string)subject!));
        Assert.True((bool)(await teacher.Get(path)).Json["writesAll"]!);

        _ = (await teacher.Put($"{path}/settings", new { remindAt = (string?)null, releaseAt = "16:00:00" })).Is(HttpStatusCode.NoContent);
        Assert.Null((await teacher.Get(path)).Json["settings"]!["remindAt"]);
    }

    [Fact]
    public async Task What_is_malformed_is_refused_and_nothing_breaks()
    {
        var day = school.FreshDay();
        var path = WrittenSheets.Path(day);
        using var teacher = await school.SignInAs("class-teacher");

        _ = (await teacher.Post($"{path}/items", Item("poem", null, "诗"))).IsProblem(HttpStatusCode.BadRequest, "bad-request");
        Assert.NotNull(Errors(await teacher.Post($"{path}/items", new { }))["items"]);
        Assert.NotNull(Errors(await teacher.Post($"{path}/items", new { items = Array.Empty<object>() }))["items"]);
        Assert.NotNull(Errors(await teacher.Post($"{path}/items", new { items = new object?[] { null } }))["items[0].text"]);
        Assert.NotNull(Errors(await teacher.Post($"{path}/items", new { items = Enumerable.Repeat(new { kind = "notices", text = "一" }, 31) }))["items"]);
        Assert.NotNull(Errors(await teacher.Post($"{path}/items", Item("notices", null, new string('字', 1_001))))["items[0].text"]);
        _ = (await teacher.Put($"{WrittenSheets.Path(day, "drafts")}/schedule", new { at = "下午四点" })).IsProblem(HttpStatusCode.BadRequest, "bad-request");

        Assert.Empty(await Items(teacher, path));
    }
}
