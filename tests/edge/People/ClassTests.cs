using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.People;

/// <summary>The list of classes as the office keeps it.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class ClassTests(DemoSchool school)
{
    private const string Classes = "/api/people/s01/classes";

    [Fact]
    public async Task A_class_is_added_once_corrected_and_removed_while_nobody_is_in_it()
    {
        using var office = await school.SignInAs("administrator");
        var operation = Guid.NewGuid();

        var added = (string)(await office.Post(Classes, new { grade = 2, number = 77 }, operation)).Is(HttpStatusCode.OK).Json["class"]!;
        Assert.Equal(added, (string?)(await office.Post(Classes, new { grade = 2, number = 77 }, operation)).Is(HttpStatusCode.OK).Json["class"]);
        Assert.Equal(DemoSchool.ClassOf(2, 77), added);
        var line = (await office.Get(Classes)).Is(HttpStatusCode.OK).Json.AsArray().Single(one => (string?)one!["class"] == added)!;
        Assert.Equal(("二年级77班", 2, 77, 0), ((string)line["name"]!, (int)line["grade"]!, (int)line["number"]!, (int)line["students"]!));

        Assert.NotNull((await office.Post(Classes, new { grade = 2, number = 77, name = "又一个" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["number"]);
        var errors = (await office.Post(Classes, new { grade = 13, number = 0, name = new string('长', 61) })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject();
        Assert.Equal(["grade", "name", "number"], errors.Select(field => field.Key).Order());

        for (var times = 0; times < 2; times++)
            _ = (await office.Put($"{Classes}/{added}", new { grade = 2, number = 78, name = "向日葵班" })).Is(HttpStatusCode.NoContent);
        Assert.Equal("向日葵班", (string?)(await office.Get($"{Classes}/{added}")).Is(HttpStatusCode.OK).Json["name"]);

        for (var times = 0; times < 2; times++)
            _ = (await office.Post($"{Classes}/{added}/remove")).Is(HttpStatusCode.NoContent);
        _ = (await office.Get($"{Classes}/{added}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await office.Post($"{Classes}/{DemoSchool.Class}/remove")).IsProblem(HttpStatusCode.Conflict, "class-not-empty");
    }
}
