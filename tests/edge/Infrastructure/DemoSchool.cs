using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>The demo school in a process of its own, and what its people do. The people on the cards are shared; whoever changes somebody's account opens a new one.</summary>
public sealed class DemoSchool : IAsyncLifetime
{
    internal const string Password = "qinghe-demo";

    /// <summary>The child of <c>mother</c>, <c>father</c> and <c>grandfather</c>, who is <c>student</c>.</summary>
    internal const string Child = "2026320295";

    /// <summary>The child of <c>other-father</c>, in the same class.</summary>
    internal const string OtherChild = "2026320280";

    private readonly List<(string Student, string Entry)> _tried = [];
    private DateOnly _nextDay;

    internal WebProcess Web { get; private set; } = null!;

    internal DateOnly Today { get; private set; }

    internal DateOnly LastDay { get; private set; }

    public async Task InitializeAsync()
    {
        Web = await WebProcess.StartAsync("Development");
        using var teacher = await SignInAs("class-teacher");
        var school = (await teacher.SessionView())["school"]!;
        Today = Day(school["today"]!);
        LastDay = Day(school["term"]!["last"]!);
        _nextDay = Today.AddDays(1);
        await Web.UntilLoggedAsync("The demo class has written", TimeSpan.FromMinutes(2));
    }

    public async Task DisposeAsync() => await Web.DisposeAsync();

    internal Task<Person> Visit(string? language = null) => Person.Visit(Web.Address, language);

    internal async Task<Person> SignInAs(string card, string? language = null)
    {
        var person = await Visit(language);
        _ = (await person.SignInByCard(card)).Is(HttpStatusCode.OK);
        return person;
    }

    internal async Task<Person> SignInByPassword(string login, string password)
    {
        var person = await Visit();
        _ = (await person.SignIn(login, password)).Is(HttpStatusCode.OK);
        return person;
    }

    /// <summary>A day of the term on which nobody has written yet.</summary>
    internal DateOnly FreshDay()
    {
        var day = _nextDay;
        _nextDay = day.AddDays(1);
        Assert.True(day <= LastDay, "The tests have used up the term.");
        return day;
    }

    internal static string Page(string student, DateOnly day) => $"page/s01/{student}/{Written(day)}";

    internal static string Sheet(DateOnly day, string @class = "3-2") => $"sheet/s01/{@class}/{Written(day)}";

    internal static string ClassDay(DateOnly day, string @class = "3-2") => $"class-day/s01/{@class}/{Written(day)}";

    internal static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Opens an account for a guardian of the demo class who has none, as the office does.</summary>
    internal async Task<OpenedAccount> OpenAccountForGuardian()
    {
        using var office = await SignInAs("administrator");
        var people = (await office.Get("/api/people/s01/classes/3-2")).Is(HttpStatusCode.OK).Json;
        foreach (var student in people["students"]!.AsArray())
        {
            foreach (var guardian in student!["guardians"]!.AsArray())
            {
                var (number, entry) = ((string)student["student"]!, (string)guardian!["entry"]!);
                if ((bool)guardian["hasAccess"]! || _tried.Contains((number, entry)))
                    continue;

                _tried.Add((number, entry));
                var reply = await office.Post("/api/people/s01/accounts", new { student = number, guardian = entry });
                // Somebody else of the family may have claimed the number.
                if (reply.Status is HttpStatusCode.OK)
                    return new OpenedAccount((string)reply.Json["login"]!, (string)reply.Json["initialPassword"]!, number, entry);
            }
        }

        throw new InvalidOperationException("Every guardian of the demo class has an account.");
    }

    /// <summary>As the office does it.</summary>
    internal async Task EndAccess(OpenedAccount of)
    {
        using var office = await SignInAs("administrator");
        _ = (await office.Post($"/api/people/s01/students/{of.Student}/guardians/{of.Entry}/end-access")).Is(HttpStatusCode.NoContent);
    }

    private static DateOnly Day(JsonNode written) => DateOnly.ParseExact((string)written!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>An account that the office has opened for a guardian of a child.</summary>
internal sealed record OpenedAccount(string Login, string Password, string Student, string Entry);

/// <summary>Tests in this collection share one demo school.</summary>
[CollectionDefinition(Name)]
public sealed class DemoSchoolCollection : ICollectionFixture<DemoSchool>
{
    public const string Name = "Demo school";
}
