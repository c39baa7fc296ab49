using System.Net;
using System.Text.RegularExpressions;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Changing the phone that one signs in by, where text messages can be sent.</summary>
[Collection(ConnectedSchoolCollection.Name)]
public sealed partial class PhoneTests(ConnectedSchool school)
{
    private const string Old = "19910000525";
    private const string New = "19915551234";

    [Fact]
    public async Task A_new_phone_is_proved_by_a_code_and_the_old_one_is_told_and_free_again()
    {
        using var father = await school.Visit();
        _ = (await father.SignInByCard("other-father")).Is(HttpStatusCode.OK);
        var account = father.Account;

        // Without a code, with a wrong password, with a guess: nothing changes, and the number is kept from nobody.
        _ = (await Change(father, New, null)).IsProblem(HttpStatusCode.Conflict, "code-needed");
        Assert.NotNull((await Change(father, New, null, "a wrong guess")).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["password"]);
        _ = (await father.Post("/api/session/phone/code", new { phone = "199 1555 1234" })).Is(HttpStatusCode.NoContent);
        var code = Code().Match(await school.Messages.Until($"+86{New}", 1)).Value;
        _ = (await Change(father, New, code == "000000" ? "111111" : "000000")).IsProblem(HttpStatusCode.Conflict, "code-wrong");
        using (var early = await school.Visit())
            _ = (await early.SignIn(New, DemoSchool.Password)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        Assert.Empty(school.Messages.To($"+86{Old}"));

        for (var times = 0; times < 2; times++)
            _ = (await Change(father, New, code)).Is(HttpStatusCode.NoContent);

        Assert.Contains("1234", await school.Messages.Until($"+86{Old}", 1), StringComparison.Ordinal);
        Assert.Single(school.Messages.To($"+86{Old}"));
        Assert.Equal([New], (await father.Get("/api/session/names")).Is(HttpStatusCode.OK).Json.AsArray().Select(name => (string)name!["shown"]!));
        using var byNew = await school.Visit();
        await Eventually.TrueAsync(async () => (await byNew.SignIn(New, DemoSchool.Password)).Status is HttpStatusCode.OK, TimeSpan.FromSeconds(20), "the new phone to sign in");
        Assert.Equal(account, byNew.Account);
        using var byOld = await school.Visit();
        await Eventually.TrueAsync(async () => (await byOld.SignIn(Old, DemoSchool.Password)).Status is HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(20), "the old phone to be given up");

        // A third code within ten minutes is one too many, wherever it is to go.
        _ = (await father.Post("/api/session/phone/code", new { phone = "19915551235" })).Is(HttpStatusCode.NoContent);
        var refused = (await father.Post("/api/session/phone/code", new { phone = "19915551236" })).IsProblem(HttpStatusCode.TooManyRequests, "too-many-tries");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Empty(school.Messages.To("+8619915551236"));
    }

    [Fact]
    public async Task A_number_that_somebody_else_signs_in_by_cannot_be_had()
    {
        using var mother = await school.Visit();
        _ = (await mother.SignInByCard("two-children")).Is(HttpStatusCode.OK);

        _ = (await Change(mother, "19910000556", null)).IsProblem(HttpStatusCode.Conflict, "login-name-taken");
        Assert.NotNull((await Change(mother, "12", null)).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["phone"]);
        Assert.NotNull((await mother.Post("/api/session/phone/code", new { phone = "12" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["phone"]);

        using var father = await school.Visit();
        _ = (await father.SignIn("19910000556", DemoSchool.Password)).Is(HttpStatusCode.OK);
    }

    private static Task<Reply> Change(Person person, string phone, string? code, string password = DemoSchool.Password) =>
        person.Put("/api/session/phone", new { phone, password, code });

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Code();
}

/// <summary>Changing it where no text message can be sent: the password is what there is.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class PhoneWithoutMessagesTests(DemoSchool school)
{
    [Fact]
    public async Task A_phone_is_changed_with_the_password_and_the_other_signs_nobody_in_any_more()
    {
        var account = await school.NextAccount();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        var phone = $"1991666{account.Login[^4..]}";

        _ = (await guardian.Post("/api/session/phone/code", new { phone })).IsProblem(HttpStatusCode.Conflict, "no-text-messages");
        for (var times = 0; times < 2; times++)
            _ = (await guardian.Put("/api/session/phone", new { phone, password = account.Password })).Is(HttpStatusCode.NoContent);

        using var byNew = await school.Visit();
        await Eventually.TrueAsync(async () => (await byNew.SignIn(phone, account.Password)).Status is HttpStatusCode.OK, TimeSpan.FromSeconds(20), "the new phone to sign in");
        using var byOld = await school.Visit();
        await Eventually.TrueAsync(async () => (await byOld.SignIn(account.Login, account.Password)).Status is HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(20), "the old phone to be given up");
        // The child's record still has the number by which the school reaches the family; that signs nobody in.
        Assert.Equal([account.Student], (await byNew.SessionView())["children"]!.AsArray().Select(child => (string)child!["student"]!));
    }
}
