using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>What the office and the teachers do with people, by the screens that they have.</summary>
internal static partial class Office
{
    /// <summary>Sends a roster; the dry run is shown.</summary>
    public static async Task<ILocator> SendRoster(this Visitor office, string file)
    {
        await office.Open("/office");
        await office.Page.GetByTestId("office-import").ClickAsync();
        await office.Page.GetByTestId("roster-file").SetInputFilesAsync(file);
        var import = office.Page.GetByTestId("import");
        await Expect(import).ToHaveAttributeAsync("data-state", "offered", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        return import;
    }

    /// <summary>Confirms the dry run that is shown, and waits until all of it is applied.</summary>
    public static async Task ApplyRoster(this Visitor office)
    {
        await office.Page.GetByTestId("import-confirm").ClickAsync();
        await Expect(office.Page.GetByTestId("import-done")).ToBeVisibleAsync(new() { Timeout = (float)Patience.Long.TotalMilliseconds });
    }

    /// <summary>Issues one slip on the screen of a class's families, which is open, and answers its code; then goes back to the families.</summary>
    public static async Task<string> IssueSlip(this Visitor teacher, string student, string entry)
    {
        // Where there is a slip already, the screen asks: it would be void.
        var asks = await teacher.Page.GetByTestId($"guardian-{student}-{entry}").GetAttributeAsync("data-state") == "issued";
        await teacher.Page.GetByTestId($"issue-{student}-{entry}").ClickAsync();
        if (asks)
            await teacher.Page.GetByTestId("confirm-yes").ClickAsync();
        return await teacher.TakeSlip(student);
    }

    /// <summary>Reads the one slip that is shown, and goes back to the families.</summary>
    public static async Task<string> TakeSlip(this Visitor teacher, string student)
    {
        var slip = teacher.Page.GetByTestId($"slip-{student}");
        await Expect(slip).ToHaveCountAsync(1);
        var code = await slip.Locator("[data-code]").GetAttributeAsync("data-code") ?? "";
        await teacher.Page.GetByTestId("slips-done").ClickAsync();
        // Nobody printed: the screen asks, for the code is told only now.
        await teacher.Page.GetByTestId("slips-leave").ClickAsync();
        await Expect(teacher.Page.GetByTestId("families-count")).ToBeVisibleAsync();
        return code;
    }

    /// <summary>Types a slip's code and the four digits; the screen shows whose slip it is.</summary>
    public static async Task ShowSlip(this Visitor guardian, string code, string tail)
    {
        _ = await guardian.Page.GotoAsync("/join");
        await guardian.Page.GetByTestId("join-code").Locator("input").FillAsync(code);
        await guardian.Page.GetByTestId("join-tail").Locator("input").FillAsync(tail);
        await guardian.Page.GetByTestId("join-check").ClickAsync();
    }

    /// <summary>The last four digits of the phone that a guardian's row on the families' screen shows.</summary>
    public static async Task<string> TailOf(this Visitor teacher, string student, string entry) =>
        Digits().Match(await teacher.Page.GetByTestId($"guardian-{student}-{entry}").InnerTextAsync()).Groups[1].Value;

    [GeneratedRegex(@"尾号\s*([0-9]{4})")]
    private static partial Regex Digits();
}
