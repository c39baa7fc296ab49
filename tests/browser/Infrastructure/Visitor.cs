using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>Somebody with a browser: a profile of their own, a tab, and what came over the tab's WebSockets.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    // How the console begins to tell of a network that is gone; the last is of the service worker.
    private static readonly string[] OfTheNetwork = ["Failed to load resource", "WebSocket connection", "An unknown error occurred when fetching the script", "TypeError: Failed to fetch dynamically imported module"];

    private readonly List<string> _received = [];
    private readonly List<string> _sent = [];
    // Of all tabs of the profile.
    private readonly List<string> _errors;

    private Visitor(Uri site, IBrowserContext context, IPage page, List<string> errors)
    {
        (Site, Context, Page, _errors) = (site, context, page, errors);
        page.PageError += (_, error) => Remember(_errors, error);
        page.Console += (_, message) =>
        {
            // A network that the test cut, and a refusal that it asked for, are told here too.
            if (message.Type == "error" && !OfTheNetwork.Any(text => message.Text.StartsWith(text, StringComparison.Ordinal)))
                Remember(_errors, message.Text);
        };
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, frame) => Remember(_received, frame.Text ?? "");
            socket.FrameSent += (_, frame) => Remember(_sent, frame.Text ?? "");
        };
    }

    public Uri Site { get; }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>The name of who is signed in.</summary>
    public string Name { get; private set; } = "";

    public string[] Received => Copy(_received);

    public string[] Sent => Copy(_sent);

    public string[] PageErrors => Copy(_errors);

    /// <summary>What the bar says about the connection.</summary>
    public ILocator Connection => Page.GetByTestId("connection-state");

    public static async Task<Visitor> Come(IBrowser browser, Uri site, Device device, ColorScheme scheme, string language)
    {
        var isPhone = device is Device.Phone;
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = site.ToString(),
            Locale = language,
            ColorScheme = scheme,
            ViewportSize = isPhone ? new() { Width = 360, Height = 740 } : new() { Width = 1280, Height = 800 },
            DeviceScaleFactor = isPhone ? 2 : 1,
            HasTouch = isPhone,
            IsMobile = isPhone,
        });
        context.SetDefaultTimeout((float)Patience.Limit.TotalMilliseconds);
        return new Visitor(site, context, await context.NewPageAsync(), []);
    }

    /// <summary>Another tab of the same profile; perhaps at another address of the same school, for cookies know no ports.</summary>
    public async Task<Visitor> NewTab(Uri? site = null) => new(site ?? Site, Context, await Context.NewPageAsync(), _errors) { Name = Name };

    /// <summary>Signs in without the screen, which has tests of its own.</summary>
    public async Task SignInByCard(string card)
    {
        _ = await GetJson("/api/session");
        var session = await PostJson("/api/demo/sign-in", new { card });
        Name = (string)session["account"]!["name"]!;
    }

    /// <summary>Opens an address and waits until the screen is connected.</summary>
    public async Task Open(string path)
    {
        _ = await Page.GotoAsync(new Uri(Site, path).ToString());
        await IsConnected();
    }

    /// <summary>Opens a child's page of a day.</summary>
    public Task OpenPage(string student, DateOnly day) => Open(Demo.PagePath(student, day));

    /// <summary>Opens a child's page of a day, at one section that this person may write.</summary>
    public async Task<WrittenSection> OpenPage(string student, DateOnly day, string section)
    {
        await OpenPage(student, day);
        return await Section(section);
    }

    /// <summary>A section that this person may write and has not turned to yet.</summary>
    public WrittenSection AtRest(string id) => new(Page, id);

    /// <summary>A section that this person may write, with its editor, ready to be typed into.</summary>
    public async Task<WrittenSection> Section(string id)
    {
        var section = AtRest(id);
        await Assertions.Expect(section.Field).ToBeEditableAsync();
        await section.ComeNear();
        return section;
    }

    /// <summary>A section that this person may only read.</summary>
    public ILocator TextOf(string id) => Page.GetByTestId($"section-{id}").Locator(".section-text");

    public Task IsConnected(TimeSpan? limit = null) => ConnectionIs("connected", limit);

    public Task ConnectionIs(string state, TimeSpan? limit = null) =>
        Assertions.Expect(Connection).ToHaveAttributeAsync("data-state", state, new() { Timeout = (float)(limit ?? Patience.Limit).TotalMilliseconds });

    /// <summary>What the server says that a section holds.</summary>
    public async Task<string> StoredText(string student, DateOnly day, string section)
    {
        var page = await GetJson($"/api/book/pages/{Demo.School}/{student}/{Demo.Say(day)}");
        return (string)page["sections"]!.AsArray().Single(one => (string)one!["section"]! == section)!["text"]!;
    }

    public async Task<JsonNode> GetJson(string path) => await Read(await Context.APIRequest.GetAsync(new Uri(Site, path).ToString()));

    public async Task<JsonNode> PostJson(string path, object body)
    {
        var token = (await Context.CookiesAsync([Site.ToString()])).Single(cookie => cookie.Name == "XSRF-TOKEN").Value;
        return await Read(await Context.APIRequest.PostAsync(new Uri(Site, path).ToString(), new()
        {
            DataObject = body,
            Headers = new Dictionary<string, string> { ["X-XSRF-TOKEN"] = Uri.UnescapeDataString(token) },
        }));
    }

    /// <summary>Remembers which document this is, so that <see cref="HasNotReloaded"/> can tell.</summary>
    public Task MarkDocument() => Page.EvaluateAsync("() => { window.schoolhomeTestMark = true }");

    public async Task HasNotReloaded() =>
        Assert.True(await Page.EvaluateAsync<bool>("() => window.schoolhomeTestMark === true"), "The page was loaded anew.");

    /// <summary>The ids under which this tab has pushed text.</summary>
    public string[] PushedClientIds() =>
    [
        .. Sent
            .SelectMany(frame => frame.Split('\u001e', StringSplitOptions.RemoveEmptyEntries))
            .Select(message => JsonNode.Parse(message)!)
            .Where(message => (string?)message["target"] == "PushText")
            .Select(message => (string)message["arguments"]![1]!["clientId"]!)
            .Distinct(),
    ];

    public async ValueTask DisposeAsync() => await Context.CloseAsync();

    private static async Task<JsonNode> Read(IAPIResponse response)
    {
        var text = await response.TextAsync();
        Assert.True(response.Ok, $"{response.Status} {response.Url}: {text}");
        return JsonNode.Parse(text) ?? throw new JsonException("The answer is null.");
    }

    private static void Remember(List<string> list, string what)
    {
        lock (list)
            list.Add(what);
    }

    private static string[] Copy(List<string> list)
    {
        lock (list)
            return [.. list];
    }
}
