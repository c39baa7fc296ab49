using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.ContactBook;

/// <summary>What people do to a day of the book beside the screen that a test is about, and what they find there.</summary>
internal static class Book
{
    /// <summary>Puts items on the class sheet; answers their ids.</summary>
    public static async Task<string[]> AddItems(this Visitor teacher, DateOnly day, params (string Kind, string? Subject, string Text)[] items)
    {
        var added = await teacher.Send("POST", $"{SheetApi(day)}/items", new { items = items.Select(item => new { kind = item.Kind, subject = item.Subject, text = item.Text }) });
        return [.. added!["items"]!.AsArray().Select(item => (string)item!)];
    }

    /// <summary>Corrects an item as it is now.</summary>
    public static async Task ChangeItem(this Visitor teacher, DateOnly day, string item, string text)
    {
        var sheet = await teacher.GetJson(SheetApi(day));
        var now = sheet["items"]!.AsArray().Single(one => (string)one!["item"]! == item)!;
        _ = await teacher.Send("PUT", $"{SheetApi(day)}/items/{item}", new { version = (int)now["version"]!, subject = (string?)now["subject"], text });
    }

    public static Task RemoveItem(this Visitor teacher, DateOnly day, string item) => teacher.Send("DELETE", $"{SheetApi(day)}/items/{item}");

    public static Task Mark(this Visitor teacher, string student, DateOnly day, string mark, string level) =>
        teacher.Send("PUT", $"{PageApi(student, day)}/marks", new { marks = new[] { new { mark, level } } });

    /// <summary>Signs what is there now.</summary>
    public static async Task Sign(this Visitor signer, string student, DateOnly day)
    {
        var page = await signer.GetJson(PageApi(student, day));
        var sheet = await signer.GetJson(SheetApi(day));
        var sections = page["sections"]!.AsArray().Where(one => (int)one!["version"]! > 0).ToDictionary(one => (string)one!["section"]!, one => (int)one!["version"]!);
        _ = await signer.Send("POST", $"{PageApi(student, day)}/signatures", new { seen = new { sections, entries = (int)page["entries"]!, sheet = (int)sheet["version"]! } });
    }

    public static Task<JsonNode> Stored(this Visitor reader, string student, DateOnly day) => reader.GetJson(PageApi(student, day));

    public static Task<JsonNode> Sheet(this Visitor reader, DateOnly day) => reader.GetJson(SheetApi(day));

    /// <summary>The row of an item that this person may tick.</summary>
    public static ILocator Tick(this Visitor reader, string item) => reader.Page.GetByTestId($"tick-{item}");

    public static ILocator Item(this Visitor reader, string item) => reader.Page.GetByTestId($"item-{item}");

    /// <summary>A group's place at the foot of the page.</summary>
    public static ILocator Signed(this Visitor reader, string group) => reader.Page.GetByTestId($"signed-{group}");

    /// <summary>Waits until a group's signature stands, or does not. Its ten seconds are waited out.</summary>
    public static Task SignatureIs(this Visitor reader, string group, bool stands) =>
        Expect(reader.Signed(group)).ToHaveAttributeAsync("data-signed", stands ? "true" : "false", new() { Timeout = (float)Patience.Long.TotalMilliseconds });

    /// <summary>Signs by the button, and waits until the signature is on record.</summary>
    public static async Task PressSign(this Visitor signer, string group)
    {
        await signer.Page.GetByTestId("sign").ClickAsync();
        await Expect(signer.Page.GetByTestId("sign-waits")).ToBeVisibleAsync();
        await signer.SignatureIs(group, true);
    }

    public static string PageApi(string student, DateOnly day) => $"/api/book/pages/{Demo.School}/{student}/{Demo.Say(day)}";

    public static string SheetApi(DateOnly day) => $"/api/book/sheets/{Demo.School}/{Demo.Class}/{Demo.Say(day)}";

    public static async Task<JsonNode?> Send(this Visitor who, string method, string path, object? body = null)
    {
        var token = (await who.Context.CookiesAsync([who.Site.ToString()])).Single(cookie => cookie.Name == "XSRF-TOKEN").Value;
        var response = await who.Context.APIRequest.FetchAsync(new Uri(who.Site, path).ToString(), new()
        {
            Method = method,
            DataObject = body,
            Headers = new Dictionary<string, string> { ["X-XSRF-TOKEN"] = Uri.UnescapeDataString(token) },
        });
        var text = await response.TextAsync();
        Assert.True(response.Ok, $"{response.Status} {response.Url}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
