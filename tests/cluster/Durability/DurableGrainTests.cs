using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Durability;

/// <summary>Decide, persist, acknowledge, publish: on the page of the contact book, which does all of it.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class DurableGrainTests(SchoolCluster cluster)
{
    private TestStorage Storage => cluster.Storage;

    private async Task<Scene> AScene()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var teacher = await school.ATeacherOf("3-2");
        return new Scene(school, school.Page(student), TestSchool.PageKey(student), teacher.Participant);
    }

    private sealed record Scene(TestSchool School, IBookPageGrain Page, string Key, Participant Teacher)
    {
        public Tab ATab() => new(Page, Teacher, "answer");

        public async Task<string> Text() => (await Page.View())!.Sections.Single(section => section.Section == "answer").Text;
    }

    [Fact]
    public async Task C3_what_is_acknowledged_is_stored()
    {
        var scene = await AScene();
        var tab = scene.ATab();

        Assert.True((await tab.Write("今天")).IsDone);

        Assert.Equal("今天", Storage.Stored<BookPageState>(scene.Key)!.Section("answer").Text);
    }

    [Fact]
    public async Task C3_nothing_is_acknowledged_while_its_write_is_under_way()
    {
        var scene = await AScene();
        using var hold = Storage.HoldWrites(scene.Key);

        var push = scene.ATab().Write("a");
        await hold.Reached();

        Assert.False(push.IsCompleted);
        hold.Release();
        Assert.True((await push).IsDone);
    }

    [Fact]
    public async Task Commands_that_arrive_while_a_write_is_under_way_are_stored_together_by_the_next_one()
    {
        var scene = await AScene();
        using var hold = Storage.HoldWrites(scene.Key);
        var first = scene.ATab().Write("a");
        await hold.Reached();

        var others = await Begin(scene, [.. Enumerable.Range(0, 20).Select(_ => Writing(scene.ATab(), "b"))]);
        hold.Release();

        Assert.All(await Task.WhenAll([first, .. others]), answer => Assert.True(answer.IsDone));
        Assert.Equal(2, Storage.Writes(scene.Key));
        Assert.Equal(21, Storage.Stored<BookPageState>(scene.Key)!.Section("answer").Version);
    }

    [Fact]
    public async Task Nothing_unstored_is_answered_or_published()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        var before = await scene.Page.Watch(watcher.Feed);
        using var hold = Storage.HoldWrites(scene.Key);
        var push = scene.ATab().Write("secret");
        await hold.Reached();

        Assert.Equal("", await scene.Text());
        Assert.Empty((await scene.Page.TextSince("answer", 0)).Value!.Updates);
        Assert.Equal(TextCodes.VersionInFuture, (await scene.Page.TextSince("answer", 1)).Refusal!.Code);
        var catchUp = await scene.Page.CatchUp(before);
        Assert.Equal(before, catchUp.Position);
        Assert.Empty(catchUp.Events!.Value);
        Assert.Equal(before, (await scene.Page.CatchUp(null)).Position);
        Assert.Empty(watcher.Events);

        hold.Release();
        Assert.True((await push).IsDone);
        await watcher.HasHeard(before.N + 1, from: before.N + 1);
        Assert.Equal("secret", await scene.Text());
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring), "a")]
    [InlineData(nameof(Failure.AfterStoring), "ba")]
    public async Task A_failed_write_fails_every_caller_that_waits_and_the_next_activation_has_what_is_stored(string failure, string left)
    {
        var scene = await AScene();
        var tab = scene.ATab();
        Assert.True((await tab.Write("a")).IsDone);
        var watcher = cluster.AWatcher();
        var before = await scene.Page.Watch(watcher.Feed);
        using var hold = Storage.HoldWrites(scene.Key);
        Storage.FailWrites(scene.Key, Enum.Parse<Failure>(failure));

        var (writer, late) = (tab.Next("b"), scene.ATab());
        (late.Version, late.Length) = (1, 1);
        var underWay = tab.Push(writer);
        await hold.Reached();
        var waiting = (await Begin(scene, Writing(late, "c"))).Single();
        hold.Release();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => underWay);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => waiting);
        // The next one has what is stored, to the letter.
        Assert.Equal(left, await Patiently.Ask(scene.Text));
        Assert.Equal(left.Length, (await scene.Page.TextSince("answer", 0)).Value!.Updates.Length);
        Assert.Empty(watcher.Events);
        Assert.Equal(before.N + left.Length - 1, (await scene.Page.CatchUp(null)).Position.N);

        // C1: repeated with the same id it is there once.
        Assert.Equal(2, (await tab.Push(writer)).Value!.Version);
        Assert.Equal("ba", await scene.Text());
    }

    [Fact]
    public async Task An_activation_whose_write_failed_answers_nothing_more()
    {
        var scene = await AScene();
        Assert.True((await scene.ATab().Write("a")).IsDone);
        using var hold = Storage.HoldWrites(scene.Key);
        Storage.FailWrites(scene.Key, Failure.BeforeStoring);
        var tab = scene.ATab();
        (tab.Version, tab.Length) = (1, 1);
        var failing = tab.Write("b");
        await hold.Reached();
        hold.Release();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => failing);

        // Whoever answers now answers from what is stored; whoever cannot says so.
        for (var i = 0; i < 20; i++)
        {
            try
            {
                Assert.Equal("a", await scene.Text());
            }
            catch (OutcomeUnknownException)
            {
                // C2: the failed activation is still on its way out.
            }
        }

        Assert.Equal("a", Storage.Stored<BookPageState>(scene.Key)!.Section("answer").Text);
    }

    [Fact]
    public async Task A_command_repeated_while_its_first_write_is_under_way_is_answered_when_that_is_stored_and_adds_nothing()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        _ = await scene.Page.Watch(watcher.Feed);
        var tab = scene.ATab();
        var push = tab.Next("a");
        using var hold = Storage.HoldWrites(scene.Key);
        var first = tab.Push(push);
        await hold.Reached();

        var repeated = (await Begin(scene, () => tab.Push(push))).Single();
        Assert.False(repeated.IsCompleted);
        hold.Release();

        Assert.Equal(1, (await first).Value!.Version);
        Assert.Equal(1, (await repeated).Value!.Version);
        Assert.Equal(1, Storage.Writes(scene.Key));
        Assert.Equal(1, (await scene.Page.CatchUp(null)).Position.N);
        await watcher.HasHeard(1);
        Assert.Equal([1], watcher.Numbers());
    }

    private static Func<Task<Answer<TextAccepted>>> Writing(Tab tab, string text) => () => tab.Write(text);

    private Task<Task<Answer<TextAccepted>>[]> Begin(Scene scene, params Func<Task<Answer<TextAccepted>>>[] calls) =>
        cluster.Calls.Begin(scene.Page, nameof(scene.Page.PushText), calls);
}
