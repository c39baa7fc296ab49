using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.CoEditing;

/// <summary>Rules T1–T8 with real editors in real browsers.</summary>
public sealed class WritingTogetherTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Words = "words";

    [Fact]
    public async Task T3_Grandfather_mother_and_father_write_in_one_section_at_once_and_end_with_the_same_text()
    {
        var day = Demonstration.NewDay();
        var (grandfather, mother, father) = (await SignedIn("grandfather", Device.Desktop), await SignedIn("mother"), await SignedIn("father"));
        var byGrandfather = await grandfather.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        WrittenSection[] sections = [byGrandfather, byMother, byFather];

        // Letters that are told apart, so that a lost, doubled or misplaced one is seen.
        const string OfGrandfather = "abcdefghijklmnopqrstuvwxyz今天孩子表现很好";
        const string OfMother = "ABCDEFGHIJKLMNOPQRSTUVWXYZ谢老师请多留意";
        const string OfFather = "0123456789+-*/=<>!?#$%&@^~我来接他放学回家";
        await Task.WhenAll(byGrandfather.Type(OfGrandfather, 35), byMother.Type(OfMother, 25), byFather.Type(OfFather, 45));

        var length = OfGrandfather.Length + OfMother.Length + OfFather.Length;
        foreach (var section in sections)
            await section.Shows(text => text.Length == length, $"{length} letters");
        foreach (var section in sections)
            await section.IsDelivered();

        var stored = await mother.StoredText(Demo.Child, day, Words);
        foreach (var section in sections)
            await section.Shows(stored);
        foreach (var words in new[] { OfGrandfather, OfMother, OfFather })
            Assert.Equal(words, string.Concat(stored.Where(words.Contains)));
    }

    [Fact]
    public async Task Letters_appear_at_the_others_while_they_are_typed_with_the_name_of_who_writes()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father", Device.Desktop), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);

        await byMother.Type("老师");
        await byFather.Shows("老师");
        await byMother.Type("您好");
        await byFather.Shows("老师您好");
        // She has not left the field: it was not the leaving that sent her words.
        Assert.True(await byMother.HasFocus());
        await Expect(byFather.Writing).ToContainTextAsync("妈妈");
        await Expect(byFather.Writing).ToContainTextAsync("正在写");
        await Expect(byFather.Cursors).ToHaveCountAsync(1);
        await Expect(byFather.Cursors).ToContainTextAsync("妈妈");

        // And the other way round, in a field of which she has the middle.
        await byFather.GoToEnd();
        await byFather.Type("！您好");
        await byMother.Shows("老师您好！您好");
        await Expect(byMother.Cursors).ToContainTextAsync("爸爸");
        await Expect(byMother.Writing).ToContainTextAsync("爸爸");

        // Who leaves takes the mark along at once.
        await mother.Page.CloseAsync();
        await Expect(byFather.Cursors).ToHaveCountAsync(0);
        await Expect(byFather.Writing).ToBeEmptyAsync();
    }

    [Fact]
    public async Task What_others_write_steals_neither_the_focus_nor_the_place_of_the_caret()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father", Device.Desktop), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        var athome = await mother.Section("study-at-home");

        await byMother.Type("一二三");
        await byFather.Shows("一二三");
        // She is between 一 and 二 when the father writes before and after her.
        await byMother.Field.PressAsync("ArrowLeft");
        await byMother.Field.PressAsync("ArrowLeft");
        await byFather.GoToEnd();
        await byFather.Type("后");
        await byFather.Field.PressAsync("Control+Home");
        await byFather.Type("前");
        await byMother.Shows("前一二三后");
        Assert.True(await byMother.HasFocus());
        await byMother.Type("中");
        await byMother.Shows("前一中二三后");
        await byFather.Shows("前一中二三后");

        // While she writes in another section, this one changes beside her.
        await athome.Type("读书");
        await byFather.GoToEnd();
        await byFather.Type("再见");
        await byMother.Shows("前一中二三后再见");
        Assert.True(await athome.HasFocus());
        await athome.Type("半小时");
        await athome.Shows("读书半小时");
    }

    [Fact]
    public async Task T6_Undo_takes_back_only_ones_own_words()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father", Device.Desktop), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);

        await byMother.Type("妈妈的话");
        await byFather.Shows("妈妈的话");
        await byFather.GoToEnd();
        await byFather.Type("，爸爸的话");
        await byMother.Shows("妈妈的话，爸爸的话");

        // More often than there is something of hers to take back.
        for (var times = 0; times < 6; times++)
            await byMother.Field.PressAsync("Control+z");
        await byMother.Shows("，爸爸的话");
        await byFather.Shows("，爸爸的话");

        await byMother.Field.PressAsync("Control+y");
        await byMother.ShowsPart("，爸爸的话");
        for (var times = 0; times < 6; times++)
            await byFather.Field.PressAsync("Control+z");
        await byFather.Shows(text => !text.Contains("爸爸", StringComparison.Ordinal), "nothing of the father's");
        var left = await byFather.Text();
        await byMother.Shows(left);
    }

    [Fact]
    public async Task T2_Two_tabs_of_one_person_never_speak_under_one_id()
    {
        var day = Demonstration.NewDay();
        var mother = await SignedIn("mother");
        var again = await mother.NewTab();
        var first = await mother.OpenPage(Demo.Child, day, Words);
        var second = await again.OpenPage(Demo.Child, day, Words);

        await Task.WhenAll(first.Type("abcdefghijklmno", 20), second.Type("ABCDEFGHIJKLMNO", 25));
        await first.Shows(text => text.Length == 30, "thirty letters");
        await second.Shows(text => text.Length == 30, "thirty letters");
        await first.IsDelivered();
        await second.IsDelivered();
        var stored = await mother.StoredText(Demo.Child, day, Words);
        await first.Shows(stored);
        await second.Shows(stored);
        Assert.Equal("abcdefghijklmno", string.Concat(stored.Where(char.IsLower)));
        Assert.Equal("ABCDEFGHIJKLMNO", string.Concat(stored.Where(char.IsUpper)));

        Assert.NotEmpty(mother.PushedClientIds());
        Assert.NotEmpty(again.PushedClientIds());
        Assert.Empty(mother.PushedClientIds().Intersect(again.PushedClientIds()));
    }

    [Fact]
    public async Task T8_A_composition_is_neither_cancelled_nor_doubled_by_what_others_write_in_the_same_line()
    {
        var day = Demonstration.NewDay();
        var (father, mother) = (await SignedIn("father"), await SignedIn("mother"));
        var byFather = await father.OpenPage(Demo.Child, day, Words);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        await byFather.Type("前后");
        await byMother.Shows("前后");
        await byMother.GoToEnd();
        await byMother.Field.PressAsync("ArrowLeft");

        await byMother.Field.EvaluateAsync(
            """
            field => {
              window.compositions = { begun: 0, ended: 0 }
              field.addEventListener('compositionstart', () => window.compositions.begun++)
              field.addEventListener('compositionend', () => window.compositions.ended++)
            }
            """);
        var keyboard = await mother.Context.NewCDPSessionAsync(mother.Page);
        Task Compose(string text) => keyboard.SendAsync("Input.imeSetComposition", new() { ["text"] = text, ["selectionStart"] = text.Length, ["selectionEnd"] = text.Length });

        await Compose("n");
        await Compose("ni");
        await byMother.Shows("前ni后");
        // Meanwhile he writes before and after her in her line, and the school has it.
        await byFather.Field.PressAsync("Control+Home");
        await byFather.Type("爸");
        await byFather.GoToEnd();
        await byFather.Type("爸");
        await byFather.IsDelivered();
        await Compose("nih");
        await Compose("nihao");
        await byMother.ShowsPart("nihao");
        Assert.Equal("""{"begun":1,"ended":0}""", await mother.Page.EvaluateAsync<string>("() => JSON.stringify(window.compositions)"));
        Assert.True(await byMother.HasFocus());

        _ = await keyboard.SendAsync("Input.insertText", new() { ["text"] = "你好" });
        await byMother.Shows("爸前你好后爸");
        await byFather.Shows("爸前你好后爸");
        await byMother.IsDelivered();
        Assert.Equal("爸前你好后爸", await mother.StoredText(Demo.Child, day, Words));

        // A second one in the same place: nothing of the first is left behind in the editor.
        await Compose("ma");
        await byMother.Shows("爸前你好ma后爸");
        _ = await keyboard.SendAsync("Input.insertText", new() { ["text"] = "吗" });
        await byMother.Shows("爸前你好吗后爸");
        await byFather.Shows("爸前你好吗后爸");
        Assert.Equal("""{"begun":2,"ended":2}""", await mother.Page.EvaluateAsync<string>("() => JSON.stringify(window.compositions)"));
    }
}
