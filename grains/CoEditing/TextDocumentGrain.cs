using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using Wire = SchoolHome.CoEditing;

namespace SchoolHome.Grains.CoEditing;

/// <summary>The record of an actor with sections of text.</summary>
internal abstract record TextDocumentRecord : LiveRecord
{
    /// <summary>Sections in which somebody has written, by their ids.</summary>
    public ImmutableSortedDictionary<string, SharedText> Sections { get; init; } = ImmutableSortedDictionary.Create<string, SharedText>(StringComparer.Ordinal);

    /// <summary>Who changed each section last.</summary>
    public ImmutableSortedDictionary<string, SectionEdit> Edited { get; init; } = ImmutableSortedDictionary.Create<string, SectionEdit>(StringComparer.Ordinal);

    /// <summary>Everybody who has written, by account, as they were when they wrote last: the history names them. Bounded, as the clients of the sections are.</summary>
    public ImmutableSortedDictionary<string, Participant> Authors { get; init; } = ImmutableSortedDictionary.Create<string, Participant>(StringComparer.Ordinal);

    public SharedText Section(string section) => Sections.GetValueOrDefault(section, SharedText.Empty);

    /// <summary>Which sections have text, in reading order.</summary>
    public ImmutableArray<string> Filled(ImmutableArray<SectionRule> rules) =>
        [.. rules.Select(rule => rule.Section).Where(section => !string.IsNullOrWhiteSpace(Section(section).Text))];
}

