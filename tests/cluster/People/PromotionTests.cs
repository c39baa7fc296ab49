using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>Year-end promotion: one write, and everything that belongs to a class stays with it.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class PromotionTests(SchoolCluster cluster)
{
    [Fact]
    public async Task Classes_move_up_with_their_children_teachers_and_sheets_and_come_back_when_that_is_undone()
    {
        var school = await cluster.ASchool();
        Assert.True((await school.School.PutClasses([school.AClass(6, 1)], TestSchool.By)).IsDone);
        var student = await school.AStudentIn("3-2");
        var teacher = await school.ATeacherOf("3-2");
        Assert.True((await school.Write("3-2", teacher)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")), school.OutboxOfStaff());
        var before = await school.School.Classes();
        var writes = cluster.Storage.Writes(school.Id.ToString());
        var operation = Guid.NewGuid();

        var preview = await school.School.PreviewPromotion();
        var done = await school.School.Promote(operation, TestSchool.By);
        var again = await school.School.Promote(operation, TestSchool.By);

        Assert.Equal<SchoolHome.School.ClassMove>(preview.Moves, done.Value!.Moves);
        Assert.Equal<SchoolHome.School.ClassMove>(done.Value.Moves, again.Value!.Moves);
        Assert.Equal(["四年级1班", "四年级2班", "四年级10班"], (await school.School.Classes()).Select(one => one.Name));
        Assert.Equal(await school.School.Today(), (await school.School.Class(school.Class("6-1")))!.Graduated);
        Assert.Equal("promoted-this-year", (await school.School.Promote(Guid.NewGuid(), TestSchool.By)).Refusal!.Code);
        Assert.Equal(school.Class("3-2"), (await school.Student(student).Profile())!.Class);
        Assert.NotNull((await school.Teacher(teacher.Teacher).Profile())!.DutyIn(school.Class("3-2")));
        Assert.Equal([student], (await school.ClassOf("3-2").Roster())!.Students.Select(one => one.Student));
        Assert.Equal("读书", (await school.Sheet("3-2").View()).Items.Single().Text);
        Assert.Equal("四年级2班", (await school.Day("3-2").View())!.ClassName);
        Assert.Equal(writes + 1, cluster.Storage.Writes(school.Id.ToString()));
        Assert.Equal(done.Value.At, (await school.School.LastPromotion())!.At);

        await cluster.Deactivate(school.School);
        Assert.True((await school.School.UndoPromotion(TestSchool.By)).IsDone);

        Assert.Equal<SchoolHome.School.SchoolClass>(before, await school.School.Classes());
        Assert.Equal("nothing-to-undo", (await school.School.UndoPromotion(TestSchool.By)).Refusal!.Code);
        Assert.Null(await school.School.LastPromotion());
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring), "三年级2班")]
    [InlineData(nameof(Failure.AfterStoring), "四年级2班")]
    public async Task A_promotion_whose_write_failed_is_done_or_not_and_never_by_half(string failure, string name)
    {
        var school = await cluster.ASchool();
        var operation = Guid.NewGuid();
        cluster.Storage.FailWrites(school.Id.ToString(), Enum.Parse<Failure>(failure));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => school.School.Promote(operation, TestSchool.By));
        Assert.Equal(name, (await Patiently.Ask(() => school.School.Class(school.Class("3-2"))))!.Name);

        Assert.True((await school.School.Promote(operation, TestSchool.By)).IsDone);
        Assert.Equal(["四年级1班", "四年级2班", "四年级10班"], (await school.School.Classes()).Select(one => one.Name));
    }

    [Fact]
    public async Task A_class_that_is_added_gets_the_id_of_its_cohort_and_the_log_says_who_added_it()
    {
        var school = await cluster.ASchool();
        var operation = Guid.NewGuid();
        var year = (await school.School.Profile())!.SchoolYearOf(await school.School.Today());

        var added = await school.School.AddClass(operation, 2, 7, "二年级7班", TestSchool.By);

        Assert.Equal(SchoolHome.School.SchoolClass.IdOf(school.Id, year, 2, 7), added.Value);
        Assert.Equal(added.Value, (await school.School.AddClass(operation, 2, 7, "二年级7班", TestSchool.By)).Value);
        await TestSchool.Delivered(school.OutboxOfStaff());
        var log = school.Actors.GetGrain<IAuditLogGrain>(new AuditDayId(school.Id.School, await school.School.Today()).ToString());
        Assert.Contains((await log.Page(null)).Entries, entry => entry.Subject == school.Id.ToString() && entry.What == "classes-changed" && entry.By == TestSchool.By);
    }
}
