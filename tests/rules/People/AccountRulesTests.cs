using SchoolHome.Grains.People;
using SchoolHome.People;

namespace SchoolHome.Tests.Rules.People;

public sealed class AccountRulesTests
{
    private static readonly GuardianId Guardian = new(new string('a', 32));
    private static readonly TeacherId Teacher = new("s01", "t017");
    private static readonly StudentId Student = new("s01", "0042");

    private static OpenAccount As(GuardianId? guardian = null, TeacherId? teacher = null, StudentId? student = null) => new("李梅", "hash", guardian, teacher, student);

    private static AccountState Opened(OpenAccount command) => AccountRules.Open(new AccountState(), command, "stamp").Value!;

    [Theory]
    [InlineData("", "required")]
    [InlineData("  ", "required")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890", "too-long")]
    public void An_account_has_somebodys_name(string name, string problem)
    {
        var refusal = Assert.IsType<Invalid>(AccountRules.Open(new AccountState(), As() with { Name = name }, "stamp").Refusal);
        Assert.Equal<FieldProblem>([new("name", problem)], refusal.Problems);
    }

    [Fact]
    public void The_first_opening_sets_name_password_and_stamp_and_no_later_one_does()
    {
        var state = Opened(As(Guardian));
        Assert.Equal(("李梅", "hash", "stamp", "zh-CN"), (state.Name, state.PasswordHash, state.SecurityStamp, state.Language));

        var again = AccountRules.Open(state, new OpenAccount("别人", "other", Guardian, null, null), "another").Value!;

        Assert.Equal(state, again);
    }

    [Fact]
    public void One_person_may_be_guardian_teacher_and_student_and_teach_at_two_schools()
    {
        var state = Opened(As(Guardian));
        state = AccountRules.Open(state, As(teacher: Teacher), "x").Value!;
        state = AccountRules.Open(state, As(teacher: Teacher), "x").Value!;
        state = AccountRules.Open(state, As(teacher: new TeacherId("s02", "t017")), "x").Value!;
        state = AccountRules.Open(state, As(student: Student), "x").Value!;

        Assert.Equal((Guardian, Student), (state.Guardian, state.Student));
        Assert.Equal<TeacherId>([Teacher, new("s02", "t017")], state.Teachers);
    }

    [Fact]
    public void An_account_never_becomes_another_guardians_or_students()
    {
        var state = Opened(As(Guardian, student: Student));

        Assert.Equal(new Conflict("account-open"), AccountRules.Open(state, As(new GuardianId(new string('b', 32))), "x").Refusal);
        Assert.Equal(new Conflict("account-open"), AccountRules.Open(state, As(student: new StudentId("s01", "42")), "x").Refusal);
    }
}
