using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record StudentState : PersonRecord
{
    /// <summary>Empty when there is no such student, or no more (an import that had added it was undone).</summary>
    public string Name { get; init; } = "";

    /// <summary>The class it is in; null when it has left. The class's own list is a projection of this.</summary>
    public ClassId? Class { get; init; }

    public string? Gender { get; init; }

    public DateOnly? BirthDate { get; init; }

    public string? SpecialStatus { get; init; }

    public ImmutableArray<GuardianEntry> Guardians { get; init; } = [];

    /// <summary>Who signs in as the child; null where the school gives students no accounts.</summary>
    public AccountId? Account { get; init; }

    public StudentLeft? Left { get; init; }

    public string? External { get; init; }

    /// <summary>The number of the last entry that a guardian was ever given: an entry means one person for ever.</summary>
    public int LastEntry { get; init; }

    /// <summary>The latest commands that added a guardian, and the entries that they made; bounded.</summary>
    public ImmutableArray<AddedGuardian> Added { get; init; } = [];

    /// <summary>What the last import did here, so that it can be undone.</summary>
    public StudentImport? LastImport { get; init; }
}

/// <summary>A command that added a guardian.</summary>
internal sealed record AddedGuardian(Guid Operation, string Entry);

/// <summary>What an import did to a student.</summary>
/// <param name="Import">Which.</param>
/// <param name="Revision">The record's revision after it; another one means that something was changed since.</param>
/// <param name="Before">What was before; null when there was no such student, or when the import is undone.</param>
/// <param name="Undone">Whether it was undone.</param>
internal sealed record StudentImport(ImportId Import, long Revision, StudentSnapshot? Before, bool Undone);

/// <summary>A student as it was.</summary>
internal sealed record StudentSnapshot(
    string Name, ClassId? Class, string? Gender, DateOnly? BirthDate, string? SpecialStatus, ImmutableArray<GuardianEntry> Guardians, StudentLeft? Left, string? External)
{
    public static StudentSnapshot Of(StudentState state) =>
        new(state.Name, state.Class, state.Gender, state.BirthDate, state.SpecialStatus, state.Guardians, state.Left, state.External);
}
