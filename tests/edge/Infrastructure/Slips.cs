using System.Net;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>A slip as it is printed, and what its guardian knows besides.</summary>
internal sealed record PrintedSlip(string Code, string Student, string Entry, string Phone)
{
    public string PhoneTail => Phone[^4..];

    /// <summary>What a guardian sends who joins with it.</summary>
    public object As(string who, string? password = Slips.Password, string? phone = null) => new { code = Code, phoneTail = PhoneTail, @as = who, password, phone };
}

/// <summary>Slips of the class beside the demo class, whose families are in by nobody's doing but that of a test: each guardian is handed out once.</summary>
internal static class Slips
{
    /// <summary>A password that keeps the rule.</summary>
    public const string Password = "kettle moss 41 harbour";

    private static readonly Queue<(string Student, string Entry, string Phone)> Guardians = new(NobodysYet());

    /// <summary>A guardian for whom nobody has done anything yet, with a phone that no other record names.</summary>
    public static (string Student, string Entry, string Phone) NextGuardian()
    {
        lock (Guardians)
            return Guardians.Dequeue();
    }

    /// <summary>Issues a slip for a guardian of whom nobody has heard.</summary>
    public static async Task<PrintedSlip> NextSlip(this DemoSchool school)
    {
        using var office = await school.SignInAs("administrator");
        var (student, entry, phone) = NextGuardian();
        return await office.IssueSlip(student, entry, phone);
    }

    /// <summary>Issues another slip for the same guardian.</summary>
    public static async Task<PrintedSlip> SlipAgain(this DemoSchool school, PrintedSlip slip)
    {
        using var office = await school.SignInAs("administrator");
        return await office.IssueSlip(slip.Student, slip.Entry, slip.Phone);
    }

    /// <summary>A guardian with an account that only this test knows of.</summary>
    public static async Task<OpenedAccount> NextAccount(this DemoSchool school)
    {
        var slip = await school.NextSlip();
        using var guardian = await school.Visit();
        _ = (await guardian.Join(slip.As("phone"))).Is(HttpStatusCode.OK);
        return new OpenedAccount(slip.Phone, Password, slip.Student, slip.Entry);
    }

    /// <summary>Issues a slip, as somebody who may.</summary>
    public static async Task<PrintedSlip> IssueSlip(this Person issuer, string student, string entry, string phone)
    {
        var classes = (await issuer.Get("/api/people/s01/classes")).Is(HttpStatusCode.OK).Json.AsArray();
        var @class = (string)classes.Single(one => (string?)one!["name"] == "三年级1班")!["class"]!;
        var issued = (await issuer.Post($"/api/people/s01/classes/{@class}/slips", new { people = new[] { new { student, entry } } })).Is(HttpStatusCode.OK).Json;
        return new PrintedSlip((string)Assert.Single(issued["slips"]!.AsArray())!["code"]!, student, entry, phone);
    }

    private static (string Student, string Entry, string Phone)[] NobodysYet() => [.. Workbook.Students()
        .SelectMany(row => row.Guardians.Select((guardian, at) => (Student: row.Number, Entry: $"g{at + 1}", guardian.Phone)))
        .GroupBy(one => one.Phone)
        .Where(phone => phone.Count() == 1)
        .Select(phone => phone.Single())
        .Where(one => one.Student.StartsWith("202631", StringComparison.Ordinal))];
}
