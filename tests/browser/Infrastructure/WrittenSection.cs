using Microsoft.Playwright;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>A section of a page or sheet as its writer has it before them.</summary>
internal sealed class WrittenSection(IPage page, string id)
{
    // At rest it is an ordinary field. What CodeMirror shows is a line per element; the placeholder is an element of the first.
    private const string ReadText = """
        field => field.value ?? [...field.querySelectorAll('.cm-line')].map(line => {
          const words = line.cloneNode(true)
          words.querySelectorAll('.cm-placeholder').forEach(one => one.remove())
          return words.textContent
        }).join('\n')
        """;

    public ILocator Root => page.GetByTestId($"section-{id}");

    /// <summary>What one types into.</summary>
    public ILocator Field => Root.GetByRole(AriaRole.Textbox);

    /// <summary>The editor, which takes the field's place when somebody turns to it.</summary>
    public ILocator Editor => Root.Locator(".cm-content");

    /// <summary>已存本机 or 已送达.</summary>
    public ILocator State => page.GetByTestId($"section-{id}-state");

    /// <summary>The names at others' cursors within the text.</summary>
    public ILocator Cursors => Root.Locator(".remote-cursor");

    /// <summary>Who is writing, below the text.</summary>
    public ILocator Writing => Root.Locator(".shared-field-foot");

    /// <summary>Brings the mouse near, so that the editor is fetched and takes its place, while the focus stays where it is.</summary>
    public async Task ComeNear()
    {
        await Root.Locator(".shared-field-editor").HoverAsync();
        await Assertions.Expect(Editor).ToBeEditableAsync();
    }

    public Task<string> Text() => Field.EvaluateAsync<string>(ReadText);

    /// <summary>Types letter by letter, where the caret is.</summary>
    public Task Type(string text, float delay = 0) => Field.PressSequentiallyAsync(text, new() { Delay = delay });

    /// <summary>Puts the caret behind the last letter, as somebody does who adds something.</summary>
    public Task GoToEnd() => Field.PressAsync("Control+End");

    /// <summary>Waits until the text is exactly this.</summary>
    public Task Shows(string text, TimeSpan? limit = null) => Shows(now => now == text, $"'{text}'", limit);

    /// <summary>Waits until the text has this in it.</summary>
    public Task ShowsPart(string part, TimeSpan? limit = null) => Shows(now => now.Contains(part, StringComparison.Ordinal), $"a text with '{part}'", limit);

    public async Task Shows(Func<string, bool> expected, string what, TimeSpan? limit = null)
    {
        var now = "";
        try
        {
            _ = await Eventually.TrueAsync(async () => expected(now = await Text()), limit ?? Patience.Limit, what);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} The section {id} shows '{now}'.", exception);
        }
    }

    public Task IsDelivered(TimeSpan? limit = null) => StateIs("delivered", "已送达", limit);

    public Task IsKeptHere() => StateIs("pending", "已存本机", null);

    public Task<bool> HasFocus() => Field.EvaluateAsync<bool>("field => document.activeElement === field");

    private async Task StateIs(string state, string words, TimeSpan? limit)
    {
        await Assertions.Expect(State).ToHaveAttributeAsync("data-state", state, new() { Timeout = (float)(limit ?? Patience.Limit).TotalMilliseconds });
        await Assertions.Expect(State).ToHaveTextAsync(words);
    }
}
