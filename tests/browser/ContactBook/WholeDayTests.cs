using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>C.11 from the morning to the night, on five phones: the class teacher, the English teacher, a mother, a father who is without a network for hours, and the child.</summary>
public sealed class WholeDayTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task A_day_of_the_book_is_filled_in_and_signed_by_three_and_nothing_that_was_said_is_lost()
    {
        var day = Demonstration.NewPastDay();
        await using var cable = new NetworkCable((await Demonstration.WebAsync()).Address);
        var (teacher, english) = (await SignedIn("class-teacher"), await SignedIn("subject-teacher"));
        var (mother, student) = (await SignedIn("mother"), await SignedIn("student"));
        var father = await SignedInAt(cable.Address, "father");

        // The sheet: each teacher types a line an item, and sees the other's at once.
        await teacher.Open(Demo.SheetPath(day));
        await english.Open(Demo.SheetPath(day));
        await Compose(teacher, "homework", "语文", "背诵第二自然段");
        await Compose(english, "homework", "英语", "朗读 Unit 4 三遍");
        await Compose(teacher, "notices", null, "明天有体育课，请穿运动鞋");
        await Expect(english.Page.GetByTestId("items-homework")).ToContainTextAsync("背诵第二自然段");
        await Expect(teacher.Page.GetByTestId("items-homework")).ToContainTextAsync("朗读 Unit 4 三遍");

        // The families have it, each in their own child's book.
        await mother.OpenPage(Demo.Child, day);
        await father.OpenPage(Demo.Child, day);
        await student.OpenPage(Demo.Child, day);
        foreach (var one in new[] { mother, father, student })
            await Expect(one.Page.GetByTestId("sheet-homework")).ToContainTextAsync("朗读 Unit 4 三遍");

        var items = (await mother.Sheet(day))["items"]!.AsArray();
        var (recite, read) = (IdOf(items, "背诵第二自然段"), IdOf(items, "朗读 Unit 4 三遍"));

        // In the afternoon the class teacher says how the day went: one tap a respect, one child after the other.
        await teacher.Open($"{Demo.ClassPath(day)}/entry");
        var card = teacher.Page.GetByTestId($"card-{Demo.Child}");
        while (!await card.IsVisibleAsync())
            await teacher.Page.GetByTestId("card-next").ClickAsync();
        await card.GetByTestId("set-attention-good").ClickAsync();
        await card.GetByTestId("set-lunch-fair").ClickAsync();
        await Expect(mother.Page.GetByTestId("mark-attention")).ToContainTextAsync("好");
        await Expect(mother.Page.GetByTestId("mark-lunch")).ToContainTextAsync("一般");
        var atSchool = await teacher.OpenPage(Demo.Child, day, "school-day");
        await atSchool.Type("主动举手两次。");
        await atSchool.IsDelivered();
        await Expect(mother.TextOf("school-day")).ToHaveTextAsync("主动举手两次。");

        // The father's train goes into a tunnel. He goes on: a tick, and words.
        cable.Cut();
        await father.ConnectionIs("offline", Patience.Long);
        await father.Tick(read).ClickAsync();
        await Expect(father.Tick(read)).ToContainTextAsync("已存本机");
        var byFather = await father.Section("words");
        await byFather.Type("周五我来开会。");
        await byFather.IsKeptHere();

        // The child does its homework and signs, the mother writes and signs for the family.
        await student.Tick(recite).ClickAsync();
        var atHome = await student.Section("study-at-home");
        await atHome.Type("背了三遍，会了。");
        await atHome.IsDelivered();
        await student.PressSign("student");
        await Expect(mother.Tick(recite)).ToContainTextAsync("学生");
        var byMother = await mother.Section("words");
        await byMother.Type("孩子今天很高兴。");
        await byMother.IsDelivered();
        await mother.PressSign("guardian");

        // After that the English teacher corrects her item: the families that have signed see that it was changed since, and what it said before.
        await english.ChangeItem(day, read, "朗读 Unit 4 五遍");
        await Expect(mother.Item(read)).ToHaveAttributeAsync("data-news", "changed");
        await Expect(mother.Item(read)).ToContainTextAsync("朗读 Unit 4 五遍");
        await Expect(mother.Page.GetByTestId("sign-behind")).ToBeVisibleAsync();

        // The father is back: his tick is on record. His words came after the signature: they are still his, and become an addendum.
        cable.Restore();
        await father.IsConnected(Patience.Long);
        await Expect(mother.Tick(read)).ToHaveAttributeAsync("aria-checked", "true", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await Expect(mother.Tick(read)).ToContainTextAsync("爸爸");
        var kept = father.Page.GetByTestId("kept-words");
        await Expect(kept).ToContainTextAsync("周五我来开会。", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await kept.GetByRole(AriaRole.Button, new() { Name = "写成补充" }).ClickAsync();
        await Expect(father.Page.GetByTestId("addendum-text").Locator("textarea").First).ToHaveValueAsync("周五我来开会。");
        await father.Page.GetByTestId("form-save").ClickAsync();
        await Expect(mother.Page.GetByTestId("addendum")).ToContainTextAsync("周五我来开会。");
        await Expect(father.Page.GetByTestId("kept-words")).ToHaveCountAsync(0);

        // The mother takes note of what came after her signature.
        await mother.Page.GetByTestId("sign-look").ClickAsync();
        await Expect(mother.Page.GetByTestId("newer")).ToContainTextAsync("朗读 Unit 4 五遍");
        await mother.Page.GetByTestId("sign-again").ClickAsync();
        await Expect(mother.Page.GetByTestId("sign-behind")).ToHaveCountAsync(0, new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await Expect(mother.Item(read)).Not.ToHaveAttributeAsync("data-news", "changed");

        // The class teacher answers and signs; the class's list says that nobody's entry is missing here.
        var answer = await teacher.Section("answer");
        await answer.Type("谢谢，周五见。");
        await answer.IsDelivered();
        await teacher.PressSign("teacher");
        await Expect(mother.TextOf("answer")).ToHaveTextAsync("谢谢，周五见。");
        foreach (var one in new[] { mother, father, student, teacher })
        {
            foreach (var group in new[] { "student", "guardian", "teacher" })
                await one.SignatureIs(group, true);
        }

        // On record, all of it, and each by whom it was said.
        var page = await mother.Stored(Demo.Child, day);
        Assert.Equal(
            [("school-day", "主动举手两次。"), ("results", ""), ("fees", ""), ("study-at-home", "背了三遍，会了。"), ("words", "孩子今天很高兴。"), ("answer", "谢谢，周五见。")],
            page["sections"]!.AsArray().Select(one => ((string)one!["section"]!, (string)one["text"]!)));
        Assert.Equal([(recite, student.Name), (read, father.Name)], page["ticks"]!.AsArray().Select(one => ((string)one!["item"]!, (string)one["by"]!["name"]!)).OrderBy(one => one.Item1 == read));
        Assert.Equal([("words", "周五我来开会。", father.Name)], page["addenda"]!.AsArray().Select(one => ((string)one!["section"]!, (string)one["text"]!, (string)one["by"]!["name"]!)));
        Assert.Equal(["student", "guardian", "guardian", "teacher"], page["signatures"]!.AsArray().Select(one => (string)one!["for"]!));
        Assert.Equal([("attention", "good"), ("lunch", "fair")], page["marks"]!.AsArray().Select(one => ((string)one!["mark"]!, (string)one["level"]!)));
        var corrected = (await mother.Sheet(day))["items"]!.AsArray().Single(one => (string)one!["item"]! == read)!;
        Assert.Equal("朗读 Unit 4 三遍", (string)corrected["earlier"]!.AsArray().Single()!["text"]!);
    }

    private static async Task Compose(Visitor teacher, string kind, string? subject, string line)
    {
        await teacher.Page.GetByTestId($"kind-{kind}").ClickAsync();
        if (subject is not null)
            await teacher.Page.GetByTestId($"subject-{subject}").ClickAsync();
        var field = teacher.Page.GetByTestId("line");
        await field.FillAsync(line);
        await field.PressAsync("Enter");
        await Expect(teacher.Page.GetByTestId($"items-{kind}")).ToContainTextAsync(line);
    }

    private static string IdOf(JsonArray items, string text) => (string)items.Single(one => (string)one!["text"]! == text)!["item"]!;
}