/// <summary>The authority over the sections of one document: T1–T7. Pushes that arrive while a write is under way are stored together by the next one.</summary>
/// <remarks>
/// <b>Two rows.</b> The record is stored as a whole, or, while nothing but text is added to it, what was added is stored as its <see cref="TextTail"/>: one row for each commit, the one or the other.
/// An activation writes the tail only after it has written <em>both</em> rows once, the tail first and as it was: whoever else believes to be this actor (for a moment, after a silo was declared dead)
/// has an old version of both from then on, and is refused whichever it writes. So none of the two can overtake what the other one has acknowledged.
/// </remarks>
internal abstract class TextDocumentGrain<TRecord>(IPersistentState<TRecord> storage, IPersistentState<TextTail> tail, TimeProvider clock, ILogger logger)
    : LiveGrain<TRecord>(storage, clock, logger), ITextDocumentGrain
    where TRecord : TextDocumentRecord, new()
{
    private readonly HashSet<string> _spilling = [];
    private readonly Dictionary<string, Allowance> _paces = new(StringComparer.Ordinal);
    private TRecord? _whole;

    /// <summary>The sections, in reading order, and who writes in each.</summary>
    protected abstract ImmutableArray<SectionRule> Rules { get; }

    /// <summary>Before the first write: whatever a document must know of its place in the school. False when there is no such place.</summary>
    protected abstract Task<bool> ReadyToWrite();

    /// <summary>Why what is decided so far closes a section for a writer; null while it is open. A push that repeats an accepted one is answered as accepted all the same (T7).</summary>
    protected virtual string? Closed(SectionRule rule, Participant writer) => null;

    /// <summary>What follows from sections having become filled or empty.</summary>
    protected abstract TRecord FilledChanged(TRecord next, ImmutableArray<string> filled, DateTimeOffset now);

    public async Task<Answer<TextAccepted>> PushText(Wire.TextPush push, Participant writer)
    {
        ThrowIfBroken();
        var rule = Rules.FirstOrDefault(rule => rule.Section == push.Section);
        if (rule is null)
            return new NotFound();
        if (!rule.MayBeWrittenBy(writer.Role))
            return new Forbidden("forbidden");
        if (Read(push) is not { } parsed)
            return new Conflict(TextCodes.ChangesDoNotFit);

        ImmutableArray<AcceptedUpdate> older = [];
        while (true)
        {
            // Each time anew: the watch may have forgotten an actor that waited for its history and had nothing to deliver.
            if (!await ReadyToWrite())
                return new NotFound();

            // Between here and Commit there is no await: what is decided on is what is replaced.
            var text = Decided.Section(push.Section);
            switch (TextAuthority.Decide(text, parsed, writer.Id, Clock.GetUtcNow(), older, TextLimits.Default))
            {
                case TextDecision.Accepted or TextDecision.NeedsHistory when Closed(rule, writer) is { } closed:
                    // What closes it may still be on its way into storage; nobody is told of it before.
                    await Settled();
                    return new Conflict(closed);
                case TextDecision.Accepted when !Pace(push.Section).Take():
                    return new Conflict(TextCodes.TooFast);
                case TextDecision.Accepted accepted:
                    await Accept(push.Section, writer, accepted);
                    return new TextAccepted(accepted.Next.Version);
                case TextDecision.AlreadyAccepted already:
                    await Settled();
                    return new TextAccepted(already.Version);
                case TextDecision.NeedsHistory when !Pace(push.Section).HasAny:
                    return new Conflict(TextCodes.TooFast);
                case TextDecision.NeedsHistory needs:
                    // Should a chunk leave the hot record meanwhile, this ends too early, and is asked for again: its first chunk is the one that the push is based on.
                    older = await History(push.Section, text, needs.FromVersion);
                    break;
                case TextDecision.Refused refused:
                    return new Conflict(refused.Code);
                case var unknown:
                    throw new System.Diagnostics.UnreachableException($"{unknown} is no decision.");
            }
        }
    }

    /// <summary>How fast a section grows. What is repeated costs nothing.</summary>
    private Allowance Pace(string section)
    {
        if (!_paces.TryGetValue(section, out var pace))
            _paces[section] = pace = new Allowance(LiveLimits.PushesPerSecondOfSection, LiveLimits.PushBurstOfSection, Clock);
        return pace;
    }

    public async Task<Answer<TextUpdates>> TextSince(string section, int version)
    {
        ThrowIfBroken();
        if (Rules.All(rule => rule.Section != section))
            return new NotFound();

        var older = ImmutableArray<AcceptedUpdate>.Empty;
        while (true)
        {
            // Only what is stored is told; a version between stored and decided is one that nobody was told of.
            var text = Durable.Section(section);
            if (version < 0 || version > text.Version)
                return new Conflict(TextCodes.VersionInFuture);

            var olderFrom = text.RecentFrom - older.Length;
            if (version >= text.RecentFrom || (older.Length > 0 && version >= olderFrom))
            {
                var updates = older.AddRange(text.Recent).Skip(version - olderFrom);
                return new TextUpdates(text.Version, [.. updates.Select(OnWire)]);
            }

            older = await History(section, text, version);
            // A drop may have been stored meanwhile: then what was loaded ends too early, and is loaded again.
            if (text.RecentFrom != Durable.Section(section).RecentFrom)
                older = [];
        }
    }

    public async Task<Answer<Wire.TextRevisions>> Revisions(string section, int? before)
    {
        ThrowIfBroken();
        if (Rules.All(rule => rule.Section != section))
            return new NotFound();

        while (true)
        {
            var text = Durable.Section(section);
            var older = text.RecentFrom == 0 ? [] : await History(section, text, 0);
            // What the record dropped meanwhile is in neither of the two; then both are read again.
            if (text.RecentFrom == Durable.Section(section).RecentFrom)
                return TextRevisions.Of(older.AddRange(text.Recent), update => Durable.Authors.GetValueOrDefault(text.Clients[update.ClientId].AuthorId), before);
        }
    }

    /// <summary>The sections as everybody sees them (L1), from the stored record.</summary>
    protected ImmutableArray<SectionView> SectionViews() =>
    [
        .. Rules.Select(rule =>
        {
            var text = Durable.Section(rule.Section);
            var writers = rule.Writers.Select(writer => writer switch
            {
                Writer.Teacher => "teacher",
                Writer.Guardian => "guardian",
                Writer.Student => "student",
            });
            return new SectionView(rule.Section, text.Text, text.Version, [.. writers], Durable.Edited.GetValueOrDefault(rule.Section));
        }),
    ];

    private Task Accept(string section, Participant writer, TextDecision.Accepted accepted)
    {
        var now = accepted.Updates[^1].At;
        var before = Decided.Filled(Rules);
        var next = Decided with
        {
            Sections = Decided.Sections.SetItem(section, accepted.Next),
            Edited = Decided.Edited.SetItem(section, new SectionEdit(writer, now)),
            Authors = Decided.Authors.SetItem(writer.Id, writer),
        };
        var filled = next.Filled(Rules);
        if (!filled.SequenceEqual(before))
            next = FilledChanged(next, filled, now);

        return Commit(next, new TextChange("text", section, accepted.Next.Version, [.. accepted.Updates.Select(OnWire)], writer, now));
    }

    protected override TRecord Read() => tail.State.After(base.Read());

    protected override async Task Write(TRecord record)
    {
        if (_whole is not null && TextTail.Between(_whole, record) is { } added)
        {
            tail.State = added;
            await tail.WriteStateAsync();
            return;
        }

        var both = _whole is not null || tail.RecordExists || TextTail.IsWorthIt(record);
        if (_whole is null && both)
            await tail.WriteStateAsync();
        await base.Write(record);
        if (both)
            _whole = record;
    }

    protected override void Stored(TRecord durable)
    {
        base.Stored(durable);
        foreach (var (section, text) in durable.Sections)
        {
            if (text.Overflow() is { IsEmpty: false } chunks && _spilling.Add(section))
                Spill(section, chunks).Ignore();
        }
    }

    // T5: written to history first, dropped from the hot record only then; the drop is stored along with the next write. A crash between the two writes the same chunk again.
    private async Task Spill(string section, ImmutableArray<TextHistoryChunk> chunks)
    {
        try
        {
            foreach (var chunk in chunks)
            {
                await HistoryAt(section, chunk.FirstVersion).Write(OnWire(chunk));
                Amend(Decided with { Sections = Decided.Sections.SetItem(section, Decided.Section(section).Without(chunk)) });
            }
        }
        finally
        {
            _spilling.Remove(section);
        }
    }

    /// <summary>The updates that are no longer in the given text, from the chunk that holds a version on.</summary>
    private async Task<ImmutableArray<AcceptedUpdate>> History(string section, SharedText text, int fromVersion)
    {
        var chunks = await Task.WhenAll(text.ChunksSince(fromVersion).Select(first => HistoryAt(section, first).Read()));
        return [.. chunks.SelectMany(chunk => chunk?.Updates ?? throw new InvalidOperationException("A chunk of the history is missing."))
            .Select(update => new AcceptedUpdate(update.ClientId, update.Seq, Stored(update.Changes), update.At))];

        static ChangeSet Stored(Wire.ChangeSetJson json) =>
            ChangeSetJson.TryParse(json.Json, TextLimits.Unlimited, out var changes, out var problem) ? changes : throw new InvalidOperationException(problem);
    }

    private ITextHistoryGrain HistoryAt(string section, int firstVersion) =>
        GrainFactory.GetGrain<ITextHistoryGrain>(new TextHistoryId(Key, section, firstVersion / SharedText.DefaultChunkSize).ToString());

    private static TextPush? Read(Wire.TextPush push)
    {
        var changes = ImmutableArray.CreateBuilder<ChangeSet>(Math.Min(push.Changes.Length, TextLimits.Default.MaxUpdatesPerPush));
        foreach (var json in push.Changes)
        {
            if (!ChangeSetJson.TryParse(json.Json, TextLimits.Default, out var read, out _))
                return null;

            changes.Add(read);
        }

        return new TextPush(push.Version, push.ClientId, push.FirstSeq, changes.DrainToImmutable());
    }

    private static TextUpdate OnWire(AcceptedUpdate update) => new(update.ClientId, update.Seq, new Wire.ChangeSetJson(update.Changes.ToJson()));

    private static Wire.TextHistoryChunk OnWire(TextHistoryChunk chunk)
    {
        var authors = chunk.Authors.ToDictionary(author => author.ClientId, author => author.AuthorId, StringComparer.Ordinal);
        return new(chunk.FirstVersion,
            [.. chunk.Updates.Select(update => new HistoricUpdate(update.ClientId, update.Seq, new(update.Changes.ToJson()), authors[update.ClientId], update.At))]);
    }
}

/// <summary>A change of a section, as PROTOCOL.md has it.</summary>
internal sealed record TextChange(string Kind, string Section, int Version, ImmutableArray<TextUpdate> Updates, Participant By, DateTimeOffset At);
