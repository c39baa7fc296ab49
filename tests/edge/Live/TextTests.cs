using System.Text.Json.Nodes;
using SchoolHome.CoEditing;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>Writing in one section over the hub: rules T1, T3 and T7. What the merging itself does is held in the rules ring.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class TextTests(DemoSchool school)
{
    [Fact]
    public async Task T3_three_of_a_family_who_type_and_delete_at_once_end_with_the_same_text()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        var people = new List<Person>();
        var connections = new List<LiveClient>();
        try
        {
            var editors = new List<SharedSection>();
            foreach (var card in new[] { "grandfather", "mother", "father" })
            {
                people.Add(await school.SignInAs(card));
                connections.Add(await people[^1].ConnectLive());
                editors.Add(new SharedSection(topic, "words", $"{card}-tab"));
                await editors[^1].Open(connections[^1]);
            }

            await Task.WhenAll(editors.Select((editor, i) => Task.Run(async () =>
            {
                var dice = new Random(i);
                for (var change = 0; change < 60; change++)
                {
                    if (dice.Next(4) == 0 && editor.Text.Length > 2)
                        editor.Delete(0, 1);
                    else
                        editor.Type(text => dice.Next(text.Length + 1), ((char)('一' + dice.Next(100))).ToString());
                    // Not after every change, so that several wait for each other.
                    if (dice.Next(3) == 0 && await editor.Push() is { } code)
                        Assert.Equal("too-fast", code);
                }

                await editor.UntilConfirmed();
            })));
            var version = editors.Max(editor => editor.Version);
            foreach (var editor in editors)
                await editor.UntilVersion(version);

            var stored = Section(Ok(await connections[0].Join(topic))["view"]!, "words");
            Assert.Equal(180, (int)stored["version"]!);
            Assert.All(editors, editor => Assert.Equal((string?)stored["text"], editor.Text));
        }
        finally
        {
            foreach (var live in connections)
                await live.DisposeAsync();
            people.ForEach(person => person.Dispose());
        }
    }

    [Fact]
    public async Task T7_a_repeated_push_is_answered_as_accepted_and_has_no_second_effect()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        await using var another = await mother.ConnectLive();
        _ = Ok(await live.Join(topic));
        _ = Ok(await another.Join(topic));

        var first = Ok(await live.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"老师好"]]"""));
        var again = Ok(await live.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"老师好"]]"""));
        var elsewhere = Ok(await another.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"老师好"]]"""));

        Assert.All(new[] { first, again, elsewhere }, answer => Assert.Equal(1, (int)answer["version"]!));
        var now = Ok(await live.Join(topic));
        Assert.Equal(1, (long)now["n"]!);
        Assert.Equal("老师好", (string?)Section(now["view"]!, "words")["text"]);
    }

    [Fact]
    public async Task T3_what_is_based_on_an_older_version_is_rebased()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        _ = Ok(await live.Join(topic));

        _ = Ok(await live.PushText(topic, "words", 0, "first-tab", 1, """[[0,"你好"]]"""));
        _ = Ok(await live.PushText(topic, "words", 0, "second-tab", 1, """[[0,"老师"]]"""));
        await live.UntilEvent(topic, 2);

        // The rebased form is what everybody gets, the pusher too.
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""[2,[0,"老师"]]"""), live.Events(topic)[1]["changes"]![0]!["updates"]![0]!["changes"]));
        Assert.Equal("你好老师", (string?)Section(Ok(await live.Join(topic))["view"]!, "words")["text"]);
    }

    [Fact]
    public async Task T7_what_cannot_be_taken_is_refused_with_a_code_and_changes_nothing()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");
        await using var live = await mother.ConnectLive();
        await using var other = await father.ConnectLive();
        _ = Ok(await live.Join(topic));
        _ = Ok(await other.Join(topic));
        _ = Ok(await live.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"好😀"]]"""));

        async Task Refused(string code, LiveClient by, string section, int version, string clientId, int firstSeq, params string[] changes) =>
            Assert.Equal(code, (string?)(await by.PushText(topic, section, version, clientId, firstSeq, changes))["code"]);

        await Refused(TextCodes.VersionInFuture, live, "words", 9, "mother-tab", 2, """[3,[0,"x"]]""");
        await Refused(TextCodes.ChangesDoNotFit, live, "words", -1, "mother-tab", 2, """[3,[0,"x"]]""");
        await Refused(TextCodes.ChangesDoNotFit, live, "words", 1, "mother-tab", 2, """[9,[0,"x"]]""");
        await Refused(TextCodes.ChangesDoNotFit, live, "words", 1, "mother-tab", 2, """{"not":"a change set"}""");
        await Refused(TextCodes.ChangesDoNotFit, live, "words", 1, "mother-tab", 2, """[3,[0,"two\nlines"]]""");
        await Refused(TextCodes.SequenceGap, live, "words", 1, "mother-tab", 3, """[3,[0,"x"]]""");
        await Refused(TextCodes.ClientOfAnotherAuthor, other, "words", 1, "mother-tab", 2, """[3,[0,"x"]]""");
        await Refused(TextCodes.MalformedClientId, live, "words", 1, "short", 1, """[3,[0,"x"]]""");
        await Refused(TextCodes.SplitsCharacter, live, "words", 1, "mother-tab", 2, """[2,[1]]""");
        await Refused(TextCodes.TooLong, live, "words", 1, "mother-tab", 2, $"[3,[0,\"{new string('长', 19_999)}\"]]");
        await Refused(TextCodes.ChangesDoNotFit, live, "words", 1, "mother-tab", 2, $"[3,[0,\"{new string('长', 20_001)}\"]]");
        await Refused(TextCodes.TooManyUpdates, live, "words", 1, "mother-tab", 2, [.. Enumerable.Range(3, 201).Select(length => $"[{length},[0,\"x\"]]")]);
        await Refused("not-found", live, "no-such-section", 0, "mother-tab", 1, """[[0,"x"]]""");
        await Refused("forbidden", live, "school-day", 0, "mother-tab", 1, """[[0,"x"]]""");

        var now = Ok(await live.Join(topic));
        Assert.Equal(1, (long)now["n"]!);
        Assert.Equal("好😀", (string?)Section(now["view"]!, "words")["text"]);
        // And what is right still goes.
        _ = Ok(await live.PushText(topic, "words", 1, "mother-tab", 2, """[3,[0,"。"]]"""));
    }

    [Theory]
    [InlineData("class-teacher", "page", "school-day,results,fees,answer")]
    [InlineData("subject-teacher", "page", "school-day,results,fees,answer")]
    [InlineData("mother", "page", "study-at-home,words")]
    [InlineData("grandfather", "page", "study-at-home,words")]
    [InlineData("student", "page", "study-at-home")]
    [InlineData("class-teacher", "sheet", "")]
    [InlineData("mother", "sheet", "")]
    [InlineData("student", "sheet", "")]
    public async Task Everybody_writes_in_the_sections_of_their_role_and_reads_all(string card, string kind, string writable)
    {
        var day = school.FreshDay();
        var topic = kind == "page" ? DemoSchool.Page(DemoSchool.Child, day) : DemoSchool.Sheet(day);
        using var person = await school.SignInAs(card);
        await using var live = await person.ConnectLive();
        var sections = Ok(await live.Join(topic))["view"]!["sections"]!.AsArray().Select(section => (string)section!["section"]!).ToArray();

        var written = new List<string>();
        foreach (var section in sections)
        {
            var answer = await live.PushText(topic, section, 0, "persons-tab", 1, """[[0,"写"]]""");
            if ((bool)answer["ok"]!)
                written.Add(section);
            else
                Assert.Equal("forbidden", (string?)answer["code"]);
        }

        Assert.Equal(writable, string.Join(',', written));
    }

    [Fact]
    public async Task T1_TextSince_tells_every_update_in_order_from_any_version_on()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        Assert.Equal("not-joined", (string?)(await live.TextSince(topic, "words", 0))["code"]);
        _ = Ok(await live.Join(topic));
        await Write(live, topic, from: 0, count: 5);

        var all = Ok(await live.TextSince(topic, "words", 0));
        var some = Ok(await live.TextSince(topic, "words", 3));
        var none = Ok(await live.TextSince(topic, "words", 5));

        Assert.Equal([1, 2, 3, 4, 5], all["updates"]!.AsArray().Select(update => (int)update!["seq"]!));
        Assert.Equal([4, 5], some["updates"]!.AsArray().Select(update => (int)update!["seq"]!));
        Assert.Empty(none["updates"]!.AsArray());
        Assert.All(new[] { all, some, none }, answer => Assert.Equal(5, (int)answer["version"]!));
        Assert.Equal(TextCodes.VersionInFuture, (string?)(await live.TextSince(topic, "words", 6))["code"]);
        Assert.Equal(TextCodes.VersionInFuture, (string?)(await live.TextSince(topic, "words", -1))["code"]);
        Assert.Equal("not-found", (string?)(await live.TextSince(topic, "no-such-section", 0))["code"]);
    }
}
