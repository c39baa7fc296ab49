using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.School;

/// <summary>What changes a whole school or district has a demo school of its own.</summary>
[CollectionDefinition(Name)]
public sealed class DistrictCollection : ICollectionFixture<DemoSchool>
{
    public const string Name = "District";
}

[Collection(DistrictCollection.Name)]
public sealed class DistrictTests(DemoSchool school)
{
    [Fact]
    public async Task A_further_school_is_founded_once_with_an_administrator_who_has_nothing_to_say_in_the_first()
    {
        using var administrator = await school.SignInAs("administrator");
        var operation = Guid.NewGuid();
        var command = new { name = "溪山小学", administrator = new { number = "A1", name = "溪校长", phone = "19910008001" } };

        var founded = (await administrator.Post("/api/district/schools", command, operation)).Is(HttpStatusCode.OK).Json;
        var again = (await administrator.Post("/api/district/schools", command, operation)).Is(HttpStatusCode.OK).Json;

        var second = (string)founded["school"]!;
        Assert.Equal(second, (string?)again["school"]);
        Assert.Equal("a1", (string?)founded["login"]);
        var district = (await administrator.Get("/api/district")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("青禾区教育局", (string?)district["name"]);
        Assert.Equal(["青禾小学", "溪山小学"], district["schools"]!.AsArray().Select(one => (string)one!["name"]!));

        // The last password that was told is good.
        using var head = await school.Visit();
        _ = (await head.SignIn("a1", (string)again["initialPassword"]!, second)).Is(HttpStatusCode.OK);
        _ = (await head.Get($"/api/schools/{second}")).Is(HttpStatusCode.OK);
        _ = (await head.Get("/api/schools/s01")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await head.Get("/api/people/s01/search?q=xjx")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await head.Get("/api/district")).IsProblem(HttpStatusCode.NotFound, "not-found");
        // Nor has the district's administrator in the second one.
        _ = (await administrator.Get($"/api/people/{second}/classes")).IsProblem(HttpStatusCode.NotFound, "not-found");

        // Made one of the district's, the other founds schools, too; the last of them remains one.
        for (var times = 0; times < 2; times++)
            _ = (await administrator.Post("/api/district/administrators", new { school = second, teacher = "a1" })).Is(HttpStatusCode.NoContent);
        _ = (await head.Get("/api/district")).Is(HttpStatusCode.OK);
        for (var times = 0; times < 2; times++)
            _ = (await administrator.Post("/api/district/administrators/remove", new { school = second, teacher = "a1" })).Is(HttpStatusCode.NoContent);
        _ = (await head.Get("/api/district")).IsProblem(HttpStatusCode.NotFound, "not-found");
        _ = (await administrator.Post("/api/district/administrators/remove", new { school = "s01", teacher = "admin" })).IsProblem(HttpStatusCode.Conflict, "last-administrator");
        Assert.NotNull((await administrator.Post("/api/district/administrators", new { school = "s01", teacher = "t001" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["teacher"]);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_school_to_be_is_named_at_once_and_nothing_is_founded()
    {
        using var administrator = await school.SignInAs("administrator");
        var before = (await administrator.Get("/api/district")).Is(HttpStatusCode.OK).Json["schools"]!.AsArray().Count;

        var reply = await administrator.Post("/api/district/schools", new { name = " ", timeZone = "Nowhere", administrator = new { number = "a b", name = "", phone = "1" } });

        var errors = reply.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!.AsObject();
        Assert.Equal(["administrator.name", "administrator.number", "administrator.phone", "name", "timeZone"], errors.Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(before, (await administrator.Get("/api/district")).Json["schools"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_district_is_renamed()
    {
        using var administrator = await school.SignInAs("administrator");

        for (var times = 0; times < 2; times++)
            _ = (await administrator.Put("/api/district", new { name = " 青禾新区 " })).Is(HttpStatusCode.NoContent);

        Assert.Equal("青禾新区", (string?)(await administrator.Get("/api/district")).Is(HttpStatusCode.OK).Json["name"]);
        Assert.NotNull((await administrator.Put("/api/district", new { name = "" })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["name"]);
        _ = (await administrator.Put("/api/district", new { name = "青禾区教育局" })).Is(HttpStatusCode.NoContent);
    }
}
