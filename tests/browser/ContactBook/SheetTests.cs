using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>Teachers write what the whole class shares: typed once, by each what is theirs, seen at once (C.11).</summary>
public sealed class SheetTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    [Fact]
    public async Task The_class_teacher_and_the_English_teacher_write_one_sheet_on_their_phones_each_what_is_theirs()
    {
        var day = Demonstration.NewDay();
        var (teacher, english, mother) = (await SignedIn("class-teacher"), await SignedIn("subject-teacher"), await SignedIn("mother"));
        await teacher.Open(Demo.SheetPath(day));
        await english.Open(Demo.SheetPath(day));
        await mother.OpenPage(Demo.Child, day);
        await mother.MarkDocument();
        await english.MarkDocument();

        // Line by line: what is chosen and where one types stay.
        await teacher.Page.GetByTestId("subject-语文").ClickAsync();
        await teacher.WriteLine("听写第三课");
        await Expect(teacher.Sheet().Row("听写第三课")).ToBeVisibleAsync();
        await Expect(teacher.Line()).ToBeFocusedAsync();
        await Expect(teacher.Line()).ToHaveValueAsync("");
        await teacher.Page.Keyboard.TypeAsync("beisong");
        await teacher.Page.Keyboard.PressAsync("Enter");
        await Expect(english.Sheet().Row("beisong")).ToContainTextAsync("语文");

        // A pasted list is looked at first; each line is an item, and a subject that it names is its own.
        await teacher.Line().FillAsync("数学：第43页\n语文\n1. 日记一篇\n2. 预习");
        await Expect(teacher.Page.GetByTestId("line-count")).ToContainTextAsync("3 条");
        await teacher.Line().PressAsync("Enter");
        await Expect(english.Sheet().Row("第43页")).ToContainTextAsync("数学");
        await Expect(english.Sheet().Row("日记一篇")).ToContainTextAsync("语文");
        await Expect(english.Sheet().Row("预习")).ToBeVisibleAsync();

        // Hers is English, and no fees; what belongs to others she reads, and is told why.
        await Expect(english.Page.GetByTestId("kind-fees")).ToHaveCountAsync(0);
        await Expect(english.Page.GetByTestId("subject-英语")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(english.Page.GetByTestId("subject-语文")).ToHaveCountAsync(0);
        await Expect(english.Sheet().Row("听写第三课").GetByTestId("item-locked")).ToContainTextAsync("语文老师和班主任能改");
        await Expect(english.Sheet().Row("听写第三课").GetByTestId("item-edit")).ToHaveCountAsync(0);
        await english.WriteLine("朗读三遍");
        var reading = teacher.Sheet().Row("朗读三遍");
        await Expect(reading).ToContainTextAsync("英语");
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("朗读三遍");

        // The class teacher writes for all: a fee, a thing to bring, and a word of hers in another's item.
        await teacher.Page.GetByTestId("kind-fees").ClickAsync();
        await teacher.WriteLine("春游 80 元，周五前交");
        await teacher.Page.GetByTestId("kind-bring").ClickAsync();
        await teacher.WriteLine("彩笔");
        await Expect(mother.Page.GetByTestId("sheet-fees")).ToContainTextAsync("春游 80 元");
        await Expect(mother.Page.GetByTestId("sheet-bring")).ToContainTextAsync("彩笔");
        await (await reading.BeginToChange("朗读三遍，录音")).PressAsync("Enter");
        var read = english.Sheet().Row("朗读三遍，录音");
        await Expect(read.GetByTestId("item-earlier")).ToContainTextAsync("改过 1 次");
        await read.GetByTestId("item-earlier").ClickAsync();
        await Expect(read.Locator("del")).ToHaveTextAsync("朗读三遍");
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("朗读三遍，录音");

        // Taken off, and put back by one tap.
        await english.Sheet().Row("朗读三遍，录音").GetByTestId("item-remove").ClickAsync();
        await Expect(teacher.Page.GetByTestId("items-homework").Row("朗读三遍")).ToHaveCountAsync(0);
        await english.Page.GetByTestId("undo").ClickAsync();
        await Expect(teacher.Page.GetByTestId("items-homework").Row("朗读三遍，录音")).ToBeVisibleAsync();
        await english.HasNotReloaded();
        await mother.HasNotReloaded();
        Assert.Equal(8, (await teacher.GetJson(Book.SheetApi(day)))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Two_teachers_who_change_one_item_at_once_see_both_texts_and_one_decides()
    {
        var day = Demonstration.NewDay();
        var (teacher, english) = (await SignedIn("class-teacher", Device.Desktop), await SignedIn("subject-teacher"));
        var item = (await teacher.AddItems(day, ("homework", "英语", "抄写单词"))).Single();
        await teacher.Open(Demo.SheetPath(day));
        await english.Open(Demo.SheetPath(day));
        var (his, hers) = (teacher.Item(item), english.Item(item));

        var field = await hers.BeginToChange("抄写单词两遍");
        await (await his.BeginToChange("抄写单词，家长签名")).PressAsync("Enter");
        await Expect(hers.GetByTestId("item-newer")).ToContainTextAsync("班主任");
        await Expect(hers.GetByTestId("newer-theirs")).ToHaveTextAsync("英语：抄写单词，家长签名");
        // What she has typed stays; Enter does not decide for her.
        await Expect(field).ToHaveValueAsync("抄写单词两遍");
        await field.PressAsync("Enter");
        await Expect(hers.GetByTestId("item-newer")).ToBeVisibleAsync();
        Assert.Equal("抄写单词，家长签名", await StoredText());

        await hers.GetByTestId("keep-mine").ClickAsync();
        await Expect(his).ToContainTextAsync("抄写单词两遍");
        await Expect(his.GetByTestId("item-earlier")).ToContainTextAsync("改过 2 次");

        // The other way round: taking what is there now.
        _ = await his.BeginToChange("不要抄了");
        await (await hers.BeginToChange("抄写单词三遍")).PressAsync("Enter");
        await Expect(his.GetByTestId("newer-theirs")).ToContainTextAsync("抄写单词三遍");
        await his.GetByTestId("take-theirs").ClickAsync();
        await Expect(his).ToContainTextAsync("抄写单词三遍");
        Assert.Equal("抄写单词三遍", await StoredText());

        // And where it was taken off meanwhile: what he types is not lost with it.
        _ = await his.BeginToChange("背诵单词");
        await hers.GetByTestId("item-remove").ClickAsync();
        await Expect(his.GetByTestId("item-newer")).ToContainTextAsync("刚刚删掉了这一条");
        await Expect(his.GetByTestId("item-text")).ToHaveValueAsync("背诵单词");
        await his.GetByTestId("keep-mine").ClickAsync();
        await Expect(english.Page.GetByTestId("items-homework").Row("背诵单词")).ToBeVisibleAsync();
        Assert.Equal("背诵单词", await StoredText());

        async Task<string> StoredText() => (string)(await teacher.GetJson(Book.SheetApi(day)))["items"]!.AsArray().Single()!["text"]!;
    }

    [Fact]
    public async Task A_line_that_is_typed_without_a_network_is_added_when_it_is_back()
    {
        var day = Demonstration.NewDay();
        var teacher = await SignedIn("class-teacher");
        await teacher.Open(Demo.SheetPath(day));
        await Expect(teacher.Line()).ToBeVisibleAsync();
        await teacher.Context.SetOfflineAsync(true);
        await teacher.ConnectionIs("offline");
        await teacher.WriteLine("背诵第二段");
        await Expect(teacher.Page.GetByTestId("adding")).ToContainTextAsync("已存本机");
        await teacher.Context.SetOfflineAsync(false);
        await Expect(teacher.Sheet().Row("背诵第二段")).ToBeVisibleAsync();
        await Expect(teacher.Page.GetByTestId("adding")).ToHaveCountAsync(0);
        Assert.Single((await teacher.GetJson(Book.SheetApi(day)))["items"]!.AsArray());
    }

    [Fact]
    public async Task Copying_from_the_last_day_of_school_takes_all_that_one_may_write_but_what_is_taken_out()
    {
        // Friday, a weekend that nobody has written on, and Monday.
        var (friday, _, _, monday) = (Demonstration.NewDay(), Demonstration.NewDay(), Demonstration.NewDay(), Demonstration.NewDay());
        var (teacher, english) = (await SignedIn("class-teacher"), await SignedIn("subject-teacher"));
        var items = await teacher.AddItems(friday, ("homework", "英语", "听录音"), ("homework", "数学", "口算"), ("notices", null, "带水杯"), ("bring", null, "跳绳"));
        await teacher.RemoveItem(friday, items[3]);

        await english.Open(Demo.SheetPath(monday));
        await english.Page.GetByTestId("copy").ClickAsync();
        var choices = english.Page.GetByTestId("copy-dialog").GetByTestId("choice");
        await Expect(choices).ToHaveCountAsync(3);
        await Expect(english.Page.GetByTestId("copy-dialog").Locator("input:checked")).ToHaveCountAsync(1);
        await Expect(english.Page.GetByTestId("copy-dialog").Locator("input:disabled")).ToHaveCountAsync(2);
        await english.Page.GetByTestId("form-cancel").ClickAsync();

        await teacher.Open(Demo.SheetPath(monday));
        await teacher.Page.GetByTestId("copy").ClickAsync();
        var dialog = teacher.Page.GetByTestId("copy-dialog");
        await Expect(dialog).ToContainTextAsync($"{friday.Month}月{friday.Day}日");
        await Expect(dialog.Locator("input:checked")).ToHaveCountAsync(3);
        await dialog.Locator("label", new() { HasText = "带水杯" }).ClickAsync();
        await Expect(teacher.Page.GetByTestId("form-save")).ToContainTextAsync("2 条");
        await teacher.Page.GetByTestId("form-save").ClickAsync();
        await Expect(english.Sheet().Row("听录音")).ToBeVisibleAsync();
        await Expect(english.Sheet().Row("口算")).ToBeVisibleAsync();
        await Expect(english.Sheet().Row("带水杯")).ToHaveCountAsync(0);
        await Expect(english.Sheet().Locator(".desk-item")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task What_was_written_once_becomes_a_template_that_is_used_renamed_and_deleted()
    {
        var (first, second) = (Demonstration.NewDay(), Demonstration.NewDay());
        var teacher = await SignedIn("class-teacher");
        await teacher.AddItems(first, ("homework", "语文", "读书半小时"), ("notices", null, "周一升旗，穿校服"));
        await teacher.Open(Demo.SheetPath(first));
        await Expect(teacher.Sheet().Row("读书半小时")).ToBeVisibleAsync();
        await teacher.Page.GetByTestId("open-templates").ClickAsync();
        await teacher.Page.GetByTestId("template-save").ClickAsync();
        await teacher.Page.GetByTestId("template-name").Locator("input").FillAsync("周五");
        await teacher.Page.GetByTestId("template-save-name").ClickAsync();
        var template = teacher.Page.GetByTestId("template");
        await Expect(template).ToContainTextAsync("周五");
        await Expect(template).ToContainTextAsync("2 条");

        await template.GetByTestId("template-rename").ClickAsync();
        await teacher.Page.GetByTestId("template-name").Locator("input").FillAsync("每个周五");
        await teacher.Page.GetByTestId("template-save-name").ClickAsync();
        await Expect(template).ToContainTextAsync("每个周五");

        await teacher.Open(Demo.SheetPath(second));
        await teacher.Page.GetByTestId("open-templates").ClickAsync();
        await teacher.Page.GetByTestId("template-use").ClickAsync();
        await teacher.Page.GetByTestId("template-add").ClickAsync();
        await Expect(teacher.Sheet().Row("周一升旗，穿校服")).ToBeVisibleAsync();
        await Expect(teacher.Sheet().Row("读书半小时")).ToContainTextAsync("语文");

        await teacher.Page.GetByTestId("open-templates").ClickAsync();
        await template.GetByTestId("template-remove").ClickAsync();
        await Expect(template).ToHaveCountAsync(0);
        await teacher.Page.GetByTestId("undo").ClickAsync();
        await Expect(template).ToContainTextAsync("每个周五");
        await template.GetByTestId("template-remove").ClickAsync();
        await Expect(template).ToHaveCountAsync(0);
        Assert.Empty((await teacher.GetJson($"/api/book/templates/{Demo.School}")).AsArray());
    }

    [Fact]
    public async Task What_is_prepared_is_seen_by_families_only_when_it_is_released()
    {
        var day = Demonstration.NewDay();
        var (teacher, english, mother) = (await SignedIn("class-teacher"), await SignedIn("subject-teacher"), await SignedIn("mother"));
        await teacher.Open(Demo.SheetPath(day));
        await english.Open(Demo.SheetPath(day));
        await mother.OpenPage(Demo.Child, day);
        await mother.MarkDocument();

        await teacher.Page.GetByTestId("when-usual").ClickAsync();
        await teacher.Page.GetByTestId("subject-语文").ClickAsync();
        await teacher.WriteLine("写一篇日记");
        await Expect(teacher.Page.GetByTestId("draft-title")).ToContainTextAsync("16:00");
        await Expect(teacher.Sheet().Row("写一篇日记")).ToHaveCountAsync(0);
        // The other teacher sees it at once, apart, and adds to it.
        await Expect(english.Draft().Row("写一篇日记")).ToContainTextAsync("语文");
        await english.Page.GetByTestId("when-usual").ClickAsync();
        await english.WriteLine("听录音");
        await Expect(teacher.Draft().Row("听录音")).ToBeVisibleAsync();
        await (await teacher.Draft().Row("写一篇日记").BeginToChange("写一篇观察日记")).PressAsync("Enter");
        await Expect(english.Draft().Row("写一篇观察日记")).ToBeVisibleAsync();

        // Something for now goes to the families, what is prepared does not: it would have come before.
        await teacher.Page.GetByTestId("when-now").ClickAsync();
        await teacher.WriteLine("口算一页");
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("口算一页");
        Assert.DoesNotContain("日记", await mother.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(mother.Received, frame => frame.Contains("日记", StringComparison.Ordinal));

        await teacher.Page.GetByTestId("draft-unschedule").ClickAsync();
        await Expect(english.Page.GetByTestId("draft-title")).ToContainTextAsync("还没定时间");
        // The time comes: a few seconds from now.
        _ = await teacher.Send("PUT", $"{Desk.DraftApi(day)}/schedule", new { at = DateTimeOffset.UtcNow.AddSeconds(3) });
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("写一篇观察日记", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("听录音");
        await Expect(teacher.Draft()).ToHaveCountAsync(0);
        await Expect(english.Sheet().Row("听录音")).ToBeVisibleAsync();
        await mother.HasNotReloaded();

        // And released by hand, after a question. What the other was changing at that moment stays before her, and becomes a correction of what was sent.
        await teacher.Page.GetByTestId("when-usual").ClickAsync();
        await teacher.WriteLine("英语：跳绳一百个");
        _ = await english.Draft().Row("跳绳一百个").BeginToChange("跳绳两百个");
        await teacher.Page.GetByTestId("draft-release").ClickAsync();
        await teacher.Page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("跳绳一百个");
        await Expect(teacher.Draft()).ToHaveCountAsync(0);
        await Expect(teacher.Sheet().Locator("h2").First).ToBeFocusedAsync();
        await Expect(english.Draft().GetByTestId("item-newer")).ToContainTextAsync("刚刚发给家长了");
        await Expect(english.Draft().GetByTestId("item-text")).ToHaveValueAsync("跳绳两百个");
        await english.Draft().GetByTestId("keep-mine").ClickAsync();
        await Expect(mother.Page.GetByTestId("sheet-homework")).ToContainTextAsync("跳绳两百个");
        await Expect(english.Draft()).ToHaveCountAsync(0);
        Assert.Equal(4, (await teacher.GetJson(Book.SheetApi(day)))["items"]!.AsArray().Count);
    }
}
