using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

[Collection(DemoSchoolCollection.Name)]
public sealed class SessionTests(DemoSchool school)
{
    [Fact]
    public async Task A_visitor_is_nobody_and_sees_the_demo_cards()
    {
        using var visitor = await school.Visit();

        var session = await visitor.SessionView();

        Assert.False((bool)session["signedIn"]!);
        Assert.False((bool)session["setupNeeded"]!);
        Assert.True((bool)session["demo"]!);
        Assert.Null(session["account"]);
    }

    [Fact]
    public async Task A_guardian_sees_own_children_and_nothing_else()
    {
        using var mother = await school.SignInAs("mother");

        var session = await mother.SessionView();

        var child = Assert.Single(session["children"]!.AsArray())!;
        Assert.Equal(DemoSchool.Child, (string?)child["student"]);
        Assert.Equal("三年级2班", (string?)child["className"]);
        Assert.Equal("mother", (string?)child["relation"]);
        Assert.Empty(session["classes"]!.AsArray());
        Assert.Empty(session["offices"]!.AsArray());
        Assert.Empty(session["teacherSchools"]!.AsArray());
        Assert.Empty(session["schools"]!.AsArray());
        Assert.False((bool)session["isDistrictAdministrator"]!);
        Assert.Equal("zh-CN", (string?)session["account"]!["language"]);
    }

    [Fact]
    public async Task A_mother_who_has_redeemed_the_slips_of_two_children_sees_both()
    {
        using var mother = await school.SignInAs("two-children");

        var children = (await mother.SessionView())["children"]!.AsArray();

        Assert.Equal(["2026320293", "2026320307"], children.Select(child => (string)child!["student"]!).Order());
    }

    [Fact]
    public async Task A_teacher_sees_own_classes_and_a_student_is_their_own_child()
    {
        using var teacher = await school.SignInAs("class-teacher");
        using var subjectTeacher = await school.SignInAs("subject-teacher");
        using var student = await school.SignInAs("student");

        var own = Assert.Single((await teacher.SessionView())["classes"]!.AsArray())!;
        Assert.Equal((DemoSchool.Class, "classTeacher"), ((string)own["class"]!, (string)own["role"]!));
        Assert.Equal([DemoSchool.ClassOf(3, 1), DemoSchool.Class, DemoSchool.ClassOf(3, 3)], (await subjectTeacher.SessionView())["classes"]!.AsArray().Select(one => (string)one!["class"]!).Order());
        var self = Assert.Single((await student.SessionView())["children"]!.AsArray())!;
        Assert.Equal((DemoSchool.Child, "self"), ((string)self["student"]!, (string)self["relation"]!));
    }

