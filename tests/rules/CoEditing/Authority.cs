using System.Text.Json;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>The actor's part in a few lines: stored records as JSON text, history in chunks, the published stream.</summary>
internal sealed class Authority(int keep = SharedText.DefaultKeep, int chunkSize = SharedText.DefaultChunkSize, TextLimits? limits = null)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 16, 30, 0, TimeSpan.FromHours(8));
    private readonly Dictionary<int, string> _chunks = [];
    private readonly List<AcceptedUpdate> _stream = [];
    private readonly TextLimits _limits = limits ?? TextLimits.Default;

    public SharedText Doc { get; private set; } = SharedText.Empty;

    /// <summary>Everything that was ever published, by version.</summary>
    public IReadOnlyList<AcceptedUpdate> Stream => _stream;

    public int ChunkCount => _chunks.Count;

    /// <summary>How many pushes were decided only with history.</summary>
    public int HistoryLoads { get; private set; }

    public DateTimeOffset Now { get; private set; } = Start;

    public TextDecision Take(Editor editor, TextPush push) => Take(push, editor.AuthorId);

    public TextDecision Take(TextPush push, string authorId)
    {
        Now += TimeSpan.FromSeconds(1);
        var decision = TextAuthority.Decide(Doc, push, authorId, Now, [], _limits);
        if (decision is TextDecision.NeedsHistory needs)
        {
            HistoryLoads++;
            decision = TextAuthority.Decide(Doc, push, authorId, Now, History(needs.FromVersion), _limits);
        }

        if (decision is TextDecision.Accepted accepted)
        {
            Doc = accepted.Next;
            _stream.AddRange(accepted.Updates);
        }

        return decision;
    }

    public List<AcceptedUpdate> History(int fromVersion) =>
        [.. Doc.ChunksSince(fromVersion, chunkSize).SelectMany(first => Read<TextHistoryChunk>(_chunks[first]).Updates)];

    public TextHistoryChunk Chunk(int firstVersion) => Read<TextHistoryChunk>(_chunks[firstVersion]);

    /// <summary>Writes what overflows to history; if it dies in between, the hot record still has it all.</summary>
    public void Spill(bool andDie = false)
    {
        foreach (var chunk in Doc.Overflow(keep, chunkSize))
        {
            var bytes = JsonSerializer.Serialize(chunk);
            if (_chunks.TryGetValue(chunk.FirstVersion, out var before))
                Assert.Equal(before, bytes);
            _chunks[chunk.FirstVersion] = bytes;
            if (!andDie)
                Doc = Doc.Without(chunk);
        }
    }

    /// <summary>The process dies; only the stored records are left.</summary>
    public void Restart() => Doc = Read<SharedText>(JsonSerializer.Serialize(Doc));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json)!;
}
