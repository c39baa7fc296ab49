using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.ContactBook;

/// <summary>Somebody who teaches the class of their own child is both, and says as which of the two they act; and a command is taken as its sender's, or not at all.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class ActingTests(DemoSchool school)
{
    private const string Staff = "/api/people/s01/staff";
    private static readonly object NothingYet = new { seen = new { sections = new Dictionary<string, int>(), entries = 0, sheet = 0 } };
    private static readonly (string, string) AsFamily = ("Acting-As", "family");

    [Fact]
    public async Task Who_teaches_their_own_child_signs_as_parent_or_as_teacher_as_they_say()
    {
        var slip = await school.NextSlip();
        using var both = await TeacherAndParent("x301", slip);
        var (asParent, asTeacher) = (Path(slip.Student, school.EarlierDay()), Path(slip.Student, school.EarlierDay()));

        _ = (await both.With(HttpMethod.Post, $"{asParent}/signatures", NothingYet, AsFamily)).Is(HttpStatusCode.NoContent);
        _ = (await both.Post($"{asTeacher}/signatures", NothingYet)).Is(HttpStatusCode.NoContent);

        Assert.Equal("guardian", await SignedFor(both, asParent));
        Assert.Equal("teacher", await SignedFor(both, asTeacher));
        // What only teachers do is not a parent's, whoever the parent is.
        var marks = new { marks = new[] { new { mark = "lunch", level = "good" } } };
        _ = (await both.With(HttpMethod.Put, $"{asParent}/marks", marks, AsFamily)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        _ = (await both.Put($"{asParent}/marks", marks)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Who_says_family_of_a_child_that_is_not_theirs_gets_no_right_by_it()
    {
        var day = school.EarlierDay();
        using var other = await school.SignInAs("other-father");
        using var teacher = await school.SignInAs("class-teacher");

        _ = (await other.With(HttpMethod.Post, $"{Path(DemoSchool.Child, day)}/signatures", NothingYet, AsFamily)).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await teacher.With(HttpMethod.Post, $"{Path(DemoSchool.Child, day)}/signatures", NothingYet, AsFamily)).Is(HttpStatusCode.NoContent);
        Assert.Equal("teacher", await SignedFor(teacher, Path(DemoSchool.Child, day)));
    }

    [Fact]
    public async Task A_command_that_was_meant_as_another_accounts_is_refused_and_has_no_effect()
    {
        var page = Path(DemoSchool.Child, school.EarlierDay());
        using var mother = await school.SignInAs("mother");
        using var father = await school.SignInAs("father");

        _ = (await mother.With(HttpMethod.Post, $"{page}/signatures", NothingYet, ("Account", father.Account))).IsProblem(HttpStatusCode.Conflict, "other-account");
        Assert.Empty((await mother.Get(page)).Is(HttpStatusCode.OK).Json["signatures"]!.AsArray());
        _ = (await mother.With(HttpMethod.Post, $"{page}/signatures", NothingYet, ("Account", mother.Account))).Is(HttpStatusCode.NoContent);
    }

    private static string Path(string student, DateOnly day) => $"/api/book/pages/s01/{student}/{DemoSchool.Written(day)}";

    private static async Task<string?> SignedFor(Person reader, string page) =>
        (string?)Assert.Single((await reader.Get(page)).Is(HttpStatusCode.OK).Json["signatures"]!.AsArray())!["for"];

    /// <summary>A counsellor of a child's class who is its guardian, too.</summary>
    private async Task<Person> TeacherAndParent(string number, PrintedSlip slip)
    {
        using var office = await school.SignInAs("administrator");
        _ = (await office.Post(Staff, new { teacher = number, name = "尉迟老师" })).Is(HttpStatusCode.OK);
        var @class = DemoSchool.ClassOf(3, 1);
        _ = (await office.Put($"{Staff}/{number}/duties/{@class}", new { kind = "counsellor" })).Is(HttpStatusCode.NoContent);
        var opened = (await office.Post("/api/people/s01/accounts", new { teacher = number })).Is(HttpStatusCode.OK).Json;
        var both = await school.SignInByPassword(number, (string)opened["initialPassword"]!);
        _ = (await both.Join(slip.As("account", null))).Is(HttpStatusCode.OK);
        return both;
    }
}
