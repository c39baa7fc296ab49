using System.Collections.Immutable;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Tests.Rules.People;

public sealed class ImportRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly ImportId Import = new("s01", new string('a', 32));
    private static readonly ChangedBy Office = new(new AccountId(new string('b', 32)), "管理员", ChangeCapacity.Administrator, null);
    private static readonly SchoolClass Class1 = new(new ClassId("s01", "2026-1"), "一年级1班", 1, 1, null, null);
    private static readonly SchoolClass Class2 = new(new ClassId("s01", "2026-2"), "一年级2班", 1, 2, null, null);
    private static readonly ImportCounts Nothing = new(0, 0, 0, 0, 100, 0, 0, 0, 5, 0, 180);
    private static readonly SchoolProfile School = SchoolProfile.Of("青禾小学", "Asia/Shanghai", []);

    private static ImportRecord Offered(ImportCounts counts, int before = 100, params ImmutableArray<SchoolClass> classes) =>
        ImportRules.Offer(new ImportRecord(), new ImportOffer("名单.xlsx", RosterFormat.Workbook, 3, counts, before, classes, [], 0, null, [], 0), Office, Now).Value!;

    private static ImportRecord Confirmed(ImportRecord record, params ImmutableArray<SchoolClass> known) => ImportRules.Confirm(record, known, School, Office).Value!;

    [Fact]
    public void A_dry_run_is_taken_once()
    {
        var record = Offered(Nothing with { Added = 1 });
        var again = ImportRules.Offer(record, record.Offer! with { FileName = "other" }, Office, Now.AddHours(1)).Value;

        Assert.Equal((ImportState.Offered, Now), (record.State, record.OfferedAt));
        Assert.Same(record, again);
    }

    [Fact]
    public void Nothing_to_change_is_not_applied()
    {
        Assert.Equal(new Conflict("import-empty"), ImportRules.MayConfirm(Offered(Nothing), null, Now).Refusal);
        Assert.True(ImportRules.MayConfirm(Offered(Nothing, 100, Class1), null, Now).Value);
        Assert.True(ImportRules.MayConfirm(Offered(Nothing with { StaffRemoved = 1 }), null, Now).Value);
    }

    [Theory]
    [InlineData(5, null, true)]
    [InlineData(6, null, false)]
    [InlineData(6, 5, false)]
    [InlineData(6, 6, true)]
    public void Removing_more_than_a_twentieth_of_the_students_asks_for_the_number(int removed, int? typed, bool allowed)
    {
        var answer = ImportRules.MayConfirm(Offered(Nothing with { Removed = removed }), typed, Now);

        if (allowed)
            Assert.True(answer.Value);
        else
            Assert.Equal<FieldProblem>([new FieldProblem("removals", "type-the-number")], Assert.IsType<Invalid>(answer.Refusal).Problems);
    }

    [Fact]
    public void A_dry_run_can_be_confirmed_for_a_day()
    {
        var record = Offered(Nothing with { Added = 1 });

        Assert.True(ImportRules.MayConfirm(record, null, Now + ImportLimits.OfferFor - TimeSpan.FromTicks(1)).IsDone);
        Assert.Equal(new Conflict("import-too-old"), ImportRules.MayConfirm(record, null, Now + ImportLimits.OfferFor).Refusal);
    }

    [Fact]
    public void What_was_confirmed_is_confirmed_already_and_what_was_dropped_or_undone_never_is()
    {
        var record = Offered(Nothing with { Added = 1 });
        Assert.IsType<NotFound>(ImportRules.MayConfirm(new ImportRecord(), null, Now).Refusal);
        foreach (var state in new[] { ImportState.Applying, ImportState.Done })
            Assert.Equal((null, false), (ImportRules.MayConfirm(record with { State = state }, null, Now.AddDays(3)).Refusal, ImportRules.MayConfirm(record with { State = state }, null, Now).Value));
        foreach (var state in new[] { ImportState.Dropped, ImportState.Undoing, ImportState.Undone })
            Assert.Equal(new Conflict("import-not-offered"), ImportRules.MayConfirm(record with { State = state }, null, Now).Refusal);
    }

    [Fact]
    public void Confirming_notes_which_classes_are_new_and_how_those_were_that_it_corrects()
    {
        var renamed = Class2 with { Name = "一（2）班" };
        var record = Confirmed(Offered(Nothing, 100, Class1, renamed), Class2, Class1 with { Class = new ClassId("s01", "2025-1"), Grade = 2 });

        Assert.Equal(ImportState.Applying, record.State);
        Assert.Equal<ClassId>([Class1.Class], record.AddedClasses);
        Assert.Equal<SchoolClass>([Class2], record.ClassesBefore);
    }

    [Fact]
    public void A_dry_run_from_before_a_promotion_is_too_old()
    {
        // Class 2026-1 is in the second grade now; and what is class 1 of the first grade now is another.
        Assert.Equal(new Conflict("import-too-old"), ImportRules.Confirm(Offered(Nothing, 100, Class1), [Class1 with { Grade = 2 }], School, Office).Refusal);
        Assert.Equal(new Conflict("import-too-old"), ImportRules.Confirm(Offered(Nothing, 100, Class1), [Class1 with { Class = new ClassId("s01", "2027-1") }], School, Office).Refusal);
    }

    [Fact]
    public void The_sourced_id_of_the_school_is_set_only_where_there_is_none()
    {
        var record = Offered(Nothing with { Added = 1 });
        record = record with { Offer = record.Offer! with { SchoolExternal = "org-1" } };

        Assert.True(ImportRules.Confirm(record, [], School, Office).Value!.SetsExternal);
        Assert.False(ImportRules.Confirm(record, [], School with { External = "org-2" }, Office).Value!.SetsExternal);
        Assert.False(Confirmed(Offered(Nothing with { Added = 1 })).SetsExternal);
    }

    [Fact]
    public void Parts_are_applied_forwards_each_once_and_undone_backwards()
    {
        var record = Confirmed(Offered(Nothing with { Added = 1 }));
        Assert.Equal<int>([0, 1, 2], ImportRules.Left(record));

        record = ImportRules.FinishPart(record, 1, [new ImportRemark("student/s01/1", "王小雨", "changed-meanwhile")]);
        Assert.Same(record, ImportRules.FinishPart(record, 1, [new ImportRemark("student/s01/1", "王小雨", "changed-meanwhile")]));
        Assert.Equal<int>([0, 2], ImportRules.Left(record));
        Assert.Equal((1, 1), (record.SkippedCount, record.Skipped.Length));

        Assert.Equal<int>([2, 1, 0], ImportRules.Left(ImportRules.BeginUndo(record with { State = ImportState.Done, DoneAt = Now }, Office)));
    }

    [Fact]
    public void Who_was_left_is_told_one_by_one_up_to_a_bound_and_counted_beyond_it()
    {
        ImmutableArray<ImportRemark> many = [.. Enumerable.Range(0, 150).Select(number => new ImportRemark($"student/s01/{number}", "王小雨", "changed-meanwhile"))];
        var record = ImportRules.Skip(ImportRules.Skip(Offered(Nothing), many), many);

        Assert.Equal((300, ImportLimits.MostTold), (record.SkippedCount, record.Skipped.Length));
    }

    [Fact]
    public void A_dry_run_is_dropped_until_it_is_confirmed()
    {
        var record = Offered(Nothing with { Added = 1 });
        var dropped = ImportRules.Drop(record).Value!;

        Assert.Equal(ImportState.Dropped, dropped.State);
        Assert.Same(dropped, ImportRules.Drop(dropped).Value);
        Assert.Equal(new Conflict("import-not-offered"), ImportRules.Drop(Confirmed(record)).Refusal);
        Assert.IsType<NotFound>(ImportRules.Drop(new ImportRecord()).Refusal);
    }

    [Fact]
    public void A_finished_import_can_be_undone_for_a_week()
    {
        var done = Confirmed(Offered(Nothing with { Added = 1 })) with { State = ImportState.Done, DoneAt = Now };

        Assert.True(ImportRules.MayUndo(done, Now + ImportLimits.UndoFor - TimeSpan.FromTicks(1)).Value);
        Assert.Equal(new Conflict("import-undo-too-late"), ImportRules.MayUndo(done, Now + ImportLimits.UndoFor).Refusal);
        Assert.Equal(new Conflict("import-undo-too-late"), ImportRules.MayUndo(done with { Forgotten = true }, Now).Refusal);
        Assert.Equal(new Conflict("import-not-done"), ImportRules.MayUndo(done with { State = ImportState.Applying }, Now).Refusal);
        Assert.Equal(new Conflict("import-not-done"), ImportRules.MayUndo(done with { State = ImportState.Dropped }, Now).Refusal);
        Assert.IsType<NotFound>(ImportRules.MayUndo(new ImportRecord(), Now).Refusal);
        Assert.False(ImportRules.MayUndo(done with { State = ImportState.Undone }, Now).Value);
    }

    [Fact]
    public void The_summary_says_what_was_done_and_by_whom_and_undoing_says_the_reverse()
    {
        var record = Confirmed(Offered(Nothing with { Added = 12, Removed = 1 }));
        var applied = ImportRules.Summary(Import, record, Now);

        Assert.Equal((Import.ToString(), "名单.xlsx", "import-applied", 1L), (applied.Subject, applied.SubjectName, applied.What, applied.Revision));
        Assert.Equal(Office with { Import = Import }, applied.By);
        Assert.Equal<FieldChange>([new FieldChange("added", null, "12"), new FieldChange("removed", null, "1")], applied.Changes);

        var undone = ImportRules.Summary(Import, ImportRules.BeginUndo(record with { State = ImportState.Done, DoneAt = Now }, Office), Now);
        Assert.Equal(("import-undone", 2L), (undone.What, undone.Revision));
        Assert.Equal<FieldChange>([new FieldChange("added", "12", null), new FieldChange("removed", "1", null)], undone.Changes);
    }
}
