using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>What has the focus, as the browser tells a screen reader.</summary>
/// <param name="State">What is said after name and role: <c>checked</c>, <c>pressed</c>, <c>expanded</c>, <c>disabled</c>, <c>multiline</c>…</param>
internal sealed record Focused(string Role, string Name, IReadOnlyDictionary<string, string> State)
{
    public override string ToString() => $"{Role} \"{Name}\" {string.Join(' ', State.Select(one => $"{one.Key}={one.Value}"))}";
}

/// <summary>
/// Somebody who has no mouse and does not see the screen: presses keys, and knows what the browser's accessibility tree says of what has the focus, and what live
/// regions say. At each stop the focus must be seen, too, and what has it must have a name.
/// </summary>
internal sealed class KeyboardReader
{
    // A place that comes together with its words is often not read out, so only an alert counts then. What has been heard is taken from the list.
    private const string Listen = """
        () => {
          if (window.heard) return
          window.heard = []
          const places = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'
          const tell = place => {
            const words = place.cloneNode(true)
            words.querySelectorAll('[aria-hidden=true]').forEach(one => one.remove())
            const text = words.textContent.replace(/\s+/g, ' ').trim()
            // What is shown together with its words counts, as what stays hidden does not.
            if (text) setTimeout(() => { if (place.checkVisibility({ visibilityProperty: true })) window.heard.push(text) }, 100)
          }
          new MutationObserver(records => {
            const changed = new Set()
            for (const { target, addedNodes } of records) {
              const from = target instanceof Element ? target : target.parentElement
              const place = from?.closest(places)
              if (place && !from.closest('[aria-hidden=true]')) changed.add(place)
              for (const node of addedNodes) {
                if (!(node instanceof Element)) continue
                for (const alert of [node, ...node.querySelectorAll('[role=alert]')]) if (alert.matches('[role=alert]')) changed.add(alert)
              }
            }
            changed.forEach(tell)
          }).observe(document, { childList: true, subtree: true, characterData: true })
        }
        """;

    // What has the focus, and the boxes around it, must look otherwise than when the focus has gone. Answers what is wrong; of the last stop that is known only at the next one.
    private const string Look = """
        () => {
          const say = one => `${one.tagName.toLowerCase()} "${(one.getAttribute('aria-label') || one.textContent).trim().slice(0, 30)}"`
          const around = one => {
            const boxes = []
            for (let up = one; up && up !== document.body && boxes.length < 5; up = up.parentElement) boxes.push(up)
            return [...boxes, ...(one.closest('.v-field')?.querySelectorAll('.v-field__outline *') ?? [])]
          }
          const looks = one => around(one).map(box => {
            const s = getComputedStyle(box)
            const outline = s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2 ? '' : `${s.outlineWidth} ${s.outlineColor}`
            return [outline, s.boxShadow, s.borderTopWidth, s.borderTopColor, s.backgroundColor].join()
          }).join()
          const wrong = window.lookedAlike ??= []
          const [one, before] = [document.activeElement, window.lastStop]
          if (before && before.one !== one && before.one.isConnected && before.looks === looks(before.one)) wrong.push(`${say(before.one)} looks the same with the focus as without it`)
          window.lastStop = null
          if (!one || one === document.body) return [...wrong, 'the focus is nowhere']
          window.lastStop = { one, looks: looks(one) }
          const box = one.getBoundingClientRect()
          const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)]
          const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)]
          if (right - left < 1 || bottom - top < 1) return [...wrong, `${say(one)} is out of sight: ${Math.round(box.left)}, ${Math.round(box.top)}, ${Math.round(box.width)}×${Math.round(box.height)} in ${innerWidth}×${innerHeight}, scrolled by ${Math.round(scrollY)}`]
          const shows = (x, y) => {
            const there = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y)
            return there !== null && (one.contains(there) || there === one)
          }
          return [0.1, 0.5, 0.9].some(x => [0.1, 0.5, 0.9].some(y => shows(x, y))) ? wrong : [...wrong, `${say(one)} is covered`]
        }
        """;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly IPage _page;
    private readonly ICDPSession _tree;

    private KeyboardReader(IPage page, ICDPSession tree) => (_page, _tree) = (page, tree);

    /// <summary>From here on only keys: what is open is listened to.</summary>
    public static async Task<KeyboardReader> Of(Visitor visitor)
    {
        var tree = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        _ = await tree.SendAsync("Accessibility.enable");
        await visitor.Page.EvaluateAsync(Listen);
        return new(visitor.Page, tree);
    }

    /// <summary>Presses a key; what then has the focus is seen and has a name.</summary>
    public async Task<Focused> Press(string key, int times = 1)
    {
        for (var time = 0; time < times; time++)
            await _page.Keyboard.PressAsync(key);
        return await Here();
    }

    /// <summary>Presses a key that leads elsewhere a moment later.</summary>
    public Task PressAndGo(string key) => _page.Keyboard.PressAsync(key);

    public Task Type(string text) => _page.Keyboard.TypeAsync(text);

