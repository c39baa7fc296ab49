using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>What a slip is good for. Whether it still counts, and whether it was used, the child's record says.</summary>
internal static class InvitationRules
{
    public const int MostTries = 5;

    public static Answer<InvitationState> Make(InvitationState state, MakeInvitation command)
    {
        if (state.Student is not { } student)
            return state with { Student = command.Student, Entry = command.Entry, Expires = command.Expires };

        // Two slips of one code: once in 10¹⁵. The issuer draws another.
        return student == command.Student && state.Entry == command.Entry ? state : new Conflict("slip-taken");
    }

    /// <summary>
    /// The digits that whoever redeems the slip must know: the last four of the phone in the child's record as it is now. For a guardian without a phone they are the child's birthday, month and
    /// day (<c>0304</c>). Null when there is neither: such a slip cannot be redeemed before the office has entered one.
    /// </summary>
    public static string? DigitsOf(StudentProfile child, GuardianEntry entry) =>
        entry.Phone.Length >= 4 ? entry.Phone[^4..] : child.BirthDate?.ToString("MMdd", CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether somebody who has the code and says these digits may use the slip. The state that comes with a refusal counts a wrong try. Digits come before all that the slip could tell: without
    /// them nobody learns whether it counts, has lapsed or was used.
    /// </summary>
    /// <param name="state">The slip's own record.</param>
    /// <param name="slip">The slip.</param>
    /// <param name="child">The child's record as it is now; null when there is none.</param>
    /// <param name="digits">What was said.</param>
    /// <param name="guardian">Who uses it, so that a repetition of theirs is right again; null when nobody does yet.</param>
    /// <param name="now">Now.</param>
    public static (InvitationState State, Answer<GuardianEntry> Answer) Try(
        InvitationState state, InvitationId slip, StudentProfile? child, string digits, GuardianId? guardian, DateTimeOffset now)
    {
        if (state.Student is null)
            return (state, new Forbidden("slip-unknown"));
        if (state.WrongTries >= MostTries)
            return (state, new Conflict("slip-tries-used-up"));
        // Voided, or never issued: nothing that could be guessed, so nothing to count.
        if (child?.Guardians.FirstOrDefault(one => one.Entry == state.Entry) is not { } entry || entry.Slip?.Slip != slip)
            return (state, new Forbidden("slip-unknown"));
        if (DigitsOf(child, entry) is not { } right || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(digits)))
            return (state with { WrongTries = state.WrongTries + 1 }, new Forbidden("slip-unknown"));
        if (entry.Slip.Used is not null)
            return (state, guardian is not null && entry.Guardian == guardian ? entry : new Conflict("slip-used"));
        if (state.Expires <= now)
            return (state, new Conflict("slip-expired"));

        return (state, entry);
    }
}
