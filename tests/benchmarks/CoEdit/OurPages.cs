using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using SchoolHome.Benchmarks.Load;

namespace SchoolHome.Benchmarks.CoEdit;

/// <summary>Editors on pages of the product. Each puts one character at the beginning, so that the text is as long as its version says; the authority rebases what was based on an older one.</summary>
internal sealed class OurPages : IAsyncDisposable
{
    private const string Section = "answer";
    private static readonly byte[] Client = "\"clientId\":\"editor-"u8.ToArray();
    private static readonly byte[] Seq = "\",\"seq\":"u8.ToArray();

    private readonly DemoSchool _school;
    private readonly List<Editor> _editors = [];
    private Latencies? _latencies;

    private OurPages(DemoSchool school) => _school = school;

    public static async Task<OurPages> Open(int pages, int editorsOnEach)
    {
        var ours = new OurPages(await DemoSchool.Start(pages));
        try
        {
            foreach (var page in ours._school.Pages)
            {
                for (var at = 0; at < editorsOnEach; at++)
                    ours._editors.Add(await Editor.Open(ours, page, ours._editors.Count));
            }

            return ours;
        }
        catch
        {
            await ours.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everybody types the next character when the last one is acknowledged, which means that it is on disk.</summary>
    public Task<Measured> AsFastAsItGoes(TimeSpan duration) => Run(duration, TimeSpan.Zero);

    /// <summary>So many edits a second of all editors together, evenly, whatever is still unanswered.</summary>
    /// <param name="editsPerSecond">How many.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="withMarks">Each edit comes with where its editor's cursor is now (L4), as our client sends it while somebody types quickly.</param>
    public Task<Measured> AtRate(int editsPerSecond, TimeSpan duration, bool withMarks = false) => Run(duration, TimeSpan.FromSeconds((double)_editors.Count / editsPerSecond), withMarks);

    public async ValueTask DisposeAsync()
    {
        foreach (var editor in _editors)
            await editor.DisposeAsync();
        await _school.DisposeAsync();
    }

    private async Task<Measured> Run(TimeSpan duration, TimeSpan pause, bool withMarks = false)
    {
        var latencies = new Latencies();
        _latencies = latencies;
        var before = _editors.Sum(editor => editor.Acknowledged);
        var (processor, own) = (_school.Figures.ProcessorSeconds(), Environment.CpuUsage.TotalTime);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(_editors.Select((editor, at) => Task.Run(() => editor.Type(duration, pause, pause * ((double)at / _editors.Count), withMarks))));
        var seconds = clock.Elapsed.TotalSeconds;
        _latencies = null;
        var edits = _editors.Sum(editor => editor.Acknowledged) - before;
        return new Measured(edits / seconds, latencies.Percentile(50), latencies.Percentile(99), (_school.Figures.ProcessorSeconds() - processor) * 1000 / edits, (Environment.CpuUsage.TotalTime - own).TotalSeconds / seconds);
    }

    private void Heard(ReadOnlySpan<byte> message, int listener)
    {
        if (_latencies is not { } latencies)
            return;
        while (message.IndexOf(Client) is var at and >= 0)
        {
            message = message[(at + Client.Length)..];
            _ = Utf8Parser.TryParse(message, out int editor, out var digits);
            message = message[digits..];
            // A cursor names its editor, too.
            if (!message.StartsWith(Seq))
                continue;
            message = message[Seq.Length..];
            _ = Utf8Parser.TryParse(message, out int seq, out _);
            if (editor != listener && _editors[editor].SentAt.TryGetValue(seq, out var sentAt))
                latencies.Add(sentAt);
        }
    }

    private sealed class Editor(string page, int number, RawHub hub) : IAsyncDisposable
    {
        private int _version;
        private int _seq;

        public ConcurrentDictionary<int, long> SentAt { get; } = new();

        public int Acknowledged { get; private set; }

        public static async Task<Editor> Open(OurPages pages, string page, int number)
        {
            var hub = await pages._school.Join(page);
            hub.OnMessage = message => pages.Heard(message, number);
            return new Editor(page, number, hub);
        }

        public async Task Type(TimeSpan duration, TimeSpan pause, TimeSpan first, bool withMarks)
        {
            await Task.Delay(first);
            var clock = Stopwatch.StartNew();
            for (var next = TimeSpan.Zero; clock.Elapsed < duration; next += pause)
            {
                if (next > clock.Elapsed)
                    await Task.Delay(next - clock.Elapsed);
                await Push();
                if (withMarks)
                    _ = await Mark();
            }
        }

        public ValueTask DisposeAsync() => hub.DisposeAsync();

        private Task<string> Mark() => hub.Ask("Mark", string.Create(CultureInfo.InvariantCulture,
            $"[\"{page}\",{{\"clientId\":\"editor-{number:000000}\",\"section\":\"{Section}\",\"version\":{_version},\"anchor\":1,\"head\":1}}]"));

        private async Task Push()
        {
            var seq = ++_seq;
            SentAt[seq] = Stopwatch.GetTimestamp();
            var rest = _version == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",{_version}");
            var answer = await hub.Ask("PushText", string.Create(CultureInfo.InvariantCulture,
                $"[\"{page}\",{{\"section\":\"{Section}\",\"version\":{_version},\"clientId\":\"editor-{number:000000}\",\"firstSeq\":{seq},\"changes\":[[[0,\"字\"]{rest}]]}}]"));
            const string version = "\"version\":";
            var at = answer.IndexOf(version, StringComparison.Ordinal);
            if (at < 0 || !Utf8Parser.TryParse(Encoding.UTF8.GetBytes(answer[(at + version.Length)..]), out int now, out _))
                throw new InvalidOperationException($"An edit was refused: {answer}");
            (_version, Acknowledged) = (now, Acknowledged + 1);
        }
    }
}
