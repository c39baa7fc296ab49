using System.Net;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.Edge;

[Collection(DemoSchoolCollection.Name)]
public sealed class PersonalDataTests(DemoSchool school)
{
    [Fact]
    public async Task The_log_holds_no_name_no_phone_number_and_no_text_of_anybody()
    {
        const string Text = "今天咳嗽好多了";
        var topic = DemoSchool.Page(DemoSchool.Child, school.FreshDay());
        var account = await school.OpenAccountForGuardian();
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        using var mother = await school.SignInAs("mother");
        using var office = await school.SignInAs("administrator");
        _ = await guardian.SignIn(account.Login, "a wrong guess");
        _ = await guardian.SignIn("19910009876", "nobody's password");
        _ = (await office.UploadRoster(Workbook.Faulty)).Is(HttpStatusCode.BadRequest);
        _ = await office.ImportRoster(Workbook.Qinghe);
        await using (var live = await mother.ConnectLive())
        {
            var words = new SharedSection(topic, "words", "mother-tab");
            await words.Open(live);
            words.TypeAtEnd(Text);
            await words.UntilConfirmed();
            _ = await live.PushText(topic, "words", 99, "mother-tab", 1, $"[[0,\"{Text}\"]]");
            _ = await live.PushText(topic, "words", 0, "mother-tab2", 1, $"[5,[0,\"{Text}\"]]");
            _ = await Assert.ThrowsAnyAsync<Exception>(() => live.Ask("PushText", topic, new { section = "words", version = Text }));
        }

        await school.EndAccess(account);
        var log = school.Web.Log;

        Assert.Contains("The demo class has written", log, StringComparison.Ordinal);
        Assert.All(Secrets(), secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.DoesNotContain(Text, log, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Password, log, StringComparison.Ordinal);
        Assert.DoesNotContain("19910009876", log, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Secrets() =>
        Workbook.Students().SelectMany(student => student.Guardians.SelectMany(guardian => new[] { guardian.Name, guardian.Phone }).Append(student.Name))
            .Concat(Workbook.Staff().SelectMany(one => new[] { one.Name, one.Phone }))
            .Where(secret => secret.Length > 0)
            .Distinct();
}
