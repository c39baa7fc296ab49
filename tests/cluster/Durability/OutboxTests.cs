using SchoolHome.CoEditing;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.Grains.School;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Durability;

/// <summary>Facts reach their receivers, once in effect, whatever fails on the way.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class OutboxTests(SchoolCluster cluster)
{
    private TestStorage Storage => cluster.Storage;

    private static async Task<string[]> Members(TestSchool school, string @class) =>
        [.. (await Patiently.Ask(school.ClassOf(@class).Roster))?.Students.Select(student => student.Name) ?? []];

    private IEnumerable<OutboxEntry> Waiting(StudentId student, string receiver) => Storage.Stored<StudentState>(student.ToString())!.Outbox.Where(entry => entry.To == receiver);

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring))]
    [InlineData(nameof(Failure.AfterStoring))]
    public async Task A_fact_is_taken_exactly_once_also_when_the_receiver_failed(string failure)
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        var @class = school.Class("3-2").ToString();
        Storage.FailWrites(@class, Enum.Parse<Failure>(failure));

        Assert.True((await school.Student(student).Put(school.Pupil("3-2"), TestSchool.By)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        Assert.Equal(["王小雨"], await Members(school, "3-2"));
        Assert.Equal(1, Storage.Writes(@class));
        Assert.Equal(1, Storage.Stored<ClassState>(@class)!.Taken[student.ToString()]);
    }

    [Fact]
    public async Task A_fact_whose_sender_died_between_storing_and_delivering_is_delivered_when_the_watch_wakes_it()
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        var @class = school.Class("3-2").ToString();
        using (Storage.FailWritesUntilDisposed(@class, Failure.BeforeStoring))
        {
            using var hold = Storage.HoldWrites(school.Class("3-2").ToString());
            Assert.True((await school.Student(student).Put(school.Pupil("3-2"), TestSchool.By)).IsDone);
            await hold.Reached();
            await cluster.Deactivate(school.Student(student));
            hold.Release();
            await Eventually.TrueAsync(() => Task.FromResult(!cluster.IsActive(school.ClassOf("3-2"))), TimeSpan.FromSeconds(10), "the class to give up");
        }

        Assert.False(cluster.IsActive(school.Student(student)));
        Assert.Single(Waiting(student, @class));
        Assert.Empty(await Members(school, "3-2"));

        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        Assert.Equal(["王小雨"], await Members(school, "3-2"));
    }

    [Fact]
    public async Task A_sender_is_expected_by_its_watch_before_its_first_fact_is_stored()
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        var watch = OutboxWatches.OfClass(school.Class("3-2"));

        using var hold = Storage.HoldWrites(student.ToString());
        var put = school.Student(student).Put(school.Pupil("3-2"), TestSchool.By);
        await hold.Reached();

        Assert.Contains(student.ToString(), Storage.Stored<OutboxWatchState>(watch)!.Expected);
        hold.Release();
        Assert.True((await put).IsDone);
    }

    [Fact]
    public async Task Nothing_is_decided_when_the_watch_cannot_be_told()
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        Storage.FailWrites(OutboxWatches.OfClass(school.Class("3-2")), Failure.BeforeStoring);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => school.Student(student).Put(school.Pupil("3-2"), TestSchool.By));

        Assert.Equal(0, Storage.Writes(student.ToString()));
        Assert.Equal(RosterChange.Added, (await Patiently.Ask(() => school.Student(student).Put(school.Pupil("3-2"), TestSchool.By))).Value);
    }

    [Fact]
    public async Task Deliveries_that_come_late_or_again_are_dropped()
    {
        var school = await cluster.ASchool();
        var (@class, from) = (school.ClassOf("3-2"), school.NewStudent().ToString());

        await @class.Take(new Delivery(from, 5, new MembershipIs("新", IsMember: true, [], 0)));
        await @class.Take(new Delivery(from, 4, new MembershipIs("旧", IsMember: false, [], 0)));
        await @class.Take(new Delivery(from, 5, new MembershipIs("又", IsMember: true, [], 0)));

        Assert.Equal(["新"], await Members(school, "3-2"));
        Assert.Equal(1, Storage.Writes(school.Class("3-2").ToString()));
        await cluster.Deactivate(@class);
        await @class.Take(new Delivery(from, 5, new MembershipIs("又", IsMember: true, [], 0)));
        Assert.Equal(["新"], await Members(school, "3-2"));
    }

    [Fact]
    public async Task A_newer_fact_takes_the_place_of_one_that_still_waits()
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        using (Storage.FailWritesUntilDisposed(school.Class("3-2").ToString(), Failure.BeforeStoring))
        {
            Assert.True((await school.Student(student).Put(school.Pupil("3-2", "一"), TestSchool.By)).IsDone);
            Assert.True((await school.Student(student).Put(school.Pupil("3-2", "二"), TestSchool.By)).IsDone);
            Assert.True((await school.Student(student).Put(school.Pupil("3-2", "三"), TestSchool.By)).IsDone);
            Assert.Single(Waiting(student, school.Class("3-2").ToString()));
        }

        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        Assert.Equal(["三"], await Members(school, "3-2"));
    }

    [Fact]
    public async Task The_watch_forgets_an_actor_that_has_nothing_to_deliver_and_hears_of_it_anew()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var watch = OutboxWatches.OfClass(school.Class("3-2"));
        Assert.Empty(Storage.Stored<OutboxWatchState>(watch)!.Expected);

        using var deaf = Storage.FailWritesUntilDisposed(school.Class("3-2").ToString(), Failure.BeforeStoring);
        Assert.True((await school.Student(student).Put(school.Pupil("3-2", "新名"), TestSchool.By)).IsDone);

        Assert.Equal([student.ToString()], Storage.Stored<OutboxWatchState>(watch)!.Expected);
        Assert.Equal(1, await school.OutboxOf(school.Class("3-2")).Wake());
        Assert.Equal([student.ToString()], Storage.Stored<OutboxWatchState>(watch)!.Expected);
        deaf.Dispose();
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));
        Assert.Empty(Storage.Stored<OutboxWatchState>(watch)!.Expected);
    }

    [Fact]
    public async Task The_watch_keeps_an_actor_that_is_expected_again_while_it_is_being_woken()
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        var watch = school.OutboxOf(school.Class("3-2"));
        Assert.True((await school.Student(student).Put(school.Pupil("3-2"), TestSchool.By)).IsDone);
        await Eventually.TrueAsync(async () => (await Members(school, "3-2")).Length == 1, TimeSpan.FromSeconds(10), "the class to learn of the student");

        // A change that tells nobody anything (of an import, so not the audit log either) keeps the answer to Flush waiting.
        using var hold = Storage.HoldWrites(student.ToString());
        var put = school.Student(student).Put(school.Pupil("3-2") with { Gender = null }, TestSchool.By with { Import = new ImportId(school.Id.School, new string('1', 32)) });
        await hold.Reached();
        var waking = (await cluster.Calls.Begin(watch, nameof(watch.Wake), watch.Wake)).Single();
        await watch.Expect(student.ToString());
        hold.Release();
        Assert.True((await put).IsDone);
        _ = await waking;

        Assert.Contains(student.ToString(), Storage.Stored<OutboxWatchState>(OutboxWatches.OfClass(school.Class("3-2")))!.Expected);
        await TestSchool.Delivered(watch);
        Assert.Empty(Storage.Stored<OutboxWatchState>(OutboxWatches.OfClass(school.Class("3-2")))!.Expected);
    }

    [Fact]
    public async Task What_a_page_has_filled_reaches_the_class_day_also_when_that_failed()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var teacher = await school.ATeacherOf("3-2");
        Storage.FailWrites(school.Day("3-2").GetPrimaryKeyString(), Failure.AfterStoring);

        Assert.True((await new Tab(school.Page(student), teacher.Participant, "answer").Write("好")).IsDone);
        Assert.True((await school.Write("3-2", teacher)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        var day = (await Patiently.Ask(school.Day("3-2").View))!;
        Assert.Equal<string>(["answer"], day.Children.Single().Filled);
        Assert.Equal<string>(["homework"], day.SheetFilled);
    }
}
