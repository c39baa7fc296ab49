using Microsoft.Playwright;
using SchoolHome.Tests.Browser.ContactBook;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.Screens;

/// <summary>The first seconds: what is coming is said at once, and whatever does not come is said, too.</summary>
public sealed class StartTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Session = "**/api/session";
    private const string Dialogs = "**/assets/dialogs-*.js";

    [Fact]
    public async Task What_is_coming_is_said_before_anybody_has_answered_and_when_nobody_does_one_can_try_again()
    {
        var visitor = await Visit((await Demonstration.WebAsync()).Address, Device.Phone);
        // Nobody answers, and nobody says that they will not.
        var silent = true;
        await visitor.Page.RouteAsync(Session, route => silent ? Task.CompletedTask : route.ContinueAsync());
        _ = await visitor.Page.GotoAsync("/today", new() { WaitUntil = WaitUntilState.Commit });
        await Expect(visitor.Page.Locator(".coming-screen")).ToContainTextAsync("今天");
        await Expect(visitor.Page.Locator(".coming-state")).ToHaveTextAsync("正在打开…");

        await Expect(visitor.Page.GetByTestId("screen-offline")).ToBeVisibleAsync(new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await Expect(visitor.Page.Locator(".coming")).ToHaveCountAsync(0);
        silent = false;
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "再试一次" }).ClickAsync();
        await Expect(visitor.Page.GetByTestId("sign-in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_dialog_that_cannot_be_fetched_says_so_and_opens_when_it_can()
    {
        var day = Demonstration.NewPastDay();
        var mother = await SignedIn("mother");
        await mother.Sign(Demo.Child, day);
        await mother.Page.RouteAsync(Dialogs, route => route.AbortAsync());
        await mother.OpenPage(Demo.Child, day);
        var add = mother.Page.GetByTestId("add-words");
        await add.ClickAsync();
        await Expect(mother.Page.GetByTestId("dialog-unreachable")).ToBeVisibleAsync();
        await Expect(mother.Page.GetByTestId("dialog-unreachable")).ToHaveCountAsync(0, new() { Timeout = (float)Patience.Long.TotalMilliseconds });

        await mother.Page.UnrouteAsync(Dialogs);
        await add.ClickAsync();
        await Expect(mother.Page.GetByTestId("addendum-text")).ToBeVisibleAsync();
    }
}
