using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// What was written in a document's sections since its record was stored as a whole. A letter more is a row of some hundred bytes then, and not the whole page with its newest two hundred updates.
/// It lies in a row of its own; see <see cref="TextDocumentGrain{TRecord}"/> for when it is written and who may write it.
/// </summary>
internal sealed record TextTail
{
    /// <summary>How many updates it holds at most: then the record is stored as a whole again.</summary>
    public const int Longest = 32;

    /// <summary>Fewer newest updates than this in the whole record: then it is small itself.</summary>
    public const int WorthIt = 24;

    /// <summary>The version of this shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The number of the whole record that this goes on from. If that has another one, it was stored later than this, and all of this is in it.</summary>
    public long Since { get; init; }

    /// <summary>The number of the record with this (L3).</summary>
    public long N { get; init; }

    /// <summary>What was added to each section.</summary>
    public ImmutableSortedDictionary<string, TextTailSection> Sections { get; init; } = ImmutableSortedDictionary.Create<string, TextTailSection>(StringComparer.Ordinal);

    /// <summary>Who has written meanwhile, as in <see cref="TextDocumentRecord.Authors"/>.</summary>
    public ImmutableSortedDictionary<string, Participant> Authors { get; init; } = ImmutableSortedDictionary.Create<string, Participant>(StringComparer.Ordinal);

    /// <summary>Whether a record is large enough for a tail.</summary>
    public static bool IsWorthIt(TextDocumentRecord record) => record.Sections.Values.Sum(text => text.Recent.Length) >= WorthIt;

    /// <summary>What leads from the whole record that was stored last to a newer one; null if that is more than text, or more than <see cref="Longest"/> updates.</summary>
    public static TextTail? Between<TRecord>(TRecord whole, TRecord record)
        where TRecord : TextDocumentRecord
    {
        if (whole != (record with { Sections = whole.Sections, Edited = whole.Edited, Authors = whole.Authors, N = whole.N }))
            return null;

        var sections = ImmutableSortedDictionary.CreateBuilder<string, TextTailSection>(StringComparer.Ordinal);
        var authors = ImmutableSortedDictionary.CreateBuilder<string, Participant>(StringComparer.Ordinal);
        var left = Longest;
        foreach (var (section, text) in record.Sections)
        {
            var known = whole.Section(section);
            if (text.Version == known.Version)
                continue;
            left -= text.Version - known.Version;
            if (left < 0 || known.Version < text.RecentFrom)
                return null;

            var updates = text.Recent[(known.Version - text.RecentFrom)..];
            var clients = ImmutableSortedDictionary.CreateBuilder<string, TextClient>(StringComparer.Ordinal);
            foreach (var update in updates)
            {
                var client = clients[update.ClientId] = text.Clients[update.ClientId];
                authors[client.AuthorId] = record.Authors[client.AuthorId];
            }

            sections[section] = new TextTailSection(updates, clients.ToImmutable(), record.Edited[section]);
        }

        return new TextTail { Since = whole.N, N = record.N, Sections = sections.ToImmutable(), Authors = authors.ToImmutable() };
    }

    /// <summary>The record that was stored last, from the whole one and this. The whole one alone if it is newer.</summary>
    public TRecord After<TRecord>(TRecord whole)
        where TRecord : TextDocumentRecord
    {
        if (whole.N != Since || whole.N >= N)
            return whole;

        var (sections, edited) = (whole.Sections.ToBuilder(), whole.Edited.ToBuilder());
        foreach (var (section, added) in Sections)
        {
            sections[section] = added.After(whole.Section(section));
            edited[section] = added.Edited;
        }

        return whole with { N = N, Sections = sections.ToImmutable(), Edited = edited.ToImmutable(), Authors = whole.Authors.SetItems(Authors) };
    }
}

/// <summary>What was added to one section.</summary>
/// <param name="Updates">The updates since the whole record, oldest first.</param>
/// <param name="Clients">The clients that they are of, as in <see cref="SharedText.Clients"/>.</param>
/// <param name="Edited">Who was the last, and when.</param>
internal sealed record TextTailSection(ImmutableArray<AcceptedUpdate> Updates, ImmutableSortedDictionary<string, TextClient> Clients, SectionEdit Edited)
{
    public SharedText After(SharedText text) => text with
    {
        Text = Updates.Aggregate(text.Text, (before, update) => update.Changes.Apply(before)),
        Recent = text.Recent.AddRange(Updates),
        Clients = text.Clients.SetItems(Clients),
    };
}
