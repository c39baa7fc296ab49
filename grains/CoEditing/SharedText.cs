using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// One text that several people write, as its actor stores it in its hot record (T5): the text, its newest updates, and what each editor was
/// last heard to say. Immutable, so that it can be handed to storage as it is.
/// <para>Updates are counted by versions: the update of version <c>v</c> turns version <c>v</c> into <c>v + 1</c>. <see cref="Recent"/> holds
/// those from <see cref="RecentFrom"/> on; older ones lie in <see cref="TextHistoryChunk"/>s.</para>
/// </summary>
internal sealed record SharedText
{
    /// <summary>How many updates stay in the hot record at least.</summary>
    public const int DefaultKeep = 200;

    /// <summary>How many updates one history record holds. Stored records are found by it: it never changes.</summary>
    public const int DefaultChunkSize = 100;

    /// <summary>A text in which nobody has written.</summary>
    public static readonly SharedText Empty = new();

    /// <summary>The text of <see cref="Version"/>, line breaks as <c>\n</c>; never holds half of a surrogate pair.</summary>
    [JsonPropertyName("text")]
    public string Text { get; init; } = "";

    /// <summary>The number of updates accepted so far (T1).</summary>
    [JsonPropertyName("version")]
    public int Version => RecentFrom + Recent.Length;

    /// <summary>The version before the first of <see cref="Recent"/>; a multiple of the chunk size.</summary>
    [JsonPropertyName("recentFrom")]
    public int RecentFrom { get; init; }

    /// <summary>The newest updates, oldest first.</summary>
    [JsonPropertyName("recent")]
    public ImmutableArray<AcceptedUpdate> Recent { get; init; } = [];

    /// <summary>Every editor that ever had an update accepted, by client id. Bounded by <see cref="TextLimits.MaxEditors"/>.</summary>
    [JsonPropertyName("clients")]
    public ImmutableDictionary<string, TextClient> Clients { get; init; } = ImmutableDictionary.Create<string, TextClient>(StringComparer.Ordinal);

    /// <summary>
    /// The oldest updates that may leave the hot record, in whole chunks and only while <paramref name="keep"/> updates stay; so something
    /// moves when there are <c>keep + chunkSize</c>.
    /// <para>The actor calls this on its <em>stored</em> snapshot, writes each chunk, and drops it by <see cref="Without"/> only then. Since
    /// boundaries are multiples of the size and an update never changes, a chunk written again after a crash has the same bytes.</para>
    /// </summary>
    public ImmutableArray<TextHistoryChunk> Overflow(int keep = DefaultKeep, int chunkSize = DefaultChunkSize)
    {
        RequireBoundary(RecentFrom, chunkSize);
        var chunks = ImmutableArray.CreateBuilder<TextHistoryChunk>();
        for (var start = 0; Recent.Length - start >= keep + chunkSize; start += chunkSize)
        {
            var updates = Recent.Slice(start, chunkSize);
            chunks.Add(new TextHistoryChunk
            {
                FirstVersion = RecentFrom + start,
                Updates = updates,
                Authors =
                [
                    .. updates.Select(update => update.ClientId).Distinct().Order(StringComparer.Ordinal)
                        .Select(clientId => new TextAuthor(clientId, Clients[clientId].AuthorId)),
                ],
            });
        }

        return chunks.DrainToImmutable();
    }

    /// <summary>The same text after <paramref name="chunk"/> has been stored. A chunk that has left already changes nothing.</summary>
    public SharedText Without(TextHistoryChunk chunk)
    {
        if (chunk.NextVersion <= RecentFrom)
            return this;
        if (chunk.FirstVersion != RecentFrom || chunk.NextVersion > Version)
            throw new ArgumentException($"The chunk begins at {chunk.FirstVersion}, the recent updates at {RecentFrom}.", nameof(chunk));
        return this with { RecentFrom = chunk.NextVersion, Recent = Recent.RemoveRange(0, chunk.Updates.Length) };
    }

