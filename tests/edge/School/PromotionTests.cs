using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.School;

/// <summary>Year-end promotion of all classes: children, teachers, families and books stay with their class.</summary>
[Collection(DistrictCollection.Name)]
public sealed class PromotionTests(DemoSchool school)
{
    private const string Path = "/api/schools/s01/promotion";

    [Fact]
    public async Task All_classes_move_up_as_previewed_once_families_keep_their_sheets_and_undo_takes_all_of_it_back()
    {
        using var office = await school.SignInAs("administrator");
        using var mother = await school.SignInAs("mother");
        var today = DemoSchool.Written(school.Today);
        var sheet = $"/api/book/sheets/s01/{DemoSchool.Class}/{today}";
        var before = await Names(office);
        var written = (await mother.Get(sheet)).Is(HttpStatusCode.OK).Json["sections"]!.ToJsonString();

        var preview = (await office.Get(Path)).Is(HttpStatusCode.OK).Json;
        Assert.Null(preview["refused"]);
        Assert.Null(preview["last"]);
        Assert.Equal("四年级2班", (string?)Move(preview, DemoSchool.Class)["after"]);
        Assert.Null(Move(preview, DemoSchool.ClassOf(6, 1))["after"]);
        Assert.Equal(before, await Names(office));

        var operation = Guid.NewGuid();
        var done = (await office.Post(Path, null, operation)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(done.ToJsonString(), (await office.Post(Path, null, operation)).Is(HttpStatusCode.OK).Json.ToJsonString());
        Assert.Equal(preview["moves"]!.ToJsonString(), done["moves"]!.ToJsonString());
        _ = (await office.Post(Path, null, Guid.NewGuid())).IsProblem(HttpStatusCode.Conflict, "promoted-this-year");

        // The family: the same class by its new name, and the sheets that it had.
        Assert.Equal("四年级2班", (string?)(await mother.SessionView())["children"]![0]!["className"]);
        Assert.Equal(written, (await mother.Get(sheet)).Is(HttpStatusCode.OK).Json["sections"]!.ToJsonString());
        // Who is in that grade and number now sees nothing of them; and the first grade is empty until somebody enters.
        var names = await Names(office);
        Assert.Equal("四年级2班", names[DemoSchool.Class]);
        Assert.DoesNotContain(DemoSchool.ClassOf(6, 1), names.Keys);
        Assert.DoesNotContain(names.Values, name => name.StartsWith("一年级", StringComparison.Ordinal));
        using var teacher = await TeacherOf(office, DemoSchool.ClassOf(2, 2));
        _ = (await teacher.Get(sheet)).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await teacher.Get($"/api/book/sheets/s01/{DemoSchool.ClassOf(2, 2)}/{today}")).Is(HttpStatusCode.OK);

        // A class that has graduated keeps its book up to that day, and has none after it; nobody is in charge of its families any more.
        using var sixth = await TeacherOf(office, DemoSchool.ClassOf(6, 1));
        _ = (await sixth.Get($"/api/book/sheets/s01/{DemoSchool.ClassOf(6, 1)}/{today}")).Is(HttpStatusCode.OK);
        _ = (await sixth.Get($"/api/book/sheets/s01/{DemoSchool.ClassOf(6, 1)}/{DemoSchool.Written(school.Today.AddDays(1))}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await sixth.Get($"/api/book/days/s01/{DemoSchool.ClassOf(6, 1)}/{DemoSchool.Written(school.Today.AddDays(1))}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await sixth.Get($"/api/people/s01/classes/{DemoSchool.ClassOf(6, 1)}/families")).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(today, (string?)(await office.Get($"/api/people/s01/classes/{DemoSchool.ClassOf(6, 1)}")).Is(HttpStatusCode.OK).Json["graduated"]);
        Assert.NotNull((await office.Post($"/api/people/s01/students/{DemoSchool.Child}/move", new { @class = DemoSchool.ClassOf(6, 1) })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["class"]);

        Assert.NotNull((await office.Get(Path)).Json["last"]);
        _ = (await office.Post($"{Path}/undo")).Is(HttpStatusCode.NoContent);
        _ = (await office.Post($"{Path}/undo")).IsProblem(HttpStatusCode.Conflict, "nothing-to-undo");
        Assert.Equal(before, await Names(office));
        Assert.Equal("三年级2班", (string?)(await mother.SessionView())["children"]![0]!["className"]);
        _ = (await sixth.Get($"/api/people/s01/classes/{DemoSchool.ClassOf(6, 1)}/families")).Is(HttpStatusCode.OK);
    }

    private static JsonNode Move(JsonNode promotion, string @class) => promotion["moves"]!.AsArray().Single(move => (string?)move!["class"] == @class)!;

    private static async Task<SortedDictionary<string, string>> Names(Person office) =>
        new((await office.Get("/api/people/s01/classes")).Is(HttpStatusCode.OK).Json.AsArray().ToDictionary(one => (string)one!["class"]!, one => (string)one!["name"]!));

    private async Task<Person> TeacherOf(Person office, string @class)
    {
        var teachers = (await office.Get($"/api/people/s01/classes/{@class}")).Is(HttpStatusCode.OK).Json["teachers"]!.AsArray();
        var number = (string)teachers.First(one => (string?)one!["role"] == "classTeacher")!["teacher"]!;
        var opened = (await office.Post("/api/people/s01/accounts", new { teacher = number })).Is(HttpStatusCode.OK).Json;
        var teacher = await school.Visit();
        _ = (await teacher.SignIn(number, (string)opened["initialPassword"]!, "s01")).Is(HttpStatusCode.OK);
        return teacher;
    }
}
