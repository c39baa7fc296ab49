using Microsoft.Playwright;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>The browser that the machine has, driven by Playwright. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal IBrowser Browser => _browser ?? throw new InvalidOperationException("Chromium has not been started.");

    public async Task InitializeAsync()
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException($"The browser tests need Chromium at {Program}; on Debian: apt-get install chromium.");

        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        Assertions.SetDefaultExpectTimeout((float)Patience.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        // Chromium's sandbox refuses to work for root.
        string[] sandbox = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [];
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                .. sandbox, "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}

/// <summary>How long a test waits for what a person would see in a moment; long, because the test machine may be busy.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>For what needs a server to start, or a silo to be missed.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
}
