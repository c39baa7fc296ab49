using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>A teacher at the class sheet, and at a class's day, by the screens that they have.</summary>
internal static class Desk
{
    /// <summary>The line that one types for the whole class.</summary>
    public static ILocator Line(this Visitor teacher) => teacher.Page.GetByTestId("line");

    /// <summary>Types a line for the whole class, and Enter.</summary>
    public static async Task WriteLine(this Visitor teacher, string text)
    {
        await teacher.Line().FillAsync(text);
        await teacher.Line().PressAsync("Enter");
    }

    /// <summary>The row of an item on the sheet, or in the draft, by what it says.</summary>
    public static ILocator Row(this ILocator list, string text) => list.Locator(".desk-item", new() { HasText = text });

    /// <summary>What families see.</summary>
    public static ILocator Sheet(this Visitor teacher) => teacher.Page.GetByTestId("sheet");

    /// <summary>What waits until they see it.</summary>
    public static ILocator Draft(this Visitor teacher) => teacher.Page.GetByTestId("draft");

    /// <summary>Begins to change an item, with these words in its field.</summary>
    public static async Task<ILocator> BeginToChange(this ILocator row, string text)
    {
        await row.GetByTestId("item-edit").ClickAsync();
        // While it is changed, its words stand in a field: the row is no longer found by them.
        var field = row.Page.GetByTestId("item-text");
        await field.FillAsync(text);
        return field;
    }

    public static string DayApi(DateOnly day) => $"/api/book/days/{Demo.School}/{Demo.Class}/{Demo.Say(day)}";

    public static string DraftApi(DateOnly day) => $"/api/book/drafts/{Demo.School}/{Demo.Class}/{Demo.Say(day)}";

    public static string EntryPath(DateOnly day) => $"{Demo.ClassPath(day)}/entry";

    /// <summary>The children of a class, as its day tells them.</summary>
    public static async Task<string[]> Children(this Visitor teacher, DateOnly day) =>
        [.. (await teacher.GetJson(DayApi(day)))["children"]!.AsArray().Select(child => (string)child!["student"]!)];

    /// <summary>A stroke of one finger over the head of something.</summary>
    public static async Task Swipe(this Visitor visitor, ILocator over, int from, int to)
    {
        await over.ScrollIntoViewIfNeededAsync();
        var y = (await over.BoundingBoxAsync())!.Y + 24;
        var touch = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        Task Send(string type, params int[] at) => touch.SendAsync("Input.dispatchTouchEvent", new()
        {
            ["type"] = type,
            ["touchPoints"] = at.Select(x => new Dictionary<string, object> { ["x"] = x, ["y"] = y }).ToArray(),
        });
        await Send("touchStart", from);
        await Send("touchMove", (from + to) / 2);
        await Send("touchMove", to);
        await Send("touchEnd");
        await touch.DetachAsync();
    }

    /// <summary>The marks of a page on record, e.g. <c>lunch care</c>.</summary>
    public static string[] Marks(JsonNode page) => [.. page["marks"]!.AsArray().Select(mark => $"{mark!["mark"]} {mark["level"]}")];

    /// <summary>What a section of a page says on record.</summary>
    public static string Text(JsonNode page, string section) => (string)page["sections"]!.AsArray().Single(one => (string)one!["section"]! == section)!["text"]!;

    public static Task EntriesAreDelivered(this Visitor teacher) =>
        Expect(teacher.Page.GetByTestId("entry-state")).ToHaveAttributeAsync("data-state", "delivered", new() { Timeout = (float)Patience.Long.TotalMilliseconds });
}
