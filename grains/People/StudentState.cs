using System.Collections.Immutable;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record StudentState : DurableRecord
{
    public string Name { get; init; } = "";

    /// <summary>The class it is in; null when it has left. The class's own list is a projection of this.</summary>
    public ClassId? Class { get; init; }

    public string? Gender { get; init; }

    public DateOnly? BirthDate { get; init; }

    public string? SpecialStatus { get; init; }

    public ImmutableArray<GuardianEntry> Guardians { get; init; } = [];

    /// <summary>Who signs in as the child; null where the school gives students no accounts.</summary>
    public AccountId? Account { get; init; }
}
