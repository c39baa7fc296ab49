using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>Rules S1–S3 as a family meets them.</summary>
public sealed class SignatureTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task S3_A_signature_can_be_called_off_before_it_is_sent_and_keyboard_and_reader_are_told()
    {
        var day = Demonstration.NewPastDay();
        var mother = await SignedIn("mother");
        var words = await mother.OpenPage(Demo.Child, day, "words");
        await words.Type("您好");
        await words.IsDelivered();
        var sign = mother.Page.GetByTestId("sign");
        await Expect(sign).ToBeEnabledAsync();
        await sign.FocusAsync();
        await sign.PressAsync("Enter");
        await Expect(mother.Page.GetByTestId("sign-waits")).ToContainTextAsync("秒后送出签字");
        await Expect(mother.Page.GetByTestId("sign-call-off")).ToBeFocusedAsync();
        await Expect(mother.Page.Locator("#signatures > [role=status]")).ToContainTextAsync("可以撤回");
        Assert.Equal(1, await WaitingCommands(mother));

        await mother.Page.Keyboard.PressAsync("Enter");
        await Expect(sign).ToBeVisibleAsync();
        Assert.Equal(0, await WaitingCommands(mother));
        // The focus has not left the foot of the page.
        Assert.True(await mother.Page.EvaluateAsync<bool>("() => document.querySelector('#signatures').contains(document.activeElement)"));

        // Who goes on writing while the seconds run has not signed for that.
        await sign.ClickAsync();
        await words.GoToEnd();
        await words.Type("老师");
        await words.IsDelivered();
        await Expect(sign).ToBeVisibleAsync();
        await Expect(mother.Page.Locator("#signatures")).ToContainTextAsync("又写了字");
        Assert.Empty((await mother.Stored(Demo.Child, day))["signatures"]!.AsArray());
    }

    [Fact]
    public async Task S3_A_signature_is_sent_although_its_page_was_left()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father) = (await SignedIn("mother"), await SignedIn("father"));
        await father.OpenPage(Demo.Child, day);
        await mother.OpenPage(Demo.Child, day);
        await mother.Page.GetByTestId("sign").ClickAsync();
        await mother.Page.GetByTestId("nav-me").ClickAsync();
        await Expect(mother.Page.GetByTestId("sign-waits")).ToHaveCountAsync(0);
        await father.SignatureIs("guardian", true);
        await Expect(father.Page.GetByTestId("sign")).ToContainTextAsync("我也签字");
    }

    [Fact]
    public async Task S1_What_came_while_the_seconds_ran_is_shown_before_one_signs_again()
    {
        var day = Demonstration.NewPastDay();
        var mother = await SignedIn("mother");
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var atSchool = await teacher.OpenPage(Demo.Child, day, "school-day");
        await atSchool.Type("今天上课认真");
        await atSchool.IsDelivered();
        await mother.OpenPage(Demo.Child, day);
        await Expect(mother.TextOf("school-day")).ToHaveTextAsync("今天上课认真");

        await mother.Page.GetByTestId("sign").ClickAsync();
        await atSchool.Type("，发言两次");
        await atSchool.IsDelivered();
        await teacher.Mark(Demo.Child, day, "conduct", "good");
        var items = await teacher.AddItems(day, ("homework", "语文", "听写"));

        var newer = mother.Page.GetByTestId("newer");
        await Expect(newer.GetByTestId("newer-school-day").Locator("ins")).ToContainTextAsync("，发言两次");
        await Expect(newer.GetByTestId("newer-school-day").Locator("ins")).Not.ToContainTextAsync("认真");
        await Expect(newer.GetByTestId("mark-conduct")).ToContainTextAsync("好");
        await Expect(newer.GetByTestId($"item-{items[0]}")).ToContainTextAsync("签字后新增");
        Assert.Empty((await mother.Stored(Demo.Child, day))["signatures"]!.AsArray());

        await newer.GetByTestId("sign-again").ClickAsync();
        await mother.SignatureIs("guardian", true);
        await Expect(mother.Item(items[0])).Not.ToHaveAttributeAsync("data-news", "added");
    }

    [Fact]
    public async Task S2_What_changes_on_the_class_sheet_after_a_signature_is_marked_until_the_family_has_taken_note()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father) = (await SignedIn("mother"), await SignedIn("father"));
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var items = await teacher.AddItems(day, ("homework", "语文", "背诵第一段"), ("homework", "数学", "第42页"), ("notices", null, "带水杯"));
        await mother.OpenPage(Demo.Child, day);
        await Expect(mother.Item(items[2])).ToBeVisibleAsync();
        await mother.Sign(Demo.Child, day);
        await mother.SignatureIs("guardian", true);
        await Expect(mother.Page.GetByTestId("sign-behind")).ToHaveCountAsync(0);

        await teacher.ChangeItem(day, items[0], "背诵第二段");
        await teacher.RemoveItem(day, items[1]);
        var added = await teacher.AddItems(day, ("bring", null, "彩笔"));
        await father.OpenPage(Demo.Child, day);
        foreach (var parent in new[] { mother, father })
        {
            await Expect(parent.Item(items[0])).ToHaveAttributeAsync("data-news", "changed");
            await Expect(parent.Item(items[0])).ToContainTextAsync("签字后改过");
            await Expect(parent.Item(items[1])).ToContainTextAsync("签字后删掉");
            await Expect(parent.Item(added[0])).ToContainTextAsync("签字后新增");
            await Expect(parent.Item(items[2])).Not.ToContainTextAsync("签字后");
            await Expect(parent.Tick(items[1])).ToHaveCountAsync(0);
        }

        // What it said before can be unfolded.
        await mother.Item(items[0]).GetByText("看原来写的").ClickAsync();
        await Expect(mother.Item(items[0]).Locator("del")).ToHaveTextAsync("背诵第一段");

        // The father takes note for the family.
        await Expect(father.Page.GetByTestId("sign-behind")).ToBeVisibleAsync();
        await father.Page.GetByTestId("sign-look").ClickAsync();
        await Expect(father.Page.GetByTestId("newer-sheet")).ToContainTextAsync("彩笔");
        await father.Page.GetByTestId("sign-again").ClickAsync();
        foreach (var parent in new[] { father, mother })
        {
            await Expect(parent.Page.GetByTestId("page-sheet").Locator("[data-news]")).ToHaveCountAsync(0, new() { Timeout = (float)Patience.Long.TotalMilliseconds });
            await Expect(parent.Page.GetByTestId("sign-behind")).ToHaveCountAsync(0);
        }

        await Expect(mother.Page.GetByTestId("sheet-gone")).ToContainTextAsync("1");
    }

    [Fact]
    public async Task S3_A_withdrawal_needs_a_reason_that_everybody_sees_and_opens_the_sections_again()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father) = (await SignedIn("mother"), await SignedIn("father"));
        await mother.OpenPage(Demo.Child, day);
        await father.OpenPage(Demo.Child, day);
        await mother.Sign(Demo.Child, day);
        await Expect(father.Page.GetByTestId("sealed-words")).ToBeVisibleAsync();
        // It is hers to withdraw.
        await Expect(father.Page.GetByTestId("withdraw")).ToHaveCountAsync(0);

        await mother.Page.GetByTestId("withdraw").ClickAsync();
        await mother.Page.GetByTestId("form-save").ClickAsync();
        await Expect(mother.Page.GetByText("请写一下原因")).ToBeVisibleAsync();
        await mother.Page.GetByTestId("withdraw-reason").Locator("textarea").First.FillAsync("还有话要写");
        await mother.Page.GetByTestId("form-save").ClickAsync();
        await father.SignatureIs("guardian", false);
        await Expect(father.Signed("guardian")).ToContainTextAsync("还有话要写");
        await Expect(father.Signed("guardian")).ToContainTextAsync(mother.Name);
        var words = await father.Section("words");
        await words.Type("爸爸来写");
        await words.IsDelivered();
        await Expect(mother.Page.GetByTestId("sign")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task S2_What_a_family_has_to_say_after_signing_stands_below_as_an_addendum_with_its_name()
    {
        var day = Demonstration.NewPastDay();
        var mother = await SignedIn("mother");
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await mother.OpenPage(Demo.Child, day);
        await teacher.OpenPage(Demo.Child, day);
        await mother.Sign(Demo.Child, day);

        var add = mother.Page.GetByTestId("add-words");
        await add.ClickAsync();
        await mother.Page.GetByTestId("form-save").ClickAsync();
        await Expect(mother.Page.GetByText("请写点什么")).ToBeVisibleAsync();
        await mother.Page.GetByTestId("addendum-text").Locator("textarea").First.FillAsync("明天奶奶来接");
        await mother.Page.GetByTestId("form-save").ClickAsync();
        await Expect(teacher.Page.GetByTestId("addendum")).ToContainTextAsync("明天奶奶来接");
        await Expect(teacher.Page.GetByTestId("addendum")).ToContainTextAsync($"妈妈 {mother.Name}");
        await Expect(mother.Page.GetByTestId("addendum")).ToHaveCountAsync(1);
        await Expect(mother.Page.GetByTestId("addendum-waiting")).ToHaveCountAsync(0);
        await Expect(add).ToBeFocusedAsync();
    }

    [Fact]
    public async Task T9_Words_that_a_mother_wrote_without_a_network_while_the_father_signed_become_an_addendum()
    {
        var day = Demonstration.NewPastDay();
        var (mother, father) = (await SignedIn("mother"), await SignedIn("father"));
        var words = await mother.OpenPage(Demo.Child, day, "words");
        await words.Type("老师好。");
        await words.IsDelivered();
        await mother.Context.SetOfflineAsync(true);
        await mother.ConnectionIs("offline", Patience.Long);
        await words.GoToEnd();
        await words.Type("孩子有点咳嗽");
        await words.IsKeptHere();
        await father.OpenPage(Demo.Child, day);
        await father.PressSign("guardian");

        await mother.Context.SetOfflineAsync(false);
        await mother.IsConnected(Patience.Long);
        var kept = mother.Page.GetByTestId("kept-words");
        await Expect(kept).ToContainTextAsync("孩子有点咳嗽");
        await Expect(kept).ToContainTextAsync("已经签字");
        await Expect(mother.TextOf("words")).ToHaveTextAsync("老师好。");
        await kept.GetByTestId("kept-add").ClickAsync();
        await Expect(mother.Page.GetByTestId("addendum-text").Locator("textarea").First).ToHaveValueAsync("孩子有点咳嗽");
        await mother.Page.GetByTestId("form-save").ClickAsync();
        await Expect(father.Page.GetByTestId("addendum")).ToContainTextAsync("孩子有点咳嗽");
        await Expect(kept).ToHaveCountAsync(0);
        Assert.Equal("老师好。", await mother.StoredText(Demo.Child, day, "words"));
    }

    [Fact]
    public async Task A_day_that_has_not_come_yet_is_not_signed()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        await mother.OpenPage(Demo.Child, day);
        await Expect(mother.Page.GetByTestId("sign")).ToBeDisabledAsync();
        await Expect(mother.Page.GetByTestId("sign-hindrance")).ToContainTextAsync("还没到这一天");
    }

    private static Task<int> WaitingCommands(Visitor visitor) =>
        visitor.Page.EvaluateAsync<int>("() => Object.keys(localStorage).filter(key => key.startsWith('schoolhome/waiting/')).length");
}
