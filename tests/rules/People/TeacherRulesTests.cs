using System.Collections.Immutable;
using CsCheck;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.People;

public sealed class TeacherRulesTests
{
    private static readonly TeacherId Id = new("s01", "t017");
    private static readonly TeacherId Other = new("s01", "t018");
    private static readonly AccountId Account = new(new string('a', 32));
    private static readonly ClassDuty Chinese32 = new(new ClassId("s01", "2024-2"), DutyKind.ClassTeacher, ["语文"]);
    private static readonly ClassDuty Chinese33 = new(new ClassId("s01", "2024-3"), DutyKind.SubjectTeacher, ["语文"]);
    private static readonly DateOnly Day = new(2026, 11, 23);
    private static readonly ImportId Import = new("s01", new string('1', 32));
    private static readonly ChangeMade Admin = new(new ChangedBy(Account, "管理员", ChangeCapacity.Administrator, null), new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero), Day);
    private static readonly ChangeMade Imported = Admin with { By = Admin.By with { Import = Import } };
    private static readonly string Staff = IStaffGrain.KeyOf(new SchoolId("s01"));

    private static PutTeacher Teacher(params ReadOnlySpan<ClassDuty> duties) => new("陈老师", null, [.. duties], []);

    private static TeacherState Put(TeacherState state, PutTeacher command, ChangeMade? by = null) => TeacherRules.Put(state, Id, command, by ?? Admin).Value!;

    private static TeacherState Sent(TeacherState state) => state with { Outbox = [] };

    private static TeacherState Entered(params ReadOnlySpan<ClassDuty> duties) => Sent(Put(new TeacherState(), Teacher(duties)));

    private static TeacherState WithAccount(params ReadOnlySpan<ClassDuty> duties) => Sent(TeacherRules.BindAccount(Entered(duties), Id, Account, Admin).Value!);

    // The staff list and the audit log are looked at on their own.
    private static (string To, Fact Fact)[] Told(TeacherState state) => [.. state.Outbox.Where(entry => entry.Fact is not (ChangesAre or StaffIs)).Select(entry => (entry.To, entry.Fact))];

    private static StaffIs? Line(TeacherState state) => state.Outbox.SingleOrDefault(entry => entry.To == Staff)?.Fact as StaffIs;

    private static string[] Changes(TeacherState state) => [.. state.History[^1].Changes.Select(one => $"{one.Field}: {one.Before} → {one.After}")];

    [Fact]
    public void Each_class_is_told_what_the_teacher_does_there_and_only_of_changes()
    {
        var state = Put(new TeacherState(), Teacher(Chinese32, Chinese33));
        Assert.Equal(
            [(Chinese32.Class.ToString(), new DutyIs("陈老师", Chinese32)), (Chinese33.Class.ToString(), (Fact)new DutyIs("陈老师", Chinese33))], Told(state));

        state = Sent(state);
        var more = Chinese33 with { Subjects = ["语文", "品德"] };
        Assert.Equal([(more.Class.ToString(), (Fact)new DutyIs("陈老师", more))], Told(Put(state, Teacher(Chinese32, more))));
        Assert.Equal([(Chinese33.Class.ToString(), (Fact)new DutyIs("陈老师", null))], Told(Put(state, Teacher(Chinese32))));
        Assert.Equal(2, Told(Put(state, Teacher(Chinese32, Chinese33) with { Name = "程老师" })).Length);
    }

    [Fact]
    public void The_account_is_told_to_ask_anew_when_what_it_may_do_changes()
    {
        var state = WithAccount();

        Assert.Same(state, Put(state, Teacher()));
        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(Put(state, Teacher() with { Offices = [Office.Principal] })));
        Assert.Empty(Told(TeacherRules.Correct(state, Id, "陈老师", "+8619910000009", Admin).Value!));
        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(TeacherRules.Correct(state, Id, "程老师", null, Admin).Value!));
    }

    [Fact]
    public void A_teacher_signs_in_by_one_account()
    {
        var bound = TeacherRules.BindAccount(Entered(), Id, Account, Admin).Value!;
        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(bound));
        Assert.True(Line(bound)!.Line!.HasAccount);
        Assert.Same(bound, TeacherRules.BindAccount(bound, Id, Account, Admin).Value);
        Assert.Equal(new Conflict("teacher-has-account"), TeacherRules.BindAccount(bound, Id, new AccountId(new string('b', 32)), Admin).Refusal);
        Assert.Equal(new Conflict("teacher-has-left"), TeacherRules.BindAccount(Left(Entered()), Id, Account, Admin).Refusal);
    }

    [Fact]
    public void A_roster_neither_takes_the_administrators_office_away_nor_gives_it()
    {
        var admin = Put(new TeacherState(), Teacher() with { Offices = [Office.Administrator] });

        Assert.Same(admin, Put(admin, Teacher(), Imported));
        Assert.Equal<Office>([Office.Administrator, Office.GradeHead], Put(admin, Teacher() with { Offices = [Office.GradeHead] }, Imported).Offices);
        Assert.Equal<Office>([Office.GradeHead], Put(Entered(), Teacher() with { Offices = [Office.GradeHead, Office.Administrator] }, Imported).Offices);
        Assert.Empty(TeacherRules.SetOffices(admin, Id, [], Admin).Value!.Offices);
    }

    [Fact]
    public void A_class_that_is_named_twice_is_one_duty()
    {
        var state = Put(new TeacherState(), Teacher(Chinese33, Chinese33 with { Kind = DutyKind.ClassTeacher, Subjects = ["品德"] }));

        Assert.Equal<ClassDuty>([Chinese33 with { Kind = DutyKind.ClassTeacher, Subjects = ["语文", "品德"] }], state.Duties);
        Assert.Same(state, Put(state, Teacher(Chinese33 with { Kind = DutyKind.ClassTeacher }, Chinese33 with { Subjects = ["品德"] })));
    }

    [Fact]
    public void A_duty_is_set_and_ended_class_by_class()
    {
        var state = Sent(TeacherRules.SetDuty(Entered(Chinese32), Id, Chinese33, Admin).Value!);
        Assert.Equal<ClassDuty>([Chinese32, Chinese33], state.Duties);
        Assert.Same(state, TeacherRules.SetDuty(state, Id, Chinese33 with { Subjects = ["语文"] }, Admin).Value);

        var ended = TeacherRules.EndDuty(state, Id, Chinese32.Class, Admin).Value!;
        Assert.Equal([(Chinese32.Class.ToString(), (Fact)new DutyIs("陈老师", null))], Told(ended));
        Assert.Same(ended, TeacherRules.EndDuty(ended, Id, Chinese32.Class, Admin).Value);
        Assert.Equal(["duty.2024-2: classTeacher 语文 → "], Changes(ended));
    }

    [Fact]
    public void A_duty_of_another_school_or_with_too_much_in_it_is_refused()
    {
        static string Refused(ClassDuty duty) => Assert.IsType<Invalid>(TeacherRules.SetDuty(Entered(), Id, duty, Admin).Refusal).Problems.Select(problem => $"{problem.Field} {problem.Code}").Single();

        Assert.Equal("class other-school", Refused(Chinese32 with { Class = new ClassId("s02", "2024-2") }));
        Assert.Equal("subjects too-many", Refused(Chinese32 with { Subjects = [.. Enumerable.Range(0, TeacherRules.MostSubjects + 1).Select(i => $"科{i}")] }));
        Assert.Equal("subjects too-long", Refused(Chinese32 with { Subjects = [new string('科', TeacherRules.LongestSubject + 1)] }));
        Assert.Equal(new Conflict("teacher-has-left"), TeacherRules.SetDuty(Left(Entered()), Id, Chinese32, Admin).Refusal);
        Assert.Equal(
            ["name required", "phone phone-malformed"],
            Assert.IsType<Invalid>(TeacherRules.Correct(Entered(), Id, "", "199", Admin).Refusal).Problems.Select(problem => $"{problem.Field} {problem.Code}"));
    }

    [Fact]
    public void Who_takes_a_class_over_has_it_first_and_tells_who_had_it()
    {
        var state = TeacherRules.TakeOver(Entered(Chinese33), Id, Chinese33.Class, Other, staysAsSubjectTeacher: true, Admin).Value!;

        Assert.Equal<ClassDuty>([Chinese33 with { Kind = DutyKind.ClassTeacher }], state.Duties);
        var taken = Assert.IsType<TakenOverAre>(state.Outbox.Single(entry => entry.To == Other.ToString()).Fact);
        Assert.Equal([KeyValuePair.Create(Chinese33.Class.ToString(), true)], taken.Classes);

        // A second class of the same other, before the first was delivered: both are told.
        var both = TeacherRules.TakeOver(state, Id, Chinese32.Class, Other, staysAsSubjectTeacher: false, Admin).Value!;
        taken = Assert.IsType<TakenOverAre>(both.Outbox.Single(entry => entry.To == Other.ToString()).Fact);
        Assert.Equal([(Chinese32.Class.ToString(), false), (Chinese33.Class.ToString(), true)], taken.Classes.Select(one => (one.Key, one.Value)).Order());

        Assert.Same(state, TeacherRules.TakeOver(state, Id, Chinese33.Class, null, staysAsSubjectTeacher: true, Admin).Value);
        Assert.Equal(new Conflict("teacher-has-left"), TeacherRules.TakeOver(Left(Entered()), Id, Chinese32.Class, Other, false, Admin).Refusal);
        Assert.IsType<Invalid>(TeacherRules.TakeOver(state, Id, new ClassId("s02", "2024-2"), null, false, Admin).Refusal);
    }

    [Fact]
    public void Who_had_the_class_gives_it_up_or_goes_on_teaching_there()
    {
        var state = WithAccount(Chinese32, Chinese33);
        static TakenOverAre Taken(bool stays) => new(ImmutableDictionary<string, bool>.Empty.Add(Chinese32.Class.ToString(), stays).Add(Chinese33.Class.ToString(), stays), Admin.By);

        var gone = TeacherRules.TakenOver(state, Id, Taken(stays: false), Admin);
        // In the other class they only teach a subject: that is no class teacher's to take over.
        Assert.Equal<ClassDuty>([Chinese33], gone.Duties);
        Assert.Equal([(Chinese32.Class.ToString(), new DutyIs("陈老师", null)), (Account.ToString(), (Fact)new StandingIs())], Told(gone));
        Assert.Equal(Admin.By, gone.History[^1].By);

        var stays = TeacherRules.TakenOver(state, Id, Taken(stays: true), Admin);
        Assert.Equal<ClassDuty>([Chinese32 with { Kind = DutyKind.SubjectTeacher }, Chinese33], stays.Duties);
        Assert.Same(stays, TeacherRules.TakenOver(stays, Id, Taken(stays: true), Admin));
    }

    [Fact]
    public void Who_leaves_has_no_duties_no_offices_and_no_line_in_the_staff_list_and_the_account_is_told()
    {
        var state = Sent(TeacherRules.SetOffices(WithAccount(Chinese32), Id, [Office.GradeHead], Admin).Value!);

        var left = TeacherRules.Leave(state, Id, new LeaveSchool(Day, "退休"), Admin).Value!;

        Assert.Empty(left.Duties);
        Assert.Empty(left.Offices);
        Assert.Equal([(Chinese32.Class.ToString(), new DutyIs("陈老师", null)), (Account.ToString(), (Fact)new StandingIs())], Told(left));
        Assert.Null(Line(left)!.Line);
        Assert.Same(left, TeacherRules.Leave(left, Id, new LeaveSchool(Day, "退休"), Admin).Value);
        Assert.IsType<Invalid>(TeacherRules.Leave(left, Id, new LeaveSchool(Day, " "), Admin).Refusal);
        Assert.Equal(new Conflict("teacher-has-left"), TeacherRules.SetOffices(left, Id, [Office.Principal], Admin).Refusal);

        var back = TeacherRules.Return(Sent(left), Id, Admin).Value!;
        Assert.Empty(back.Duties);
        Assert.NotNull(Line(back)!.Line);
        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(back));
        Assert.Same(back, TeacherRules.Return(back, Id, Admin).Value);
        Assert.Equal(new Conflict("teacher-has-not-left"), TeacherRules.Return(state, Id, Admin).Refusal);
        Assert.Equal<ClassDuty>([Chinese32], Put(left, Teacher(Chinese32)).Duties);
    }

    [Fact]
    public void A_teacher_whom_an_import_added_is_no_more_when_it_is_undone_and_one_whom_it_changed_is_put_back()
    {
        var added = Sent(Put(new TeacherState(), Teacher(Chinese32), Imported));
        var undone = TeacherRules.UndoImport(added, Id, Import, Imported).Value!;
        Assert.Equal("", undone.Name);
        Assert.Empty(undone.History);
        Assert.Null(Line(undone)!.Line);
        Assert.Equal([(Chinese32.Class.ToString(), (Fact)new DutyIs("陈老师", null))], Told(undone));
        Assert.Same(undone, TeacherRules.UndoImport(undone, Id, Import, Imported).Value);
        Assert.Equal(0, TeacherRules.RevisionOf(undone));

        var before = Entered(Chinese32);
        var changed = Put(before, Teacher(Chinese33) with { Name = "程老师" }, Imported);
        Assert.True(TeacherRules.Same(before, TeacherRules.UndoImport(changed, Id, Import, Imported).Value!));

        Assert.Equal(new Conflict("account-since-import"), TeacherRules.CanUndoImport(TeacherRules.BindAccount(added, Id, Account, Admin).Value!, Import));
        Assert.Equal(new Conflict("changed-since-import"), TeacherRules.CanUndoImport(TeacherRules.EndDuty(added, Id, Chinese32.Class, Admin).Value!, Import));
        Assert.IsType<NotFound>(TeacherRules.CanUndoImport(before, Import));
    }

    [Fact]
    public void A_record_that_changed_since_the_importer_looked_is_left_unless_it_is_as_commanded_already()
    {
        var state = Entered(Chinese32);

        Assert.Equal(new Conflict("changed-meanwhile"), TeacherRules.Put(state, Id, Teacher() with { ExpectedRevision = 0 }, Imported).Refusal);
        Assert.Same(state, Put(state, Teacher(Chinese32) with { ExpectedRevision = 0 }, Imported));
        Assert.Equal(2, Put(state, Teacher() with { ExpectedRevision = 1 }, Imported).Revision);
    }

    private static readonly Gen<PutTeacher> Puts = Gen.Select(
        Gen.OneOfConst("陈老师", "程老师"), Gen.OneOfConst<string?>(null, "+8619910000001"), Gen.Bool, Gen.Bool, Gen.OneOfConst("语文", "数学"),
        (name, phone, here, there, subject) => new PutTeacher(
            name, phone, [.. new[] { Chinese32, Chinese33 }.Where(duty => duty.Class == Chinese32.Class ? here : there).Select(duty => duty with { Subjects = [subject] })], []));

    [Fact]
    public void The_last_facts_that_were_told_are_what_is_so_and_repeating_tells_nothing() =>
        Fixed.Holds(Puts.Array[1, 12], 2_000, commands =>
        {
            var state = new TeacherState();
            var told = new Dictionary<string, Fact>();
            foreach (var command in commands)
            {
                state = Put(state, command);
                Assert.Same(state, Put(state, command));
                foreach (var entry in state.Outbox)
                    told[entry.To] = entry.Fact;
            }

            foreach (var @class in new[] { Chinese32.Class, Chinese33.Class })
            {
                var duty = state.Duties.FirstOrDefault(one => one.Class == @class);
                var last = told.GetValueOrDefault(@class.ToString()) as DutyIs;
                Assert.Equal(duty, last?.Duty);
                Assert.True(duty is null || last!.Name == state.Name);
            }

            var line = ((StaffIs)told[Staff]).Line!;
            Assert.Equal((state.Name, state.Duties.Length), (line.Name, line.Classes.Length));
        });

    private static TeacherState Left(TeacherState state) => TeacherRules.Leave(state, Id, new LeaveSchool(Day, "退休"), Admin).Value!;
}
