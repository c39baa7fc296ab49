using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>How the families of a class stand with their slips, and the issuing of slips.</summary>
internal sealed class Families(IGrainFactory actors, TimeProvider clock)
{
    /// <summary>How many children's slips are made at once: enough to fill the storage, few enough for others to get in between.</summary>
    private const int AtOnce = 16;

    /// <summary>How it stands with one guardian's access.</summary>
    public async Task<(AccessState State, DateTimeOffset? Expires, int WrongTries)> StateOf(GuardianEntry entry)
    {
        if (entry.Custody is CustodyRestriction.NoAccess)
            return (AccessState.Restricted, null, 0);

        // Somebody who is in may hold a slip for a new password; somebody whose access was ended, one that gives it back.
        var (state, expires, tries) = entry.Slip is { Used: null } slip ? await StateOf(slip) : (AccessState.None, null, 0);
        return entry.HasAccess ? (AccessState.In, state is AccessState.Issued ? expires : null, tries)
            : entry.AccessEnded && state is AccessState.None ? (AccessState.Ended, null, 0)
            : (state, expires, tries);
    }

    /// <summary>A child's guardians as a class's list shows them.</summary>
    public Task<FamilyGuardian[]> Guardians(StudentProfile? profile, string language) => Task.WhenAll((profile?.Guardians ?? []).Select(async entry =>
    {
        var (state, expires, tries) = await StateOf(entry);
        return new FamilyGuardian(entry.Entry, entry.Name, entry.Relation, Texts.Of(entry.Relation, language), PeopleNames.Tail(entry.Phone), state, expires, tries);
    }));

    /// <summary>Makes a slip for each of some guardians. Whoever cannot have one any more by the time it is made gets none.</summary>
    public async Task<ImmutableArray<SlipView>> Issue(IEnumerable<(StudentId Student, StudentProfile Profile, GuardianEntry Entry)> people, DateTimeOffset expires, ChangedBy by, string language)
    {
        var made = new SlipView?[people.Count()];
        await Parallel.ForEachAsync(people.Select((one, at) => (one, at)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (next, _) =>
        {
            var ((student, profile, entry), at) = next;
            var code = InvitationId.NewCode();
            var slip = InvitationId.OfCode(code)!.Value;
            // The slip first: one that the child's record does not name yet opens nothing.
            var answer = await actors.GetGrain<IInvitationGrain>(slip.ToString()).Make(new MakeInvitation(student, entry.Entry, expires));
            if (answer.IsDone)
                answer = await actors.GetGrain<IStudentGrain>(student.ToString()).IssueSlip(entry.Entry, slip, expires, by);
            if (answer.IsDone)
                made[at] = new SlipView(student.Number, profile.Name, entry.Entry, entry.Name, entry.Relation, Texts.Of(entry.Relation, language), Written(code), Phones.Masked(entry.Phone));
        });
        return [.. made.OfType<SlipView>()];
    }

    /// <summary>When slips that are issued now lapse: at the end of the day, in the school's time zone, so that the slip can say a date.</summary>
    public DateTimeOffset Expiry(SchoolProfile school)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(school.TimeZone);
        var last = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).Date.AddDays(school.SlipDays + 1);
        return new DateTimeOffset(last, zone.GetUtcOffset(last)).ToUniversalTime().AddSeconds(-1);
    }

    // ABCDE-FGHJK
    private static string Written(string code) => $"{code[..(InvitationId.CodeLength / 2)]}-{code[(InvitationId.CodeLength / 2)..]}";

    private async Task<(AccessState State, DateTimeOffset? Expires, int WrongTries)> StateOf(GuardianSlip slip)
    {
        var standing = await actors.GetGrain<IInvitationGrain>(slip.Slip.ToString()).Standing();
        var state = standing is { TriesUsedUp: true } ? AccessState.TriesUsedUp : slip.Expires <= clock.GetUtcNow() ? AccessState.Expired : AccessState.Issued;
        return (state, slip.Expires, standing?.WrongTries ?? 0);
    }
}

/// <summary>How it stands with a guardian's access to a child.</summary>
internal enum AccessState
{
    /// <summary>They can sign in and read the child's book.</summary>
    In,
    /// <summary>Custody keeps them from the child.</summary>
    Restricted,
    /// <summary>Their access was ended.</summary>
    Ended,
    /// <summary>A slip is out and waits for them.</summary>
    Issued,
    /// <summary>Their slip has lapsed.</summary>
    Expired,
    /// <summary>Their slip is dead after too many wrong tries.</summary>
    TriesUsedUp,
    /// <summary>No slip was issued yet, or it was revoked.</summary>
    None,
}

/// <param name="Entry">Short and stable within the child.</param>
/// <param name="Name">Their name.</param>
/// <param name="Relation">E.g. <c>mother</c>.</param>
/// <param name="RelationName">In the reader's language.</param>
/// <param name="PhoneTail">The last four digits; empty when there is no number.</param>
/// <param name="State">How it stands with their access.</param>
/// <param name="Expires">When their slip lapses, UTC; null when none is out.</param>
/// <param name="WrongTries">Wrong tries with the slip that is out.</param>
internal sealed record FamilyGuardian(
    string Entry, string Name, Relation Relation, string RelationName, string PhoneTail, AccessState State, DateTimeOffset? Expires, int WrongTries);

/// <param name="Student">The student number.</param>
/// <param name="StudentName">The child's name.</param>
/// <param name="Entry">The guardian's entry.</param>
/// <param name="Guardian">The guardian's name.</param>
/// <param name="Relation">E.g. <c>mother</c>.</param>
/// <param name="RelationName">In the reader's language.</param>
/// <param name="Code">To be printed; told this once and kept nowhere.</param>
/// <param name="PhoneMasked">The number whose last four digits are asked for.</param>
internal sealed record SlipView(string Student, string StudentName, string Entry, string Guardian, Relation Relation, string RelationName, string Code, string PhoneMasked);
