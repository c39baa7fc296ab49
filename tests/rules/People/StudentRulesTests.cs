using System.Collections.Immutable;
using CsCheck;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.People;

public sealed class StudentRulesTests
{
    private static readonly StudentId Id = new("s01", "2026110001");
    private static readonly ClassId Class32 = new("s01", "2024-2");
    private static readonly ClassId Class33 = new("s01", "2024-3");
    private static readonly GuardianId Ann = new(new string('a', 32));
    private static readonly GuardianId Bo = new(new string('b', 32));
    private static readonly AccountId Account = new(new string('c', 32));
    private static readonly RosterGuardian Mother = new("李梅", Relation.Mother, "+8619910000001");
    private static readonly RosterGuardian Father = new("王强", Relation.Father, "+8619910000002");
    private static readonly DateOnly Day = new(2026, 11, 23);
    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly ImportId Import = new("s01", new string('1', 32));
    private static readonly ImportId OtherImport = new("s01", new string('2', 32));
    private static readonly ChangeMade Office = new(new ChangedBy(Account, "管理员", ChangeCapacity.Administrator, null), At, Day);
    private static readonly string Log = new AuditDayId("s01", Day).ToString();
    private static readonly string Leavers2026 = new LeaversId("s01", 2026).ToString();

    private static ChangeMade By(ImportId import) => Office with { By = Office.By with { Import = import } };

    private static PutStudent Pupil(params ReadOnlySpan<RosterGuardian> guardians) => new("王小雨", Class32, "女", new DateOnly(2018, 3, 4), null, [.. guardians]);

    private static StudentState Put(StudentState state, PutStudent command, ChangeMade? by = null) => StudentRules.Put(state, Id, command, by ?? Office).Value!;

    private static StudentState Entered(params ReadOnlySpan<RosterGuardian> guardians) => Sent(Put(new StudentState(), Pupil(guardians)));

    private static StudentState Sent(StudentState state) => state with { Outbox = [] };

    private static InvitationId Slip(int number) => InvitationId.OfCode("ABCDEFGHJ" + InvitationId.Legible[number])!.Value;

    private static StudentState Issued(StudentState state, string entry, int slip = 1) => StudentRules.IssueSlip(state, Id, entry, Slip(slip), At.AddDays(30), Office).Value!;

    private static StudentState Bound(StudentState state, string entry, GuardianId guardian, int slip = 1) =>
        Sent(StudentRules.RedeemSlip(Issued(state, entry, slip), Id, entry, Slip(slip), guardian, Office).Value!);

    // What was told of the student itself; the audit log has tests of its own.
    private static (string To, Fact Fact)[] Told(StudentState state) => [.. state.Outbox.Where(entry => entry.Fact is not (ChangesAre or MembershipIs)).Select(entry => (entry.To, entry.Fact))];

    private static MembershipIs? Member(StudentState state, ClassId @class) => state.Outbox.SingleOrDefault(entry => entry.To == @class.ToString())?.Fact as MembershipIs;

    private static string[] Changes(StudentState state) => [.. state.History[^1].Changes.Select(one => $"{one.Field}: {one.Before} → {one.After}")];

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var command = Pupil([.. Enumerable.Repeat(Mother with { Name = " " }, PeopleLimits.MostGuardians + 1)]) with { Name = "", Gender = "?", Class = new ClassId("s02", "2024-2"), SpecialStatus = new string('特', 201) };