    [Theory]
    [InlineData("19910000557")]
    [InlineData("+86 199 1000 0557")]
    [InlineData("+8619910000557")]
    [InlineData("199-1000-0557")]
    [InlineData(DemoSchool.Child)]
    [InlineData("t031")]
    [InlineData("T031")]
    public async Task Phone_staff_number_and_student_number_all_sign_in_as_people_write_them(string login)
    {
        using var person = await school.Visit();

        var reply = await person.SignIn(login, DemoSchool.Password);

        Assert.True((bool)reply.Is(HttpStatusCode.OK).Json["signedIn"]!);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_login_are_told_alike()
    {
        using var person = await school.Visit();

        var wrong = await person.SignIn("19910000556", "not the password");
        var unknown = await person.SignIn("19912345678", "not the password");
        var nonsense = await person.SignIn("'; DROP TABLE", "not the password");

        Assert.Equal(wrong.IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed").Json["detail"]!.ToString(), unknown.Json["detail"]!.ToString());
        _ = unknown.IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = nonsense.IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
    }

    [Theory]
    [InlineData(null, "有些内容需要改一下。", "请填写。")]
    [InlineData("zh-CN", "有些内容需要改一下。", "请填写。")]
    [InlineData("fr", "有些内容需要改一下。", "请填写。")]
    [InlineData("en", "Some fields need correcting.", "Please fill this in.")]
    [InlineData("en-GB,zh;q=0.5", "Some fields need correcting.", "Please fill this in.")]
    [InlineData("en;q=0.5,zh;q=0.9", "有些内容需要改一下。", "请填写。")]
    public async Task Every_wrong_field_is_named_at_once_in_the_readers_language(string? language, string detail, string required)
    {
        using var person = await school.Visit(language);

        var reply = await person.SignIn(" ", "");

        _ = reply.IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(detail, (string?)reply.Json["detail"]);
        Assert.Equal(required, (string?)Assert.Single(reply.Json["errors"]!["login"]!.AsArray()));
        Assert.Equal(required, (string?)Assert.Single(reply.Json["errors"]!["password"]!.AsArray()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"login\": 5, \"password\": {}}")]
    public async Task A_malformed_body_is_a_bad_request(string body)
    {
        using var person = await school.Visit();

        var reply = await person.Send(HttpMethod.Post, "/api/session/sign-in", new StringContent(body, null, "application/json"));

        _ = reply.IsProblem(HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task A_command_without_the_antiforgery_token_is_refused_and_has_no_effect()
    {
        using var mother = await school.SignInAs("mother");

        var reply = await mother.Send(HttpMethod.Post, "/api/session/sign-out", null, withToken: false);

        _ = reply.IsProblem(HttpStatusCode.BadRequest, "antiforgery");
        Assert.True((bool)(await mother.SessionView())["signedIn"]!);
    }

    [Fact]
    public async Task A_token_of_before_signing_in_is_no_good_afterwards()
    {
        using var person = await school.Visit();
        var old = person.Cookies.GetCookies(person.Address)["XSRF-TOKEN"]!.Value;
        _ = (await person.SignInByCard("mother")).Is(HttpStatusCode.OK);

        person.Cookies.Add(new Cookie("XSRF-TOKEN", old, "/", person.Address.Host));

        _ = (await person.Post("/api/session/sign-out")).IsProblem(HttpStatusCode.BadRequest, "antiforgery");
    }

    [Fact]
    public async Task Signing_out_ends_this_session_only()
    {
        using var here = await school.SignInAs("father");
        using var there = await school.SignInAs("father");

        _ = (await here.Post("/api/session/sign-out")).Is(HttpStatusCode.NoContent);

        Assert.False((bool)(await here.SessionView())["signedIn"]!);
        _ = (await here.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        _ = (await there.Get("/api/book/today")).Is(HttpStatusCode.OK);
        // The token that came with signing out is good for signing in again.
        _ = (await here.SignInByCard("father")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_other_sessions_over_HTTP()
    {
        var account = await school.NextAccount();
        using var here = await school.SignInByPassword(account.Login, account.Password);
        using var there = await school.SignInByPassword(account.Login, account.Password);

        _ = (await here.Post("/api/session/sign-out-everywhere")).Is(HttpStatusCode.NoContent);

        _ = (await there.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        _ = (await here.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        _ = (await there.SignIn(account.Login, account.Password)).Is(HttpStatusCode.BadRequest); // Its token belongs to the session that has ended.
        _ = await there.SessionView();
        _ = (await there.SignIn(account.Login, account.Password)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_and_this_one_goes_on()
    {
        var account = await school.NextAccount();
        using var here = await school.SignInByPassword(account.Login, account.Password);
        using var there = await school.SignInByPassword(account.Login, account.Password);

        var wrong = await here.Put("/api/session/password", new { currentPassword = "a guess", newPassword = "a kettle of 99 fish!" });
        var weak = await here.Put("/api/session/password", new { currentPassword = account.Password, newPassword = "short" });
        var done = await here.Put("/api/session/password", new { currentPassword = account.Password, newPassword = "a kettle of 99 fish!" });

        Assert.NotNull(wrong.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["currentPassword"]);
        Assert.NotNull(weak.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["newPassword"]);
        _ = done.Is(HttpStatusCode.NoContent);
        _ = (await here.Get("/api/book/today")).Is(HttpStatusCode.OK);
        _ = (await there.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        using var again = await school.Visit();
        _ = (await again.SignIn(account.Login, account.Password)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        _ = (await again.SignIn(account.Login, "a kettle of 99 fish!")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_office_belongs_to_a_school()
    {
        using var office = await school.SignInAs("administrator");

        var session = await office.SessionView();

        Assert.Equal(("s01", "administrator"), Assert.Single(session["offices"]!.AsArray().Select(one => ((string)one!["school"]!, (string)one["office"]!))));
        var works = Assert.Single(session["teacherSchools"]!.AsArray())!;
        Assert.Equal(("s01", "青禾小学", DemoSchool.Written(school.Today)), ((string)works["id"]!, (string)works["name"]!, (string)works["today"]!));
    }

    [Fact]
    public async Task An_account_knows_by_which_names_it_signs_in()
    {
        using var teacher = await school.SignInAs("class-teacher");
        using var mother = await school.SignInAs("mother");

        Assert.Equal(["phone", "staff"], (await teacher.Get("/api/session/names")).Is(HttpStatusCode.OK).Json.AsArray().Select(name => (string)name!["kind"]!).Order());
        var name = Assert.Single((await mother.Get("/api/session/names")).Is(HttpStatusCode.OK).Json.AsArray())!;
        Assert.Equal(("phone", "19910000557"), ((string)name["kind"]!, (string)name["shown"]!));
    }

    [Fact]
    public async Task The_language_is_kept_with_the_account()
    {
        var account = await school.NextAccount();
        using var here = await school.SignInByPassword(account.Login, account.Password);

        _ = (await here.Put("/api/session/language", new { language = "en" })).Is(HttpStatusCode.NoContent);

        using var there = await school.SignInByPassword(account.Login, account.Password);
        Assert.Equal("en", (string?)(await there.SessionView())["account"]!["language"]);
        Assert.NotNull((await here.Put("/api/session/language", new { language = "tlh" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["language"]);
    }

    [Fact]
    public async Task Cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites()
    {
        using var person = await school.Visit();

        var reply = await person.SignInByCard("mother");

        var cookies = reply.Is(HttpStatusCode.OK).Headers.GetValues("Set-Cookie").ToList();
        var session = Assert.Single(cookies, cookie => cookie.StartsWith("schoolhome=", StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", session, StringComparison.OrdinalIgnoreCase);
        var token = Assert.Single(cookies, cookie => cookie.StartsWith("XSRF-TOKEN=", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", token, StringComparison.OrdinalIgnoreCase);
    }
}
