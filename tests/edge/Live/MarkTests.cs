using System.Text.Json.Nodes;
using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>Cursors with names: rule L4.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class MarkTests(DemoSchool school)
{
    [Fact]
    public async Task L4_a_mark_carries_who_the_server_knows_whatever_the_browser_says()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await mother.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = Ok(await desk.Join(topic));

        await home.Mark(topic, new
        {
            clientId = "mother-tab",
            section = "words",
            version = 0,
            anchor = 0,
            head = 2,
            mark = "another",
            who = new { id = teacher.Account, name = "班主任", role = "classTeacher" },
        });
        await desk.Until(live => live.Marks(topic).Length > 0, "the mother's mark");
        var late = Ok(await desk.Join(topic));

        var mark = desk.Marks(topic)[0];
        Assert.Equal((mother.Account, "guardian", "mother"), ((string)mark["who"]!["id"]!, (string)mark["who"]!["role"]!, (string)mark["who"]!["relation"]!));
        Assert.NotEqual("another", (string)mark["mark"]!);
        Assert.Equal(("mother-tab", "words", 0, 2), ((string)mark["clientId"]!, (string)mark["section"]!, (int)mark["anchor"]!, (int)mark["head"]!));
        // Who comes later is told of it with the answer.
        Assert.Equal((string)mark["mark"]!, (string)Assert.Single(late["marks"]!.AsArray())!["mark"]!);
        Assert.Equal(0, (long)late["n"]!);
    }

    [Fact]
    public async Task L4_a_mark_goes_when_it_is_taken_away_when_its_browser_leaves_and_when_it_is_cut_off()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await desk.Join(topic));

        await GoesWhen("taken away", home => home.Mark(topic, null));
        await GoesWhen("left", home => home.Leave(topic));
        await GoesWhen("disconnected", async home => await home.DisposeAsync());

        async Task GoesWhen(string what, Func<LiveClient, Task> end)
        {
            await using var home = await mother.ConnectLive();
            _ = Ok(await home.Join(topic));
            var before = desk.Marks(topic).Length;
            await home.Mark(topic, new { clientId = "mother-tab", section = "words", version = 0, anchor = 0, head = 0 });
            await desk.Until(live => live.Marks(topic).Length > before, $"the mark that is then {what}");
            var mark = (string)desk.Marks(topic)[^1]["mark"]!;
            await end(home);
            await desk.Until(
                live => live.Marks(topic).Any(one => (string?)one["mark"] == mark && (bool?)one["gone"] == true), $"the mark to go when {what}", TimeSpan.FromSeconds(5));
            Assert.Empty(Ok(await desk.Join(topic))["marks"]!.AsArray());
        }
    }

    [Fact]
    public async Task L4_marks_are_limited_in_rate_and_the_connection_stays()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await mother.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        _ = Ok(await home.Join(topic));
        _ = Ok(await desk.Join(topic));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 1000; i++)
            await home.Mark(topic, new { clientId = "mother-tab", section = "words", version = 0, anchor = 0, head = i });
        _ = Ok(await home.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"还在"]]"""));
        await desk.UntilEvent(topic, 1);

        var allowed = LiveLimits.MarksPerSecond * (1 + clock.Elapsed.TotalSeconds);
        Assert.InRange(desk.Marks(topic).Length, 1, allowed + 1);
        Assert.True(home.IsOpen);
    }

    [Fact]
    public async Task L4_a_mark_that_makes_no_sense_is_passed_on_to_nobody()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var home = await mother.ConnectLive();
        _ = Ok(await home.Join(topic));

        await home.Mark(topic, new { clientId = new string('x', 10_000), section = "words", version = 0, anchor = 0, head = 0 });
        await home.Mark(topic, new { clientId = "mother-tab", section = "words", version = 0, anchor = -1, head = 0 });
        await home.Mark(topic, new { });
        await home.Mark(topic, new JsonArray(1, 2));
        await home.Mark(topic, new { clientId = "mother-tab", section = "words", version = 0, anchor = 7, head = 7 });
        await home.Until(live => live.Marks(topic).Length > 0, "the mark that makes sense");

        Assert.Equal(7, (int)Assert.Single(home.Marks(topic))["head"]!);
        Assert.True(home.IsOpen);
    }
}
