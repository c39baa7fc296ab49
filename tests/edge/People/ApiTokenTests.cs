using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Programs and their bearer tokens: so far and no further.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class ApiTokenTests(DemoSchool school)
{
    private const string Tokens = "/api/schools/s01/tokens";
    private const string Classes = "/api/people/s01/classes";

    [Fact]
    public async Task A_program_reads_what_its_scope_says_without_cookies_and_nothing_else()
    {
        using var office = await school.SignInAs("administrator");
        var reader = await Make(office, "people.read");
        var importer = await Make(office, "roster.import");
        using var program = await school.Visit();

        _ = (await Ask(program, HttpMethod.Get, Classes, reader)).Is(HttpStatusCode.OK);
        _ = (await Ask(program, HttpMethod.Get, Classes, importer)).IsProblem(HttpStatusCode.Forbidden, "token-scope");
        // Another school is not there for it.
        _ = (await Ask(program, HttpMethod.Get, "/api/people/s02/classes", reader)).IsProblem(HttpStatusCode.NotFound, "not-found");
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/api/session"), (HttpMethod.Get, "/api/session/devices"), (HttpMethod.Post, "/api/session/sign-out-everywhere"), (HttpMethod.Get, "/api/book/today"),
            (HttpMethod.Get, Tokens), (HttpMethod.Post, "/api/people/s01/accounts"), (HttpMethod.Post, $"/api/people/s01/students/{DemoSchool.Child}/guardians/g1/end-access"),
        })
            _ = (await Ask(program, method, path, reader)).IsProblem(HttpStatusCode.Forbidden, "token-scope");
    }

    [Fact]
    public async Task A_wrong_token_is_nobody_and_a_cookie_beside_it_does_not_help()
    {
        using var office = await school.SignInAs("administrator");
        var token = await Make(office, "people.read");
        using var program = await school.Visit();

        foreach (var wrong in new[] { token[..^1] + (token[^1] == 'a' ? 'b' : 'a'), "sh_0_0", "sh__", "nonsense", $"sh_{Guid.NewGuid():N}_{token.Split('_')[2]}", token + "_x", new string('a', 4000) })
        {
            _ = (await Ask(program, HttpMethod.Get, Classes, wrong)).IsProblem(HttpStatusCode.Unauthorized, "token-wrong");
            _ = (await Ask(office, HttpMethod.Get, Classes, wrong)).IsProblem(HttpStatusCode.Unauthorized, "token-wrong");
        }

        // In an address, which is logged, it counts for nothing.
        _ = (await program.Get($"{Classes}?access_token={token}")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        Assert.DoesNotContain(token.Split('_')[2], school.Web.Log.Replace($"access_token={token}", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_ends_at_once_and_the_list_shows_no_secret()
    {
        using var office = await school.SignInAs("administrator");
        var token = await Make(office, "people.read");
        var id = token.Split('_')[1];
        using var program = await school.Visit();
        _ = (await Ask(program, HttpMethod.Get, Classes, token)).Is(HttpStatusCode.OK);

        var listed = (await office.Get(Tokens)).Is(HttpStatusCode.OK);
        var line = listed.Json.AsArray().Single(one => (string?)one!["token"] == id)!;
        Assert.Equal(("系统管理员", false), ((string)line["madeBy"]!, (bool)line["revoked"]!));
        Assert.NotNull(line["lastUsed"]);
        Assert.DoesNotContain(token.Split('_')[2], listed.Text, StringComparison.Ordinal);

        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"{Tokens}/{id}/revoke")).Is(HttpStatusCode.NoContent);

        _ = (await Ask(program, HttpMethod.Get, Classes, token)).IsProblem(HttpStatusCode.Unauthorized, "token-wrong");
        Assert.True((bool)(await office.Get(Tokens)).Json.AsArray().Single(one => (string?)one!["token"] == id)!["revoked"]!);
        _ = (await office.Post($"{Tokens}/{Guid.NewGuid():N}/revoke")).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_same_command_again_makes_no_second_token_and_shows_no_secret_again()
    {
        using var office = await school.SignInAs("administrator");
        var operation = Guid.NewGuid();
        var command = new { name = "校园一卡通", scopes = new[] { "people.read" }, days = 30 };

        var made = (await office.Post(Tokens, command, operation)).Is(HttpStatusCode.OK).Json;
        _ = (await office.Post(Tokens, command, operation)).IsProblem(HttpStatusCode.Conflict, "token-made");

        Assert.Single((await office.Get(Tokens)).Json.AsArray(), one => (string?)one!["token"] == (string)made["token"]!);
        using var program = await school.Visit();
        _ = (await Ask(program, HttpMethod.Get, Classes, (string)made["secret"]!)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_token_is_named()
    {
        using var office = await school.SignInAs("administrator");

        Assert.Equal(["days", "name", "scopes"], (await office.Post(Tokens, new { name = "", scopes = Array.Empty<string>(), days = 0 })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order());
        Assert.Equal(["days", "name", "scopes"], (await office.Post(Tokens, new { name = new string('x', 61), scopes = new[] { "everything" }, days = 366 })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject().Select(field => field.Key).Order());
    }

    [Fact]
    public async Task A_token_ends_with_the_office_of_whoever_made_it()
    {
        using var office = await school.SignInAs("administrator");
        _ = (await office.Put("/api/people/s01/staff/t003/offices", new { offices = new[] { "administrator" } })).Is(HttpStatusCode.NoContent);
        var opened = (await office.Post("/api/people/s01/accounts", new { teacher = "t003" })).Is(HttpStatusCode.OK).Json;
        using var colleague = await school.SignInByPassword("t003", (string)opened["initialPassword"]!);
        var token = await Make(colleague, "people.read");
        using var program = await school.Visit();
        _ = (await Ask(program, HttpMethod.Get, Classes, token)).Is(HttpStatusCode.OK);

        _ = (await office.Put("/api/people/s01/staff/t003/offices", new { offices = Array.Empty<string>() })).Is(HttpStatusCode.NoContent);

        _ = (await Ask(program, HttpMethod.Get, Classes, token)).IsProblem(HttpStatusCode.Unauthorized, "token-wrong");
        _ = (await colleague.Get(Tokens)).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    private static async Task<string> Make(Person office, params string[] scopes) =>
        (string)(await office.Post(Tokens, new { name = "学籍系统", scopes, days = 30 })).Is(HttpStatusCode.OK).Json["secret"]!;

    private static Task<Reply> Ask(Person program, HttpMethod method, string path, string token) => program.With(method, path, method == HttpMethod.Get ? null : new { }, ("Authorization", $"Bearer {token}"));
}
