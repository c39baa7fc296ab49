using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.People;

public sealed partial class SignInTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Login = "手机号、工号或学号";

    [Fact]
    public async Task A_card_of_the_demo_opens_the_home_of_its_person_and_signing_out_closes_it()
    {
        var visitor = await Visit((await Demonstration.WebAsync()).Address);
        _ = await visitor.Page.GotoAsync("/");
        foreach (var card in new[] { "class-teacher", "subject-teacher", "mother", "father", "grandfather", "student", "two-children", "other-father", "administrator" })
            await Expect(visitor.Page.GetByTestId($"demo-card-{card}")).ToBeVisibleAsync();

        await visitor.Page.GetByTestId("demo-card-mother").ClickAsync();
        await Expect(visitor.Page).ToHaveURLAsync(AtToday());
        await Expect(visitor.Page.GetByTestId($"today-{Demo.Child}")).ToContainTextAsync("许建萱");

        await visitor.Page.GetByTestId("nav-me").ClickAsync();
        await visitor.Page.GetByTestId("sign-out").ClickAsync();
        await Expect(visitor.Page).ToHaveURLAsync(AtSignIn());

        // What she saw is not there for whoever has the phone next.
        _ = await visitor.Page.GotoAsync("/today");
        await Expect(visitor.Page).ToHaveURLAsync(AtSignIn());
        await Expect(visitor.Page.GetByTestId($"today-{Demo.Child}")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_wrong_password_is_answered_with_a_sentence_and_the_number_stays_to_try_again()
    {
        var visitor = await Visit((await Demonstration.WebAsync()).Address);
        _ = await visitor.Page.GotoAsync("/sign-in");
        var login = visitor.Page.GetByLabel(Login);
        var password = visitor.Page.GetByLabel("密码", new() { Exact = true });
        await login.FillAsync(Demo.MotherPhone);
        await password.FillAsync("not-her-password");
        await visitor.Page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(visitor.Page.GetByTestId("sign-in-problem")).ToContainTextAsync("不对");
        await Expect(login).ToHaveValueAsync(Demo.MotherPhone);

        await password.FillAsync(Demo.Password);
        await password.PressAsync("Enter");
        await Expect(visitor.Page).ToHaveURLAsync(AtToday());
        await Expect(visitor.Page.GetByTestId($"today-{Demo.Child}")).ToContainTextAsync("许建萱");
    }

    [Fact]
    public async Task Nothing_filled_in_is_asked_for_field_by_field()
    {
        var visitor = await Visit((await Demonstration.WebAsync()).Address);
        _ = await visitor.Page.GotoAsync("/sign-in");
        await visitor.Page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(visitor.Page.GetByText("请填手机号、工号或学号")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("请填密码")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_in_leads_to_the_page_that_was_asked_for()
    {
        var day = Demonstration.NewDay();
        var visitor = await Visit((await Demonstration.WebAsync()).Address);
        _ = await visitor.Page.GotoAsync(Demo.PagePath(Demo.Child, day));
        await Expect(visitor.Page).ToHaveURLAsync(AtSignIn());
        await visitor.Page.GetByTestId("demo-card-father").ClickAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new Regex(Regex.Escape(Demo.PagePath(Demo.Child, day)) + "$"));
        await Expect(visitor.Page.GetByTestId("section-words")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task English_is_one_tap_away_and_stays_with_the_account()
    {
        var visitor = await SignedIn("subject-teacher");
        await visitor.Open("/me");
        await visitor.Page.GetByTestId("language-en").ClickAsync();
        await Expect(visitor.Page.GetByTestId("sign-out")).ToHaveTextAsync(new Regex("[Ss]ign out"));
        _ = await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.GetByTestId("sign-out")).ToHaveTextAsync(new Regex("[Ss]ign out"));
        await visitor.Page.GetByTestId("language-zh-CN").ClickAsync();
        await Expect(visitor.Page.GetByTestId("sign-out")).ToHaveTextAsync("退出登录");
    }

    [GeneratedRegex("/today$")]
    private static partial Regex AtToday();

    [GeneratedRegex("/sign-in(\\?.*)?$")]
    private static partial Regex AtSignIn();
}
