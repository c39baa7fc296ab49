using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.People;

/// <summary>Which families are in, and their slips, as the class teacher sees and issues them.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed partial class FamilyTests(DemoSchool school)
{
    private static readonly string Slips = $"/api/people/s01/classes/{DemoSchool.Class}/slips";

    [Fact]
    public async Task A_slip_is_told_once_stands_as_issued_and_lets_exactly_that_family_in_which_is_counted_live()
    {
        using var teacher = await school.SignInAs("class-teacher");
        await using var desk = await teacher.ConnectLive();
        var topic = $"class/s01/{DemoSchool.Class}";
        _ = Ok(await desk.Join(topic));
        var (student, entry, phone) = await OneOfAFamilyThatIsNotIn();
        var before = await Families(teacher);

        var issued = (await teacher.Post(Slips, new { people = new[] { new { student, entry } } })).Is(HttpStatusCode.OK).Json;

        var slip = Assert.Single(issued["slips"]!.AsArray())!;
        Assert.Matches(Written(), (string)slip["code"]!);
        Assert.Equal($"{phone[..3]}****{phone[^4..]}", (string?)slip["phoneMasked"]);
        Assert.Equal(("青禾小学", "三年级2班"), ((string)issued["school"]!, (string)issued["className"]!));
        var standing = await Guardian(teacher, student, entry);
        Assert.Equal(("issued", phone[^4..]), ((string)standing["state"]!, (string)standing["phoneTail"]!));
        Assert.NotNull(standing["expires"]);
        Assert.DoesNotContain(((string)slip["code"]!)[..5], (await Families(teacher)).ToJsonString(), StringComparison.Ordinal);

        using var guardian = await school.Visit();
        var joined = await guardian.Join(new { code = slip["code"], phoneTail = phone[^4..], @as = "phone", password = Infrastructure.Slips.Password });

        Assert.Equal(student, (string?)Assert.Single(joined.Is(HttpStatusCode.OK).Json["session"]!["children"]!.AsArray())!["student"]);
        await desk.Until(live => live.Events(topic).Length > 0, "the class to tell that a family is in");
        var after = await Families(teacher);
        Assert.Equal("in", (string?)(await Guardian(teacher, student, entry))["state"]);
        Assert.Equal((int)before["familiesIn"]! + 1, (int)after["familiesIn"]!);
        Assert.Equal((int)before["families"]!, (int)after["families"]!);
        var counted = Ok(await desk.Join(topic))["view"]!["students"]!.AsArray().Count(one => (int)one!["joined"]! > 0);
        Assert.Equal((int)after["familiesIn"]!, counted);
    }

    [Fact]
    public async Task Another_slip_voids_the_one_before_a_revoked_one_is_void_and_wrong_tries_are_seen()
    {
        using var teacher = await school.SignInAs("class-teacher");
        var (student, entry, phone) = (await school.NotIn())[^1];
        var first = await DemoSchool.IssueSlip(teacher, student, entry, phone);
        var second = await DemoSchool.IssueSlip(teacher, student, entry, phone);
        using var guardian = await school.Visit();

        _ = (await guardian.Post("/api/join/check", new { code = first.Code, phoneTail = first.PhoneTail })).Is(HttpStatusCode.Forbidden);
        for (var times = 0; times < 2; times++)
            _ = await guardian.Post("/api/join/check", new { code = second.Code, phoneTail = phone.EndsWith("0000", StringComparison.Ordinal) ? "1111" : "0000" });
        Assert.Equal(2, (int)(await Guardian(teacher, student, entry))["wrongTries"]!);
        _ = (await guardian.Post("/api/join/check", new { code = second.Code, phoneTail = second.PhoneTail })).Is(HttpStatusCode.OK);

        for (var times = 0; times < 2; times++)
            _ = (await teacher.Post($"/api/people/s01/students/{student}/guardians/{entry}/slip/revoke")).Is(HttpStatusCode.NoContent);
        Assert.Equal("none", (string?)(await Guardian(teacher, student, entry))["state"]);
        _ = (await guardian.Post("/api/join/check", new { code = second.Code, phoneTail = second.PhoneTail })).Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Slips_for_the_whole_class_are_for_everybody_who_is_not_in_and_is_kept_from_nothing()
    {
        using var office = await school.SignInAs("administrator");
        using var teacher = await Of31(office);
        var @class = DemoSchool.ClassOf(3, 1);
        var path = $"/api/people/s01/classes/{@class}";
        var families = (await teacher.Get($"{path}/families")).Is(HttpStatusCode.OK).Json;
        var restricted = families["students"]!.AsArray().First(one => one!["guardians"]!.AsArray().Count > 1 && (string?)one["guardians"]![1]!["state"] == "none")!;
        _ = (await office.Post($"/api/people/s01/students/{restricted["student"]}/guardians/g2/restrict", new { restriction = "noAccess", reason = "法院判决" })).Is(HttpStatusCode.NoContent);
        families = (await teacher.Get($"{path}/families")).Is(HttpStatusCode.OK).Json;
        var wanted = families["students"]!.AsArray()
            .SelectMany(one => one!["guardians"]!.AsArray().Where(guardian => (string?)guardian!["state"] is not ("in" or "restricted" or "ended"))
                .Select(guardian => $"{one["student"]}/{guardian!["entry"]}"))
            .Order().ToArray();

        var issued = (await teacher.Post($"{path}/slips", new { })).Is(HttpStatusCode.OK).Json;

        Assert.NotEmpty(wanted);
        Assert.Equal(wanted, issued["slips"]!.AsArray().Select(one => $"{one!["student"]}/{one["entry"]}").Order());
        Assert.DoesNotContain($"{restricted["student"]}/g2", wanted);
        Assert.Equal(wanted.Length, issued["slips"]!.AsArray().Select(one => (string)one!["code"]!).Distinct().Count());
        _ = (await office.Post($"/api/people/s01/students/{restricted["student"]}/guardians/g2/restrict", new { restriction = "none", reason = "撤销" })).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Somebody_who_is_in_gets_a_slip_for_a_forgotten_password_only_when_named()
    {
        using var teacher = await school.SignInAs("class-teacher");
        var account = await school.OpenAccountForGuardian();
        var slip = await DemoSchool.IssueSlip(teacher, account.Student, account.Entry, account.Login);

        // Still in, with the old password, until the slip is redeemed.
        Assert.Equal("in", (string?)(await Guardian(teacher, account.Student, account.Entry))["state"]);
        using var old = await school.SignInByPassword(account.Login, account.Password);
        using var guardian = await school.Visit();
        Assert.Equal("recover", (string?)(await guardian.Post("/api/join/check", new { code = slip.Code, phoneTail = slip.PhoneTail })).Is(HttpStatusCode.OK).Json["kind"]);
        _ = (await guardian.Join(slip.As("phone", "another kettle 52 moss"))).Is(HttpStatusCode.OK);
        _ = (await old.Get("/api/book/today")).IsProblem(HttpStatusCode.Unauthorized, "signed-out");
        using var anew = await school.SignInByPassword(account.Login, "another kettle 52 moss");
        Assert.Equal(old.Account, anew.Account);
        var refused = await teacher.Post(Slips, new { people = new[] { new { student = "1999999999", entry = "g1" } } });
        Assert.NotNull(refused.IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["people"]);
        Assert.NotNull((await teacher.Post(Slips, new { people = Array.Empty<object>() })).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["people"]);
    }

    private async Task<(string Student, string Entry, string Phone)> OneOfAFamilyThatIsNotIn()
    {
        using var teacher = await school.SignInAs("class-teacher");
        var families = await Families(teacher);
        var outside = families["students"]!.AsArray().Where(one => one!["guardians"]!.AsArray().All(guardian => (string?)guardian!["state"] == "none")).Select(one => (string)one!["student"]!).ToHashSet();
        // A phone that no other record names, so that nobody signs in by it.
        var phones = Workbook.Students().SelectMany(row => row.Guardians.Select(guardian => guardian.Phone)).GroupBy(phone => phone).Where(same => same.Count() == 1).Select(same => same.Key).ToHashSet();
        return (await school.NotIn()).First(one => outside.Contains(one.Student) && phones.Contains(one.Phone));
    }

    private async Task<Person> Of31(Person office)
    {
        var opened = (await office.Post("/api/people/s01/accounts", new { teacher = "t030" })).Is(HttpStatusCode.OK).Json;
        return await school.SignInByPassword("t030", (string)opened["initialPassword"]!);
    }

    private static async Task<JsonNode> Families(Person reader) => (await reader.Get($"/api/people/s01/classes/{DemoSchool.Class}/families")).Is(HttpStatusCode.OK).Json;

    private static async Task<JsonNode> Guardian(Person reader, string student, string entry) => (await Families(reader))["students"]!.AsArray()
        .Single(one => (string?)one!["student"] == student)!["guardians"]!.AsArray().Single(one => (string?)one!["entry"] == entry)!;

    [GeneratedRegex("^[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}$")]
    private static partial Regex Written();
}
