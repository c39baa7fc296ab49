using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.CoEditing;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.ContactBook;

/// <summary>What is done on a child's page beside writing text, over HTTP, with others looking on: rules S1 to S3.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class BookPageTests(DemoSchool school)
{
    private const string Child = DemoSchool.Child;

    private static string PathOf(DateOnly day, string what = "", string child = Child) => $"/api/book/pages/s01/{child}/{DemoSchool.Written(day)}{what}";

    private static async Task<JsonNode> View(Person person, DateOnly day) => (await person.Get(PathOf(day))).Is(HttpStatusCode.OK).Json;

    /// <summary>What somebody sees of page and sheet now, as a browser says it.</summary>
    private static async Task<object> Seen(Person person, DateOnly day)
    {
        var page = await View(person, day);
        var sheet = (await person.Get($"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;
        return new
        {
            sections = page["sections"]!.AsArray().ToDictionary(section => (string)section!["section"]!, section => (int)section!["version"]!),
            entries = (int)page["entries"]!,
            sheet = (int)sheet["version"]!,
        };
    }

    private static async Task<Reply> Sign(Person person, DateOnly day, object? seen = null, Guid? operation = null) =>
        await person.Post(PathOf(day, "/signatures"), new { seen = seen ?? await Seen(person, day) }, operation);

    private static Task<Reply> SetMarks(Person person, DateOnly day, params object[] marks) => person.Put(PathOf(day, "/marks"), new { marks });

    private static Task<Reply> Add(Person person, DateOnly day, string section, string text, Guid? operation = null) => person.Post(PathOf(day, "/addenda"), new { section, text }, operation);

    /// <summary>The last value of a field that a browser was told.</summary>
    private static JsonNode? Told(LiveClient live, string topic, string field) =>
        live.Events(topic).SelectMany(one => one["changes"]!.AsArray()).LastOrDefault(change => (string?)change!["kind"] == "set" && (string?)change["field"] == field)?["value"];

    [Fact]
    public async Task S1_a_signature_that_misses_something_is_stale_and_names_it_and_the_next_one_is_seen_by_everybody_at_once()
    {
        var day = school.EarlierDay();
        var (topic, classDay) = (DemoSchool.Page(Child, day), DemoSchool.ClassDay(day));
        using var mother = await school.SignInAs("mother");
        using var student = await school.SignInAs("student");
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await student.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = Ok(await desk.Join(topic));
        _ = Ok(await desk.Join(classDay));
        var early = await Seen(mother, day);
        _ = Ok(await desk.PushText(topic, "school-day", 0, "teacher-tab", 1, """[[0,"上课专心"]]"""));
        _ = (await SetMarks(teacher, day, new { mark = "attention", level = "good" })).Is(HttpStatusCode.NoContent);

        var stale = (await Sign(mother, day, early)).IsProblem(HttpStatusCode.Conflict, "stale");
        Assert.Equal(["school-day", "entries"], stale.Json["newer"]!.AsArray().Select(one => (string)one!));

        var operation = Guid.NewGuid();
        var seen = await Seen(mother, day);
        _ = (await Sign(mother, day, seen, operation)).Is(HttpStatusCode.NoContent);
        _ = (await Sign(mother, day, seen, operation)).Is(HttpStatusCode.NoContent);
        _ = (await Sign(mother, day, seen)).IsProblem(HttpStatusCode.Conflict, "signed-already");

        foreach (var live in new[] { home, desk })
        {
            await live.Until(_ => Told(live, topic, "signatures") is JsonArray { Count: 1 }, "the signature to be told");
            var signature = Told(live, topic, "signatures")![0]!;
            Assert.Equal((operation, "guardian", mother.Account), ((Guid)signature["id"]!, (string)signature["for"]!, (string)signature["by"]!["id"]!));
        }

        Assert.True(JsonNode.DeepEquals((await View(student, day))["signatures"], Told(home, topic, "signatures")));
        await desk.Until(_ => ChildTold()?["signed"] is JsonArray { Count: 1 }, "the class's day to tell of the signature");
        Assert.Equal(("guardian", "attention"), ((string)ChildTold()!["signed"]![0]!["for"]!, (string)ChildTold()!["marks"]![0]!["mark"]!));

        JsonNode? ChildTold() => desk.Events(classDay).SelectMany(one => one["changes"]!.AsArray()).LastOrDefault(change => (string?)change!["kind"] == "child")?["child"];
    }

    [Fact]
    public async Task S2_what_is_sealed_takes_no_text_any_more_but_an_addendum_that_everybody_sees()
    {
        var day = school.EarlierDay();
        var topic = DemoSchool.Page(Child, day);
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await father.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = Ok(await desk.Join(topic));
        _ = Ok(await home.PushText(topic, "words", 0, "father-tab", 1, """[[0,"请多留意"]]"""));
        _ = (await Sign(mother, day)).Is(HttpStatusCode.NoContent);

        Assert.Equal(TextCodes.Sealed, (string?)(await home.PushText(topic, "words", 1, "father-tab", 2, """[4,[0,"！"]]"""))["code"]);
        // What was accepted before is answered as accepted all the same (T7).
        Assert.Equal(1, (int)Ok(await home.PushText(topic, "words", 0, "father-tab", 1, """[[0,"请多留意"]]"""))["version"]!);
        _ = (await Add(teacher, day, "answer", "好的")).IsProblem(HttpStatusCode.Conflict, "not-sealed");
        var operation = Guid.NewGuid();
        for (var times = 0; times < 2; times++)
            _ = (await Add(father, day, "words", "  明天奶奶来接。 ", operation)).Is(HttpStatusCode.NoContent);

        await desk.Until(_ => Told(desk, topic, "addenda") is JsonArray { Count: 1 }, "the addendum to be told");
        var addendum = Told(desk, topic, "addenda")![0]!;
        Assert.Equal((operation, "words", "明天奶奶来接。", father.Account), ((Guid)addendum["id"]!, (string)addendum["section"]!, (string)addendum["text"]!, (string)addendum["by"]!["id"]!));
        Assert.Equal(1, (int)Told(desk, topic, "entries")!);
        Assert.Equal("请多留意", (string?)Section(await View(teacher, day), "words")["text"]);
        _ = Ok(await desk.PushText(topic, "answer", 0, "teacher-tab", 1, """[[0,"好的"]]"""));
    }

    [Fact]
    public async Task S3_a_withdrawal_stays_on_record_with_its_reason_and_opens_what_was_sealed()
    {
        var day = school.EarlierDay();
        var topic = DemoSchool.Page(Child, day);
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");
        await using var home = await father.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = (await Sign(mother, day)).Is(HttpStatusCode.NoContent);

        _ = (await father.Post(PathOf(day, "/signatures/withdraw"), new { reason = "不是我签的" })).IsProblem(HttpStatusCode.Conflict, "not-signed");
        _ = (await mother.Post(PathOf(day, "/signatures/withdraw"), new { reason = " " })).IsProblem(HttpStatusCode.BadRequest, "invalid");
        var operation = Guid.NewGuid();
        for (var times = 0; times < 2; times++)
            _ = (await mother.Post(PathOf(day, "/signatures/withdraw"), new { reason = "还有话要说" }, operation)).Is(HttpStatusCode.NoContent);

        await home.Until(_ => Told(home, topic, "signatures")?[0]?["withdrawn"] is not null, "the withdrawal to be told");
        Assert.Equal("还有话要说", (string?)Told(home, topic, "signatures")![0]!["withdrawn"]!["reason"]);
        _ = Ok(await home.PushText(topic, "words", 0, "father-tab", 1, """[[0,"明天请假"]]"""));
    }

    [Fact]
    public async Task A_page_of_a_day_to_come_is_not_signed_and_what_is_malformed_is_told()
    {
        var day = school.FreshDay();
        using var mother = await school.SignInAs("mother");

        _ = (await Sign(mother, day)).IsProblem(HttpStatusCode.Conflict, "not-today");
        Assert.NotNull((await mother.Post(PathOf(day, "/signatures"), new { })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["seen"]);
        Assert.NotNull((await mother.Post(PathOf(day, "/signatures"), new { seen = new { entries = 0, sheet = 0 } })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["seen"]);
        var many = Enumerable.Range(0, 51).ToDictionary(i => $"section-{i}", i => i);
        Assert.NotNull((await mother.Post(PathOf(day, "/signatures"), new { seen = new { sections = many, entries = 0, sheet = 0 } })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["seen"]);
        using var teacher = await school.SignInAs("class-teacher");
        foreach (var marks in new object?[] { null, Array.Empty<object>(), new[] { new { mark = "no-such-mark", level = "good" } }, new object?[] { null } })
            Assert.NotNull((await teacher.Put(PathOf(day, "/marks"), new { marks })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["marks"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await SetMarks(teacher, day, new { mark = "lunch", level = "excellent" })).Status);
        Assert.Equal(0, (int)(await View(teacher, day))["n"]!);
    }

    [Theory]
    [InlineData("class-teacher", "marks sign")]
    [InlineData("subject-teacher", "marks")]
    [InlineData("mother", "tick sign")]
    [InlineData("student", "tick sign")]
    public async Task Everybody_does_what_their_role_does_and_nothing_else(string card, string may)
    {
        var day = school.EarlierDay();
        using var person = await school.SignInAs(card);
        using var teacher = await school.SignInAs("class-teacher");
        var item = await AddHomework(teacher, day, "背诵");

        (string What, Reply Answer)[] answers =
        [
            ("tick", await person.Put(PathOf(day, $"/ticks/{item}"), new { ticked = true })),
            ("marks", await SetMarks(person, day, new { mark = "lunch", level = "fair" })),
            ("sign", await Sign(person, day)),
        ];

        foreach (var (what, answer) in answers)
        {
            if (may.Split(' ').Contains(what))
                _ = answer.Is(HttpStatusCode.NoContent);
            else
                _ = answer.IsProblem(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task An_item_is_ticked_at_home_and_the_other_phone_and_the_teacher_see_it()
    {
        var day = school.FreshDay();
        var (topic, classDay) = (DemoSchool.Page(Child, day), DemoSchool.ClassDay(day));
        using var teacher = await school.SignInAs("class-teacher");
        using var mother = await school.SignInAs("mother");
        using var student = await school.SignInAs("student");
        var item = await AddHomework(teacher, day, "朗读三遍");
        await using var home = await mother.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = Ok(await desk.Join(classDay));

        for (var times = 0; times < 2; times++)
            _ = (await student.Put(PathOf(day, $"/ticks/{item}"), new { ticked = true })).Is(HttpStatusCode.NoContent);
        _ = (await student.Put(PathOf(day, "/ticks/no-such-item"), new { ticked = true })).IsProblem(HttpStatusCode.NotFound, "not-found");

        await home.Until(_ => Told(home, topic, "ticks") is JsonArray { Count: 1 }, "the tick to be told");
        Assert.Equal((item, student.Account), ((string)Told(home, topic, "ticks")![0]!["item"]!, (string)Told(home, topic, "ticks")![0]!["by"]!["id"]!));
        await desk.Until(
            _ => desk.Events(classDay).SelectMany(one => one["changes"]!.AsArray()).Any(change => change!["child"]?["ticked"] is JsonArray { Count: 1 }), "the class's day to tell of the tick");

        _ = (await mother.Put(PathOf(day, $"/ticks/{item}"), new { ticked = false })).Is(HttpStatusCode.NoContent);
        await home.Until(_ => Told(home, topic, "ticks") is JsonArray { Count: 0 }, "the tick to be taken away");
        Assert.Single(home.Events(topic), one => one["changes"]!.AsArray().Any(change => change!["value"] is JsonArray { Count: 1 }));
    }

    [Fact]
    public async Task C1_a_tick_that_a_phone_sends_again_late_does_not_undo_what_another_has_decided_since()
    {
        var day = school.FreshDay();
        using var teacher = await school.SignInAs("class-teacher");
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");
        var item = await AddHomework(teacher, day, "背诵第2段");
        var operation = Guid.NewGuid();

        async Task Tick(Person person, bool ticked, Guid? operation = null) =>
            _ = (await person.Send(HttpMethod.Put, PathOf(day, $"/ticks/{item}"), System.Net.Http.Json.JsonContent.Create(new { ticked }), operation)).Is(HttpStatusCode.NoContent);

        await Tick(mother, true, operation);
        await Tick(father, false);
        await Tick(mother, true, operation);

        Assert.Empty((await View(mother, day))["ticks"]!.AsArray());
    }

    [Fact]
    public async Task A_section_s_history_tells_who_wrote_what()
    {
        var day = school.FreshDay();
        var topic = DemoSchool.Page(Child, day);
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");
        await using var home = await mother.ConnectLive();
        await using var away = await father.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = Ok(await away.Join(topic));
        _ = Ok(await home.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"谢谢"]]"""));
        _ = Ok(await away.PushText(topic, "words", 1, "father-tab", 1, """[2,[0,"老师"]]"""));

        var revisions = (await mother.Get(PathOf(day, "/sections/words/revisions"))).Is(HttpStatusCode.OK).Json;

        Assert.Equal(
            [(father.Account, "谢谢", "谢谢老师"), (mother.Account, "", "谢谢")],
            revisions["revisions"]!.AsArray().Select(one => ((string)one!["by"]!["id"]!, (string)one["before"]!, (string)one["after"]!)));
        Assert.False((bool)revisions["hasOlder"]!);
        var older = (await mother.Get(PathOf(day, "/sections/words/revisions?before=1"))).Is(HttpStatusCode.OK).Json["revisions"]!.AsArray();
        Assert.Equal("谢谢", (string?)Assert.Single(older)!["after"]);
    }

    [Fact]
    public async Task L1_results_marks_and_fees_of_a_child_never_reach_another_family()
    {
        var day = school.Today;
        var (page, own, sheet) = (DemoSchool.Page(Child, day), DemoSchool.Page(DemoSchool.OtherChild, day), DemoSchool.Sheet(day));
        using var teacher = await school.SignInAs("class-teacher");
        using var stranger = await school.SignInAs("other-father");
        await using var desk = await teacher.ConnectLive();
        await using var foreign = await stranger.ConnectLive();
        _ = Ok(await desk.Join(page));
        _ = Ok(await desk.Join(own));
        _ = Ok(await foreign.Join(own));
        _ = Ok(await foreign.Join(sheet));
        foreach (var topic in new[] { page, DemoSchool.ClassDay(day), $"sheet-draft/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}", $"class/s01/{DemoSchool.Class}" })
            Assert.Equal("not-found", (string?)(await foreign.Join(topic))["code"]);

        string[] secrets = ["成绩九十八分半", "补交春游费", "只写给许建萱家"];
        foreach (var (section, text) in new[] { "results", "fees", "answer" }.Zip(secrets))
        {
            var version = (int)Section(await View(teacher, day), section)["version"]!;
            var length = ((string)Section(await View(teacher, day), section)["text"]!).Length;
            _ = Ok(await desk.PushText(page, section, version, $"secret-{section}", 1, length == 0 ? $"[[0,\"{text}\"]]" : $"[[0,\"{text}\"],{length}]"));
        }

        _ = (await SetMarks(teacher, day, new { mark = "conduct", level = "care" })).Is(HttpStatusCode.NoContent);
        // What comes after it in his own topics would have come after it in hers.
        var before = (int)Section((await stranger.Get(PathOf(day, child: DemoSchool.OtherChild))).Json, "answer")["version"]!;
        var now = ((string)Section((await stranger.Get(PathOf(day, child: DemoSchool.OtherChild))).Json, "answer")["text"]!).Length;
        _ = Ok(await desk.PushText(own, "answer", before, "own-answer", 1, now == 0 ? """[[0,"给罗家的"]]""" : $"[[0,\"给罗家的\"],{now}]"));
        await foreign.Until(_ => foreign.RawEvents(own).Any(raw => Legible(raw).Contains("给罗家的", StringComparison.Ordinal)), "what is written for his own child");

        var written = DemoSchool.Written(day);
        string[] his =
        [
            "/api/book/today", "/api/session", PathOf(day, child: DemoSchool.OtherChild), $"/api/book/sheets/s01/{DemoSchool.Class}/{written}",
            $"/api/book/children/s01/{DemoSchool.OtherChild}/months/{written[..7]}", $"/api/book/children/s01/{DemoSchool.OtherChild}/days?from={written}&to={written}",
            .. secrets.Select(secret => $"/api/book/children/s01/{DemoSchool.OtherChild}/search?q={Uri.EscapeDataString(secret)}"),
        ];
        var seen = foreign.RawEvents(own).Concat(foreign.RawEvents(sheet)).Select(Legible).ToList();
        foreach (var path in his)
        {
            var reply = (await stranger.Get(path)).Is(HttpStatusCode.OK);
            // A search says again what was looked for.
            seen.Add(Legible(reply.Json["hits"] is { } hits ? hits.ToJsonString() : reply.Text));
        }

        Assert.All(seen, text => Assert.All([.. secrets, Child, "许建萱"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));
        Assert.Empty(foreign.Frames(page));
        foreach (var path in new[] { PathOf(day), PathOf(day, "/sections/results/revisions"), $"/api/book/children/s01/{Child}/search?q=x", $"/api/book/days/s01/{DemoSchool.Class}/{written}" })
            _ = (await stranger.Get(path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        // And her own family sees all of it.
        using var mother = await school.SignInAs("mother");
        var hers = Legible((await mother.Get(PathOf(day))).Text);
        Assert.All(secrets, secret => Assert.Contains(secret, hers, StringComparison.Ordinal));
    }

    // As it is read, not as it is escaped.
    private static string Legible(string json) => JsonNode.Parse(json)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Puts homework on the class sheet. Answers the item's id.</summary>
    internal static async Task<string> AddHomework(Person teacher, DateOnly day, string text)
    {
        var added = await teacher.Post($"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}/items", new { items = new[] { new { kind = "homework", subject = "语文", text } } });
        return (string)Assert.Single(added.Is(HttpStatusCode.OK).Json["items"]!.AsArray())!;
    }
}
