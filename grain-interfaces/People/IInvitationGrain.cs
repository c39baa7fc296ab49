using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>
/// A slip: one guardian × one child, for one use. It knows whose it is and counts the tries; whether it is still the one that counts for that guardian, the child's record says
/// (<see cref="GuardianEntry.Slip"/>), so that issuing another makes this one void without asking it.
/// </summary>
[GrainInterfaceType("schoolhome.invitation")]
[Alias("schoolhome.IInvitationGrain")]
public interface IInvitationGrain : IGrainWithStringKey
{
    /// <summary>Makes the slip, before the child's record names it. Repeating it changes nothing.</summary>
    [Alias("Make")]
    Task<Answer<Done>> Make(MakeInvitation command);

    /// <summary>
    /// Tries the last four digits of the guardian's phone as the child's record has it now; for a guardian without a phone, month and day of the child's birthday (<c>0304</c>); without either nothing
    /// is right. Refused with <c>slip-unknown</c> (no such slip, voided, or the wrong digits: never told apart),
    /// <c>slip-expired</c>, <c>slip-used</c>, <c>slip-tries-used-up</c> (five wrong tries; the class teacher issues another).
    /// A right try does not use the slip up.
    /// </summary>
    [Alias("Try")]
    Task<Answer<InvitationView>> Try(string phoneTail);

    /// <summary>How the slip stands, for those who issued it; null when it was never made.</summary>
    [Alias("Standing")]
    Task<InvitationStanding?> Standing();

    /// <summary>
    /// Uses the slip up for a guardian: the child's record binds them to the entry, and remembers the slip as used, in one write. Refused as <see cref="Try"/> is, and with <c>entry-bound-to-another</c>.
    /// Repeating it for the same guardian changes nothing.
    /// </summary>
    [Alias("Redeem")]
    Task<Answer<Done>> Redeem(string phoneTail, GuardianId guardian, ChangedBy by);
}

/// <summary>Makes a slip.</summary>
/// <param name="Student">The child.</param>
/// <param name="Entry">The guardian's entry in the child's record.</param>
/// <param name="Expires">When it lapses, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MakeInvitation")]
public sealed record MakeInvitation([property: Id(0)] StudentId Student, [property: Id(1)] string Entry, [property: Id(2)] DateTimeOffset Expires);

/// <summary>Whose slip it is; told only to whoever has the code and knows the digits.</summary>
/// <param name="Student">The child.</param>
/// <param name="StudentName">Its name.</param>
/// <param name="Class">Its class; null when it has left.</param>
/// <param name="Guardian">The guardian's entry.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.InvitationView")]
public sealed record InvitationView(
    [property: Id(0)] StudentId Student,
    [property: Id(1)] string StudentName,
    [property: Id(2)] ClassId? Class,
    [property: Id(3)] GuardianEntry Guardian);

/// <summary>How a slip stands.</summary>
/// <param name="Student">The child.</param>
/// <param name="Entry">The guardian's entry.</param>
/// <param name="Expires">When it lapses, UTC.</param>
/// <param name="WrongTries">Wrong tries so far.</param>
/// <param name="TriesUsedUp">Whether it is dead for too many of them.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.InvitationStanding")]
public sealed record InvitationStanding(
    [property: Id(0)] StudentId Student,
    [property: Id(1)] string Entry,
    [property: Id(2)] DateTimeOffset Expires,
    [property: Id(3)] int WrongTries,
    [property: Id(4)] bool TriesUsedUp);
