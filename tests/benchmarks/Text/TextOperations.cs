using System.Globalization;
using BenchmarkDotNet.Attributes;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Benchmarks.Text;

/// <summary>Somebody's keystroke in a text of so many letters: one letter in its middle, while others have written at its beginning.</summary>
[MemoryDiagnoser]
public class TextOperations
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 8, 0, 0, TimeSpan.Zero);

    private string _text = "";
    private string _json = "";
    private ChangeSet _own = null!;
    private ChangeSet _others = null!;
    private ChangeSet _next = null!;
    private SharedText _shared = SharedText.Empty;
    private TextPush _push = null!;

    /// <summary>How long the text is, in UTF-16 units; the last is nearly as long as one may be.</summary>
    [Params(200, 2_000, 19_000)]
    public int Length { get; set; }

    /// <summary>How many updates the push has not seen.</summary>
    [Params(1, 50)]
    public int Behind { get; set; }

    /// <summary>Makes the text, and what is written in it.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _text = new string('字', Length);
        _json = Inserting(Length / 2, Length);
        _own = Read(_json);
        _others = Read(Inserting(0, Length));
        _next = Read(Inserting((Length / 2) + 1, Length + 1));

        var updates = Enumerable.Range(0, Behind).Select(at => new AcceptedUpdate("others-tab", at + 1, Read(Inserting(0, Length - Behind + at)), Now));
        _shared = new SharedText
        {
            Text = _text,
            Recent = [.. updates],
            Clients = SharedText.Empty.Clients.Add("others-tab", new TextClient(Behind, "other")),
        };
        _push = new TextPush(0, "own-tab-0001", 1, [Read(Inserting((Length - Behind) / 2, Length - Behind))]);
    }

    /// <summary>From a browser's JSON, with all its checks.</summary>
    [Benchmark]
    public bool Parse() => ChangeSet.TryParse(_json, TextLimits.Default, out _, out _);

    /// <summary>The text after the keystroke.</summary>
    [Benchmark]
    public int Apply() => _own.Apply(_text).Length;

    /// <summary>The keystroke over somebody else's.</summary>
    [Benchmark]
    public int Map() => _own.Map(_others).NewLength;

    /// <summary>Two keystrokes as one.</summary>
    [Benchmark]
    public int Compose() => _own.Compose(_next).NewLength;

    /// <summary>All that the authority does with a push (T3).</summary>
    [Benchmark]
    public object Decide() => TextAuthority.Decide(_shared, _push, "own", Now, [], TextLimits.Default) is TextDecision.Accepted accepted
        ? accepted
        : throw new InvalidOperationException("The push was refused.");

    private static string Inserting(int at, int length) => string.Create(CultureInfo.InvariantCulture, $"[{(at > 0 ? $"{at}," : "")}[0,\"新\"]{(at < length ? $",{length - at}" : "")}]");

    private static ChangeSet Read(string json) =>
        ChangeSet.TryParse(json, TextLimits.Unlimited, out var changes, out var problem) ? changes : throw new InvalidOperationException(problem);
}
