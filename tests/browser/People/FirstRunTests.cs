using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.People;

public sealed partial class FirstRunTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task An_empty_school_is_set_up_imported_and_opened_to_a_mother_who_joins_by_her_slip_on_her_phone()
    {
        await using var web = await WebProcess.StartAsync("Production");
        await web.UntilLoggedAsync("one-time token: ", Patience.Long);
        var token = TokenInLog().Match(web.Log).Groups[1].Value;

        // The first run: whoever comes is asked for the token, and a guess is refused with a sentence.
        var office = await Visit(web.Address, Device.Desktop);
        _ = await office.Page.GotoAsync("/");
        await Expect(office.Page).ToHaveURLAsync(AtSetup());
        await office.Page.GetByLabel("一次性口令").FillAsync("a-guess");
        await office.Page.GetByLabel("学校名称").FillAsync("青禾小学");
        await office.Page.GetByLabel("您的姓名").FillAsync("管理员");
        await office.Page.GetByLabel("手机号").FillAsync("13800000001");
        await office.Page.GetByLabel("密码").FillAsync("a-long-password-9");
        await office.Page.GetByTestId("setup-submit").ClickAsync();
        await Expect(office.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "口令" })).ToBeVisibleAsync();
        await office.Page.GetByLabel("一次性口令").FillAsync(token);
        await office.Page.GetByTestId("setup-submit").ClickAsync();
        await Expect(office.Page).ToHaveURLAsync(AtOffice());
        await Expect(office.Page.GetByText("还没有班级")).ToBeVisibleAsync();

        // A faulty workbook: nothing is taken, and every problem is shown with its row.
        await office.Page.GetByTestId("office-import").ClickAsync();
        await office.Page.GetByTestId("roster-file").SetInputFilesAsync(DataFile("faulty-roster.xlsx"));
        await Expect(office.Page.GetByTestId("roster-problem")).ToBeVisibleAsync();
        var rows = office.Page.GetByTestId("roster-problems").Locator("tbody tr");
        foreach (var row in new[] { "5", "9", "13", "17", "21", "25", "29", "45" })
            await Expect(rows.Filter(new() { Has = office.Page.GetByRole(AriaRole.Cell, new() { Name = row, Exact = true }) }).First).ToBeVisibleAsync();

        // The real one: a dry run first, and nothing is applied until it is confirmed.
        _ = await office.SendRoster(DataFile("qinghe-roster.xlsx"));
        await Expect(office.Page.GetByTestId("import-sums")).ToContainTextAsync("717");
        await office.Open("/office");
        await Expect(office.Page.GetByText("还没有班级")).ToBeVisibleAsync();
        await office.Page.GoBackAsync();
        await office.ApplyRoster();

        // The same file again: there is nothing to change.
        var again = await office.SendRoster(DataFile("qinghe-roster.xlsx"));
        await Expect(again).ToContainTextAsync("没有");
        await Expect(office.Page.GetByTestId("import-confirm")).ToHaveCountAsync(0);

        // Slips for a class are printed on A4, four to a page.
        await office.Open($"/class/{Demo.School}/{Demo.Class}/families");
        var tail = await office.TailOf(Demo.Child, "g2");
        await office.Page.GetByTestId("issue-all").ClickAsync();
        await office.Page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(office.Page.GetByTestId($"slip-{Demo.Child}").First).ToBeVisibleAsync();
        var slips = await office.Page.Locator(".join-slip").CountAsync();
        Assert.Equal((slips + 3) / 4, await office.Page.Locator(".slip-page").CountAsync());
        var slip = office.Page.GetByTestId($"slip-{Demo.Child}").Filter(new() { HasText = "妈妈" });
        var code = await slip.Locator("[data-code]").GetAttributeAsync("data-code") ?? "";

        // She scans the QR code on her phone, gives four digits and a password, and sees exactly that child.
        var mother = await Visit(web.Address);
        _ = await mother.Page.GotoAsync($"/join#c={code}");
        await mother.Page.GetByTestId("join-tail").Locator("input").FillAsync(tail);
        await mother.Page.GetByTestId("join-check").ClickAsync();
        await Expect(mother.Page.GetByTestId("join-child")).ToContainTextAsync("许建萱");
        await mother.Page.GetByTestId("join-password").Locator("input").FillAsync("Regenbogen-im-Hof-7");
        await mother.Page.GetByTestId("join-submit").ClickAsync();
        await Expect(mother.Page.GetByTestId($"today-{Demo.Child}")).ToContainTextAsync("许建萱");
        await Expect(mother.Page.GetByTestId(new Regex("^today-[0-9]+$"))).ToHaveCountAsync(1);
        await mother.Open(Demo.PagePath(Demo.OtherChild, DemoServer.Today));
        await Expect(mother.Page.GetByTestId("screen-not-found")).ToBeVisibleAsync();

        // By now somebody depends on the import: it cannot be undone any more, and the screen says why.
        await office.Open("/import");
        await office.Page.GetByTestId("imports").GetByText("已导入").First.ClickAsync();
        await office.Page.GetByTestId("import-undo").ClickAsync();
        await office.Page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(office.Page.GetByTestId("import-hindrances")).ToContainTextAsync("许建萱");

        // No cards of a demo here.
        _ = await mother.Page.GotoAsync("/me");
        await Expect(mother.Page.GetByTestId("demo-card-mother")).ToHaveCountAsync(0);
    }

    private static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    [GeneratedRegex("one-time token: ([a-z0-9]+)")]
    private static partial Regex TokenInLog();

    [GeneratedRegex("/setup$")]
    private static partial Regex AtSetup();

    [GeneratedRegex("/office$")]
    private static partial Regex AtOffice();
}
