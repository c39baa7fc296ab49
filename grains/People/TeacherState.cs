using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record TeacherState : PersonRecord
{
    /// <summary>Empty when there is no such teacher, or no more (an import that had added them was undone).</summary>
    public string Name { get; init; } = "";

    public string? Phone { get; init; }

    /// <summary>What they do, class by class. A class's own list of teachers is a projection of this.</summary>
    public ImmutableArray<ClassDuty> Duties { get; init; } = [];

    public ImmutableArray<Office> Offices { get; init; } = [];

    public AccountId? Account { get; init; }

    public LeaveSchool? Left { get; init; }

    public string? External { get; init; }

    /// <summary>What the last import did here, so that it can be undone.</summary>
    public TeacherImport? LastImport { get; init; }
}

/// <summary>What an import did to a teacher; see <see cref="StudentImport"/>.</summary>
internal sealed record TeacherImport(ImportId Import, long Revision, TeacherSnapshot? Before, bool Undone);

/// <summary>A teacher as they were.</summary>
internal sealed record TeacherSnapshot(string Name, string? Phone, ImmutableArray<ClassDuty> Duties, ImmutableArray<Office> Offices, LeaveSchool? Left, string? External)
{
    public static TeacherSnapshot Of(TeacherState state) => new(state.Name, state.Phone, state.Duties, state.Offices, state.Left, state.External);
}
