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
        Assert.Equal(["principal"], (await byNumber.SessionView())["offices"]!.AsArray().Select(one => (string)one!["office"]!));
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
    public async Task A_new_initial_password_ends_what_was_signed_in_with_the_old_one_and_is_told_to_the_owner()
    {
        using var office = await school.SignInAs("administrator");
        var opened = (await office.Post(Accounts, new { teacher = "t004" })).Is(HttpStatusCode.OK).Json;
        using var teacher = await school.SignInByPassword("t004", (string)opened["initialPassword"]!);

        var again = (await office.Post(Accounts, new { teacher = "t004" })).Is(HttpStatusCode.OK).Json;

        _ = (await teacher.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        using var anew = await school.SignInByPassword("t004", (string)again["initialPassword"]!);
        Assert.Equal(teacher.Account, anew.Account);
        Assert.Contains("passwordReset", (await anew.Get("/api/session/notices")).Is(HttpStatusCode.OK).Json.AsArray().Select(notice => (string)notice!["kind"]!));
    }

    [Fact]
    public async Task Students_get_no_accounts_where_the_school_does_not_want_it()
    {
        using var office = await school.SignInAs("administrator");
        var settings = (await office.Get("/api/schools/s01")).Is(HttpStatusCode.OK).Json.AsObject();
        try
        {
            settings["studentAccounts"] = false;
            _ = (await office.Put("/api/schools/s01", settings)).Is(HttpStatusCode.NoContent);

            _ = (await office.Post(Accounts, new { student = "2026320281" })).IsProblem(HttpStatusCode.Conflict, "no-student-accounts");
        }
        finally
        {
            settings["studentAccounts"] = true;
            _ = (await office.Put("/api/schools/s01", settings)).Is(HttpStatusCode.NoContent);
        }

        _ = (await office.Post(Accounts, new { student = "2026320281" })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ended_access_ends_at_once()
    {
        var account = await school.NextAccount();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        var page = $"/api/book/pages/s01/{account.Student}/{DemoSchool.Written(school.Today)}";
        _ = (await guardian.Get(page)).Is(HttpStatusCode.OK);

        await school.EndAccess(account);
        await school.EndAccess(account);

        _ = (await guardian.Get(page)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await guardian.SessionView())["children"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_is_opened_an_account_whom_the_roster_does_not_know()
    {
        using var office = await school.SignInAs("administrator");

        _ = (await office.Post(Accounts, new { teacher = "t999" })).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await office.Post(Accounts, new { student = "1999999999" })).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.NotNull((await office.Post(Accounts, new { })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["student"]);
    }
}
