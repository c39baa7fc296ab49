namespace SchoolHome.Grains.People;

internal sealed record InvitationState
{
    public int Schema { get; init; } = 1;

    /// <summary>The child; null when the slip was never made.</summary>
    public StudentId? Student { get; init; }

    /// <summary>The guardian's entry in the child's record.</summary>
    public string Entry { get; init; } = "";

    public DateTimeOffset Expires { get; init; }

    public int WrongTries { get; init; }
}
