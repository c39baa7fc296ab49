using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>What one browser may take of the server, and what it may not do to the others: rules L7 and L9.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class LimitTests(DemoSchool school)
{
    [Fact]
    public async Task L7_a_browser_that_does_not_read_is_cut_and_delays_nobody()
    {
        const int Pages = 8;
        var day = school.FreshDay();
        using var teacher = await school.SignInAs("class-teacher");
        var pages = (await teacher.Get($"/api/book/days/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Json["children"]!.AsArray()
            .Select(child => DemoSchool.Page((string)child!["student"]!, day)).Take(Pages).ToArray();
        await using var deaf = await DeafClient.Connect(teacher);
        await using var reading = await teacher.ConnectLive();
        foreach (var page in pages)
        {
            Assert.True((bool)(await deaf.Join(page))["ok"]!);
            _ = Ok(await reading.Join(page));
        }

        deaf.StopReading();
        var (slowest, writing) = (TimeSpan.Zero, Stopwatch.StartNew());
        await Task.WhenAll(pages.Select(async (page, which) =>
        {
            await using var live = await teacher.ConnectLive();
            _ = Ok(await live.Join(page));
            // First some that fill the pipes, then many. Whichever bound is reached first cuts it: the frames that wait for it, or SignalR's ten seconds for one message to go out.
            for (var n = 0; !deaf.IsCut; n++)
            {
                Assert.True(writing.Elapsed < TimeSpan.FromSeconds(90), "It was not cut.");
                var text = new string((char)('一' + (n % 2)), 15_000);
                var change = n switch
                {
                    0 => $"[[0,\"{text}\"]]",
                    < 20 => $"[[15000,\"{text}\"]]",
                    _ => n % 2 == 0 ? """[15000,[0,"长"]]""" : "[15000,[1]]",
                };
                var clock = Stopwatch.StartNew();
                JsonObject answer;
                while ((string?)(answer = await live.PushText(page, "answer", n, $"writer-{which}", n + 1, change))["code"] == "too-fast")
                    clock.Restart();
                _ = Ok(answer);
                lock (pages)
                    slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
            }
        }));
        await deaf.UntilCut(TimeSpan.FromSeconds(20));

        Assert.True(slowest < TimeSpan.FromSeconds(5), $"A writer waited {slowest.TotalSeconds:0.0} s.");
        foreach (var page in pages)
        {
            var n = (long)Ok(await reading.Join(page))["n"]!;
            await reading.UntilEvent(page, n);
            Assert.Equal(Enumerable.Range(1, (int)n).Select(one => (long)one), reading.Events(page).Select(one => (long)one["n"]!));
        }

        // Who was cut comes back and has it all.
        await using var back = await teacher.ConnectLive();
        Assert.NotNull(Ok(await back.Join(pages[0]))["view"]);
    }

    [Fact]
    public async Task L9_more_topics_than_the_screens_need_are_refused_and_the_others_stay()
    {
        using var teacher = await school.SignInAs("class-teacher");
        await using var live = await teacher.ConnectLive();
        var topics = Enumerable.Range(0, LiveLimits.TopicsPerConnection + 1).Select(i => DemoSchool.Page(DemoSchool.Child, school.Today.AddDays(-i))).ToArray();
        foreach (var topic in topics[..^1])
            _ = Ok(await live.Join(topic));

        Assert.Equal("too-many-topics", (string?)(await live.Join(topics[^1]))["code"]);
        _ = Ok(await live.Join(topics[0]));
        await live.Leave(topics[0]);
        _ = Ok(await live.Join(topics[^1]));
    }

    [Fact]
    public async Task L9_more_pushes_than_anybody_types_are_refused_until_a_moment_later()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        _ = Ok(await live.Join(topic));

        var clock = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => live.TextSince(topic, "words", 0)));
        var allowed = LiveLimits.PushBurst + (LiveLimits.PushesPerSecond * (1 + clock.Elapsed.TotalSeconds));

        var (taken, refused) = (answers.Count(answer => (bool)answer["ok"]!), answers.Where(answer => !(bool)answer["ok"]!).ToArray());
        Assert.InRange(taken, LiveLimits.PushBurst, allowed);
        Assert.All(refused, answer => Assert.Equal("too-fast", (string?)answer["code"]));
        await Eventually.TrueAsync(
            async () => (bool)(await live.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"慢慢来"]]"""))["ok"]!, TimeSpan.FromSeconds(10), "pushes to be taken again");
    }

    [Fact]
    public async Task L9_a_push_that_is_too_large_is_answered_with_a_code_and_the_connection_stays()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        _ = Ok(await live.Join(topic));
        var long_ = new string('长', 15_000);

        // 15 pastes that were made offline: none is too large, all of them together are.
        var answer = await live.PushText(topic, "words", 0, "mother-tab", 1, [.. Enumerable.Range(0, 15).Select(i => i == 0 ? $"[[0,\"{long_}\"]]" : $"[[15000,\"{long_}\"]]")]);

        Assert.Equal("too-large", (string?)answer["code"]);
        _ = Ok(await live.PushText(topic, "words", 0, "mother-tab", 1, $"[[0,\"{long_}\"]]"));
    }

    [Fact]
    public async Task L9_malformed_arguments_are_answered_and_the_connection_stays()
    {
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();
        _ = Ok(await live.Join(topic));

        Assert.Equal("bad-request", (string?)(await live.Ask("PushText", topic, null))["code"]);
        Assert.Equal("bad-request", (string?)(await live.Ask("PushText", topic, new { section = "words" }))["code"]);
        Assert.Equal("not-joined", (string?)(await live.Ask("PushText", null, new { section = "words", version = 0, clientId = "mother-tab", firstSeq = 1, changes = Array.Empty<object>() }))["code"]);
        Assert.Equal("not-found", (string?)(await live.Ask("Join", null, null))["code"]);
        Assert.Equal("not-found", (string?)(await live.Ask("Join", "page/../../etc", null))["code"]);
        Assert.Equal("not-found", (string?)(await live.Ask("Join", new string('x', 10_000), null))["code"]);
        Assert.Equal("not-found", (string?)(await live.Ask("TextSince", topic, null, 0))["code"]);
        // What is not even of the right type never reaches a method: SignalR answers, and keeps the rest to itself.
        foreach (var wrong in new object[] { "text", 5, new { section = 5 }, new { section = "words", changes = (object?)null } })
            _ = await Assert.ThrowsAsync<HubException>(() => live.Ask("PushText", topic, wrong));
        _ = await Assert.ThrowsAsync<HubException>(() => live.Ask("NoSuchMethod"));

        Assert.True(live.IsOpen);
        _ = Ok(await live.PushText(topic, "words", 0, "mother-tab", 1, """[[0,"还在"]]"""));
    }
}
