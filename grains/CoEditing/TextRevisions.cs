using System.Collections.Immutable;
using SchoolHome.CoEditing;
using Wire = SchoolHome.CoEditing;

namespace SchoolHome.Grains.CoEditing;

/// <summary>Makes of single updates what people call a change: what one writer did in one go, with the text before and after (T5).</summary>
internal static class TextRevisions
{
    /// <summary>The most that are told at once.</summary>
    public const int Most = 30;

    /// <summary>A pause after which the same writer's next update is another change.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>The newest revisions, the newest first.</summary>
    /// <param name="updates">Every update that there was, oldest first.</param>
    /// <param name="author">Whose an update is; null where that was not kept.</param>
    /// <param name="before">Only those that begin before this version; null for all.</param>
    public static Wire.TextRevisions Of(ImmutableArray<AcceptedUpdate> updates, Func<AcceptedUpdate, Participant?> author, int? before)
    {
        var spans = Spans(updates, author);
        var older = spans.FindAll(span => before is null || span.First < before);
        var told = older.GetRange(Math.Max(0, older.Count - Most), Math.Min(Most, older.Count));
        if (told.Count == 0)
            return new([], false);

        var revisions = ImmutableArray.CreateBuilder<TextRevision>(told.Count);
        var text = Replay("", updates.AsSpan()[..told[0].First]);
        foreach (var span in told)
        {
            var after = Replay(text, updates.AsSpan()[span.First..span.Next]);
            revisions.Add(new TextRevision(span.First, span.Next, span.By, updates[span.First].At, updates[span.Next - 1].At, text, after));
            text = after;
        }

        revisions.Reverse();
        return new(revisions.MoveToImmutable(), told.Count < older.Count);
    }

    private static List<(int First, int Next, Participant? By)> Spans(ImmutableArray<AcceptedUpdate> updates, Func<AcceptedUpdate, Participant?> author)
    {
        var spans = new List<(int First, int Next, Participant? By)>();
        for (var version = 0; version < updates.Length; version++)
        {
            var by = author(updates[version]);
            // Where nobody is known, the tab tells writers apart.
            if (spans.Count > 0 && spans[^1].By?.Id == by?.Id && (by is not null || updates[version].ClientId == updates[version - 1].ClientId)
                && updates[version].At - updates[version - 1].At < Pause)
                spans[^1] = spans[^1] with { Next = version + 1 };
            else
                spans.Add((version, version + 1, by));
        }

        return spans;
    }

    private static string Replay(string text, ReadOnlySpan<AcceptedUpdate> updates)
    {
        foreach (var update in updates)
            text = update.Changes.Apply(text);

        return text;
    }
}
