using SchoolHome.Grains.People;
using SchoolHome.People;

namespace SchoolHome.Tests.Rules.People;

public sealed class InvitationRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Expires = Now.AddDays(30);
    private static readonly StudentId Student = new("s01", "2026110001");
    private static readonly InvitationId Slip = new(new string('a', 40));
    private static readonly GuardianId Mother = new(new string('b', 32));
    private static readonly GuardianId Stranger = new(new string('c', 32));
    private static readonly InvitationState Made = InvitationRules.Make(new InvitationState(), new MakeInvitation(Student, "g1", Expires)).Value!;

    private static GuardianEntry Entry(string phone = "+8619910000001", InvitationId? slip = null, DateTimeOffset? used = null, GuardianId? guardian = null) =>
        new("g1", "李梅", Relation.Mother, phone, guardian, AccessEnded: false, Slip: new GuardianSlip(slip ?? Slip, Now, Expires, used));

    private static StudentProfile Child(GuardianEntry entry, DateOnly? born = null) =>
        new("王小雨", new ClassId("s01", "2024-2"), [entry], null, "女", born, null, null, null, 1);

    private static (InvitationState State, string? Refused) Try(InvitationState state, StudentProfile? child, string digits, GuardianId? guardian = null, DateTimeOffset? now = null)
    {
        var (next, answer) = InvitationRules.Try(state, Slip, child, digits, guardian, now ?? Now);
        return (next, answer.Refusal?.Code);
    }

    [Fact]
    public void A_slip_is_made_once_for_one_guardian_of_one_child()
    {
        Assert.Same(Made, InvitationRules.Make(Made, new MakeInvitation(Student, "g1", Expires.AddDays(1))).Value);
        Assert.Equal(new Conflict("slip-taken"), InvitationRules.Make(Made, new MakeInvitation(Student, "g2", Expires)).Refusal);
        Assert.Equal(new Conflict("slip-taken"), InvitationRules.Make(Made, new MakeInvitation(new StudentId("s02", "2026110001"), "g1", Expires)).Refusal);
    }

    [Fact]
    public void The_digits_are_those_of_the_phone_in_the_childs_record_as_it_is_now()
    {
        Assert.Null(Try(Made, Child(Entry()), "0001").Refused);
        Assert.Equal("slip-unknown", Try(Made, Child(Entry("+8619910000002")), "0001").Refused);
        Assert.Null(Try(Made, Child(Entry("+8619910000002")), "0002").Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000")]
    [InlineData("00001")]
    [InlineData("0002")]
    [InlineData("+8619910000001")]
    [InlineData("０００１")]
    public void Anything_else_is_wrong_and_counts(string digits)
    {
        var (state, refused) = Try(Made, Child(Entry()), digits);

        Assert.Equal("slip-unknown", refused);
        Assert.Equal(1, state.WrongTries);
    }

    [Fact]
    public void A_guardian_without_a_phone_says_the_childs_birthday_and_without_either_nothing_is_right()
    {
        var child = Child(Entry(phone: ""), new DateOnly(2018, 3, 4));

        Assert.Null(Try(Made, child, "0304").Refused);
        Assert.Equal("slip-unknown", Try(Made, child, "0403").Refused);
        Assert.Equal("slip-unknown", Try(Made, Child(Entry(phone: "")), "").Refused);
        Assert.Equal("slip-unknown", Try(Made, Child(Entry(phone: "")), "0304").Refused);
        // With a phone the birthday, which many know, is of no use.
        Assert.Equal("slip-unknown", Try(Made, Child(Entry(), new DateOnly(2018, 3, 4)), "0304").Refused);
    }

    [Fact]
    public void Five_wrong_tries_kill_the_slip_and_a_right_one_gives_none_back()
    {
        var state = Made;
        for (var i = 0; i < InvitationRules.MostTries; i++)
        {
            Assert.Null(Try(state, Child(Entry()), "0001").Refused);
            state = Try(state, Child(Entry()), "0002").State;
        }

        Assert.Equal((state, "slip-tries-used-up"), Try(state, Child(Entry()), "0001"));
    }

    [Fact]
    public void A_slip_that_was_never_made_or_no_longer_counts_is_unknown_and_nothing_is_counted()
    {
        Assert.Equal((new InvitationState(), "slip-unknown"), Try(new InvitationState(), null, "0001"));
        Assert.Equal((Made, "slip-unknown"), Try(Made, null, "0001"));
        Assert.Equal((Made, "slip-unknown"), Try(Made, Child(Entry(slip: new InvitationId(new string('f', 40)))), "0001"));
        Assert.Equal((Made, "slip-unknown"), Try(Made, Child(Entry() with { Slip = null }), "0001"));
        Assert.Equal((Made, "slip-unknown"), Try(Made, Child(Entry() with { Entry = "g2" }), "0001"));
    }

    [Fact]
    public void A_slip_lapses_and_says_so_to_whoever_knows_the_digits_only()
    {
        Assert.Null(Try(Made, Child(Entry()), "0001", now: Expires.AddTicks(-1)).Refused);
        Assert.Equal("slip-expired", Try(Made, Child(Entry()), "0001", now: Expires).Refused);
        Assert.Equal("slip-unknown", Try(Made, Child(Entry()), "0002", now: Expires).Refused);
    }

    [Fact]
    public void A_used_slip_is_done_for_who_used_it_also_after_it_has_lapsed_and_used_for_everybody_else()
    {
        var child = Child(Entry(used: Now, guardian: Mother));

        Assert.Null(Try(Made, child, "0001", Mother).Refused);
        Assert.Null(Try(Made, child, "0001", Mother, Expires.AddDays(1)).Refused);
        Assert.Equal("slip-used", Try(Made, child, "0001", Stranger).Refused);
        Assert.Equal("slip-used", Try(Made, child, "0001").Refused);
        Assert.Equal("slip-unknown", Try(Made, child, "0002", Mother).Refused);
        Assert.Equal("slip-used", Try(Made, Child(Entry(used: Now)), "0001").Refused);
    }
}
