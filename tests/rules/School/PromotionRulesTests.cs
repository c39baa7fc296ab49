using System.Collections.Immutable;
using SchoolHome.Grains.People;
using SchoolHome.Grains.School;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Tests.Rules.School;

public sealed class PromotionRulesTests
{
    private static readonly SchoolId Id = new("s01");
    private static readonly DateOnly Day = new(2027, 8, 1);
    private static readonly DateTimeOffset At = new(2027, 8, 1, 1, 0, 0, TimeSpan.Zero);
    private static readonly ChangeMade Admin = new(new ChangedBy(null, "管理员", ChangeCapacity.Administrator, null), At, Day);
    private static readonly Guid Operation = Guid.NewGuid();

    private static SchoolClass A(int grade, int number, string? name = null) =>
        new(SchoolClass.IdOf(Id, 2026, grade, number), name ?? SchoolClass.UsualName(grade, number), grade, number, null, null);

    private static SchoolState School(params ReadOnlySpan<SchoolClass> classes) => SchoolRules.PutClasses(new SchoolState { Name = "青禾小学" }, Id, [.. classes], Admin).Value! with { Outbox = [] };

    private static SchoolState Promoted(SchoolState state) => PromotionRules.Promote(state, Id, Operation, Admin).Value!;

    private static string[] Shown(SchoolState state) => [.. SchoolRules.Classes(state, Id).Select(one => $"{one.Class.Class} {one.Name} {one.Grade}{(one.Graduated is null ? "" : " graduated")}")];

    [Fact]
    public void Every_class_moves_up_keeps_its_id_and_the_last_grade_graduates()
    {
        var state = Promoted(School(A(0, 1), A(3, 2), A(3, 1, "火箭班"), A(6, 1)));

        Assert.Equal(["2027-1 一年级1班 1", "2024-1 火箭班 4", "2024-2 四年级2班 4", "2021-1 六年级1班 6 graduated"], Shown(state));
        Assert.Equal(Day, SchoolRules.Class(state, Id, new ClassId("s01", "2021-1"))!.Graduated);
    }

    [Fact]
    public void A_preview_says_what_promotion_would_do_and_does_nothing()
    {
        var state = School(A(3, 2), A(6, 1));

        var preview = PromotionRules.Preview(state, Id, At);

        Assert.Equal<ClassMove>([new(new ClassId("s01", "2024-2"), "三年级2班", "四年级2班"), new(new ClassId("s01", "2021-1"), "六年级1班", null)], preview.Moves);
        Assert.Equal((null, null), (preview.At, preview.Refused));
        Assert.Equal<ClassMove>(preview.Moves, Promoted(state).Promotion!.Moves);
        Assert.Equal("no-classes", PromotionRules.Preview(School(), Id, At).Refused);
        Assert.Equal(new Conflict("no-classes"), PromotionRules.Promote(School(), Id, Operation, Admin).Refusal);
    }

    [Fact]
    public void Classes_that_have_graduated_are_left_alone()
    {
        var state = Promoted(School(A(6, 1) with { Graduated = new DateOnly(2026, 7, 1) }, A(1, 1)));

        Assert.Equal(new DateOnly(2026, 7, 1), SchoolRules.Class(state, Id, new ClassId("s01", "2021-1"))!.Graduated);
        Assert.Single(state.Promotion!.Moves);
    }

    [Fact]
    public void Classes_move_up_once_a_year_and_a_repeated_command_is_done_already()
    {
        var state = Promoted(School(A(1, 1)));

        Assert.Same(state, PromotionRules.Promote(state, Id, Operation, Admin).Value);
        Assert.Equal(new Conflict("promoted-this-year"), PromotionRules.Promote(state, Id, Guid.NewGuid(), Admin with { At = At + PromotionRules.SoonestAgain - TimeSpan.FromSeconds(1) }).Refusal);
        Assert.Equal("promoted-this-year", PromotionRules.Preview(state, Id, At).Refused);
        Assert.Equal(["2026-1 三年级1班 3"], Shown(PromotionRules.Promote(state, Id, Guid.NewGuid(), Admin with { At = At + PromotionRules.SoonestAgain }).Value!));
    }

    [Fact]
    public void Undoing_puts_every_class_back_and_classes_may_move_up_again_at_once()
    {
        var before = School(A(0, 1), A(3, 2), A(3, 1, "火箭班"), A(6, 1));
        var undone = PromotionRules.Undo(Promoted(before), Id, Admin).Value!;

        Assert.Equal(Shown(before), Shown(undone));
        Assert.Equal<SchoolClass>(SchoolRules.Classes(before, Id), SchoolRules.Classes(undone, Id));
        Assert.Equal(new Conflict("nothing-to-undo"), PromotionRules.Undo(undone, Id, Admin).Refusal);
        Assert.Null(PromotionRules.Last(undone));
        // The command that was undone does not come back by being repeated.
        Assert.Same(undone, PromotionRules.Promote(undone, Id, Operation, Admin).Value);
        Assert.True(PromotionRules.Promote(undone, Id, Guid.NewGuid(), Admin).IsDone);
    }

    [Fact]
    public void A_promotion_is_not_undone_once_classes_were_changed_since()
    {
        var state = Promoted(School(A(1, 1)));
        Assert.Equal(At, PromotionRules.Last(state)!.At);

        var changed = SchoolRules.AddClass(state, Id, Guid.NewGuid(), 1, 1, "一年级1班", Admin).Value!;

        Assert.Equal(new Conflict("classes-changed-since"), PromotionRules.Undo(changed, Id, Admin).Refusal);
        Assert.Null(PromotionRules.Last(changed));
        Assert.Equal(new Conflict("nothing-to-undo"), PromotionRules.Undo(School(A(1, 1)), Id, Admin).Refusal);
    }

    [Fact]
    public void Classes_of_the_first_version_move_up_too()
    {
        var old = new SchoolState { Name = "青禾小学", Classes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("3-2", "三年级2班") };

        Assert.Equal(["3-2 四年级2班 4"], Shown(Promoted(old)));
    }

    [Fact]
    public void The_days_log_says_what_moved()
    {
        var entry = Assert.IsType<ChangesAre>(Assert.Single(Promoted(School(A(3, 2), A(6, 1))).Outbox).Fact).Entries.Single();

        Assert.Equal("classes-promoted", entry.What);
        Assert.Equal<FieldChange>([new("class.2024-2", "三年级2班", "四年级2班"), new("class.2021-1", "六年级1班", null)], entry.Changes);
    }
}