    /// <summary>
    /// The first versions of the chunks that must be loaded to know every update since <paramref name="version"/>, oldest first; their updates
    /// one after the other are what <see cref="TextAuthority.Decide"/> takes as <c>older</c>.
    /// </summary>
    public ImmutableArray<int> ChunksSince(int version, int chunkSize = DefaultChunkSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        RequireBoundary(RecentFrom, chunkSize);
        var first = version - (version % chunkSize);
        return first >= RecentFrom ? [] : [.. Enumerable.Range(0, (RecentFrom - first) / chunkSize).Select(k => first + (k * chunkSize))];
    }

    /// <summary>Numbers only: a record's own way of showing itself would put somebody's text into a log.</summary>
    public override string ToString() => $"version {Version}, {Text.Length} code units, {Clients.Count} editors, recent from {RecentFrom}";

    private static void RequireBoundary(int version, int chunkSize)
    {
        if (version % chunkSize != 0)
            throw new InvalidOperationException($"The recent updates begin at {version}, which is no boundary of chunks of {chunkSize}.");
    }
}

/// <summary>
/// One accepted update of a text. There are hundreds in a record, hence the short names in JSON: <c>c</c> client, <c>n</c> number, <c>d</c>
/// difference, <c>t</c> time.
/// </summary>
/// <param name="ClientId">The tab that wrote it (T2).</param>
/// <param name="Seq">The how-manieth update of that client, from 1 on (T2).</param>
/// <param name="Changes">The change, moved to the version that it was accepted at (T3).</param>
/// <param name="At">When it was accepted, UTC.</param>
[JsonConverter(typeof(AcceptedUpdateJson))]
internal sealed record AcceptedUpdate(string ClientId, int Seq, ChangeSet Changes, DateTimeOffset At)
{
    // It never changes, and is written again with each of the next two hundred commits of its text: most of the time that such a commit takes would go into it.
    private byte[]? _json;

    private AcceptedUpdate(AcceptedUpdate original) => (ClientId, Seq, Changes, At) = (original.ClientId, original.Seq, original.Changes, original.At);

    public byte[] Json(Func<AcceptedUpdate, byte[]> write) => _json ??= write(this);

    public bool Equals(AcceptedUpdate? other) => other is not null && ClientId == other.ClientId && Seq == other.Seq && Changes.Equals(other.Changes) && At == other.At;

    public override int GetHashCode() => HashCode.Combine(ClientId, Seq, At);
}

/// <summary>What a text knows of one editor. In JSON <c>n</c> is the number, <c>by</c> the author.</summary>
/// <param name="LastSeq">The number of its last accepted update.</param>
/// <param name="AuthorId">Who writes with it: whoever used it first.</param>
internal sealed record TextClient(
    [property: JsonPropertyName("n")] int LastSeq,
    [property: JsonPropertyName("by")] string AuthorId);

/// <summary>Whose client it was.</summary>
/// <param name="ClientId">The client; <c>c</c> in JSON.</param>
/// <param name="AuthorId">The author; <c>by</c> in JSON.</param>
internal sealed record TextAuthor(
    [property: JsonPropertyName("c")] string ClientId,
    [property: JsonPropertyName("by")] string AuthorId);

/// <summary>
/// Updates that left the hot record, with all that is needed to say who wrote what and when. Chunk <c>k</c> holds the versions from
/// <c>k * size</c> up to, not including, <c>(k + 1) * size</c>.
/// </summary>
internal sealed record TextHistoryChunk
{
    /// <summary>The version before its first update.</summary>
    [JsonPropertyName("firstVersion")]
    public required int FirstVersion { get; init; }

    /// <summary>Its updates, oldest first.</summary>
    [JsonPropertyName("updates")]
    public required ImmutableArray<AcceptedUpdate> Updates { get; init; }

    /// <summary>The authors of the clients in it, ordered by client id.</summary>
    [JsonPropertyName("authors")]
    public required ImmutableArray<TextAuthor> Authors { get; init; }

    /// <summary>The version after its last update.</summary>
    [JsonIgnore]
    public int NextVersion => FirstVersion + Updates.Length;
}
