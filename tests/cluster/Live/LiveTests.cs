using System.Text.Json;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Live;

/// <summary>Watching an actor: rules L3 to L8 of PROTOCOL.md, as far as the actor keeps them.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class LiveTests(SchoolCluster cluster)
{
    private sealed record Scene(TestSchool School, StudentId Student, IBookPageGrain Page, string Key, TestPerson Teacher)
    {
        public Tab ATab() => new(Page, Teacher.Participant, "answer");
    }

    private async Task<Scene> AScene()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        return new Scene(school, student, school.Page(student), TestSchool.PageKey(student), await school.ATeacherOf("3-2"));
    }

    [Fact]
    public async Task L3_events_are_numbered_without_gaps_and_the_number_is_stored_with_the_change()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        Assert.Equal(0, (await scene.Page.Watch(watcher.Feed)).N);
        var tab = scene.ATab();

        for (var n = 1; n <= 5; n++)
        {
            Assert.True((await tab.Write("a")).IsDone);
            var stored = cluster.Storage.Stored<BookPageState>(scene.Key)!;
            Assert.Equal(n, stored.N);
            await watcher.HasHeard(n);
            Assert.Equal(stored.Epoch, watcher.InOrder().Last().Epoch);
        }

        Assert.Equal([1, 2, 3, 4, 5], watcher.Numbers());
        Assert.All(watcher.Kinds(), kind => Assert.Equal("text", kind));
        Assert.Single(watcher.Events.Select(happened => happened.Epoch).Distinct());
    }

    [Fact]
    public async Task L3_the_number_goes_on_and_the_epoch_stays_when_the_actor_activates_anew()
    {
        var scene = await AScene();
        var tab = scene.ATab();
        Assert.True((await tab.Write("a")).IsDone);
        var before = (await scene.Page.CatchUp(null)).Position;

        await cluster.Deactivate(scene.Page);
        var watcher = cluster.AWatcher();

        Assert.Equal(before, await scene.Page.Watch(watcher.Feed));
        Assert.True((await tab.Write("a")).IsDone);
        await watcher.HasHeard(2, from: 2);
        Assert.Equal(before with { N = 2 }, (await scene.Page.CatchUp(null)).Position);
    }

    [Fact]
    public async Task L3_what_one_commit_changes_is_one_event()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        _ = await scene.Page.Watch(watcher.Feed);
        using var hold = cluster.Storage.HoldWrites(scene.Key);
        var first = scene.ATab().Write("a");
        await hold.Reached();
        var others = await cluster.Calls.Begin(
            scene.Page, nameof(scene.Page.PushText), [.. Enumerable.Range(0, 3).Select(_ => scene.ATab()).Select(tab => (Func<Task<Answer<TextAccepted>>>)(() => tab.Write("b")))]);
        hold.Release();
        _ = await Task.WhenAll([first, .. others]);

        await watcher.HasHeard(2);

        Assert.Equal([1, 2], watcher.Numbers());
        Assert.Equal([1, 3], watcher.InOrder().Select(happened => Watcher.KindsOf(happened).Count()));
    }

    [Fact]
    public async Task L8_who_comes_back_gets_exactly_what_was_missed()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        _ = await scene.Page.Watch(watcher.Feed);
        var tab = scene.ATab();
        for (var i = 0; i < 6; i++)
            Assert.True((await tab.Write("a")).IsDone);
        await watcher.HasHeard(6);
        var now = (await scene.Page.CatchUp(null)).Position;

        for (var had = 0; had <= 6; had++)
        {
            var missed = await scene.Page.CatchUp(now with { N = had });
            Assert.Null(missed.View);
            Assert.Equal(now, missed.Position);
            var expected = watcher.InOrder().Skip(had).ToArray();
            Assert.Equal(expected.Select(happened => happened.N), missed.Events!.Value.Select(happened => happened.N));
            Assert.Equal(expected.Select(happened => Convert.ToHexString(happened.Changes)), missed.Events.Value.Select(happened => Convert.ToHexString(happened.Changes)));
        }
    }

    [Fact]
    public async Task L8_another_epoch_a_position_that_never_was_or_is_forgotten_or_none_gets_the_view()
    {
        var scene = await AScene();
        var tab = scene.ATab();
        Assert.True((await tab.Write("a")).IsDone);
        Assert.True((await tab.Write("b")).IsDone);
        var now = (await scene.Page.CatchUp(null)).Position;
        var beforeReactivation = now with { N = 1 };

        await AssertView(null);
        await AssertView(now with { Epoch = "another" });
        await AssertView(now with { N = 3 });
        await cluster.Deactivate(scene.Page);
        await AssertView(beforeReactivation);
        Assert.Empty((await scene.Page.CatchUp(now)).Events!.Value);

        async Task AssertView(LivePosition? have)
        {
            var caught = await scene.Page.CatchUp(have);
            Assert.Null(caught.Events);
            Assert.Equal(now, caught.Position);
            var view = JsonSerializer.Deserialize<BookPageView>(caught.View, LiveJson.Options)!;
            Assert.Equal(now, new LivePosition(view.Epoch, view.N));
            Assert.Equal("ba", view.Sections.Single(section => section.Section == "answer").Text);
        }
    }

    [Fact]
    public async Task L8_events_that_are_too_old_are_forgotten_and_the_view_is_sent()
    {
        var scene = await AScene();
        var tab = scene.ATab();
        for (var i = 0; i <= LiveLimits.RecentEvents; i++)
            Assert.True((await tab.Write("a")).IsDone);
        var now = (await scene.Page.CatchUp(null)).Position;

        Assert.NotNull((await scene.Page.CatchUp(now with { N = 0 })).View);
        Assert.Equal(LiveLimits.RecentEvents, (await scene.Page.CatchUp(now with { N = now.N - LiveLimits.RecentEvents })).Events!.Value.Length);
    }

    [Fact]
    public async Task L5_an_actor_that_activates_announces_itself_to_the_web_processes_that_are_up()
    {
        var scene = await AScene();
        var (up, gone) = (cluster.AWatcher(), cluster.AWatcher());
        var directory = cluster.Actors.GetGrain<ILiveDirectoryGrain>(ILiveDirectoryGrain.TheKey);
        await directory.Enter(up.Feed);
        await directory.Enter(gone.Feed);
        await directory.Leave(gone.Feed);
        await cluster.Deactivate(directory);
        Assert.True((await scene.ATab().Write("a")).IsDone);
        await cluster.Deactivate(scene.Page);

        var position = (await scene.Page.CatchUp(null)).Position;

        await Eventually.TrueAsync(() => Task.FromResult(up.Announcements.Contains((scene.Key, position))), TimeSpan.FromSeconds(10), "the announcement");
        Assert.Empty(gone.Announcements);
        await directory.Leave(up.Feed);
    }

    [Fact]
    public async Task L5_a_web_process_that_does_not_come_back_is_forgotten_after_a_minute()
    {
        var directory = cluster.Actors.GetGrain<ILiveDirectoryGrain>(ILiveDirectoryGrain.TheKey);
        var (killed, up) = (cluster.AWatcher(), cluster.AWatcher());
        await directory.Enter(killed.Feed);
        cluster.Clock.Advance(TimeSpan.FromSeconds(40));
        await directory.Enter(up.Feed);
        Assert.Contains(killed.Feed, await directory.Feeds());
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));

        await directory.Enter(up.Feed);

        Assert.DoesNotContain(killed.Feed, await directory.Feeds());
        Assert.Contains(up.Feed, await directory.Feeds());
        await directory.Leave(up.Feed);
    }

    [Fact]
    public async Task L5_a_watch_that_is_not_renewed_lapses_and_a_renewed_one_goes_on()
    {
        var scene = await AScene();
        var (renewed, lapsed) = (cluster.AWatcher(), cluster.AWatcher());
        foreach (var watcher in new[] { renewed, lapsed })
            _ = await scene.Page.Watch(watcher.Feed);
        cluster.Clock.Advance(LiveLimits.WatchLapses - LiveLimits.WatchRenewal);
        _ = await scene.Page.Watch(renewed.Feed);
        cluster.Clock.Advance(LiveLimits.WatchRenewal);

        Assert.True((await scene.ATab().Write("a")).IsDone);

        await renewed.HasHeard(1);
        Assert.Empty(lapsed.Events);
    }

    [Fact]
    public async Task L6_watchers_that_throw_or_hang_delay_nobody()
    {
        var scene = await AScene();
        var never = new TaskCompletionSource();
        var (throwing, hanging, good) = (cluster.AWatcher(), cluster.AWatcher(), cluster.AWatcher());
        throwing.OnDeliver = () => throw new InvalidOperationException("I throw.");
        hanging.OnDeliver = () => never.Task;
        foreach (var watcher in new[] { throwing, hanging, good })
            _ = await scene.Page.Watch(watcher.Feed);
        var tab = scene.ATab();

        for (var i = 0; i < 10; i++)
            Assert.True((await tab.Write("a")).IsDone);

        await good.HasHeard(10);
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), good.Numbers());
        // What they missed is found by renewing, which tells where the topic is.
        Assert.Equal(10, (await scene.Page.Watch(hanging.Feed)).N);
        never.SetResult();
    }

    [Fact]
    public async Task L5_renewal_answers_in_order_with_null_for_what_does_not_answer()
    {
        var scene = await AScene();
        Assert.True((await scene.ATab().Write("a")).IsDone);
        var page = (await scene.Page.CatchUp(null)).Position;
        var unreadable = scene.School.Sheet("3-1").GetPrimaryKeyString();
        using var failing = cluster.Storage.FailReadsUntilDisposed(unreadable);
        var watcher = cluster.AWatcher();

        var answers = await cluster.Actors.GetGrain<ILiveRenewalGrain>(ILiveRenewalGrain.TheKey).Renew(
            watcher.Feed,
            ["", "nonsense", scene.Key, unreadable, "page/S01/../2026-11-23", scene.School.Sheet("3-2").GetPrimaryKeyString(), scene.Teacher.Account.ToString(), scene.Key]);

        Assert.Equal([true, true, false, true, true, false, false, false], answers.Select(answer => answer is null));
        Assert.Equal(page, answers[2]);
        Assert.Equal(page, answers[7]);
        Assert.True((await scene.School.Write("3-2", scene.Teacher)).IsDone);
        await watcher.HasHeard(1);
    }

    [Fact]
    public async Task L4_marks_are_told_shown_to_who_joins_lapse_and_are_never_stored()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        _ = await scene.Page.Watch(watcher.Feed);
        var writes = cluster.Storage.Journal.Count;
        var mark = new LiveMark("m1", scene.Teacher.Participant, new MarkPlace("tab-0001", "answer", 0, 0, 0));

        await scene.Page.Mark(mark);
        await Eventually.TrueAsync(() => Task.FromResult(watcher.Marks.Contains((scene.Key, mark))), TimeSpan.FromSeconds(10), "the mark");
        Assert.Equal<LiveMark>([mark], (await scene.Page.CatchUp(null)).Marks);

        cluster.Clock.Advance(LiveLimits.MarkLives - TimeSpan.FromSeconds(1));
        Assert.Single((await scene.Page.CatchUp(null)).Marks);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty((await scene.Page.CatchUp(null)).Marks);

        await scene.Page.Mark(mark);
        await Eventually.TrueAsync(() => Task.FromResult(watcher.Marks.Count == 2), TimeSpan.FromSeconds(10), "the mark again");
        await scene.Page.Mark(new LiveMark("m1", null, null));
        await Eventually.TrueAsync(() => Task.FromResult(watcher.Marks.Any(told => told.Mark.Place is null)), TimeSpan.FromSeconds(10), "the mark to be taken away");
        Assert.Empty((await scene.Page.CatchUp(null)).Marks);
        Assert.Equal(writes, cluster.Storage.Journal.Count);
        Assert.Equal(0, (await scene.Page.CatchUp(null)).Position.N);
    }

    [Fact]
    public async Task L1_the_class_day_tells_its_watchers_whose_page_was_filled()
    {
        var scene = await AScene();
        var day = scene.School.Day("3-2");
        var watcher = cluster.AWatcher();
        _ = await day.Watch(watcher.Feed);

        Assert.True((await scene.ATab().Write("a")).IsDone);
        Assert.True((await scene.ATab().Write("b")).IsDone);
        Assert.True((await scene.School.Write("3-2", scene.Teacher)).IsDone);

        await watcher.HasHeard(2);
        // Orleans may carry the sheet's fact past the page's.
        Assert.Equal(["child", "set", "set", "set"], watcher.Kinds().Order(StringComparer.Ordinal));
    }
}
