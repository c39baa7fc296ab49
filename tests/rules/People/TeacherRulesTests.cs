using CsCheck;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.People;

public sealed class TeacherRulesTests
{
    private static readonly AccountId Account = new(new string('a', 32));
    private static readonly ClassDuty Chinese32 = new(new ClassId("s01", "3-2"), DutyKind.ClassTeacher, ["语文"]);
    private static readonly ClassDuty Chinese33 = new(new ClassId("s01", "3-3"), DutyKind.SubjectTeacher, ["语文"]);

    private static PutTeacher Teacher(params ReadOnlySpan<ClassDuty> duties) => new("陈老师", null, [.. duties], []);

    private static (string To, Fact Fact)[] Told(TeacherState state) => [.. state.Outbox.Select(entry => (entry.To, entry.Fact))];

    [Fact]
    public void Each_class_is_told_what_the_teacher_does_there_and_only_of_changes()
    {
        var state = TeacherRules.Put(new TeacherState(), Teacher(Chinese32, Chinese33));
        Assert.Equal(
            [(Chinese32.Class.ToString(), new DutyIs("陈老师", Chinese32)), (Chinese33.Class.ToString(), new DutyIs("陈老师", Chinese33))], Told(state));

        state = state.Delivered(1).Delivered(2);
        var more = Chinese33 with { Subjects = ["语文", "品德"] };
        Assert.Equal([(more.Class.ToString(), (Fact)new DutyIs("陈老师", more))], Told(TeacherRules.Put(state, Teacher(Chinese32, more))));
        Assert.Equal([(Chinese33.Class.ToString(), (Fact)new DutyIs("陈老师", null))], Told(TeacherRules.Put(state, Teacher(Chinese32))));
        Assert.Equal(2, Told(TeacherRules.Put(state, Teacher(Chinese32, Chinese33) with { Name = "程老师" })).Length);
    }

    [Fact]
    public void The_account_is_told_to_ask_anew_when_anything_changes()
    {
        var state = TeacherRules.BindAccount(TeacherRules.Put(new TeacherState(), Teacher()), Account).Value!;
        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(state));

        state = state.Delivered(1);
        Assert.Same(state, TeacherRules.Put(state, Teacher()));
        Assert.Equal([(Account.ToString(), (Fact)new StandingIs())], Told(TeacherRules.Put(state, Teacher() with { Offices = [Office.Principal] })));
    }

    [Fact]
    public void A_teacher_signs_in_by_one_account()
    {
        Assert.IsType<NotFound>(TeacherRules.BindAccount(new TeacherState(), Account).Refusal);
        var bound = TeacherRules.BindAccount(TeacherRules.Put(new TeacherState(), Teacher()), Account).Value!;
        Assert.Same(bound, TeacherRules.BindAccount(bound, Account).Value);
        Assert.Equal(new Conflict("teacher-has-account"), TeacherRules.BindAccount(bound, new AccountId(new string('b', 32))).Refusal);
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
                state = TeacherRules.Put(state, command);
                Assert.Same(state, TeacherRules.Put(state, command));
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
        });
}
