using System.Diagnostics;
using System.Net;
using SchoolHome.Tests.Infrastructure;
using SchoolHome.Web.People;

namespace SchoolHome.Tests.Edge.People;

/// <summary>One rule for passwords, wherever one is set, and a hint before it is.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class PasswordTests(DemoSchool school)
{
    [Theory]
    [InlineData("short", false)]
    [InlineData("12345678", false)]
    [InlineData("password1", false)]
    [InlineData("aaaaaaaaaaaa", false)]
    [InlineData("qwertyuiop", false)]
    [InlineData("20140903", false)]
    [InlineData("woaini1314", false)]
    [InlineData("19910000557", false)]
    [InlineData("my19910000557!", false)]
    [InlineData("10000557", false)]
    [InlineData(DemoSchool.Password, true)]
    [InlineData(Slips.Password, true)]
    [InlineData("春风十里不如你家后院", true)]
    public async Task A_hint_says_whether_a_password_keeps_the_rule_and_changing_to_it_agrees(string password, bool acceptable)
    {
        using var mother = await school.SignInAs("mother");

        var hint = (await mother.Post("/api/session/password-hint", new { password, login = "199 1000 0557" })).Is(HttpStatusCode.OK).Json;
        // With a wrong current password, so that the shared account keeps its own.
        var change = (await mother.Put("/api/session/password", new { currentPassword = "", newPassword = password })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!;

        Assert.Equal(acceptable, (bool)hint["acceptable"]!);
        Assert.Equal(acceptable, (int)hint["score"]! >= 2);
        Assert.False(string.IsNullOrWhiteSpace((string?)hint["hint"]));
        Assert.Equal(acceptable, change["newPassword"] is null);
        if (!acceptable)
            Assert.Equal((string?)hint["hint"], (string?)change["newPassword"]![0]);
        // The shared account is not to be locked by these tests.
        _ = (await mother.SignIn("19910000557", DemoSchool.Password)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_hint_is_in_the_readers_language_and_needs_nobody_to_be_signed_in()
    {
        using var visitor = await school.Visit("en");

        var hint = (await visitor.Post("/api/session/password-hint", new { password = "short" })).Is(HttpStatusCode.OK).Json;

        Assert.Equal("A password has at least 8 characters.", (string?)hint["hint"]);
    }

    [Fact]
    public void A_password_that_somebody_signs_in_with_another_name_by_is_judged_by_all_of_them()
    {
        Assert.NotNull(Passwords.Check("password", "+8619910000557 please", "t031", "+8619910000557"));
        Assert.NotNull(Passwords.Check("password", "xx 19910000557 yy zz", "+8619910000557"));
        // A staff number of three letters is in many a good password.
        Assert.Null(Passwords.Check("password", "kettle t03 moss harbour", "t03"));
        Assert.Equal("password-too-long", Passwords.Check("password", new string('x', 129))!.Code);
        Assert.Null(Passwords.Check("password", string.Concat(Enumerable.Repeat("mossy kettle 7 ", 8))));
    }

    [Fact]
    public void Judging_takes_milliseconds_however_somebody_writes_a_long_one()
    {
        string[] longest =
        [
            new('a', 128), string.Concat(Enumerable.Repeat("password1", 15))[..128], string.Concat(Enumerable.Repeat("p4$$w0rdl1!|e", 10))[..128], string.Concat(Enumerable.Repeat("19990101", 16)),
            string.Concat(Enumerable.Repeat("qwertyuiop", 13))[..128], string.Concat(Enumerable.Range(33, 94).Select(one => (char)one)) + "~!@#$%^&*()_+{}|:\"<>?",
        ];
        _ = Passwords.Weigh(longest[0]);
        foreach (var password in longest)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < 5; i++)
                _ = Passwords.Weigh(password);
            // Some 20 ms each on an idle machine; without the bound, twenty times that.
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1.5), $"{clock.Elapsed.TotalMilliseconds / 5:0} ms for {password[..10]}…");
        }

        // Longer than any password may be: refused without a look.
        var refused = Stopwatch.StartNew();
        _ = Passwords.Weigh(new string('z', 1_000_000));
        Assert.True(refused.Elapsed < TimeSpan.FromMilliseconds(200), $"{refused.Elapsed.TotalMilliseconds:0} ms");
    }
}
