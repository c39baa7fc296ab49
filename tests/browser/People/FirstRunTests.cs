using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.People;

public sealed partial class FirstRunTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task An_empty_school_is_set_up_imported_and_opened_to_a_mother_who_signs_in_on_her_phone()
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
        await office.Page.GetByTestId("roster-file").SetInputFilesAsync(DataFile("faulty-roster.xlsx"));
        await Expect(office.Page.GetByTestId("roster-problem")).ToBeVisibleAsync();
        var rows = office.Page.Locator("table tbody tr");
        await Expect(rows.Filter(new() { HasText = "姓名" }).Filter(new() { HasText = "5" }).First).ToBeVisibleAsync();
        foreach (var row in new[] { "5", "9", "13", "17", "21", "25", "45" })
            await Expect(rows.Filter(new() { Has = office.Page.GetByRole(AriaRole.Cell, new() { Name = row, Exact = true }) }).First).ToBeVisibleAsync();
        await Expect(office.Page.GetByText("还没有班级")).ToBeVisibleAsync();

        // The real one.
        await office.Page.GetByTestId("roster-file").SetInputFilesAsync(DataFile("qinghe-roster.xlsx"));
        await Expect(office.Page.GetByTestId("roster-imported")).ToContainTextAsync("导入完成", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await Expect(office.Page.GetByTestId("roster-problem")).ToHaveCountAsync(0);
        await office.Page.GetByTestId($"office-class-{Demo.Class}").ClickAsync();
        var guardian = office.Page.GetByTestId(new Regex($"guardian-.*{Demo.Child}-g2$"));
        await Expect(guardian).ToContainTextAsync("母亲");
        await guardian.GetByRole(AriaRole.Button, new() { Name = "开通账号" }).ClickAsync();
        var login = await office.Page.GetByTestId("opened-login").InnerTextAsync();
        var password = await office.Page.GetByTestId("opened-password").InnerTextAsync();
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "知道了" }).ClickAsync();
        await Expect(guardian).ToContainTextAsync("已开通");

        // She signs in on her phone with what the slip says, and finds her child.
        var mother = await Visit(web.Address);
        _ = await mother.Page.GotoAsync("/");
        await mother.Page.GetByLabel("手机号、工号或学号").FillAsync(login);
        await mother.Page.GetByLabel("密码", new() { Exact = true }).FillAsync(password);
        await mother.Page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(mother.Page.GetByTestId($"today-{Demo.Child}")).ToContainTextAsync("许建萱");
        // No cards of a demo here.
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
