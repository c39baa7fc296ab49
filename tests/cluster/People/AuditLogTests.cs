using System.Globalization;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>Who changed what: in the record with the change itself, and in the day's log once, whatever fails on the way.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class AuditLogTests(SchoolCluster cluster)
{
    private static readonly DateOnly Day = new(2026, 5, 4);

    private static AuditEntry Entry(int revision) =>
        new(DateTimeOffset.UnixEpoch.AddSeconds(revision), TestSchool.By, "student/x/1", "王小雨", "student-corrected", [], null, revision);

    private static async Task<List<AuditEntry>> All(IAuditLogGrain log)
    {
        var all = new List<AuditEntry>();
        for (var page = await Patiently.Ask(() => log.Page(null)); ; page = await Patiently.Ask(() => log.Page(page.Older)))
        {
            all.AddRange(page.Entries);
            if (page.Older is null)
                return all;
        }
    }

    [Fact]
    public async Task A_change_is_told_with_who_when_and_what_was_on_the_schools_day()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");

        Assert.True((await school.Student(student).Correct(new CorrectStudent("王晓雨", "女", new DateOnly(2018, 3, 4), null), TestSchool.By)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        var history = await school.Student(student).History();
        Assert.Equal(["student-corrected", "student-entered"], history.Select(entry => entry.What));
        Assert.Equal<FieldChange>([new("name", "王小雨", "王晓雨")], history[0].Changes);
        Assert.Equal((TestSchool.By, "王晓雨", 2L), (history[0].By, history[0].SubjectName, history[0].Revision));
        var log = school.Actors.GetGrain<IAuditLogGrain>(new AuditDayId(school.Id.School, await school.School.Today()).ToString());
        Assert.Contains(await All(log), entry => entry.Subject == student.ToString() && entry.Revision == 2 && entry.What == "student-corrected");
    }

    [Fact]
    public async Task Older_entries_of_a_day_go_to_chunks_and_none_is_lost_or_there_twice_whatever_fails()
    {
        var school = await cluster.ASchool();
        var id = new AuditDayId(school.Id.School, Day);
        var log = school.Actors.GetGrain<IAuditLogGrain>(id.ToString());
        cluster.Storage.FailWrites(id.Chunk(0), Failure.BeforeStoring);
        cluster.Storage.FailWrites(id.Chunk(1), Failure.AfterStoring);

        // Facts that grow, some of which are repeated: as an outbox sends them whose answers are lost.
        for (var to = 40; to <= 480; to += 40)
        {
            var fact = new ChangesAre([.. Enumerable.Range(Math.Max(1, to - 90), Math.Min(to, 91)).Select(Entry)]);
            if (to % 120 == 0)
                cluster.Storage.FailWrites(id.ToString(), to % 240 == 0 ? Failure.AfterStoring : Failure.BeforeStoring);
            var number = to;
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        await log.Take(new Delivery("student/x/1", number, fact));
                        return true;
                    }
                    catch (Exception exception) when (exception is not TimeoutException)
                    {
                        return false;
                    }
                },
                TimeSpan.FromSeconds(10), "the log to take a fact");
        }

        Assert.Equal(Enumerable.Range(1, 480).Select(i => (long)i).Reverse(), (await All(log)).Select(entry => entry.Revision));
        Assert.True((await log.Page(null)).Entries.Length <= 200);
        Assert.Equal(2, (await log.Page(null)).Older);
        Assert.Empty((await log.Page(99)).Entries);
        await cluster.Deactivate(log);
        Assert.Equal(480, (await All(log)).Count);
    }

    [Fact]
    public async Task The_log_has_each_change_once_also_when_it_could_not_be_written_at_first()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var day = await school.School.Today();
        var log = school.Actors.GetGrain<IAuditLogGrain>(new AuditDayId(school.Id.School, day).ToString());
        using (cluster.Storage.FailWritesUntilDisposed(log.GetPrimaryKeyString(), Failure.AfterStoring))
        {
            foreach (var i in Enumerable.Range(0, 5))
                Assert.True((await school.Student(student).Correct(new CorrectStudent(string.Create(CultureInfo.InvariantCulture, $"王{i}"), null, null, null), TestSchool.By)).IsDone);
        }

        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        Assert.Equal([6L, 5, 4, 3, 2, 1], (await All(log)).Where(entry => entry.Subject == student.ToString()).Select(entry => entry.Revision));
    }
}
