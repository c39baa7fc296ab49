using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.School;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>The demo school in a process of its own, and what its people do. The people on the cards are shared; whoever changes somebody's account opens a new one.</summary>
public sealed class DemoSchool : IAsyncLifetime
{
    internal const string Password = "qinghe-demo";

    /// <summary>The child of <c>mother</c>, <c>father</c> and <c>grandfather</c>, who is <c>student</c>.</summary>
    internal const string Child = "2026320295";

    /// <summary>The child of <c>other-father</c>, in the same class.</summary>
    internal const string OtherChild = "2026320280";

    /// <summary>The class of both, 三年级2班: its id says when it began, so it is another one each year.</summary>
    internal static string Class { get; } = ClassOf(3, 2);

    private DateOnly _nextDay;
    private DateOnly _earlierDay;

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
        // Before the two weeks that the demo has written.
        _earlierDay = Today.AddDays(-21);
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

    /// <summary>A school day that has passed, on which nobody has written yet: only such a day, or today, can be signed.</summary>
    internal DateOnly EarlierDay()
    {
        do
            _earlierDay = _earlierDay.AddDays(-1);
        while (_earlierDay.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);

        Assert.True(_earlierDay > Today.AddDays(-7 * 10), "The tests have used up the term.");
        return _earlierDay;
    }

    internal static string Page(string student, DateOnly day) => $"page/s01/{student}/{Written(day)}";

    internal static string Sheet(DateOnly day, string? @class = null) => $"sheet/s01/{@class ?? Class}/{Written(day)}";

    internal static string ClassDay(DateOnly day, string? @class = null) => $"class-day/s01/{@class ?? Class}/{Written(day)}";

    internal static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The class that is in a grade this school year.</summary>
    internal static string ClassOf(int grade, int number)
    {
        var today = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        return SchoolClass.IdOf(new SchoolId("s01"), Term.UsualYear(DateOnly.FromDateTime(today.DateTime)), grade, number).Class;
    }

    /// <summary>A guardian of the demo class who had no account gets a slip from the class teacher, and joins with it.</summary>
    internal async Task<OpenedAccount> OpenAccountForGuardian()
    {
        using var teacher = await SignInAs("class-teacher");
        foreach (var (student, entry, phone) in await NotIn())
        {
            var slip = await IssueSlip(teacher, student, entry, phone);
            using var guardian = await Visit();
            // Somebody else of the family may sign in with that number.
            if ((await guardian.Join(slip.As("phone"))).Status is HttpStatusCode.OK)
                return new OpenedAccount(phone, Slips.Password, student, entry);
        }

        throw new InvalidOperationException("Every guardian of the demo class has an account.");
    }

    /// <summary>Guardians of the demo class for whom no test has done anything yet.</summary>
    internal async Task<List<(string Student, string Entry, string Phone)>> NotIn()
    {
        using var office = await SignInAs("administrator");
        var families = (await office.Get($"/api/people/s01/classes/{Class}/families")).Is(HttpStatusCode.OK).Json;
        var found = families["students"]!.AsArray()
            .SelectMany(student => student!["guardians"]!.AsArray().Select(guardian => (Student: (string)student["student"]!, Guardian: guardian!)))
            .Where(one => (string?)one.Guardian["state"] == "none" && (string?)one.Guardian["phoneTail"] != "")
            .Select(one => (one.Student, Entry: (string)one.Guardian["entry"]!));
        var phones = Workbook.Students().ToDictionary(row => row.Number, row => row.Guardians);
        // Those whom a test has entered by hand are that test's.
        return [.. found.Where(one => phones.ContainsKey(one.Student)).Select(one => (one.Student, one.Entry, phones[one.Student][int.Parse(one.Entry[1..], CultureInfo.InvariantCulture) - 1].Phone))];
    }

    /// <summary>Issues a slip for one guardian of the demo class.</summary>
    internal static async Task<PrintedSlip> IssueSlip(Person issuer, string student, string entry, string phone)
    {
        var issued = (await issuer.Post($"/api/people/s01/classes/{Class}/slips", new { people = new[] { new { student, entry } } })).Is(HttpStatusCode.OK).Json;
        return new PrintedSlip((string)Assert.Single(issued["slips"]!.AsArray())!["code"]!, student, entry, phone);
    }

    /// <summary>As the office does it.</summary>
    internal async Task EndAccess(OpenedAccount of)
    {
        using var office = await SignInAs("administrator");
        _ = (await office.Post($"/api/people/s01/students/{of.Student}/guardians/{of.Entry}/end-access")).Is(HttpStatusCode.NoContent);
    }

    private static DateOnly Day(JsonNode written) => DateOnly.ParseExact((string)written!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>An account that a guardian of a child has opened with a slip.</summary>
internal sealed record OpenedAccount(string Login, string Password, string Student, string Entry);

/// <summary>Tests in this collection share one demo school.</summary>
[CollectionDefinition(Name)]
public sealed class DemoSchoolCollection : ICollectionFixture<DemoSchool>
{
    public const string Name = "Demo school";
}
