using System.Collections.Immutable;
using TextCodes = SchoolHome.CoEditing.TextCodes;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// The unconfirmed updates of one client (T3): all of them or the oldest, never without the first. The update <c>Changes[i]</c> has the number
/// <c>FirstSeq + i</c> and starts in what the one before it leaves; the first starts in the text of <c>BaseVersion</c>.
/// </summary>
/// <param name="BaseVersion">How many updates of the stream the client has taken in.</param>
/// <param name="ClientId">8 to 40 of <c>A-Z a-z 0-9 _ -</c>, made per tab and text (T2).</param>
/// <param name="FirstSeq">The number of the first update; a client counts from 1.</param>
/// <param name="Changes">The updates, oldest first.</param>
internal sealed record TextPush(int BaseVersion, string ClientId, int FirstSeq, ImmutableArray<ChangeSet> Changes)
{
    /// <summary>The updates, oldest first; empty rather than default.</summary>
    public ImmutableArray<ChangeSet> Changes { get; init; } = Changes.IsDefault ? [] : Changes;
}

/// <summary>What the authority answers to a push.</summary>
internal abstract record TextDecision
{
    private TextDecision()
    {
    }

    /// <summary>There is something new. To be stored, then acknowledged and published (T3).</summary>
    /// <param name="Next">The text with the updates.</param>
    /// <param name="Updates">The new updates, rebased; the first is that of the version before.</param>
    internal sealed record Accepted(SharedText Next, ImmutableArray<AcceptedUpdate> Updates) : TextDecision;

    /// <summary>Nothing new: a repeated push, or an empty one (T7). Nothing is to be stored.</summary>
    /// <param name="Version">The stream up to this version holds all of the push's updates.</param>
    internal sealed record AlreadyAccepted(int Version) : TextDecision;

    /// <summary>The push starts from before the updates at hand: to be decided again with the older ones.</summary>
    /// <param name="FromVersion">The first version whose update is needed.</param>
    internal sealed record NeedsHistory(int FromVersion) : TextDecision;

    /// <summary>Not taken, nothing changed (T7): the client reloads the section and keeps its text aside for its writer.</summary>
    /// <param name="Code">One of <see cref="TextCodes"/>.</param>
    internal sealed record Refused(string Code) : TextDecision;
}
