using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

[Collection(DemoSchoolCollection.Name)]
public sealed class AccountOpeningTests(DemoSchool school)
{
    private const string Accounts = "/api/people/s01/accounts";

    [Fact]
    public async Task A_teacher_signs_in_with_the_password_that_the_office_was_shown_by_staff_number_and_phone()
    {
        using var office = await school.SignInAs("administrator");

        var opened = (await office.Post(Accounts, new { teacher = "t001" })).Is(HttpStatusCode.OK).Json;

        Assert.Equal("t001", (string?)opened["login"]);
        using var byNumber = await school.SignInByPassword("t001", (string)opened["initialPassword"]!);
        using var byPhone = await school.SignInByPassword("19910001318", (string)opened["initialPassword"]!);
        Assert.Equal(byNumber.Account, byPhone.Account);
        Assert.Equal(["principal"], (await byNumber.SessionView())["offices"]!.AsArray().Select(one => (string)one!));
    }

    [Fact]
    public async Task A_student_signs_in_with_the_password_that_the_office_was_shown()
    {
        using var office = await school.SignInAs("administrator");

        var opened = (await office.Post(Accounts, new { student = DemoSchool.OtherChild })).Is(HttpStatusCode.OK).Json;

        using var student = await school.SignInByPassword(DemoSchool.OtherChild, (string)opened["initialPassword"]!);
        Assert.Equal("self", (string?)(await student.SessionView())["children"]![0]!["relation"]);
    }

    [Fact]
    public async Task A_guardian_signs_in_by_phone_and_sees_that_child()
    {
        var account = await school.OpenAccountForGuardian();

        using var guardian = await school.SignInByPassword(account.Login, account.Password);

        Assert.Equal(account.Student, (string?)Assert.Single((await guardian.SessionView())["children"]!.AsArray())!["student"]);
    }

    [Fact]
    public async Task A_new_initial_password_ends_what_was_signed_in_with_the_old_one()
    {
        var account = await school.OpenAccountForGuardian();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        using var office = await school.SignInAs("administrator");

        var again = (await office.Post(Accounts, new { student = account.Student, guardian = account.Entry })).Is(HttpStatusCode.OK).Json;

        _ = (await guardian.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        using var anew = await school.SignInByPassword(account.Login, (string)again["initialPassword"]!);
        Assert.Equal(guardian.Account, anew.Account);
    }

    [Fact]
    public async Task A_number_that_somebody_signs_in_with_binds_no_child_until_the_office_says_that_it_is_the_same_person()
    {
        // 王佳轩's record names a phone by which the account of another child's mother signs in: the same number proposes, it does not bind.
        var (child, entry, phone) = await ChildWithATakenPhone();
        using var office = await school.SignInAs("administrator");

        _ = (await office.Post(Accounts, new { student = child, guardian = entry })).IsProblem(HttpStatusCode.Conflict, "login-name-taken");
        using (var before = await school.SignInByPassword(phone.Login, phone.Password))
            Assert.Equal([phone.Student], (await before.SessionView())["children"]!.AsArray().Select(one => (string)one!["student"]!));

        var bound = (await office.Post(Accounts, new { student = child, guardian = entry, samePerson = true })).Is(HttpStatusCode.OK).Json;

        Assert.Null(bound["initialPassword"]);
        using var after = await school.SignInByPassword(phone.Login, phone.Password);
        Assert.Equal(new[] { phone.Student, child }.Order(), (await after.SessionView())["children"]!.AsArray().Select(one => (string)one!["student"]!).Order());
    }

    [Fact]
    public async Task Ended_access_ends_at_once_and_is_not_opened_again_by_an_account()
    {
        var account = await school.OpenAccountForGuardian();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        var page = $"/api/book/pages/s01/{account.Student}/{DemoSchool.Written(school.Today)}";
        _ = (await guardian.Get(page)).Is(HttpStatusCode.OK);

        await school.EndAccess(account);
        await school.EndAccess(account);

        _ = (await guardian.Get(page)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await guardian.SessionView())["children"]!.AsArray());
        using var office = await school.SignInAs("administrator");
        _ = (await office.Post(Accounts, new { student = account.Student, guardian = account.Entry })).IsProblem(HttpStatusCode.Conflict, "access-ended");
    }

    [Fact]
    public async Task Nobody_is_opened_an_account_whom_the_roster_does_not_know()
    {
        using var office = await school.SignInAs("administrator");

        _ = (await office.Post(Accounts, new { teacher = "t999" })).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await office.Post(Accounts, new { student = "1999999999" })).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await office.Post(Accounts, new { student = DemoSchool.Child, guardian = "g99" })).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.NotNull((await office.Post(Accounts, new { })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["student"]);
    }

    /// <summary>Two children of the school whose records name one phone; the account is the first one's.</summary>
    private async Task<(string Child, string Entry, OpenedAccount Phone)> ChildWithATakenPhone()
    {
        var taken = Workbook.Students()
            .SelectMany(row => row.Guardians.Select((guardian, at) => (row.Number, Entry: $"g{at + 1}", guardian.Phone)))
            .GroupBy(one => one.Phone)
            .First(phone => phone.Select(one => one.Number).Distinct().Count() > 1 && phone.All(one => !one.Number.StartsWith("202632", StringComparison.Ordinal)))
            .ToArray();
        using var office = await school.SignInAs("administrator");
        var opened = (await office.Post(Accounts, new { student = taken[0].Number, guardian = taken[0].Entry })).Is(HttpStatusCode.OK).Json;
        return (taken[1].Number, taken[1].Entry, new OpenedAccount((string)opened["login"]!, (string)opened["initialPassword"]!, taken[0].Number, taken[0].Entry));
    }
}
