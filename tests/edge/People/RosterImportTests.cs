using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

[Collection(DemoSchoolCollection.Name)]
public sealed class RosterImportTests(DemoSchool school)
{
    private const string Roster = "/api/people/s01/roster";

    [Fact]
    public async Task Importing_the_same_workbook_again_changes_nothing()
    {
        using var office = await school.SignInAs("administrator");

        var imported = (await office.Upload(Roster, Workbook.Qinghe)).Is(HttpStatusCode.OK).Json;

        var (students, staff) = (Workbook.Students().Count(), Workbook.Staff().Count());
        Assert.Equal((students, staff), ((int)imported["students"]!, (int)imported["teachers"]!));
        Assert.Equal((0, 0, students + staff), ((int)imported["added"]!, (int)imported["changed"]!, (int)imported["unchanged"]!));
    }

    [Fact]
    public async Task Every_planted_fault_is_reported_with_row_and_column_and_nothing_is_applied()
    {
        using var office = await school.SignInAs("administrator");
        var before = await Everybody(office);

        var reply = (await office.Upload(Roster, Workbook.Faulty)).IsProblem(HttpStatusCode.BadRequest, "roster-refused");

        // Not among them: a name that is markup (33, shown as text), blanks around a name (37), a phone with its country code (41).
        (string Sheet, int Row, string? Column)[] expected =
        [
            ("学生", 5, "姓名"),
            ("学生", 9, "学号"),
            ("学生", 13, "家长1手机"),
            ("学生", 17, "出生日期"),
            ("学生", 21, "班级"),
            ("学生", 25, "性别"),
            ("学生", 29, "家长1姓名"),
            ("学生", 45, null),
        ];
        var problems = reply.Json["problems"]!.AsArray();
        var places = problems.Select(one => (Sheet: (string)one!["sheet"]!, Row: (int)one["row"]!, Column: (string?)one["column"])).ToArray();
        Assert.Equal(expected, places.Where(one => one.Sheet == "学生"));
        // The file's few students fill two classes; that its staff teach others is the only thing wrong with them.
        Assert.All(places.Where(one => one.Sheet != "学生"), one => Assert.Equal(("教职工", "任教班级"), (one.Sheet, one.Column)));
        Assert.All(problems, one => Assert.False(string.IsNullOrWhiteSpace((string?)one!["problem"])));
        Assert.Equal(before, await Everybody(office));
    }

    [Fact]
    public async Task What_is_no_workbook_is_refused_as_such()
    {
        using var office = await school.SignInAs("administrator");

        _ = (await office.Upload(Roster, Encoding.UTF8.GetBytes("年级,班级,学号"))).IsProblem(HttpStatusCode.BadRequest, "roster-refused");
        _ = (await office.Upload(Roster, [0x50, 0x4b, 0x03, 0x04, 0x00])).IsProblem(HttpStatusCode.BadRequest, "roster-refused");
        Assert.NotNull((await office.Upload(Roster, [])).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["file"]);
    }

    [Fact]
    public async Task A_missing_sheet_is_named()
    {
        using var office = await school.SignInAs("administrator");

        var reply = (await office.Upload(Roster, Workbook.WithoutStaff())).IsProblem(HttpStatusCode.BadRequest, "roster-refused");

        Assert.Equal("教职工", (string?)Assert.Single(reply.Json["problems"]!.AsArray())!["sheet"]);
    }

    [Fact]
    public async Task A_file_that_is_larger_than_any_roster_is_refused()
    {
        using var office = await school.SignInAs("administrator");

        _ = (await office.Upload(Roster, new byte[21 * 1024 * 1024])).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    private static async Task<string> Everybody(Person office)
    {
        var classes = (await office.Get("/api/people/s01/classes")).Is(HttpStatusCode.OK).Json.AsArray();
        var people = new JsonArray();
        foreach (var one in classes.Where(one => ((string)one!["class"]!).StartsWith("1-", StringComparison.Ordinal)))
            people.Add((await office.Get($"/api/people/s01/classes/{(string)one!["class"]!}")).Is(HttpStatusCode.OK).Json);
        return classes.ToJsonString() + people.ToJsonString();
    }
}
