using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>How guardians get in: with the slip of one child, and in no other way.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class JoinTests(DemoSchool school)
{
    [Fact]
    public async Task A_guardian_joins_with_the_code_and_the_digits_and_sees_exactly_that_child()
    {
        var slip = await school.NextSlip();
        using var guardian = await school.Visit();

        var read = (await guardian.Post("/api/join/check", new { code = slip.Code, phoneTail = slip.PhoneTail })).Is(HttpStatusCode.OK).Json;
        var joined = (await guardian.Join((slip with { Code = $" {slip.Code[..5].ToLowerInvariant()} - {slip.Code[5..]}" }).As("phone"))).Is(HttpStatusCode.OK).Json;

        Assert.Equal(("new", "三年级1班", $"{slip.Phone[..3]}****{slip.PhoneTail}"), ((string)read["kind"]!, (string)read["className"]!, (string)read["phone"]!));
        Assert.Null(read["account"]);
        Assert.Equal(slip.Phone, (string?)joined["signInName"]);
        Assert.Equal([slip.Student], (await guardian.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
        using var later = await school.SignInByPassword(slip.Phone, Slips.Password);
        Assert.Equal(guardian.Account, later.Account);
    }

    [Fact]
    public async Task A_command_whose_answer_was_lost_is_repeated_and_opens_no_second_account()
    {
        var slip = await school.NextSlip();
        var operation = Guid.NewGuid();
        var command = slip.As("phone");
        using var first = await school.Visit();
        using var again = await school.Visit();
        using var other = await school.Visit();

        _ = (await first.Join(command, operation)).Is(HttpStatusCode.OK);
        _ = (await again.Join(command, operation)).Is(HttpStatusCode.OK);

        Assert.Equal(first.Account, again.Account);
        // Whoever finds the paper afterwards has nothing by it, with the same operation id neither.
        _ = (await other.Join(slip.As("phone", "yet another 5 teapots"), operation)).IsProblem(HttpStatusCode.Conflict, "slip-used");
        _ = (await other.Post("/api/join/check", new { code = slip.Code, phoneTail = slip.PhoneTail })).IsProblem(HttpStatusCode.Conflict, "slip-used");
    }

    [Fact]
    public async Task Wrong_digits_are_told_like_a_wrong_code_and_five_of_them_end_the_slip()
    {
        var slip = await school.NextSlip();
        using var stranger = await school.Visit();
        var wrong = slip.PhoneTail == "0000" ? "1111" : "0000";

        var unknown = await stranger.Post("/api/join/check", new { code = "ABCDEFGHJK", phoneTail = "1234" });
        var malformed = await stranger.Post("/api/join/check", new { code = "no code at all", phoneTail = "1234" });
        var guesses = new List<Reply>();
        for (var tries = 0; tries < 5; tries++)
            guesses.Add(await stranger.Post("/api/join/check", new { code = slip.Code, phoneTail = wrong }));

        foreach (var reply in guesses.Append(malformed).Append(unknown))
        {
            _ = reply.IsProblem(HttpStatusCode.Forbidden, "slip-unknown");
            Assert.Equal((string?)unknown.Json["detail"], (string?)reply.Json["detail"]);
        }

        _ = (await stranger.Post("/api/join/check", new { code = slip.Code, phoneTail = slip.PhoneTail })).IsProblem(HttpStatusCode.Conflict, "slip-tries-used-up");
        _ = (await stranger.Join(slip.As("phone"))).IsProblem(HttpStatusCode.Conflict, "slip-tries-used-up");
    }

    [Fact]
    public async Task Only_the_last_slip_of_a_guardian_counts_and_none_that_was_revoked()
    {
        var first = await school.NextSlip();
        var second = await school.SlipAgain(first);
        using var office = await school.SignInAs("administrator");
        using var guardian = await school.Visit();

        _ = (await guardian.Post("/api/join/check", new { code = first.Code, phoneTail = first.PhoneTail })).IsProblem(HttpStatusCode.Forbidden, "slip-unknown");
        _ = (await guardian.Post("/api/join/check", new { code = second.Code, phoneTail = second.PhoneTail })).Is(HttpStatusCode.OK);

        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"/api/people/s01/students/{first.Student}/guardians/{first.Entry}/slip/revoke")).Is(HttpStatusCode.NoContent);
        _ = (await guardian.Post("/api/join/check", new { code = second.Code, phoneTail = second.PhoneTail })).IsProblem(HttpStatusCode.Forbidden, "slip-unknown");
    }

    [Fact]
    public async Task Every_wrong_field_is_named_and_a_weak_password_does_not_use_the_slip_up()
    {
        var slip = await school.NextSlip();
        using var guardian = await school.Visit();

        Assert.Equal(["code", "phoneTail"], (await guardian.Post("/api/join/check", new { code = " ", phoneTail = "12x4" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order());
        foreach (var weak in new[] { "", "short", "password1", slip.Phone, $"{slip.Phone} is mine" })
        {
            var reply = await guardian.Join(slip.As("phone", weak));
            Assert.NotNull(reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["password"]);
        }

        Assert.NotNull((await guardian.Join(slip.As("otherPhone", Slips.Password, "12"))).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["phone"]);
        _ = (await guardian.Join(slip.As("nobody"))).IsProblem(HttpStatusCode.BadRequest, "bad-request");
        _ = (await guardian.Join(slip.As("phone"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_guardians_who_share_a_phone_share_no_account_and_no_child()
    {
        var taken = await school.NextSlip();
        using var first = await school.Visit();
        _ = (await first.Join(taken.As("phone"))).Is(HttpStatusCode.OK);

        // The record of another child names the same phone: it is a way to reach somebody, and no proof.
        using var office = await school.SignInAs("administrator");
        var (student, entry, _) = Slips.NextGuardian();
        _ = (await office.Put($"/api/people/s01/students/{student}/guardians/{entry}", new { name = "王奶奶", relation = "paternalGrandmother", phone = taken.Phone, household = 1 })).Is(HttpStatusCode.NoContent);
        var slip = await office.IssueSlip(student, entry, taken.Phone);
        using var second = await school.Visit();

        Assert.Equal("taken", (string?)(await second.Post("/api/join/check", new { code = slip.Code, phoneTail = slip.PhoneTail })).Is(HttpStatusCode.OK).Json["kind"]);
        _ = (await second.Join(slip.As("phone"))).IsProblem(HttpStatusCode.Conflict, "login-name-taken");
        var joined = (await second.Join(slip.As("number", "a kettle of 99 fish!"))).Is(HttpStatusCode.OK).Json;

        var number = (string)joined["signInName"]!;
        Assert.Matches("^[1-9][0-9]{7}$", number);
        Assert.NotEqual(first.Account, second.Account);
        using var byNumber = await school.SignInByPassword(number, "a kettle of 99 fish!");
        Assert.Equal([student], (await byNumber.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
        Assert.Equal([taken.Student], (await first.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
    }

    [Fact]
    public async Task Another_phone_of_ones_own_signs_in_as_well()
    {
        var slip = await school.NextSlip();
        using var guardian = await school.Visit();

        var joined = (await guardian.Join(slip.As("otherPhone", Slips.Password, "199 1555 0001"))).Is(HttpStatusCode.OK).Json;

        Assert.Equal("19915550001", (string?)joined["signInName"]);
        using var later = await school.SignInByPassword("19915550001", Slips.Password);
        Assert.Equal(guardian.Account, later.Account);
        using var byRoster = await school.Visit();
        _ = (await byRoster.SignIn(slip.Phone, Slips.Password)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
    }

    [Fact]
    public async Task Who_is_signed_in_adds_a_child_and_who_is_not_does_so_with_their_password()
    {
        var mine = await school.NextSlip();
        var second = await school.NextSlip();
        var third = await school.NextSlip();
        using var guardian = await school.Visit();
        _ = (await guardian.Join(mine.As("phone"))).Is(HttpStatusCode.OK);

        var read = (await guardian.Post("/api/join/check", new { code = second.Code, phoneTail = second.PhoneTail })).Is(HttpStatusCode.OK).Json;
        Assert.Equal("add", (string?)read["kind"]);
        for (var times = 0; times < 2; times++)
            _ = (await guardian.Join(second.As("account", null))).Is(HttpStatusCode.OK);

        using var elsewhere = await school.Visit();
        _ = (await elsewhere.Join(third.As("account", "a wrong guess", mine.Phone))).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = (await elsewhere.Join(third.As("account", Slips.Password, mine.Phone))).Is(HttpStatusCode.OK);

        Assert.Equal(guardian.Account, elsewhere.Account);
        Assert.Equal(
            new[] { mine.Student, second.Student, third.Student }.Distinct().Order(),
            (await guardian.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!).Order());
    }

    [Fact]
    public async Task A_slip_for_somebody_who_has_an_account_sets_a_forgotten_password_once_and_ends_what_was_signed_in()
    {
        var slip = await school.NextSlip();
        using var before = await school.Visit();
        _ = (await before.Join(slip.As("phone"))).Is(HttpStatusCode.OK);
        var again = await school.SlipAgain(slip);
        using var guardian = await school.Visit();

        var read = (await guardian.Post("/api/join/check", new { code = again.Code, phoneTail = again.PhoneTail })).Is(HttpStatusCode.OK).Json;
        var joined = (await guardian.Join(again.As("phone", "a kettle of 99 fish!"))).Is(HttpStatusCode.OK).Json;

        Assert.Equal(("recover", $"{slip.Phone[..3]}****{slip.PhoneTail}"), ((string)read["kind"]!, (string?)read["account"]));
        Assert.Equal(slip.Phone, (string?)joined["signInName"]);
        Assert.Equal(before.Account, guardian.Account);
        _ = (await before.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        using var old = await school.Visit();
        _ = (await old.SignIn(slip.Phone, Slips.Password)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = (await old.Join(again.As("phone", "yet another 5 teapots"))).IsProblem(HttpStatusCode.Conflict, "slip-used");
        Assert.Contains("passwordReset", (await guardian.Get("/api/session/notices")).Is(HttpStatusCode.OK).Json.AsArray().Select(notice => (string)notice!["kind"]!));
    }

    [Fact]
    public async Task A_slip_opens_no_account_of_the_staff_and_no_students_account_follows_a_child()
    {
        using var office = await school.SignInAs("administrator");
        var opened = (await office.Post("/api/people/s01/accounts", new { teacher = "t002" })).Is(HttpStatusCode.OK).Json;
        using var colleague = await school.SignInByPassword("t002", (string)opened["initialPassword"]!);
        var own = await school.NextSlip();
        _ = (await colleague.Join(own.As("account", null))).Is(HttpStatusCode.OK);

        // A class teacher who issues a slip for a colleague's child must not come to the colleague's rights by it.
        var slip = await school.SlipAgain(own);
        using var thief = await school.Visit();
        Assert.Equal("taken", (string?)(await thief.Post("/api/join/check", new { code = slip.Code, phoneTail = slip.PhoneTail })).Is(HttpStatusCode.OK).Json["kind"]);
        _ = (await thief.Join(slip.As("phone"))).IsProblem(HttpStatusCode.Conflict, "staff-account");
        _ = (await colleague.Get("/api/book/today")).Is(HttpStatusCode.OK);

        using var student = await school.SignInAs("student");
        var parents = await school.NextSlip();
        _ = (await student.Join(parents.As("account", null))).IsProblem(HttpStatusCode.Conflict, "student-account");
    }

    [Fact]
    public async Task A_slip_binds_no_second_person_to_a_guardian()
    {
        var slip = await school.NextSlip();
        using var guardian = await school.Visit();
        _ = (await guardian.Join(slip.As("phone"))).Is(HttpStatusCode.OK);
        var again = await school.SlipAgain(slip);
        using var other = await school.SignInAs("other-father");

        _ = (await other.Join(again.As("account", null))).IsProblem(HttpStatusCode.Conflict, "entry-bound-to-another");

        Assert.DoesNotContain(slip.Student, (await other.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
        Assert.Contains(slip.Student, (await guardian.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
    }

    [Fact]
    public async Task A_teacher_without_children_who_tries_a_parents_slip_is_nobodys_guardian_afterwards()
    {
        var slip = await school.NextSlip();
        using var guardian = await school.Visit();
        _ = (await guardian.Join(slip.As("phone"))).Is(HttpStatusCode.OK);
        var again = await school.SlipAgain(slip);
        using var teacher = await school.SignInAs("class-teacher");

        for (var tries = 0; tries < 2; tries++)
            _ = (await teacher.Join(again.As("account", null))).IsProblem(HttpStatusCode.Conflict, "entry-bound-to-another");

        Assert.Empty((await teacher.SessionView())["children"]!.AsArray());
        Assert.Contains(slip.Student, (await guardian.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
    }
}
