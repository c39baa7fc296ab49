using SchoolHome.Grains.People;
using SchoolHome.People;

namespace SchoolHome.Tests.Rules.People;

public sealed class ApiTokenRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly string Hash = new('a', 64);
    private static readonly MakeApiToken Command = new(new SchoolId("s01"), "教务系统", Hash, [ApiScopes.ImportRoster, ApiScopes.ReadPeople], Now.AddDays(90), new AccountId(new string('b', 32)));

    [Fact]
    public void A_token_is_made_once_by_its_secret()
    {
        var made = ApiTokenRules.Make(new ApiTokenState(), Command, Now).Value!;

        Assert.Equal<string>([ApiScopes.ReadPeople, ApiScopes.ImportRoster], made.Scopes);
        Assert.Equal((Now, Now.AddDays(90)), (made.MadeAt, made.Expires));
        Assert.Same(made, ApiTokenRules.Make(made, Command, Now.AddHours(1)).Value);
        Assert.Equal(new Conflict("token-made"), ApiTokenRules.Make(made, Command with { SecretHash = new string('c', 64) }, Now).Refusal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        Assert.Equal<FieldProblem>(
            [new FieldProblem("name", "required"), new FieldProblem("scopes", "required"), new FieldProblem("expires", "in-the-past")], Problems(Command with { Name = " ", Scopes = [], Expires = Now }));
        Assert.Equal<FieldProblem>(
            [new FieldProblem("name", "too-long"), new FieldProblem("scopes", "unknown"), new FieldProblem("expires", "too-late")],
            Problems(Command with { Name = new string('x', 61), Scopes = [ApiScopes.ReadPeople, "everything"], Expires = Now.AddDays(367) }));
    }

    [Fact]
    public void A_token_is_good_for_its_secret_until_it_lapses_or_is_revoked()
    {
        var made = ApiTokenRules.Make(new ApiTokenState(), Command, Now).Value!;

        Assert.True(ApiTokenRules.IsGood(made, Hash, Now.AddDays(90).AddTicks(-1)));
        Assert.False(ApiTokenRules.IsGood(made, Hash, Now.AddDays(90)));
        Assert.False(ApiTokenRules.IsGood(made, new string('c', 64), Now));
        Assert.False(ApiTokenRules.IsGood(made, "", Now));
        Assert.False(ApiTokenRules.IsGood(made with { Revoked = true }, Hash, Now));
        Assert.False(ApiTokenRules.IsGood(new ApiTokenState(), "", Now));
    }

    private static System.Collections.Immutable.ImmutableArray<FieldProblem> Problems(MakeApiToken command) => Assert.IsType<Invalid>(ApiTokenRules.Make(new ApiTokenState(), command, Now).Refusal).Problems;
}
