using System.Collections.Immutable;
using System.Globalization;
using Orleans.Runtime;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>A roster is applied wholly and once, whatever happens meanwhile, and can be taken back until something depends on it.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class ImportTests(SchoolCluster cluster)
{
    private const int Parts = 3;
    private const int PerPart = 4;

    /// <summary>A dry run of new students in a new class, some to a part, as the edge makes it.</summary>
    private sealed class Roster(SchoolCluster cluster, TestSchool school)
    {
        private readonly List<PlannedStudent> _students = [];
        private readonly List<PlannedTeacher> _staff = [];

        public ImportId Id { get; } = new(school.Id.School, Guid.NewGuid().ToString("N"));

        public SchoolClass Class { get; } = school.AClass(1, 1);

        public ImmutableArray<SchoolClass> Classes { get; set; } = [];

        public IImportGrain Import => cluster.Actors.GetGrain<IImportGrain>(Id.ToString());

        public IImportPartGrain Part(int part) => cluster.Actors.GetGrain<IImportPartGrain>(Id.Part(part));

        public IEnumerable<StudentId> Students => _students.Select(student => student.Student);

        public static Roster OfNewStudents(SchoolCluster cluster, TestSchool school, int count = Parts * PerPart)
        {
            var roster = new Roster(cluster, school);
            roster.Classes = [roster.Class];
            for (var i = 0; i < count; i++)
                roster.Add(school.NewStudent(), new PutStudent($"学生{i}", roster.Class.Class, "女", new DateOnly(2020, 1, 2), null, [TestSchool.Mother]));

            return roster;
        }

        public void Add(StudentId student, PutStudent? put, PlannedChange change = PlannedChange.Added, long revision = 0) =>
            _students.Add(new PlannedStudent(student, put?.Name ?? "王小雨", change, put, revision, []));

        public void Add(TeacherId teacher, PutTeacher? put, PlannedChange change = PlannedChange.Added, long revision = 0) =>
            _staff.Add(new PlannedTeacher(teacher, put?.Name ?? "陈老师", change, put, revision, []));

        public async Task<Answer<Done>> Offer(int studentsBefore = 100)
        {
            var parts = _students.Chunk(PerPart).Select(chunk => new ImportPart([.. chunk], [])).ToList();
            if (_staff.Count > 0)
                parts.Add(new ImportPart([], [.. _staff]));
            for (var i = 0; i < parts.Count; i++)
                await Part(i).Put(parts[i]);

            var counts = new ImportCounts(
                Of(PlannedChange.Added), Of(PlannedChange.Changed), Of(PlannedChange.Moved), Of(PlannedChange.Removed), 0, _staff.Count(one => one.Change is PlannedChange.Added),
                _staff.Count(one => one.Change is PlannedChange.Changed), _staff.Count(one => one.Change is PlannedChange.Removed), 0, Classes.Length, 1);
            return await Import.Offer(new ImportOffer("名单.xlsx", RosterFormat.Workbook, parts.Count, counts, studentsBefore, Classes, [], 0, null, [], 0), TestSchool.By);

            int Of(PlannedChange change) => _students.Count(student => student.Change == change);
        }

        public async Task Applied()
        {
            Assert.True((await Offer()).IsDone);
            Assert.True((await Import.Confirm(null, TestSchool.By)).IsDone);
            await Is(ImportState.Done);
        }

        public async Task<ImportView> Is(ImportState state)
        {
            ImportView? view = null;
            await Eventually.TrueAsync(async () => (view = await Patiently.Ask(Import.View))!.State == state, TimeSpan.FromSeconds(30), $"the import to be {state}");
            return view!;
        }

        /// <summary>As the reminder does, which in tests is not waited for.</summary>
        public Task Remind() => Import.AsReference<IRemindable>().ReceiveReminder("import", new TickStatus(DateTime.UtcNow, TimeSpan.FromMinutes(1), DateTime.UtcNow));
    }

    private async Task<string[]> Names(TestSchool school, ClassId @class)
    {
        var watch = school.OutboxOf(@class);
        await TestSchool.Delivered(watch);
        return (await cluster.Actors.GetGrain<IClassGrain>(@class.ToString()).Roster()) is { } roster ? [.. roster.Students.Select(student => student.Name)] : [];
    }

    [Fact]
    public async Task Nothing_is_applied_before_it_is_confirmed_and_then_all_of_it_once()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        Assert.True((await roster.Offer()).IsDone);
        foreach (var student in roster.Students)
            Assert.Null(await school.Student(student).Profile());
        Assert.Equal<ImportId>([roster.Id], await school.School.Imports());

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => roster.Import.Confirm(null, TestSchool.By)));
        Assert.All(answers, answer => Assert.True(answer.IsDone));
        var view = await roster.Is(ImportState.Done);

        Assert.Equal((Parts, 0), (view.PartsDone, view.SkippedCount));
        Assert.Equal(roster.Class, await school.School.Class(roster.Class.Class));
        Assert.Equal(Parts * PerPart, (await Names(school, roster.Class.Class)).Length);
        foreach (var student in roster.Students)
        {
            Assert.Equal(1, (await school.Student(student).Profile())!.Revision);
            var entry = Assert.Single(await school.Student(student).History());
            Assert.Equal(TestSchool.By with { Import = roster.Id }, entry.By);
        }

        // Confirmed once more, as after a lost answer.
        Assert.True((await roster.Import.Confirm(null, TestSchool.By)).IsDone);
        Assert.Equal(view.N, (await roster.Import.View())!.N);
    }

    [Fact]
    public async Task Its_topic_tells_how_far_it_is()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        Assert.True((await roster.Offer()).IsDone);
        var watcher = cluster.AWatcher();
        var position = await roster.Import.Watch(watcher.Feed);

        Assert.True((await roster.Import.Confirm(null, TestSchool.By)).IsDone);
        var view = await roster.Is(ImportState.Done);

        await watcher.HasHeard(view.N, from: position.N + 1);
        var told = watcher.InOrder().SelectMany(happened => System.Text.Json.JsonDocument.Parse(happened.Changes).RootElement.EnumerateArray().Select(change => change.GetProperty("state").GetString())).ToArray();
        Assert.Equal("applying", told[0]);
        Assert.Equal("done", told[^1]);
        var parts = watcher.InOrder().SelectMany(happened => System.Text.Json.JsonDocument.Parse(happened.Changes).RootElement.EnumerateArray().Select(change => change.GetProperty("partsDone").GetInt32())).ToArray();
        Assert.Equal(Parts, parts[^1]);
        Assert.Equal(parts.Order(), parts);
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring))]
    [InlineData(nameof(Failure.AfterStoring))]
    public async Task Applying_goes_on_after_its_own_record_could_not_be_written_and_repeats_nothing(string failure)
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        Assert.True((await roster.Offer()).IsDone);
        using (var held = cluster.Storage.HoldWrites(roster.Students.First().ToString()))
        {
            Assert.True((await roster.Import.Confirm(null, TestSchool.By)).IsDone);
            await held.Reached();
            // The next write of the import itself is that of a part that is done.
            cluster.Storage.FailWrites(roster.Id.ToString(), Enum.Parse<Failure>(failure), times: 2);
        }

        await Eventually.TrueAsync(() => Task.FromResult(!cluster.IsActive(roster.Import)), TimeSpan.FromSeconds(10), "the broken activation to go away");
        await Patiently.Ask(async () =>
        {
            await roster.Remind();
            return true;
        });
        await roster.Is(ImportState.Done);

        Assert.Equal(Parts * PerPart, (await Names(school, roster.Class.Class)).Length);
        foreach (var student in roster.Students)
            Assert.Equal(1, (await school.Student(student).Profile())!.Revision);
    }

    [Fact]
    public async Task Applying_goes_on_by_itself_after_a_person_a_part_or_the_school_could_not_be_written()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        Assert.True((await roster.Offer()).IsDone);
        cluster.Storage.FailWrites(roster.Students.ElementAt(1).ToString(), Failure.BeforeStoring);
        cluster.Storage.FailWrites(roster.Students.ElementAt(5).ToString(), Failure.AfterStoring);
        cluster.Storage.FailWrites(roster.Id.Part(2), Failure.AfterStoring);

        Assert.True((await roster.Import.Confirm(null, TestSchool.By)).IsDone);
        var view = await roster.Is(ImportState.Done);

        Assert.Equal((Parts, 0), (view.PartsDone, view.SkippedCount));
        Assert.Equal(Parts * PerPart, (await Names(school, roster.Class.Class)).Length);
        foreach (var student in roster.Students)
            Assert.Equal(1, (await school.Student(student).Profile())!.Revision);
    }

    [Fact]
    public async Task The_same_file_again_finds_nothing_to_change_and_what_it_would_put_changes_nothing()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        await roster.Applied();

        // The edge plans nobody who is as the file has them.
        var again = new Roster(cluster, school);
        Assert.True((await again.Offer()).IsDone);
        Assert.Equal("import-empty", (await again.Import.Confirm(null, TestSchool.By)).Refusal!.Code);

        // Even one that plans them, from a dry run made before the first was applied, changes none.
        var stale = new Roster(cluster, school) { Classes = roster.Classes };
        foreach (var (student, number) in roster.Students.Select((student, number) => (student, number)))
            stale.Add(student, new PutStudent($"学生{number}", roster.Class.Class, "女", new DateOnly(2020, 1, 2), null, [TestSchool.Mother]));
        await stale.Applied();
        Assert.Equal(0, (await stale.Import.View())!.SkippedCount);
        foreach (var student in roster.Students)
            Assert.Equal(1, (await school.Student(student).Profile())!.Revision);

        // And undoing it takes nothing of the first away.
        Assert.True((await stale.Import.Undo(TestSchool.By)).IsDone);
        await stale.Is(ImportState.Undone);
        Assert.Equal(Parts * PerPart, (await Names(school, roster.Class.Class)).Length);
    }

    [Fact]
    public async Task Whoever_was_changed_since_the_dry_run_is_left_and_told()
    {
        var school = await cluster.ASchool();
        var (child, leaver, stays) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-2", "李小明"), await school.AStudentIn("3-2", "赵小红"));
        var roster = new Roster(cluster, school);
        roster.Add(child, school.Pupil("3-2", "王晓雨", TestSchool.Mother, TestSchool.Father), PlannedChange.Changed, 1);
        roster.Add(leaver, null, PlannedChange.Removed, 1);
        roster.Add(stays, null, PlannedChange.Removed, 1);
        Assert.True((await roster.Offer()).IsDone);
        Assert.True((await school.Student(child).Correct(new CorrectStudent("王小宇", "男", null, null), TestSchool.By)).IsDone);
        Assert.True((await school.Student(stays).Correct(new CorrectStudent("赵晓红", "女", null, null), TestSchool.By)).IsDone);

        Assert.True((await roster.Import.Confirm(null, TestSchool.By)).IsDone);
        var view = await roster.Is(ImportState.Done);

        Assert.Equal(
            [(child.ToString(), "changed-meanwhile"), (stays.ToString(), "changed-meanwhile")], view.Skipped.Select(remark => (remark.Person, remark.Code)).OrderBy(one => one.Item1, StringComparer.Ordinal));
        Assert.Equal("王小宇", (await school.Student(child).Profile())!.Name);
        Assert.NotNull((await school.Student(leaver).Profile())!.Left);
        Assert.Null((await school.Student(stays).Profile())!.Left);
    }

    [Fact]
    public async Task Removing_many_asks_for_the_number_to_be_typed()
    {
        var school = await cluster.ASchool();
        var roster = new Roster(cluster, school);
        foreach (var name in new[] { "一", "二" })
            roster.Add(await school.AStudentIn("3-2", name), null, PlannedChange.Removed, 1);
        Assert.True((await roster.Offer(studentsBefore: 10)).IsDone);

        Assert.IsType<Invalid>((await roster.Import.Confirm(null, TestSchool.By)).Refusal);
        Assert.IsType<Invalid>((await roster.Import.Confirm(1, TestSchool.By)).Refusal);
        Assert.Equal(2, (await Names(school, school.Class("3-2"))).Length);
        Assert.True((await roster.Import.Confirm(2, TestSchool.By)).IsDone);
        await roster.Is(ImportState.Done);
        Assert.Empty(await Names(school, school.Class("3-2")));
    }

    [Fact]
    public async Task One_import_of_a_school_at_a_time()
    {
        var school = await cluster.ASchool();
        var (first, second) = (Roster.OfNewStudents(cluster, school), new Roster(cluster, school));
        second.Add(school.NewStudent(), school.Pupil("3-2"));
        Assert.True((await first.Offer()).IsDone);
        Assert.True((await second.Offer()).IsDone);
        using (var held = cluster.Storage.HoldWrites(first.Students.First().ToString()))
        {
            Assert.True((await first.Import.Confirm(null, TestSchool.By)).IsDone);
            await held.Reached();
            Assert.Equal("import-under-way", (await second.Import.Confirm(null, TestSchool.By)).Refusal!.Code);
        }

        await first.Is(ImportState.Done);
        Assert.True((await second.Import.Confirm(null, TestSchool.By)).IsDone);
        await second.Is(ImportState.Done);
    }

    [Fact]
    public async Task A_dry_run_that_is_dropped_is_forgotten_with_all_its_people()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        Assert.True((await roster.Offer()).IsDone);

        Assert.True((await roster.Import.Drop(TestSchool.By)).IsDone);
        Assert.True((await roster.Import.Drop(TestSchool.By)).IsDone);

        await Eventually.TrueAsync(() => Task.FromResult(Enumerable.Range(0, Parts).All(part => cluster.Storage.Json(roster.Id.Part(part)) is null)), TimeSpan.FromSeconds(10), "the parts to be forgotten");
        Assert.Equal("import-not-offered", (await roster.Import.Confirm(null, TestSchool.By)).Refusal!.Code);
        Assert.Equal(ImportState.Dropped, (await roster.Import.View())!.State);
        Assert.Null(await roster.Part(0).View());
    }

    [Fact]
    public async Task A_dry_run_that_nobody_decides_on_is_dropped_after_a_day()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        Assert.True((await roster.Offer()).IsDone);
        await roster.Remind();
        Assert.Equal(ImportState.Offered, (await roster.Import.View())!.State);

        cluster.Clock.Advance(ImportLimits.OfferFor);
        Assert.Equal("import-too-old", (await roster.Import.Confirm(null, TestSchool.By)).Refusal!.Code);
        await roster.Remind();

        await roster.Is(ImportState.Dropped);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Storage.Json(roster.Id.Part(0)) is null), TimeSpan.FromSeconds(10), "the parts to be forgotten");
    }

    [Fact]
    public async Task An_import_is_undone_wholly_students_staff_and_classes()
    {
        var school = await cluster.ASchool();
        var (child, leaver, teacher) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-1", "李小明"), new TeacherId(school.Id.School, "t900"));
        var before = (await school.Student(child).Profile())!;
        var roster = Roster.OfNewStudents(cluster, school);
        roster.Add(child, school.Pupil("3-1", "王晓雨", TestSchool.Mother), PlannedChange.Moved, 1);
        roster.Add(leaver, null, PlannedChange.Removed, 1);
        roster.Add(teacher, new PutTeacher("陈老师", null, [new ClassDuty(roster.Class.Class, DutyKind.ClassTeacher, ["语文"])], []));
        roster.Classes = roster.Classes.Add(school.AClass(3, 10) with { Name = "三（10）班" });
        await roster.Applied();
        Assert.Equal("王晓雨", (await school.Student(child).Profile())!.Name);

        Assert.True((await roster.Import.Undo(TestSchool.By)).IsDone);
        await roster.Is(ImportState.Undone);
        Assert.True((await roster.Import.Undo(TestSchool.By)).IsDone);

        foreach (var student in roster.Students.Except([child, leaver]))
            Assert.Null(await school.Student(student).Profile());
        Assert.Null(await school.Teacher(teacher).Profile());
        var after = (await school.Student(child).Profile())!;
        Assert.Equal((before.Name, before.Class), (after.Name, after.Class));
        Assert.Equal<GuardianEntry>(before.Guardians, after.Guardians);
        Assert.Null((await school.Student(leaver).Profile())!.Left);
        Assert.Equal(["王小雨"], await Names(school, school.Class("3-2")));
        Assert.Equal(["李小明"], await Names(school, school.Class("3-1")));
        Assert.Null(await school.School.Class(roster.Class.Class));
        Assert.Equal("三年级10班", (await school.School.Class(school.Class("3-10")))!.Name);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Storage.Json(roster.Id.Part(0)) is null), TimeSpan.FromSeconds(10), "the parts to be forgotten");
    }

    [Fact]
    public async Task An_import_that_something_depends_on_is_not_undone_at_all_and_says_what()
    {
        var school = await cluster.ASchool();
        var roster = Roster.OfNewStudents(cluster, school);
        await roster.Applied();
        var students = roster.Students.ToArray();
        Assert.True((await school.Student(students[1]).Correct(new CorrectStudent("赵小红", "女", null, null), TestSchool.By)).IsDone);
        await school.Bind(students[6], "g1", GuardianId.New());
        // Other tests move the clock: the page is of the day that it is for the school.
        var page = cluster.Actors.GetGrain<IBookPageGrain>(new BookPageId(school.Id.School, students[9].Number, await school.School.Today()).ToString());
        Assert.True((await new Tab(page, new Participant(new string('0', 32), "陈老师", ParticipantRole.ClassTeacher, null), "answer").Write("你好")).IsDone);
        await TestSchool.Delivered(school.OutboxOf(roster.Class.Class));

        Assert.Equal("import-depended-on", (await roster.Import.Undo(TestSchool.By)).Refusal!.Code);

        var view = (await roster.Import.View())!;
        Assert.Equal(ImportState.Done, view.State);
        Assert.Equal(
            [(students[1].ToString(), "changed-since-import"), (students[6].ToString(), "account-since-import"), (students[9].ToString(), "page-since-import")],
            view.Hindrances.Select(remark => (remark.Person, remark.Code)).OrderBy(one => one.Item1, StringComparer.Ordinal));
        foreach (var student in students)
            Assert.NotNull(await school.Student(student).Profile());
        // The school's turn is given back: another import may be applied.
        var next = new Roster(cluster, school);
        next.Add(school.NewStudent(), school.Pupil("3-2"));
        await next.Applied();
    }

    [Fact]
    public async Task Undoing_goes_on_after_a_crash_and_a_week_later_it_is_too_late()
    {
        var school = await cluster.ASchool();
        var (first, second) = (Roster.OfNewStudents(cluster, school), new Roster(cluster, school));
        second.Add(school.NewStudent(), school.Pupil("3-2"));
        await first.Applied();
        await second.Applied();

        using (var held = cluster.Storage.HoldWrites(first.Students.Last().ToString()))
        {
            Assert.True((await first.Import.Undo(TestSchool.By)).IsDone);
            await held.Reached();
            cluster.Storage.FailWrites(first.Id.ToString(), Failure.BeforeStoring);
        }

        await Eventually.TrueAsync(() => Task.FromResult(!cluster.IsActive(first.Import)), TimeSpan.FromSeconds(10), "the broken activation to go away");
        await first.Is(ImportState.Undone);
        foreach (var student in first.Students)
            Assert.Null(await school.Student(student).Profile());

        cluster.Clock.Advance(ImportLimits.UndoFor);
        Assert.Equal("import-undo-too-late", (await second.Import.Undo(TestSchool.By)).Refusal!.Code);
        await second.Remind();
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Storage.Json(second.Id.Part(0)) is null), TimeSpan.FromSeconds(10), "the parts to be forgotten");
        Assert.Equal(ImportState.Done, (await second.Import.View())!.State);
    }

    [Fact]
    public async Task A_class_of_the_import_that_somebody_else_is_in_by_now_stays()
    {
        var school = await cluster.ASchool();
        var (roster, child) = (Roster.OfNewStudents(cluster, school), await school.AStudentIn("3-2"));
        await roster.Applied();
        Assert.True((await school.Student(child).Move(roster.Class.Class, TestSchool.By)).IsDone);

        Assert.True((await roster.Import.Undo(TestSchool.By)).IsDone);
        await roster.Is(ImportState.Undone);

        Assert.NotNull(await school.School.Class(roster.Class.Class));
        Assert.Equal(["王小雨"], await Names(school, roster.Class.Class));
    }

    [Fact]
    public async Task What_was_never_offered_is_refused()
    {
        var school = await cluster.ASchool();
        var roster = new Roster(cluster, school);

        Assert.Null(await roster.Import.View());
        Assert.IsType<NotFound>((await roster.Import.Confirm(null, TestSchool.By)).Refusal);
        Assert.IsType<NotFound>((await roster.Import.Drop(TestSchool.By)).Refusal);
        Assert.IsType<NotFound>((await roster.Import.Undo(TestSchool.By)).Refusal);
        Assert.Null(cluster.Storage.Json(roster.Id.ToString()));
    }
}
