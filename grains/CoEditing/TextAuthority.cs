using System.Buffers;
using System.Collections.Immutable;
using TextCodes = SchoolHome.CoEditing.TextCodes;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// The central authority of the model that <c>@codemirror/collab</c> speaks (T1, T3, T7): decides what becomes of pushed updates. Knows no
/// actor and no clock; the actor stores what comes out.
/// </summary>
internal static class TextAuthority
{
    private const int MinClientIdLength = 8;
    private const int MaxClientIdLength = 40;

    private static readonly SearchValues<char> ClientIdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Decides one push.</summary>
    /// <param name="doc">The stored text.</param>
    /// <param name="push">What the client sends.</param>
    /// <param name="authorId">Who is signed in where the push comes from.</param>
    /// <param name="now">When.</param>
    /// <param name="older">The updates right before <see cref="SharedText.Recent"/>, oldest first; empty unless
    /// <see cref="TextDecision.NeedsHistory"/> was answered.</param>
    /// <param name="limits">How much is taken.</param>
    public static TextDecision Decide(
        SharedText doc, TextPush push, string authorId, DateTimeOffset now, IReadOnlyList<AcceptedUpdate> older, TextLimits limits)
    {
        if (RefusalOfForm(push, limits) is { } malformed)
            return new TextDecision.Refused(malformed);
        if (push.BaseVersion > doc.Version)
            return new TextDecision.Refused(TextCodes.VersionInFuture);
        if (push.BaseVersion < 0)
            return new TextDecision.Refused(TextCodes.ChangesDoNotFit);

        var client = doc.Clients.GetValueOrDefault(push.ClientId);
        if (client is not null && client.AuthorId != authorId)
            return new TextDecision.Refused(TextCodes.ClientOfAnotherAuthor);

        var lastSeq = client?.LastSeq ?? 0;
        if (push.FirstSeq < 1 || push.FirstSeq - 1 > lastSeq)
            return new TextDecision.Refused(TextCodes.SequenceGap);
        var known = lastSeq - push.FirstSeq + 1;
        if (push.Changes.Length <= known || push.Changes.Length == 0)
            return new TextDecision.AlreadyAccepted(doc.Version);

        if (client is null && doc.Clients.Count >= limits.MaxEditors)
            return new TextDecision.Refused(TextCodes.TooManyEditors);
        if (doc.Version + push.Changes.Length - known > limits.MaxUpdates)
            return new TextDecision.Refused(TextCodes.TooManyChanges);
        if (push.BaseVersion < doc.RecentFrom - older.Count)
            return new TextDecision.NeedsHistory(push.BaseVersion);

        var since = UpdatesSince(doc, older, push.BaseVersion);
        if (RefusalOfStart(doc, push, since, known) is { } misfit)
            return new TextDecision.Refused(misfit);
        return Rebase(push, since) is { } rebased
            ? Accept(doc, push, authorId, now, rebased, lastSeq, limits)
            : new TextDecision.Refused(TextCodes.ChangesDoNotFit);
    }

    private static string? RefusalOfForm(TextPush push, TextLimits limits)
    {
        if (push.ClientId.Length is < MinClientIdLength or > MaxClientIdLength || push.ClientId.AsSpan().ContainsAnyExcept(ClientIdCharacters))
            return TextCodes.MalformedClientId;
        if (push.Changes.Length > limits.MaxUpdatesPerPush)
            return TextCodes.TooManyUpdates;
        if (push.Changes.Any(changes => changes.SectionCount > limits.MaxSectionsPerUpdate
            || changes.InsertedLength > limits.MaxInsertedPerUpdate))
            return TextCodes.UpdateTooLarge;
        return push.Changes.Sum(changes => (long)changes.SectionCount) > limits.MaxSectionsPerPush ? TextCodes.UpdateTooLarge : null;
    }

    private static List<AcceptedUpdate> UpdatesSince(SharedText doc, IReadOnlyList<AcceptedUpdate> older, int version)
    {
        var firstOlder = doc.RecentFrom - older.Count;
        var since = new List<AcceptedUpdate>(Math.Max(0, doc.Version - version));
        for (var i = Math.Max(0, version - firstOlder); i < older.Count; i++)
            since.Add(older[i]);
        since.AddRange(doc.Recent.AsSpan()[Math.Clamp(version - doc.RecentFrom, 0, doc.Recent.Length)..]);
        return since;
    }

    /// <summary>
    /// An honest client holds as unconfirmed precisely those of its updates that are not in the stream up to its base. So what it repeats must
    /// be what was accepted since. If the push begins later, the shape of what lies between is lost: the accepted form of an update no longer
    /// tells which of its deletions somebody else had done before. If it begins earlier, its chain would do again what its base already holds.
    /// </summary>
    private static string? RefusalOfStart(SharedText doc, TextPush push, List<AcceptedUpdate> since, int known)
    {
        var ownSince = since.Count(update => update.ClientId == push.ClientId);
        if (ownSince != known)
            return ownSince > known ? TextCodes.SequenceGap : TextCodes.ChangesDoNotFit;

        var length = since.Count > 0 ? since[0].Changes.Length : doc.Text.Length;
        foreach (var changes in push.Changes)
        {
            if (changes.Length != length)
                return TextCodes.ChangesDoNotFit;
            length = changes.NewLength;
        }

        return null;
    }

    /// <summary>
    /// <c>rebaseUpdates</c> of <c>@codemirror/collab</c>, <em>one accepted update at a time</em>. The original composes them and moves the push
    /// over the whole, which is not always the same: over "delete b, then insert Q there" as one change, our insertion before b comes to lie
    /// before Q; over the one and then the other, behind it. Which updates a browser got together is chance, so that only the step-by-step form
    /// means the same on both sides (the client, too, takes them in one at a time while it has unconfirmed ones).
    /// </summary>
    /// <returns>The new updates, or null if the push repeats an accepted update in another form.</returns>
    private static ChangeSet[]? Rebase(TextPush push, List<AcceptedUpdate> since)
    {
        var pending = push.Changes.ToArray();
        var first = 0;
        foreach (var update in since)
        {
            if (update.ClientId == push.ClientId)
            {
                if (!pending[first].Equals(update.Changes))
                    return null;
                first++;
                continue;
            }

            var over = update.Changes.Desc;
            for (var i = first; i < pending.Length && !over.IsEmpty; i++)
            {
                var next = over.Map(pending[i].Desc, before: true);
                pending[i] = pending[i].Map(over);
                over = next;
            }
        }

        return pending[first..];
    }

    private static TextDecision Accept(
        SharedText doc, TextPush push, string authorId, DateTimeOffset now, ChangeSet[] rebased, int lastSeq, TextLimits limits)
    {
        var text = doc.Text;
        var updates = ImmutableArray.CreateBuilder<AcceptedUpdate>(rebased.Length);
        foreach (var changes in rebased)
        {
            if (!changes.KeepsCharactersWhole(text))
                return new TextDecision.Refused(TextCodes.SplitsCharacter);
            if (changes.NewLength > limits.MaxTextLength && changes.NewLength > changes.Length)
                return new TextDecision.Refused(TextCodes.TooLong);
            text = changes.Apply(text);
            updates.Add(new AcceptedUpdate(push.ClientId, ++lastSeq, changes, now.ToUniversalTime()));
        }

        var accepted = updates.MoveToImmutable();
        var next = doc with
        {
            Text = text,
            Recent = doc.Recent.AddRange(accepted),
            Clients = doc.Clients.SetItem(push.ClientId, new TextClient(lastSeq, authorId)),
        };
        return new TextDecision.Accepted(next, accepted);
    }
}
