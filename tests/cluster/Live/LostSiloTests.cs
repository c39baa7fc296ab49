using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Live;

/// <summary>One of two silos is killed. Each test has a cluster of its own.</summary>
public sealed class LostSiloTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly SchoolCluster _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task L5_an_actor_whose_silo_was_killed_announces_itself_also_when_the_directory_was_on_that_silo()
    {
        var school = await _cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var teacher = await school.ATeacherOf("3-2");
        var page = school.Page(student);
        var tab = new Tab(page, teacher.Participant, "answer");
        Assert.True((await tab.Write("a")).IsDone);
        var directory = _cluster.Actors.GetGrain<ILiveDirectoryGrain>(ILiveDirectoryGrain.TheKey);
        var watcher = _cluster.AWatcher();
        await directory.Enter(watcher.Feed);
        await _cluster.Move(page, _cluster.SiloOf(directory));
        var position = (await page.CatchUp(null)).Position;
        Assert.Same(_cluster.SiloOf(directory), _cluster.SiloOf(page));
        watcher.Announcements.Clear();

        await _cluster.Cluster.KillSiloAsync(_cluster.SiloOf(directory));

        await Eventually.TrueAsync(
            async () =>
            {
                // The actor asks the directory again after a pause on the school's clock.
                _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
                await Ask(async () => await page.CatchUp(null));
                return watcher.Announcements.Contains((TestSchool.PageKey(student), position));
            },
            Limit, "the announcement");
        _ = await page.Watch(watcher.Feed);
        Assert.True((await Patiently.Ask(() => tab.Write("b"))).IsDone);
        await watcher.HasHeard(position.N + 1, from: position.N + 1);
    }

    [Fact]
    public async Task C3_what_was_acknowledged_is_there_and_facts_are_delivered_after_a_silo_was_killed()
    {
        var school = await _cluster.ASchool();
        var teacher = await school.ATeacherOf("3-2");
        var students = new List<StudentId>();
        for (var i = 0; i < 8; i++)
            students.Add(await school.AStudentIn("3-2", $"学生{i}"));
        var tabs = students.Select(student => new Tab(school.Page(student), teacher.Participant, "answer")).ToArray();
        using (_cluster.Storage.FailWritesUntilDisposed(school.Day("3-2").GetPrimaryKeyString(), Failure.BeforeStoring))
        {
            Assert.All(await Task.WhenAll(tabs.Select(tab => tab.Write("好"))), answer => Assert.True(answer.IsDone));
            await _cluster.Cluster.KillSiloAsync(_cluster.SiloOf(school.Page(students[0])));
        }

        // Nobody asks for a page: the watch alone wakes those that died.
        await Eventually.TrueAsync(
            async () =>
            {
                var left = 1;
                await Ask(async () => left = await school.OutboxOf(school.Class("3-2")).Wake());
                return left == 0;
            },
            Limit, "all facts to be delivered");

        var day = (await Patiently.Ask(school.Day("3-2").View))!;
        Assert.Equal(8, day.Children.Length);
        Assert.All(day.Children, child => Assert.Equal<string>(["answer"], child.Filled));
    }

    // While a silo is being missed, calls to its actors fail: their outcome is unknown, they are made again.
    private static async Task Ask(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is Orleans.Runtime.OrleansException or TimeoutException or OutcomeUnknownException)
        {
        }
    }
}
