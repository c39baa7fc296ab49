using Microsoft.Playwright;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>All browser tests share one Chromium and one demo server, and run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>, ICollectionFixture<DemoServer>
{
    public const string Name = "Browsers";
}

/// <summary>What a device is like: its screen, and whether it is touched.</summary>
internal enum Device
{
    Phone,
    Desktop,
}

/// <summary>Opens browsers for people, closes them after the test, and fails where a page threw an error that nobody caught.</summary>
[Collection(BrowserCollection.Name)]
public abstract class BrowserTest(Chromium chromium, DemoServer demo) : IAsyncLifetime
{
    private readonly List<Visitor> _visitors = [];

    private protected DemoServer Demonstration => demo;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var visitor in _visitors)
            await visitor.DisposeAsync();
        Assert.Empty(_visitors.SelectMany(visitor => visitor.PageErrors));
    }

    /// <summary>A fresh browser profile at this site. Nobody is signed in, and no page is open yet.</summary>
    private protected async Task<Visitor> Visit(Uri site, Device device = Device.Phone, ColorScheme scheme = ColorScheme.Light, string language = "zh-CN")
    {
        var visitor = await Visitor.Come(chromium.Browser, site, device, scheme, language);
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Somebody of the demo school, signed in at the shared server.</summary>
    private protected async Task<Visitor> SignedIn(string card, Device device = Device.Phone, ColorScheme scheme = ColorScheme.Light) =>
        await SignedInAt((await demo.WebAsync()).Address, card, device, scheme);

    /// <summary>Somebody of the demo school, signed in elsewhere.</summary>
    private protected async Task<Visitor> SignedInAt(Uri site, string card, Device device = Device.Phone, ColorScheme scheme = ColorScheme.Light)
    {
        var visitor = await Visit(site, device, scheme);
        await visitor.SignInByCard(card);
        return visitor;
    }
}
