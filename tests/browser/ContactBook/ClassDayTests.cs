using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>Whose page lacks whose entry today: a list that follows what happens.</summary>
public sealed class ClassDayTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task The_list_of_what_is_missing_follows_teacher_family_and_signatures()
    {
        var day = Demonstration.NewPastDay();
        var (teacher, mother, student) = (await SignedIn("class-teacher"), await SignedIn("mother"), await SignedIn("student"));
        await teacher.Open(Demo.ClassPath(day));
        await teacher.MarkDocument();
        var all = (await teacher.Children(day)).Length;
        var child = teacher.Page.GetByTestId($"child-{Demo.Child}");
        foreach (var filter in new[] { "all", "teacher", "family", "student-signature", "guardian-signature", "teacher-signature" })
            await Expect(Filter(filter)).ToHaveAttributeAsync("data-count", $"{all}");
        await Expect(Filter("unseen")).ToHaveAttributeAsync("data-count", "0");

        await Filter("teacher").ClickAsync();
        await Expect(child).ToBeVisibleAsync();
        await teacher.Mark(Demo.Child, day, "lunch", "good");
        await Expect(child).ToHaveCountAsync(0);
        await Expect(Filter("teacher")).ToHaveAttributeAsync("data-count", $"{all - 1}");

        await Filter("guardian-signature").ClickAsync();
        await Expect(child).ToBeVisibleAsync();
        var items = await teacher.AddItems(day, ("homework", "语文", "背诵"), ("bring", null, "彩笔"));
        await Expect(child).ToContainTextAsync("打勾 0/2");
        await mother.OpenPage(Demo.Child, day);
        await mother.Tick(items[0]).ClickAsync();
        await Expect(child).ToContainTextAsync("打勾 1/2");
        await mother.Sign(Demo.Child, day);
        await Expect(child).ToHaveCountAsync(0);
        await student.Sign(Demo.Child, day);
        await Expect(Filter("student-signature")).ToHaveAttributeAsync("data-count", $"{all - 1}");

        // After she has signed, the teacher corrects an item: she has not seen that, until she signs again.
        await teacher.ChangeItem(day, items[0], "背诵第二段");
        await Expect(Filter("unseen")).ToHaveAttributeAsync("data-count", "1");
        await Filter("unseen").ClickAsync();
        await Expect(child).ToContainTextAsync("改后没看");
        await mother.Sign(Demo.Child, day);
        await Expect(child).ToHaveCountAsync(0);
        await Expect(teacher.Page.GetByText("后来改的都看过了。")).ToBeVisibleAsync();
        await teacher.HasNotReloaded();

        // A tap opens the child's page.
        await Filter("all").ClickAsync();
        await child.ClickAsync();
        await Expect(teacher.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("许建萱");

        ILocator Filter(string name) => teacher.Page.GetByTestId($"filter-{name}");
    }

    [Fact]
    public async Task The_class_teacher_chooses_the_usual_time_and_the_reminder_and_a_subject_teacher_does_not()
    {
        // Nothing is written on it, and the sheet offers the usual time only for days within the month.
        var day = DemoServer.Today.AddDays(27);
        var (teacher, english) = (await SignedIn("class-teacher", Device.Desktop), await SignedIn("subject-teacher"));
        await english.Open(Demo.ClassPath(day));
        await Expect(english.Page.GetByTestId($"child-{Demo.Child}")).ToBeVisibleAsync();
        await Expect(english.Page.GetByTestId("open-settings")).ToHaveCountAsync(0);
        await Expect(english.Page.GetByTestId("sign-many")).ToHaveCountAsync(0);

        await teacher.Open(Demo.ClassPath(day));
        await Choose("17:30", "21:00");
        await english.Open(Demo.SheetPath(day));
        await Expect(english.Page.GetByTestId("when-usual")).ToContainTextAsync("17:30");
        var settings = (await teacher.GetJson($"/api/book/classes/{Demo.School}/{Demo.Class}"))["settings"]!;
        Assert.Equal(("17:30:00", "21:00:00"), ((string)settings["releaseAt"]!, (string)settings["remindAt"]!));

        // As it was before, for the others.
        await Choose("16:00", null);
        settings = (await teacher.GetJson($"/api/book/classes/{Demo.School}/{Demo.Class}"))["settings"]!;
        Assert.Equal(("16:00:00", null), ((string)settings["releaseAt"]!, (string?)settings["remindAt"]));

        async Task Choose(string releaseAt, string? remindAt)
        {
            await teacher.Page.GetByTestId("open-settings").ClickAsync();
            var dialog = teacher.Page.GetByTestId("day-settings");
            await dialog.GetByTestId("settings-remind").GetByRole(AriaRole.Switch).Or(dialog.GetByLabel("提醒没签字的家长")).First.SetCheckedAsync(remindAt is not null);
            if (remindAt is not null)
                await dialog.GetByTestId("settings-remind-at").Locator("input").FillAsync(remindAt);
            await dialog.GetByTestId("settings-release-at").Locator("input").FillAsync(releaseAt);
            await teacher.Page.GetByTestId("form-save").ClickAsync();
            await Expect(dialog).ToHaveCountAsync(0);
        }
    }
}
