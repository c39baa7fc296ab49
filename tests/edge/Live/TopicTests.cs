using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>What a browser gets of a topic: rules L1, L3 and L8.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class TopicTests(DemoSchool school)
{
    [Fact]
    public async Task L1_every_receiver_gets_the_same_bytes_and_the_same_view()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        using var student = await school.SignInAs("student");
        await using var first = await mother.ConnectLive();
        await using var second = await teacher.ConnectLive();
        await using var third = await student.ConnectLive();
        var views = new List<string>();
        foreach (var live in new[] { first, second, third })
            views.Add((await live.Join(topic))["view"]!.ToJsonString());

        _ = Ok(await first.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"老师好","请看"]]"""));
        _ = Ok(await second.PushText(topic, "school-day", 0, "teacher-tab", 1, """[[0,"上课专心 <b>😀</b> ‮"]]"""));
        foreach (var live in new[] { first, second, third })
            await live.UntilEvent(topic, 2);

        Assert.Single(views.Distinct());
        Assert.Equal(2, first.RawEvents(topic).Length);
        Assert.Equal(first.RawEvents(topic), second.RawEvents(topic));
        Assert.Equal(first.RawEvents(topic), third.RawEvents(topic));
    }

    [Fact]
    public async Task L1_the_view_is_the_same_by_HTTP_and_by_the_hub()
    {
        var day = school.FreshDay();
        using var teacher = await school.SignInAs("class-teacher");
        await using var live = await teacher.ConnectLive();
        _ = Ok(await live.Join(DemoSchool.Page(DemoSchool.Child, day)));
        _ = Ok(await live.PushText(DemoSchool.Page(DemoSchool.Child, day), "answer", 0, "teacher-tab", 1, """[[0,"一切都好"]]"""));

        (string Topic, string Path)[] views =
        [
            (DemoSchool.Page(DemoSchool.Child, day), $"pages/s01/{DemoSchool.Child}"),
            (DemoSchool.Sheet(day), $"sheets/s01/{DemoSchool.Class}"),
            (DemoSchool.ClassDay(day), $"days/s01/{DemoSchool.Class}"),
        ];
        foreach (var (topic, path) in views)
        {
            // The class's day hears of the page by its outbox, so that the two are asked until nothing comes between.
            await Eventually.TrueAsync(
                async () => JsonNode.DeepEquals(
                    Ok(await live.Join(topic))["view"], (await teacher.Get($"/api/book/{path}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json),
                TimeSpan.FromSeconds(20),
                $"{topic} to be the same both ways");
        }
    }

    [Fact]
    public async Task L3_every_change_is_one_event_numbered_without_gaps_and_tells_who_wrote()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        var joined = Ok(await live.Join(topic));

        for (var i = 0; i < 5; i++)
            _ = Ok(await live.PushText(topic, "words", i, "mother-tab", i + 1, i == 0 ? """[[0,"好"]]""" : $"""[{i},[0,"好"]]"""));
        await live.UntilEvent(topic, 5);

        Assert.Equal(0, (long)joined["n"]!);
        Assert.Equal([1L, 2L, 3L, 4L, 5L], live.Events(topic).Select(one => (long)one["n"]!));
        Assert.All(live.Events(topic), one => Assert.Equal((string)joined["epoch"]!, (string)one["epoch"]!));
        var change = live.Events(topic)[^1]["changes"]![0]!;
        Assert.Equal(("text", "words", 5), ((string)change["kind"]!, (string)change["section"]!, (int)change["version"]!));
        Assert.Equal(("mother-tab", 5), ((string)change["updates"]![0]!["clientId"]!, (int)change["updates"]![0]!["seq"]!));
        Assert.Equal((mother.Account, "guardian", "mother"), ((string)change["by"]!["id"]!, (string)change["by"]!["role"]!, (string)change["by"]!["relation"]!));
    }

    [Fact]
    public async Task L8_whoever_comes_back_gets_exactly_what_was_missed()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");
        await using var writing = await mother.ConnectLive();
        _ = Ok(await writing.Join(topic));
        (string Epoch, long N) had;
        await using (var before = await father.ConnectLive())
        {
            _ = Ok(await before.Join(topic));
            await Write(writing, topic, from: 0, count: 2);
            await before.UntilEvent(topic, 2);
            had = ((string)before.Events(topic)[^1]["epoch"]!, 2);
        }

        await Write(writing, topic, from: 2, count: 3);
        await using var back = await father.ConnectLive();
        var missed = Ok(await back.Join(topic, had));
        await Write(writing, topic, from: 5, count: 1);
        await back.UntilEvent(topic, 6);

        Assert.Null(missed["view"]);
        Assert.Equal([3L, 4L, 5L], missed["events"]!.AsArray().Select(one => (long)one!["n"]!));
        await writing.UntilEvent(topic, 6);
        Assert.Equal(writing.Events(topic)[2..5].Select(one => one.ToJsonString()), missed["events"]!.AsArray().Select(one => one!.ToJsonString()));
        Assert.Equal([6L], back.Events(topic).Select(one => (long)one["n"]!).Where(n => n > 5));
    }

    [Fact]
    public async Task L8_who_has_everything_gets_nothing_and_who_has_something_else_gets_the_view()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        var epoch = (string)Ok(await live.Join(topic))["epoch"]!;
        await Write(live, topic, from: 0, count: 3);

        var upToDate = Ok(await live.Join(topic, (epoch, 3)));
        var otherEpoch = Ok(await live.Join(topic, ("another", 3)));
        var ahead = Ok(await live.Join(topic, (epoch, 4)));
        var nothing = Ok(await live.Join(topic));

        Assert.Empty(upToDate["events"]!.AsArray());
        Assert.Null(upToDate["view"]);
        foreach (var whole in new[] { otherEpoch, ahead, nothing })
        {
            Assert.Null(whole["events"]);
            Assert.Equal(3, (long)whole["view"]!["n"]!);
            Assert.Equal("好好好", (string?)Section(whole["view"]!, "words")["text"]);
        }
    }

    [Fact]
    public async Task L8_what_is_missed_too_long_ago_comes_as_the_view()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        // Several connections, for each may push only so often.
        var connections = new List<LiveClient>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                connections.Add(await mother.ConnectLive());
                _ = Ok(await connections[i].Join(topic));
            }

            var epoch = (string)Ok(await connections[0].Join(topic))["epoch"]!;
            for (var i = 0; i < 300; i++)
                await Write(connections[i % 4], topic, from: i, count: 1);

            Assert.Equal(300, (long)Ok(await connections[0].Join(topic, (epoch, 10)))["view"]!["n"]!);
            Assert.Equal(50, Ok(await connections[0].Join(topic, (epoch, 250)))["events"]!.AsArray().Count);
        }
        finally
        {
            foreach (var live in connections)
                await live.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_has_left_a_topic_hears_nothing_of_it()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        await using var other = await mother.ConnectLive();
        _ = Ok(await live.Join(topic));
        _ = Ok(await other.Join(topic));

        await other.Leave(topic);
        await Write(live, topic, from: 0, count: 1);
        await live.UntilEvent(topic, 1);
        var back = Ok(await other.Join(topic));

        Assert.Empty(other.Events(topic));
        Assert.Equal(1, (long)back["n"]!);
    }

    [Fact]
    public async Task The_class_day_tells_its_teachers_which_sections_are_filled()
    {
        var day = school.FreshDay();
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await mother.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await desk.Join(DemoSchool.ClassDay(day)));
        _ = Ok(await desk.Join(DemoSchool.Sheet(day)));
        _ = Ok(await home.Join(DemoSchool.Page(DemoSchool.Child, day)));

        _ = Ok(await home.PushText(DemoSchool.Page(DemoSchool.Child, day), "study-at-home", 0, "mother-tab", 1, """[[0,"读书"]]"""));
        _ = await teacher.AddToSheet(day, "预习");

        IEnumerable<JsonNode> Changes(string kind) => desk.Events(DemoSchool.ClassDay(day)).SelectMany(one => one["changes"]!.AsArray()).Where(one => (string?)one!["kind"] == kind)!;
        await desk.Until(_ => Changes("child").Any() && Changes("set").Any(), "the class's day to tell of page and sheet");
        var child = Assert.Single(Changes("child"))["child"]!;
        Assert.Equal((DemoSchool.Child, "study-at-home"), ((string)child["student"]!, (string)Assert.Single(child["filled"]!.AsArray())!));
        var sheet = Changes("set").ToDictionary(change => (string)change["field"]!, change => change["value"]!);
        Assert.Equal("homework", (string?)Assert.Single(sheet["sheetFilled"].AsArray()));
        Assert.Equal((1, 1), ((int)sheet["sheetVersion"], (int)sheet["tickable"]));
    }

    internal static JsonObject Ok(JsonObject answer)
    {
        Assert.True((bool)answer["ok"]!, $"Refused: {answer.ToJsonString()}");
        return answer;
    }

    internal static JsonNode Section(JsonNode view, string section) => view["sections"]!.AsArray().Single(one => (string?)one!["section"] == section)!;

    /// <summary>Writes one character after another, each an update of one tab.</summary>
    internal static async Task Write(LiveClient live, string topic, int from, int count)
    {
        for (var i = from; i < from + count; i++)
            _ = Ok(await live.PushText(topic, "words", i, "writing-tab", i + 1, i == 0 ? """[[0,"好"]]""" : $"""[{i},[0,"好"]]"""));
    }
}