    /// <summary>Goes on by Tab, or back by Shift and Tab, until this has the focus.</summary>
    public async Task<Focused> TabTo(ILocator wanted, bool back = false)
    {
        await Expect(wanted).ToBeVisibleAsync();
        var stops = new List<string>();
        for (var steps = 0; steps < 90; steps++)
        {
            await _page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
            // The browser's own bar comes after the last thing on the page.
            if (await _page.EvaluateAsync<bool>("() => document.activeElement === document.body"))
            {
                stops.Add("the browser's own bar");
                continue;
            }

            Focused here;
            try
            {
                here = await Here();
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"{exception.Message}, after:\n{string.Join('\n', stops)}", exception);
            }

            if (await wanted.EvaluateAsync<bool>("one => document.activeElement === one"))
                return here;
            stops.Add(here.ToString());
        }

        throw new Xunit.Sdk.XunitException($"Ninety steps of Tab do not lead to {wanted}, but to:\n{string.Join('\n', stops)}");
    }

    /// <summary>Waits until this has the focus.</summary>
    public async Task<Focused> IsAt(ILocator wanted)
    {
        await Expect(wanted).ToBeFocusedAsync();
        return await Here();
    }

    /// <summary>What has the focus now, once that has settled (an editor takes the place of a resting field): seen, not covered, and with a name.</summary>
    public async Task<Focused> Here()
    {
        Focused? here = null;
        string[] wrong = [];
        try
        {
            _ = await Eventually.TrueAsync(
                async () =>
                {
                    wrong = await _page.EvaluateAsync<string[]>(Look);
                    here = await Read();
                    return wrong.Length == 0 && here.Name.Length > 0;
                },
                Settling,
                "the focus to be seen and named");
            return here!;
        }
        catch (TimeoutException exception)
        {
            var html = await _page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 300)");
            throw new TimeoutException($"{exception.Message} {string.Join(", ", wrong)}. It is at {here}: {html}", exception);
        }
    }

    /// <summary>Waits until a live region has said this, and forgets what was said before it.</summary>
    public async Task Hears(string part, TimeSpan? limit = null)
    {
        try
        {
            _ = await _page.WaitForFunctionAsync(
                "part => { const at = window.heard.findIndex(words => words.includes(part)); if (at >= 0) window.heard.splice(0, at + 1); return at >= 0 }",
                part,
                new() { Timeout = (float)(limit ?? Patience.Limit).TotalMilliseconds });
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"'{part}' was not said, but: {await _page.EvaluateAsync<string>("() => window.heard.join(' | ')")}", exception);
        }
    }

    /// <summary>
    /// Waits until another screen is there: its title says so, the focus is at its main part, which is called the same, and it is laid out as one walks it by
    /// headings and landmarks.
    /// </summary>
    public async Task ComesTo(string title)
    {
        await Expect(_page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex($"^{System.Text.RegularExpressions.Regex.Escape(title)}"));
        await Expect(_page.Locator("#main")).ToBeFocusedAsync();
        var here = await Here();
        Assert.Equal("main", here.Role);
        Assert.StartsWith(title, here.Name, StringComparison.Ordinal);
        await IsLaidOut();
    }

    /// <summary>One h1, no level left out, and the landmarks that one jumps between.</summary>
    public async Task IsLaidOut()
    {
        await Expect(_page.GetByTestId("screen-loading")).ToHaveCountAsync(0);
        var (nodes, levels) = (Array.Empty<JsonElement>(), Array.Empty<int>());
        // The tree goes level by level; the document has the order in which it is read. While the app starts, a screen comes piece by piece.
        _ = await Eventually.TrueAsync(
            async () =>
            {
                nodes = [.. (await _tree.SendAsync("Accessibility.getFullAXTree"))!.Value.GetProperty("nodes").EnumerateArray().Where(node => !node.GetProperty("ignored").GetBoolean())];
                levels = await _page.EvaluateAsync<int[]>("() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))");
                return levels.Length > 0 && levels.Length == nodes.Count(node => Role(node) == "heading");
            },
            Settling,
            "all headings of the document to be headings that are read out");
        Assert.Equal(1, levels.First());
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"After a heading of level {pair.First} comes one of level {pair.Second}."));
        foreach (var landmark in new[] { "banner", "main" })
            Assert.Single(nodes, node => Role(node) == landmark);
        Assert.Contains(nodes, node => Role(node) == "navigation");
        Assert.All(nodes.Where(node => Role(node) == "navigation"), node => Assert.NotEmpty(Name(node)));
    }

    private async Task<Focused> Read()
    {
        var active = await _tree.SendAsync("Runtime.evaluate", new() { ["expression"] = "document.activeElement" });
        var found = await _tree.SendAsync("Accessibility.getPartialAXTree", new()
        {
            ["objectId"] = active!.Value.GetProperty("result").GetProperty("objectId").GetString()!,
            ["fetchRelatives"] = false,
        });
        var node = found!.Value.GetProperty("nodes")[0];
        var state = node.TryGetProperty("properties", out var properties)
            ? properties.EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => Text(one.GetProperty("value")))
            : [];
        return new(Role(node), Name(node), state);
    }

    private static string Role(JsonElement node) => node.TryGetProperty("role", out var role) ? Text(role) : "";

    private static string Name(JsonElement node) => node.TryGetProperty("name", out var name) ? Text(name).Trim() : "";

    private static string Text(JsonElement value) => value.TryGetProperty("value", out var text) ? text.ToString() : "";
}
