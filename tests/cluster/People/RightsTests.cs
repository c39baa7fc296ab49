using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>A phone number is a way to reach somebody, never a proof; and what somebody may see ends at once, on live connections too.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class RightsTests(SchoolCluster cluster)
{
    private async Task<StudentId[]> ChildrenOf(TestSchool school, GuardianId guardian)
    {
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-1")), school.OutboxOf(school.Class("3-2")), school.OutboxOf(guardian));
        return [.. (await school.Guardian(guardian).Children()).Select(child => child.Student)];
    }

    // From here on the account is watched, and everything that went before was heard.
    private async Task<(Watcher Watcher, long N)> Watched(TestSchool school, TestPerson person)
    {
        await TestSchool.Delivered(
            school.OutboxOf(school.Class("3-1")), school.OutboxOf(school.Class("3-2")), school.OutboxOfStaff(), school.OutboxOf(person.Guardian.Opaque is null ? GuardianId.New() : person.Guardian));
        var watcher = cluster.AWatcher();
        return (watcher, (await school.Account(person.Account).Watch(watcher.Feed)).N);
    }

    [Fact]
    public async Task A_mistyped_number_that_is_corrected_shows_nobody_another_child_and_takes_none_away()
    {
        var school = await cluster.ASchool();
        var (child, other) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-1"));
        var mother = await school.AGuardianOf(child);

        // The other child's mother got this mother's number by mistake, and then her own.
        Assert.True((await school.Student(other).CorrectGuardian("g1", new GuardianDetails("赵红", Relation.Mother, TestSchool.Mother.Phone, 1), TestSchool.By)).IsDone);
        Assert.Equal([child], await ChildrenOf(school, mother.Guardian));
        Assert.True((await school.Student(other).CorrectGuardian("g1", new GuardianDetails("赵红", Relation.Mother, "+8619910000088", 1), TestSchool.By)).IsDone);
        Assert.True((await school.Student(child).CorrectGuardian("g1", new GuardianDetails("李梅", Relation.Mother, "+8619910000089", 1), TestSchool.By)).IsDone);

        Assert.Equal([child], await ChildrenOf(school, mother.Guardian));
        Assert.Null((await school.Student(other).Profile())!.AccessOf(mother.Guardian));
    }

    [Fact]
    public async Task A_recycled_number_gives_its_new_owner_nothing_of_its_old_owners_child()
    {
        var school = await cluster.ASchool();
        var (child, other) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-1", "赵小红"));
        var (mother, newOwner) = (await school.AGuardianOf(child), GuardianId.New());

        // The number that the mother gave up is another family's now; a roster says so, and that family redeems its slip.
        var roster = school.Pupil("3-1", "赵小红", new RosterGuardian("赵刚", Relation.Father, TestSchool.Mother.Phone));
        Assert.True((await school.Student(other).Put(roster, TestSchool.By)).IsDone);
        var entry = (await school.Student(other).Profile())!.Guardians.Single(one => one.Name == "赵刚").Entry;
        await school.Bind(other, entry, newOwner);

        Assert.Equal([other], await ChildrenOf(school, newOwner));
        Assert.Equal([child], await ChildrenOf(school, mother.Guardian));
        Assert.Null((await school.Student(child).Profile())!.AccessOf(newOwner));
    }

    [Fact]
    public async Task Two_guardians_with_one_phone_are_two_and_each_gets_in_by_a_slip_of_their_own()
    {
        var school = await cluster.ASchool();
        var student = school.NewStudent();
        Assert.True((await school.Student(student).Put(school.Pupil("3-2", "王小雨", TestSchool.Mother, TestSchool.Father with { Phone = TestSchool.Mother.Phone }), TestSchool.By)).IsDone);
        var (mother, father) = (GuardianId.New(), GuardianId.New());

        await school.Bind(student, "g1", mother);
        Assert.Empty(await ChildrenOf(school, father));
        await school.Bind(student, "g2", father);

        Assert.Equal([student], await ChildrenOf(school, father));
        Assert.Equal(2, (await school.ClassOf("3-2").Roster())!.Students.Single().Joined);
    }

    [Fact]
    public async Task Parents_apart_are_ended_one_by_one_and_parents_under_one_roof_are_no_less_two_people()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var (mother, father) = (await school.AGuardianOf(student), await school.AGuardianOf(student, "g2"));
        Assert.True((await school.Student(student).CorrectGuardian("g2", new GuardianDetails("王强", Relation.Father, TestSchool.Father.Phone, 2), TestSchool.By)).IsDone);
        Assert.Equal([1, 2], (await school.Student(student).Profile())!.Guardians.Select(entry => entry.Household));

        Assert.True((await school.Student(student).EndGuardianAccess("g2", TestSchool.By)).IsDone);

        Assert.Empty(await ChildrenOf(school, father.Guardian));
        Assert.Equal([student], await ChildrenOf(school, mother.Guardian));
    }

    [Theory]
    [InlineData(CustodyRestriction.NoAccess, false)]
    [InlineData(CustodyRestriction.ReadOnly, true)]
    public async Task L2_custody_that_changes_while_somebody_is_connected_is_told_by_the_accounts_topic(CustodyRestriction restriction, bool reads)
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var father = await school.AGuardianOf(student, "g2");
        var (watcher, n) = await Watched(school, father);

        Assert.True((await school.Student(student).RestrictGuardian("g2", restriction, "(2026) 民初 1", TestSchool.By)).IsDone);
        await watcher.HasHeard(n + 1, from: n + 1);

        Assert.Equal(["standing"], watcher.Kinds());
        Assert.Equal(reads ? [student] : [], await ChildrenOf(school, father.Guardian));
        Assert.Equal(reads, (await school.Student(student).Profile())!.AccessOf(father.Guardian) is not null);

        Assert.True((await school.Student(student).RestrictGuardian("g2", CustodyRestriction.None, "调解书", TestSchool.By)).IsDone);
        await watcher.HasHeard(n + 2, from: n + 1);
        Assert.Equal([student], await ChildrenOf(school, father.Guardian));
    }

    [Fact]
    public async Task A_restriction_is_told_also_when_the_guardian_could_not_be_written_at_first()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var father = await school.AGuardianOf(student, "g2");
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));
        cluster.Storage.FailWrites(father.Guardian.ToString(), Failure.BeforeStoring);

        Assert.True((await school.Student(student).RestrictGuardian("g2", CustodyRestriction.NoAccess, "判决书", TestSchool.By)).IsDone);
        // The child's record decides, whatever is still on its way.
        Assert.Null((await school.Student(student).Profile())!.AccessOf(father.Guardian));

        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));
        Assert.Empty(await Patiently.Ask(school.Guardian(father.Guardian).Children));
    }

    [Fact]
    public async Task L2_a_child_that_moves_or_leaves_is_told_to_its_family_and_to_the_class_it_left()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var mother = await school.AGuardianOf(student);
        var (watcher, n) = await Watched(school, mother);

        Assert.True((await school.Student(student).Move(school.Class("3-1"), TestSchool.By)).IsDone);
        await watcher.HasHeard(n + 1, from: n + 1);
        Assert.True((await school.Student(student).Leave(new LeaveSchool(new DateOnly(2026, 11, 23), "转学"), TestSchool.By)).IsDone);
        await watcher.HasHeard(n + 2, from: n + 1);

        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")), school.OutboxOf(school.Class("3-1")), school.OutboxOfStaff());
        Assert.Empty((await school.ClassOf("3-2").Roster())!.Students);
        Assert.Empty((await school.ClassOf("3-1").Roster())!.Students);
        var leaver = Assert.Single(await school.Actors.GetGrain<ILeaversGrain>(new LeaversId(school.Id.School, 2026).ToString()).List());
        Assert.Equal((student, school.Class("3-1"), "转学"), (leaver.Student, leaver.Class!.Value, leaver.Reason));

        Assert.True((await school.Student(student).Return(school.Class("3-2"), TestSchool.By)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")), school.OutboxOf(school.Class("3-1")), school.OutboxOfStaff());
        Assert.Equal([student], (await school.ClassOf("3-2").Roster())!.Students.Select(one => one.Student));
        Assert.Empty(await school.Actors.GetGrain<ILeaversGrain>(new LeaversId(school.Id.School, 2026).ToString()).List());
    }

    [Fact]
    public async Task L2_a_teacher_who_left_has_no_rights_any_more_and_is_told_so()
    {
        var school = await cluster.ASchool();
        var teacher = await school.ATeacherOf("3-2");
        var (watcher, n) = await Watched(school, teacher);

        Assert.True((await school.Teacher(teacher.Teacher).Leave(new LeaveSchool(new DateOnly(2026, 11, 23), "退休"), TestSchool.By)).IsDone);
        await watcher.HasHeard(n + 1, from: n + 1);
        await TestSchool.Delivered(school.OutboxOfStaff());

        var profile = (await school.Teacher(teacher.Teacher).Profile())!;
        Assert.Empty(profile.Duties);
        Assert.NotNull(profile.Left);
        Assert.Empty((await school.ClassOf("3-2").Roster())!.Teachers);
        Assert.Empty(await school.Actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school.Id)).List());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_takes_a_class_over_has_it_and_who_had_it_gives_it_up_also_after_a_failure(bool fails)
    {
        var school = await cluster.ASchool();
        var (old, successor) = (await school.ATeacherOf("3-2"), await school.ATeacherOf("3-1", DutyKind.SubjectTeacher));
        if (fails)
            cluster.Storage.FailWrites(old.Teacher.ToString(), Failure.BeforeStoring);

        Assert.True((await school.Teacher(successor.Teacher).TakeOver(school.Class("3-2"), old.Teacher, staysAsSubjectTeacher: true, TestSchool.By)).IsDone);
        Assert.True((await school.Teacher(successor.Teacher).TakeOver(school.Class("3-2"), old.Teacher, staysAsSubjectTeacher: true, TestSchool.By)).IsDone);
        await TestSchool.Delivered(school.OutboxOfStaff());
        await TestSchool.Delivered(school.OutboxOfStaff());

        var teachers = (await Patiently.Ask(school.ClassOf("3-2").Roster))!.Teachers;
        Assert.Equal([(successor.Teacher, DutyKind.ClassTeacher), (old.Teacher, DutyKind.SubjectTeacher)], teachers.Select(teacher => (teacher.Teacher, teacher.Duty)));
        Assert.Equal("class-handed-over", (await school.Teacher(old.Teacher).History())[0].What);
    }

    [Fact]
    public async Task The_classs_topic_tells_who_comes_who_goes_and_whose_family_is_in()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));
        var watcher = cluster.AWatcher();
        var topic = SchoolHome.Live.LiveTopics.Of(school.Actors, school.Class("3-2").ToString())!;
        var n = (await topic.Watch(watcher.Feed)).N;
        Assert.Equal(n, (await school.ClassOf("3-2").Roster())!.N);

        await school.Bind(student, "g1", GuardianId.New());
        await watcher.HasHeard(n + 1, from: n + 1);
        _ = await school.ATeacherOf("3-2", DutyKind.Counsellor);
        await watcher.HasHeard(n + 2, from: n + 1);
        Assert.True((await school.Student(student).Move(school.Class("3-1"), TestSchool.By)).IsDone);
        await watcher.HasHeard(n + 3, from: n + 1);

        Assert.Equal(["student", "teachers", "student-gone"], watcher.Kinds());
    }

    [Fact]
    public async Task An_import_that_is_undone_leaves_classes_and_lists_as_they_were()
    {
        var school = await cluster.ASchool();
        var (changed, added) = (await school.AStudentIn("3-2"), school.NewStudent());
        var mother = await school.AGuardianOf(changed);
        var import = new ImportId(school.Id.School, Guid.NewGuid().ToString("N"));
        var by = TestSchool.By with { Import = import };
        var before = (await school.Student(changed).Profile())!;
        var teacher = new TeacherId(school.Id.School, "t900");

        Assert.True((await school.Student(changed).Put(school.Pupil("3-1", "王晓雨", TestSchool.Mother), by)).IsDone);
        Assert.True((await school.Student(added).Put(school.Pupil("3-1", "赵小红", TestSchool.Father), by)).IsDone);
        Assert.True((await school.Teacher(teacher).Put(new PutTeacher("陈老师", null, [new ClassDuty(school.Class("3-1"), DutyKind.ClassTeacher, [])], []), by)).IsDone);
        Assert.True((await school.Student(added).CanUndoImport(import)).IsDone);
        Assert.True((await school.Student(changed).UndoImport(import, by)).IsDone);
        Assert.True((await school.Student(added).UndoImport(import, by)).IsDone);
        Assert.True((await school.Teacher(teacher).UndoImport(import, by)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")), school.OutboxOf(school.Class("3-1")), school.OutboxOfStaff());

        var after = (await school.Student(changed).Profile())!;
        Assert.Equal((before.Name, before.Class, before.Revision + 2), (after.Name, after.Class, after.Revision));
        Assert.Equal<GuardianEntry>(before.Guardians, after.Guardians);
        Assert.NotNull(after.AccessOf(mother.Guardian));
        Assert.Null(await school.Student(added).Profile());
        Assert.Null(await school.Teacher(teacher).Profile());
        Assert.Empty((await school.ClassOf("3-1").Roster())!.Students);
        Assert.Empty((await school.ClassOf("3-1").Roster())!.Teachers);
        Assert.Equal([changed], (await school.ClassOf("3-2").Roster())!.Students.Select(one => one.Student));
        Assert.Empty(await school.Actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school.Id)).List());
        // It is undone after the activation is gone, too, and somebody who comes anew is a new person.
        await cluster.Deactivate(school.Student(added));
        Assert.True((await school.Student(added).UndoImport(import, by)).IsDone);
        Assert.Equal(RosterChange.Added, (await school.Student(added).Put(school.Pupil("3-1", "钱小明") with { ExpectedRevision = 0 }, TestSchool.By)).Value);
    }
}
