using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>Rules L1 and L2 as a family meets them.</summary>
public sealed class RightsTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task L2_A_father_who_opens_the_page_of_somebody_elses_child_finds_nothing_and_no_event_of_it_reaches_his_browser()
    {
        var day = Demonstration.NewDay();
        var (mother, stranger) = (await SignedIn("mother"), await SignedIn("other-father"));
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        var byMother = await mother.OpenPage(Demo.Child, day, "words");
        var byTeacher = await teacher.OpenPage(Demo.OtherChild, day, "answer");

        await stranger.Open(Demo.PagePath(Demo.Child, day));
        await Expect(stranger.Page.GetByTestId("screen-not-found")).ToContainTextAsync("这里没有内容");
        await Expect(stranger.Page.Locator(".shared-field-editor")).ToHaveCountAsync(0);
        await byMother.Type("只给老师看的话");
        await byMother.IsDelivered();
        // He goes to his own child's page, where events do reach him: those of the other page would have come before.
        await stranger.OpenPage(Demo.OtherChild, day);
        await byTeacher.Type("给罗春强家");
        await Expect(stranger.TextOf("answer")).ToHaveTextAsync("给罗春强家");

        var topic = Demo.PageTopic(Demo.Child, day);
        Assert.Contains(stranger.Received, frame => frame.Contains(Demo.PageTopic(Demo.OtherChild, day), StringComparison.Ordinal));
        Assert.DoesNotContain(stranger.Received, frame => frame.Contains(topic, StringComparison.Ordinal) || frame.Contains("只给老师看的话", StringComparison.Ordinal));
        Assert.DoesNotContain("许建萱", await stranger.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_does_not_exist_looks_like_one_that_is_not_ones_own()
    {
        var day = Demonstration.NewDay();
        var stranger = await SignedIn("other-father");
        await stranger.Open(Demo.PagePath(Demo.Child, day));
        var foreign = await stranger.Page.GetByTestId("screen-not-found").InnerTextAsync();
        await stranger.Open(Demo.PagePath("2026999999", day));
        await Expect(stranger.Page.GetByTestId("screen-not-found")).ToHaveTextAsync(foreign, new() { UseInnerText = true });
        await stranger.Open(Demo.ClassPath(day));
        await Expect(stranger.Page.GetByTestId("screen-not-found")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_student_sees_the_own_page_and_writes_there_about_studying_at_home_only()
    {
        var day = Demonstration.NewDay();
        var (student, mother) = (await SignedIn("student"), await SignedIn("mother"));
        var byMother = await mother.OpenPage(Demo.Child, day, "words");
        await byMother.Type("妈妈写给老师的");
        await byMother.IsDelivered();

        var byStudent = await student.OpenPage(Demo.Child, day, "study-at-home");
        await Expect(student.TextOf("words")).ToHaveTextAsync("妈妈写给老师的");
        await Expect(student.Page.Locator(".shared-field-editor")).ToHaveCountAsync(1);
        await byStudent.Type("我读了半小时书");
        await byStudent.IsDelivered();
        var athome = await mother.Section("study-at-home");
        await athome.Shows("我读了半小时书");

        await student.OpenPage(Demo.OtherChild, day);
        await Expect(student.Page.GetByTestId("screen-not-found")).ToBeVisibleAsync();
    }
}