        Assert.Equal(
            ["name required", "gender unknown", "specialStatus too-long", "class other-school", "guardians too-many", "guardians name-required"],
            StudentRules.Check(Id, command).Select(problem => $"{problem.Field} {problem.Code}"));
        Assert.Equal<FieldProblem>([new("name", "too-long")], StudentRules.Check(Id, Pupil() with { Name = new string('王', PeopleLimits.LongestName + 1) }));
        Assert.Empty(StudentRules.Check(Id, Pupil(Mother, Father) with { Name = new string('王', PeopleLimits.LongestName), Class = null }));
    }

    [Fact]
    public void A_mistyped_number_is_corrected_by_a_roster_and_neither_entry_nor_access_changes()
    {
        var state = Bound(Entered(Mother, Father), "g2", Ann);

        var again = Put(state, Pupil(Mother, Father with { Phone = "+8619910000009" }));

        Assert.Equal(["g1", "g2"], again.Guardians.Select(entry => entry.Entry));
        Assert.Equal(state.Guardians[1] with { Phone = "+8619910000009" }, again.Guardians[1]);
        Assert.Equal(state.Guardians[0], again.Guardians[0]);
        Assert.Empty(Told(again));
        Assert.Equal(["guardian.g2.phone: +8619910000002 → +8619910000009"], Changes(again));
    }

    [Fact]
    public void A_recycled_number_makes_another_entry_that_nobody_has_access_by()
    {
        // The father's old number is somebody else's now: an uncle has it. The number alone makes him nobody.
        var state = Bound(Entered(Mother, Father), "g2", Ann);

        var again = Put(state, Pupil(Mother, Father with { Phone = "+8619910000009" }, new RosterGuardian("赵刚", Relation.Other, Father.Phone)));

        Assert.Equal(["g1", "g2", "g3"], again.Guardians.Select(entry => entry.Entry));
        Assert.Equal(Ann, again.Guardians[1].Guardian);
        Assert.Null(again.Guardians[2].Guardian);
        Assert.Equal(1, Member(again, Class32)!.Joined);
    }

    [Fact]
    public void Two_guardians_may_share_one_phone_and_stay_two()
    {
        var state = Entered(Mother, Father with { Phone = Mother.Phone });
        Assert.Equal(["g1", "g2"], state.Guardians.Select(entry => entry.Entry));

        var bound = Bound(state, "g1", Ann);
        Assert.False(bound.Guardians[1].HasAccess);
        Assert.Same(bound, Put(bound, Pupil(Mother, Father with { Phone = Mother.Phone })));
        Assert.Equal(Bo, Bound(bound, "g2", Bo, 2).Guardians[1].Guardian);
    }

    [Fact]
    public void Somebody_is_known_again_by_name_and_relation_else_by_the_other_systems_id_else_by_relation_and_phone()
    {
        var state = Entered(Mother with { External = "u1" }, Father);

        var renamed = Put(state, Pupil(Father with { Name = "王刚" }, new RosterGuardian("李美", Relation.Mother, "+8619910000008", "u1")));
        Assert.Equal(["g1 李美 +8619910000008", "g2 王刚 +8619910000002"], renamed.Guardians.Select(entry => $"{entry.Entry} {entry.Name} {entry.Phone}"));

        // The surest likeness first: who only has the same phone must not take the entry of who has the same name.
        var swapped = Put(state, Pupil(Mother with { Name = "李红" }, Mother with { Phone = "+8619910000007" }, Father));
        Assert.Equal(["g1 李梅 +8619910000007", "g2 王强 +8619910000002", "g3 李红 +8619910000001"], swapped.Guardians.Select(entry => $"{entry.Entry} {entry.Name} {entry.Phone}"));
    }

    [Fact]
    public void A_phone_carries_nobodys_access_over_to_another_name()
    {
        var bound = Bound(Entered(new RosterGuardian("张爷爷", Relation.Other, Mother.Phone)), "g1", Ann);

        var next = Put(bound, Pupil(new RosterGuardian("刘奶奶", Relation.Other, Mother.Phone)));

        Assert.Equal(["g1 张爷爷 True", "g2 刘奶奶 False"], next.Guardians.Select(entry => $"{entry.Entry} {entry.Name} {entry.HasAccess}"));
    }

    [Fact]
    public void The_number_of_somebody_who_has_left_is_not_given_to_another_child_but_the_same_child_comes_back()
    {
        var left = Sent(StudentRules.Leave(Bound(Entered(Mother), "g1", Ann), Id, new LeaveSchool(Day, "转学"), Office).Value!);

        Assert.Equal(new Conflict("number-taken"), StudentRules.Put(left, Id, Pupil(Father) with { Name = "别的孩子" }, Office).Refusal);
        Assert.Equal(Class32, Put(left, Pupil(Mother)).Class);
    }

    [Fact]
    public void What_the_office_has_ended_a_class_teachers_slip_does_not_give_back()
    {
        var ended = StudentRules.EndAccess(Bound(Entered(Mother), "g1", Ann), Id, "g1", Office).Value!;
        var teacher = Office with { By = Office.By with { Capacity = ChangeCapacity.ClassTeacher } };

        Assert.Equal(new Conflict("access-ended"), StudentRules.IssueSlip(ended, Id, "g1", Slip(3), At.AddDays(30), teacher).Refusal);
        Assert.True(Bound(ended, "g1", Ann, 3).Guardians[0].HasAccess);
    }

    [Fact]
    public void Who_is_not_listed_goes_if_nobody_was_ever_bound_by_the_entry_and_an_entry_is_never_used_again()
    {
        var state = Bound(Entered(Mother, Father, new RosterGuardian("王奶奶", Relation.PaternalGrandmother, "")), "g1", Ann);

        var kept = Put(state, Pupil(Father) with { KeepUnlisted = true });
        Assert.Equal(["g1", "g2", "g3"], kept.Guardians.Select(entry => entry.Entry));

        var gone = Put(state, Pupil(Father));
        Assert.Equal(["g1", "g2"], gone.Guardians.Select(entry => entry.Entry));
        Assert.Equal(["guardian.g3: 王奶奶 paternalGrandmother → "], Changes(gone));

        var back = Put(gone, Pupil(Father, new RosterGuardian("王奶奶", Relation.PaternalGrandmother, "")));
        Assert.Equal(["g1", "g2", "g4"], back.Guardians.Select(entry => entry.Entry));
    }

    [Fact]
    public void A_custody_restriction_is_not_forgotten_by_a_roster_that_leaves_somebody_out()
    {
        var state = StudentRules.Restrict(Entered(Mother, Father), Id, "g2", CustodyRestriction.NoAccess, "(2026) 民初 1", Office).Value!;

        Assert.Same(state, Put(state, Pupil(Mother)));
        Assert.Equal(CustodyRestriction.NoAccess, Put(state, Pupil(Mother, Father with { Phone = "" })).Guardians[1].Custody);
    }

    [Fact]
    public void No_more_than_the_most_guardians_are_there_whoever_is_kept()
    {
        RosterGuardian[] many = [.. Enumerable.Range(0, PeopleLimits.MostGuardians).Select(i => new RosterGuardian($"家长{i}", Relation.Other, ""))];
        var state = Bound(Entered(many), "g1", Ann);

        Assert.Equal(Invalid.Field("guardians", "too-many").Problems[0], Assert.IsType<Invalid>(StudentRules.Put(state, Id, Pupil([.. many.Skip(1), Mother]), Office).Refusal).Problems[0]);
        Assert.IsType<Invalid>(StudentRules.AddGuardian(state, Id, Guid.NewGuid(), new GuardianDetails("李梅", Relation.Mother, "", 1), Office).Refusal);
    }

    [Fact]
    public void The_order_in_which_guardians_are_contacted_outlives_a_roster()
    {
        var state = StudentRules.OrderGuardians(Entered(Mother, Father), Id, ["g2", "g1"], Office).Value!;
        Assert.Equal(["guardianOrder: g1 g2 → g2 g1"], Changes(state));

        Assert.Same(state, Put(state, Pupil(Mother, Father)));
        Assert.Same(state, StudentRules.OrderGuardians(state, Id, ["g2", "g1"], Office).Value);
        Assert.Equal<string>(["王强", "李梅"], Member(state, Class32)!.Guardians);
        foreach (var wrong in new ImmutableArray<string>[] { [], ["g1"], ["g1", "g1"], ["g1", "g2", "g3"] })
            Assert.IsType<Invalid>(StudentRules.OrderGuardians(state, Id, wrong, Office).Refusal);
    }

    [Fact]
    public void A_record_that_changed_since_the_importer_looked_is_left_unless_it_is_as_commanded_already()
    {
        var state = Entered(Mother);
        Assert.Equal(1, StudentRules.RevisionOf(state));
        Assert.Equal(0, StudentRules.RevisionOf(new StudentState()));

        Assert.Equal(new Conflict("changed-meanwhile"), StudentRules.Put(state, Id, Pupil(Mother, Father) with { ExpectedRevision = 0 }, Office).Refusal);
        Assert.Equal(new Conflict("changed-meanwhile"), StudentRules.Put(new StudentState(), Id, Pupil(Mother) with { ExpectedRevision = 3 }, Office).Refusal);
        Assert.Same(state, Put(state, Pupil(Mother) with { ExpectedRevision = 0 }));
        Assert.Equal(2, Put(state, Pupil(Mother, Father) with { ExpectedRevision = 1 }).Revision);
        // A record from before there were revisions was there all the same.
        Assert.Equal(1, StudentRules.RevisionOf(state with { Revision = 0 }));
    }

    [Fact]
    public void A_new_student_tells_its_class_and_a_moved_one_both()
    {
        var entered = Put(new StudentState(), Pupil(Mother));
        Assert.Equal(("王小雨", true, "李梅", 0), Shown(Member(entered, Class32)!));

        var moved = StudentRules.Move(Sent(entered), Id, Class33, Office).Value!;
        Assert.Equal(("王小雨", false, "", 0), Shown(Member(moved, Class32)!));
        Assert.Equal(("王小雨", true, "李梅", 0), Shown(Member(moved, Class33)!));
        Assert.Same(moved, StudentRules.Move(moved, Id, Class33, Office).Value);
        Assert.IsType<Invalid>(StudentRules.Move(moved, Id, new ClassId("s02", "2024-2"), Office).Refusal);
        Assert.Equal(["class: 2024-2 → 2024-3"], Changes(moved));

        static (string, bool, string, int) Shown(MembershipIs member) => (member.Name, member.IsMember, string.Join(',', member.Guardians), member.Joined);
    }

    [Fact]
    public void The_class_is_told_of_names_and_of_who_is_in_and_of_nothing_else()
    {
        var state = Entered(Mother, Father);

        Assert.Equal("王晓雨", Member(StudentRules.Correct(state, Id, new CorrectStudent("王晓雨", "女", null, null), Office).Value!, Class32)!.Name);
        Assert.Equal<string>(["李美", "王强"], Member(StudentRules.CorrectGuardian(state, Id, "g1", new GuardianDetails("李美", Relation.Mother, "", 1), Office).Value!, Class32)!.Guardians);
        Assert.Equal(1, Member(StudentRules.RedeemSlip(Issued(state, "g1"), Id, "g1", Slip(1), Ann, Office).Value!, Class32)!.Joined);
        Assert.Null(Member(Issued(state, "g1"), Class32));
        Assert.Null(Member(StudentRules.Correct(state, Id, new CorrectStudent("王小雨", null, null, "随班就读"), Office).Value!, Class32));
        Assert.Null(Member(StudentRules.CorrectGuardian(state, Id, "g1", new GuardianDetails("李梅", Relation.Mother, "+8619910000005", 2), Office).Value!, Class32));
    }

    [Fact]
    public void A_child_that_moves_takes_its_familys_and_its_own_rights_along_at_once()
    {
        var state = Sent(StudentRules.BindAccount(Bound(Entered(Mother, Father), "g1", Ann), Id, Account, Office).Value!);

        Assert.Equal([(Ann.ToString(), new AccessIs(Relation.Mother)), (Account.ToString(), (Fact)new StandingIs())], Told(StudentRules.Move(state, Id, Class33, Office).Value!));
    }

    [Fact]
    public void A_child_that_leaves_is_out_of_its_class_in_the_years_list_and_its_slips_are_void()
    {
        var state = Issued(Bound(Entered(Mother, Father), "g1", Ann), "g2", 2);

        var left = StudentRules.Leave(Sent(state), Id, new LeaveSchool(Day, "转学"), Office).Value!;

        Assert.False(Member(left, Class32)!.IsMember);
        Assert.Equal([(Leavers2026, new LeaverIs(new Leaver(Id, "王小雨", Class32, Day, "转学", null))), (Ann.ToString(), (Fact)new AccessIs(Relation.Mother))], Told(left));
        Assert.True(left.Guardians[0].HasAccess);
        Assert.Equal(new Conflict("slip-unknown"), StudentRules.RedeemSlip(left, Id, "g2", Slip(2), Bo, Office).Refusal);
        Assert.Equal(new Conflict("student-has-left"), StudentRules.IssueSlip(left, Id, "g2", Slip(3), At, Office).Refusal);
        Assert.Equal(new Conflict("student-has-left"), StudentRules.Move(left, Id, Class33, Office).Refusal);
        Assert.Same(left, StudentRules.Leave(left, Id, new LeaveSchool(Day, "转学"), Office).Value);
        Assert.Equal("转学", left.History[^1].Reason);
        foreach (var reason in new[] { "", " ", new string('因', PeopleLimits.LongestReason + 1) })
            Assert.IsType<Invalid>(StudentRules.Leave(left, Id, new LeaveSchool(Day, reason), Office).Refusal);
    }

    [Fact]
    public void A_day_of_leaving_that_was_wrong_is_corrected_across_the_year()
    {
        var left = Sent(StudentRules.Leave(Entered(Mother), Id, new LeaveSchool(new DateOnly(2027, 1, 2), "转学"), Office).Value!);

        var corrected = StudentRules.Leave(left, Id, new LeaveSchool(new DateOnly(2026, 12, 31), "转学"), Office).Value!;

        Assert.Equal(
            [(new LeaversId("s01", 2027).ToString(), new LeaverIs(null)), (Leavers2026, (Fact)new LeaverIs(new Leaver(Id, "王小雨", Class32, new DateOnly(2026, 12, 31), "转学", null)))], Told(corrected));
    }

    [Fact]
    public void A_child_comes_back_by_the_office_or_by_a_roster_and_is_in_the_list_of_leavers_no_more()
    {
        var left = Sent(StudentRules.Leave(Entered(Mother), Id, new LeaveSchool(Day, "转学"), Office).Value!);

        var back = StudentRules.Return(left, Id, Class33, Office).Value!;
        Assert.True(Member(back, Class33)!.IsMember);
        Assert.Equal([(Leavers2026, (Fact)new LeaverIs(null))], Told(back));
        Assert.Same(back, StudentRules.Return(back, Id, Class33, Office).Value);
        Assert.Equal(new Conflict("student-has-not-left"), StudentRules.Return(back, Id, Class32, Office).Refusal);

        var listed = Put(left, Pupil(Mother));
        Assert.Null(listed.Left);
        Assert.Equal([(Leavers2026, (Fact)new LeaverIs(null))], Told(listed));
    }

    [Fact]
    public void A_roster_that_marks_a_child_as_gone_lets_it_leave_that_day_and_nobody_who_is_not_there()
    {
        var gone = Put(Entered(Mother), Pupil(Mother) with { Class = null }, By(Import));

        Assert.Equal(new StudentLeft(Day, StudentRules.GoneFromRoster, Class32), gone.Left);
        Assert.Same(gone, Put(gone, Pupil(Mother) with { Class = null }, By(Import) with { Day = Day.AddDays(1) }));
        var nobody = new StudentState();
        Assert.Same(nobody, Put(nobody, Pupil() with { Class = null }));
    }

    [Fact]
    public void A_guardian_is_added_once_a_command_under_a_number_that_was_never_used()
    {
        var operation = Guid.NewGuid();
        var details = new GuardianDetails("王奶奶", Relation.PaternalGrandmother, "+8619910000004", 2);
        var state = StudentRules.RemoveGuardian(Entered(Mother, Father), Id, "g2", Office).Value!;

        var added = StudentRules.AddGuardian(state, Id, operation, details, Office).Value!;
        Assert.Equal("g3", StudentRules.EntryOf(added, operation));
        Assert.Equal(2, added.Guardians[^1].Household);
        Assert.Same(added, StudentRules.AddGuardian(added, Id, operation, details with { Name = "别人" }, Office).Value);
        Assert.Equal("g4", StudentRules.EntryOf(StudentRules.AddGuardian(added, Id, Guid.Empty, details, Office).Value!, Guid.Empty));

        for (var i = 0; i < StudentRules.MostRemembered + 4; i++)
            state = StudentRules.RemoveGuardian(StudentRules.AddGuardian(state, Id, Guid.NewGuid(), details, Office).Value!, Id, $"g{i + 3}", Office).Value!;
        Assert.Equal(StudentRules.MostRemembered, state.Added.Length);
    }

    [Fact]
    public void A_guardians_details_are_looked_at_all_at_once()
    {
        var answer = StudentRules.CorrectGuardian(Entered(Mother), Id, "g1", new GuardianDetails("", Relation.Mother, "19910000001", 5), Office);

        Assert.Equal(["name required", "phone phone-malformed", "household unknown"], Assert.IsType<Invalid>(answer.Refusal).Problems.Select(problem => $"{problem.Field} {problem.Code}"));
        Assert.IsType<NotFound>(StudentRules.CorrectGuardian(Entered(Mother), Id, "g9", new GuardianDetails("李梅", Relation.Mother, "", 1), Office).Refusal);
    }

    [Fact]
    public void Correcting_a_phone_number_binds_nobody_and_tells_no_guardian()
    {
        var state = Bound(Entered(Mother), "g1", Ann);
        var corrected = StudentRules.CorrectGuardian(state, Id, "g1", new GuardianDetails("李梅", Relation.Mother, "+8619910000077", 1), Office).Value!;

        Assert.Equal(Ann, corrected.Guardians[0].Guardian);
        Assert.Empty(Told(corrected));
    }

    [Fact]
    public void Who_was_ever_bound_is_ended_and_not_removed()
    {
        var state = Bound(Entered(Mother, Father), "g1", Ann);

        Assert.Equal(new Conflict("guardian-was-bound"), StudentRules.RemoveGuardian(state, Id, "g1", Office).Refusal);
        Assert.Equal(new Conflict("guardian-was-bound"), StudentRules.RemoveGuardian(StudentRules.EndAccess(state, Id, "g1", Office).Value!, Id, "g1", Office).Refusal);
        var removed = StudentRules.RemoveGuardian(state, Id, "g2", Office).Value!;
        Assert.Same(removed, StudentRules.RemoveGuardian(removed, Id, "g2", Office).Value);
    }

    [Fact]
    public void Only_the_slip_that_counts_binds_and_it_is_used_in_the_same_write()
    {
        var first = Issued(Entered(Mother), "g1", 1);
        var reissued = Issued(first, "g1", 2);

        Assert.Equal(new Conflict("slip-unknown"), StudentRules.RedeemSlip(reissued, Id, "g1", Slip(1), Ann, Office).Refusal);
        Assert.Equal(new Conflict("slip-unknown"), StudentRules.RedeemSlip(reissued, Id, "g9", Slip(2), Ann, Office).Refusal);
        var redeemed = StudentRules.RedeemSlip(reissued, Id, "g1", Slip(2), Ann, Office).Value!;
        Assert.Equal((Ann, (DateTimeOffset?)At, true), (redeemed.Guardians[0].Guardian!.Value, redeemed.Guardians[0].Slip!.Used, redeemed.Guardians[0].HasAccess));
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Mother))], Told(redeemed));

        Assert.Same(redeemed, StudentRules.RedeemSlip(redeemed, Id, "g1", Slip(2), Ann, Office).Value);
        Assert.Equal(new Conflict("entry-bound-to-another"), StudentRules.RedeemSlip(redeemed, Id, "g1", Slip(2), Bo, Office).Refusal);
        Assert.Same(redeemed, Issued(redeemed, "g1", 2));
    }

    [Fact]
    public void A_slip_for_somebody_who_is_in_is_used_without_a_change_of_access()
    {
        var state = Bound(Entered(Mother), "g1", Ann);

        var recovered = StudentRules.RedeemSlip(Issued(state, "g1", 2), Id, "g1", Slip(2), Ann, Office).Value!;

        Assert.Equal(At, recovered.Guardians[0].Slip!.Used);
        Assert.Empty(Told(recovered));
        Assert.Equal(new Conflict("entry-bound-to-another"), StudentRules.RedeemSlip(Issued(state, "g1", 2), Id, "g1", Slip(2), Bo, Office).Refusal);
    }

    [Fact]
    public void A_revoked_slip_is_void_and_a_used_one_stays_known_as_used()
    {
        var revoked = StudentRules.RevokeSlip(Issued(Entered(Mother), "g1"), Id, "g1", Office).Value!;
        Assert.Equal(new Conflict("slip-unknown"), StudentRules.RedeemSlip(revoked, Id, "g1", Slip(1), Ann, Office).Refusal);
        Assert.Same(revoked, StudentRules.RevokeSlip(revoked, Id, "g1", Office).Value);
        Assert.IsType<NotFound>(StudentRules.RevokeSlip(revoked, Id, "g9", Office).Refusal);

        var used = Bound(Entered(Mother), "g1", Ann);
        Assert.Same(used, StudentRules.RevokeSlip(used, Id, "g1", Office).Value);
    }

    [Fact]
    public void Access_that_was_ended_is_told_at_once_and_does_not_come_back_by_the_slip_that_gave_it()
    {
        var bound = Bound(Entered(Mother), "g1", Ann);

        var ended = StudentRules.EndAccess(bound, Id, "g1", Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(null))], Told(ended));
        Assert.Equal(0, Member(ended, Class32)!.Joined);
        Assert.Same(ended, StudentRules.EndAccess(ended, Id, "g1", Office).Value);
        Assert.IsType<NotFound>(StudentRules.EndAccess(ended, Id, "g2", Office).Refusal);
        Assert.Equal(new Conflict("slip-unknown"), StudentRules.RedeemSlip(ended, Id, "g1", Slip(1), Ann, Office).Refusal);

        // A new slip is a decision of its own.
        var back = StudentRules.RedeemSlip(Issued(Sent(ended), "g1", 2), Id, "g1", Slip(2), Ann, Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Mother))], Told(back));
        Assert.True(back.Guardians[0].HasAccess);
    }

    [Fact]
    public void No_access_by_custody_voids_the_slip_and_tells_the_guardian_and_lifting_it_gives_access_back()
    {
        var state = Issued(Bound(Entered(Mother, Father), "g2", Ann), "g2", 2);

        var restricted = StudentRules.Restrict(Sent(state), Id, "g2", CustodyRestriction.NoAccess, "(2026) 民初 1", Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(null))], Told(restricted));
        Assert.Equal(("(2026) 民初 1", null), (restricted.Guardians[1].CustodyReason, restricted.Guardians[1].Slip));
        Assert.Equal(new Conflict("slip-unknown"), StudentRules.RedeemSlip(restricted, Id, "g2", Slip(2), Ann, Office).Refusal);
        Assert.Equal(new Conflict("access-restricted"), StudentRules.IssueSlip(restricted, Id, "g2", Slip(3), At, Office).Refusal);
        Assert.Same(restricted, StudentRules.Restrict(restricted, Id, "g2", CustodyRestriction.NoAccess, "(2026) 民初 1", Office).Value);

        var lifted = StudentRules.Restrict(Sent(restricted), Id, "g2", CustodyRestriction.None, "调解书", Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Father))], Told(lifted));
        Assert.Null(lifted.Guardians[1].CustodyReason);
    }

    [Fact]
    public void Reading_only_is_told_too_because_writing_ends_with_it()
    {
        var state = Bound(Entered(Father), "g1", Ann);

        var restricted = StudentRules.Restrict(state, Id, "g1", CustodyRestriction.ReadOnly, "探视权", Office).Value!;

        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Father))], Told(restricted));
        Assert.True(restricted.Guardians[0].HasAccess);
        Assert.NotNull(restricted.Guardians[0].Slip);
        Assert.IsType<Invalid>(StudentRules.Restrict(state, Id, "g1", CustodyRestriction.ReadOnly, "", Office).Refusal);
        Assert.IsType<NotFound>(StudentRules.Restrict(state, Id, "g9", CustodyRestriction.ReadOnly, "探视权", Office).Refusal);
    }

    [Fact]
    public void Somebody_bound_by_two_entries_has_access_until_both_are_ended_as_what_the_first_says()
    {
        var state = StudentRules.RedeemSlip(Issued(Entered(Mother, Mother with { Relation = Relation.Other }), "g2"), Id, "g2", Slip(1), Ann, Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Other))], Told(state));
        state = StudentRules.RedeemSlip(Issued(state, "g1", 2), Id, "g1", Slip(2), Ann, Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Mother))], Told(state));

        state = StudentRules.EndAccess(state, Id, "g1", Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Other))], Told(state));
        state = StudentRules.EndAccess(state, Id, "g2", Office).Value!;
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(null))], Told(state));
    }

    [Fact]
    public void A_student_signs_in_by_one_account()
    {
        var bound = StudentRules.BindAccount(Entered(), Id, Account, Office).Value!;

        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(bound));
        Assert.Same(bound, StudentRules.BindAccount(bound, Id, Account, Office).Value);
        Assert.Equal(new Conflict("student-has-account"), StudentRules.BindAccount(bound, Id, new AccountId(new string('d', 32)), Office).Refusal);
    }

    [Fact]
    public void Each_change_is_an_entry_of_the_record_and_of_the_days_log_with_who_when_and_what_was()
    {
        var state = StudentRules.Restrict(Put(new StudentState(), Pupil(Mother)), Id, "g1", CustodyRestriction.ReadOnly, "判决书", Office).Value!;

        Assert.Equal([1, 2], state.History.Select(entry => entry.Revision));
        var entry = state.History[1];
        Assert.Equal((At, Office.By, Id.ToString(), "王小雨", "guardian-restricted", "判决书"), (entry.At, entry.By, entry.Subject, entry.SubjectName, entry.What, entry.Reason));
        Assert.Equal(["guardian.g1.custody: none → readOnly"], Changes(state));
        // The second does not drop the first, which still waits.
        Assert.Equal<AuditEntry>(state.History, Assert.IsType<ChangesAre>(state.Outbox.Single(one => one.To == Log).Fact).Entries);
        Assert.Equal(
            ["name:  → 王小雨", "class:  → 2024-2", "gender:  → 女", "birthDate:  → 2018-03-04", "guardian.g1:  → 李梅 mother +8619910000001"],
            state.History[0].Changes.Select(one => $"{one.Field}: {one.Before} → {one.After}"));
    }

    [Fact]
    public void The_record_remembers_its_newest_changes_only()
    {
        var state = Entered(Mother);
        for (var i = 0; i < PeopleLimits.HistoryEntries + 5; i++)
            state = StudentRules.Correct(state, Id, new CorrectStudent($"王{i}", null, null, null), Office).Value!;

        Assert.Equal(PeopleLimits.HistoryEntries, state.History.Length);
        Assert.Equal(state.Revision, state.History[^1].Revision);
        Assert.Equal(PeopleLimits.HistoryEntries + 6, state.Revision);
    }

    [Fact]
    public void No_id_of_a_guardian_or_account_is_in_an_entry()
    {
        var state = StudentRules.BindAccount(Bound(Entered(Mother), "g1", Ann), Id, Account, Office).Value!;

        Assert.All(state.History.SelectMany(entry => entry.Changes), change => Assert.DoesNotContain(Ann.Opaque, $"{change.Before}{change.After}", StringComparison.Ordinal));
        Assert.Equal(["account:  → open"], Changes(state));
    }

    [Fact]
    public void A_change_of_an_import_is_in_the_records_history_and_not_in_the_days_log()
    {
        var state = Put(new StudentState(), Pupil(Mother), By(Import));

        Assert.Equal(Import, Assert.Single(state.History).By.Import);
        Assert.DoesNotContain(state.Outbox, entry => entry.Fact is ChangesAre);
    }

    [Fact]
    public void A_student_whom_an_import_added_is_no_more_when_it_is_undone()
    {
        var state = Sent(Put(new StudentState(), Pupil(Mother), By(Import)));
        Assert.Null(StudentRules.CanUndoImport(state, Import));
        Assert.IsType<NotFound>(StudentRules.CanUndoImport(state, OtherImport));

        var undone = StudentRules.UndoImport(state, Id, Import, By(Import)).Value!;

        Assert.Equal(("", null, 0L), (undone.Name, undone.Class, StudentRules.RevisionOf(undone)));
        Assert.False(Member(undone, Class32)!.IsMember);
        Assert.Equal("王小雨", Member(undone, Class32)!.Name);
        Assert.Empty(undone.Guardians);
        Assert.Empty(undone.History);
        Assert.Same(undone, StudentRules.UndoImport(undone, Id, Import, By(Import)).Value);
        // Somebody who is entered under this number later is another: no entry of the earlier one means them.
        var later = Put(undone, Pupil(Mother) with { ExpectedRevision = 0 });
        Assert.Equal(["g2"], later.Guardians.Select(entry => entry.Entry));
        Assert.Equal(3, later.Revision);
        Assert.Null(StudentRules.CanUndoImport(later, Import));
        Assert.Same(later, StudentRules.UndoImport(later, Id, Import, By(Import)).Value);
    }

    [Fact]
    public void A_student_whom_an_import_changed_is_put_back_with_all_that_follows()
    {
        var before = Bound(Entered(Mother, Father), "g1", Ann);
        var imported = Sent(Put(before, Pupil(Mother with { Phone = "+8619910000055" }) with { Class = Class33, Name = "王晓雨" }, By(Import)));
        Assert.Equal(["g1"], imported.Guardians.Select(entry => entry.Entry));

        var undone = StudentRules.UndoImport(imported, Id, Import, By(Import)).Value!;

        Assert.True(StudentRules.Same(before, undone));
        Assert.False(Member(undone, Class33)!.IsMember);
        Assert.Equal<string>(["李梅", "王强"], Member(undone, Class32)!.Guardians);
        Assert.Equal([(Ann.ToString(), (Fact)new AccessIs(Relation.Mother))], Told(undone));
        Assert.Null(undone.LastImport!.Before);
        Assert.Equal("import-undone", undone.History[^1].What);
    }

    [Fact]
    public void A_student_whom_an_import_let_leave_is_back_in_its_class()
    {
        var before = Entered(Mother);
        var left = Sent(StudentRules.Leave(before, Id, new LeaveSchool(Day, "名单中没有"), By(Import)).Value!);

        var undone = StudentRules.UndoImport(left, Id, Import, By(Import)).Value!;

        Assert.True(StudentRules.Same(before, undone));
        Assert.Equal([(Leavers2026, (Fact)new LeaverIs(null))], Told(undone));
    }

    [Fact]
    public void An_import_that_something_depends_on_is_not_undone()
    {
        var added = Put(new StudentState(), Pupil(Mother), By(Import));

        Assert.Equal(new Conflict("account-since-import"), StudentRules.UndoImport(Bound(added, "g1", Ann), Id, Import, By(Import)).Refusal);
        Assert.Equal(new Conflict("account-since-import"), StudentRules.CanUndoImport(StudentRules.BindAccount(added, Id, Account, Office).Value!, Import));
        Assert.Equal(new Conflict("changed-since-import"), StudentRules.CanUndoImport(StudentRules.Move(added, Id, Class33, Office).Value!, Import));
        var later = Put(added, Pupil(Mother, Father), By(OtherImport));
        Assert.IsType<NotFound>(StudentRules.CanUndoImport(later, Import));
        Assert.Null(StudentRules.CanUndoImport(later, OtherImport));
    }

    [Fact]
    public void An_import_that_changes_somebody_twice_is_undone_to_what_was_before_the_first_time()
    {
        var before = Entered(Mother);
        var twice = StudentRules.Move(Put(before, Pupil(Mother, Father), By(Import)), Id, Class33, By(Import)).Value!;

        Assert.True(StudentRules.Same(before, StudentRules.UndoImport(twice, Id, Import, By(Import)).Value!));
    }

    private abstract record Command
    {
        public sealed record Enter(string Name, ClassId? Class, bool WithMother, bool WithFather, int Phone, bool Imported) : Command;

        public sealed record Redeem(string Entry, GuardianId Guardian, int Slip) : Command;

        public sealed record End(string Entry) : Command;

        public sealed record Restrict(string Entry, CustodyRestriction To) : Command;

        public sealed record Go(ClassId? To) : Command;

        public sealed record Undo : Command;
    }

    private static readonly Gen<ClassId?> AClass = Gen.OneOfConst<ClassId?>(Class32, Class33, null);

    private static readonly Gen<Command[]> Commands = Gen.OneOf(
        Gen.Select(Gen.OneOfConst("小雨", "晓雨"), AClass, Gen.Bool, Gen.Bool, Gen.Int[1, 3], Gen.Bool, (name, at, mother, father, phone, imported) => (Command)new Command.Enter(name, at, mother, father, phone, imported)),
        Gen.Select(Gen.OneOfConst("g1", "g2", "g3"), Gen.OneOfConst(Ann, Bo), Gen.Int[1, 9], (entry, guardian, slip) => (Command)new Command.Redeem(entry, guardian, slip)),
        Gen.OneOfConst("g1", "g2", "g3").Select(entry => (Command)new Command.End(entry)),
        Gen.Select(Gen.OneOfConst("g1", "g2", "g3"), Gen.OneOfConst(CustodyRestriction.None, CustodyRestriction.ReadOnly, CustodyRestriction.NoAccess), (entry, to) => (Command)new Command.Restrict(entry, to)),
        AClass.Select(to => (Command)new Command.Go(to)),
        Gen.Const((Command)new Command.Undo())).Array[1, 25];

    // As the slip's actor and the office do it: a slip is issued, and redeemed.
    private static StudentState Apply(StudentState state, Command command)
    {
        var nobody = state.Name.Length == 0;
        return command switch
        {
            Command.Enter put => Or(StudentRules.Put(state, Id, ToPut(put), put.Imported ? By(Import) : Office), state),
            Command.Undo => Or(StudentRules.UndoImport(state, Id, Import, By(Import)), state),
            _ when nobody => state,
            Command.Redeem redeem => Redeemed(state, redeem),
            Command.End end => Or(StudentRules.EndAccess(state, Id, end.Entry, Office), state),
            Command.Restrict restrict => Or(StudentRules.Restrict(state, Id, restrict.Entry, restrict.To, "判决书", Office), state),
            Command.Go { To: { } to } => state.Left is null ? Or(StudentRules.Move(state, Id, to, Office), state) : Or(StudentRules.Return(state, Id, to, Office), state),
            Command.Go => Or(StudentRules.Leave(state, Id, new LeaveSchool(Day, "转学"), Office), state),
            _ => throw new InvalidOperationException($"{command} is no command."),
        };

        static StudentState Or(Answer<StudentState> answer, StudentState state) => answer.Value ?? state;

        static StudentState Redeemed(StudentState state, Command.Redeem redeem)
        {
            if (state.Guardians.Any(one => one.Entry == redeem.Entry && one.Slip?.Slip == Slip(redeem.Slip) && one.Slip.Used is not null))
                return Or(StudentRules.RedeemSlip(state, Id, redeem.Entry, Slip(redeem.Slip), redeem.Guardian, Office), state);
            if (state.Guardians.FirstOrDefault(one => one.Entry == redeem.Entry) is { Guardian: { } bound } && bound != redeem.Guardian)
                return state;

            var issued = Or(StudentRules.IssueSlip(state, Id, redeem.Entry, Slip(redeem.Slip), At.AddDays(1), Office), state);
            return Or(StudentRules.RedeemSlip(issued, Id, redeem.Entry, Slip(redeem.Slip), redeem.Guardian, Office), issued);
        }
    }

    private static PutStudent ToPut(Command.Enter put)
    {
        var guardians = ImmutableArray.CreateBuilder<RosterGuardian>();
        if (put.WithMother)
            guardians.Add(Mother with { Phone = $"+861991000000{put.Phone}" });
        if (put.WithFather)
            guardians.Add(Father with { Phone = $"+861991000000{put.Phone}" });
        return new PutStudent(put.Name, put.Class, null, null, null, guardians.ToImmutable());
    }

    [Fact]
    public void C1_a_command_repeated_changes_nothing_whatever_came_before() =>
        Fixed.Holds(Commands, 3_000, commands =>
        {
            var state = new StudentState();
            foreach (var command in commands)
            {
                state = Apply(state, command);
                Assert.Same(state, Apply(state, command));
            }
        });

    [Fact]
    public void The_last_facts_that_were_told_are_what_is_so_and_every_change_is_in_the_log_or_of_an_import() =>
        Fixed.Holds(Commands, 3_000, commands =>
        {
            var state = new StudentState();
            var told = new Dictionary<string, Fact>();
            var entries = new HashSet<int>();
            foreach (var command in commands)
            {
                var before = state;
                state = Apply(state, command);
                foreach (var entry in state.Outbox)
                    told[entry.To] = entry.Fact;

                Assert.Equal(state.Guardians.Select(entry => entry.Entry).Distinct(), state.Guardians.Select(entry => entry.Entry));
                Assert.True(state.Revision >= before.Revision);
                Assert.True(ReferenceEquals(before, state) || state.Revision > before.Revision);
                Assert.All(state.Guardians.Where(one => !before.Guardians.Any(other => other.Entry == one.Entry)), one =>
                    Assert.True(command is Command.Undo || entries.Add(int.Parse(one.Entry.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture))));
            }

            foreach (var guardian in new[] { Ann, Bo })
            {
                var relation = state.Guardians.FirstOrDefault(entry => entry.HasAccess && entry.Guardian == guardian)?.Relation;
                Assert.Equal(relation, (told.GetValueOrDefault(guardian.ToString()) as AccessIs)?.Relation);
            }

            foreach (var @class in new[] { Class32, Class33 })
            {
                var member = told.GetValueOrDefault(@class.ToString()) as MembershipIs;
                Assert.Equal(state.Class == @class, member?.IsMember ?? false);
                if (state.Class == @class)
                {
                    Assert.Equal(state.Name, member!.Name);
                    Assert.Equal(state.Guardians.Select(entry => entry.Name), member.Guardians);
                    Assert.Equal(state.Guardians.Count(entry => entry.HasAccess), member.Joined);
                }
            }

            Assert.Equal(state.Left is null ? null : state.Name, (told.GetValueOrDefault(Leavers2026) as LeaverIs)?.Leaver?.Name);
            var log = (told.GetValueOrDefault(Log) as ChangesAre)?.Entries ?? [];
            Assert.Equal(log.Select(entry => entry.Revision).Distinct().Order(), log.Select(entry => entry.Revision));
            if (state.Name.Length > 0)
                Assert.All(state.History.Where(entry => entry.By.Import is null), entry => Assert.Contains(entry, log));
        });
}
