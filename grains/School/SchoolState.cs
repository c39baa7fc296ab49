using System.Collections.Immutable;
using SchoolHome.Grains.People;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

internal sealed record SchoolState : AuditedRecord
{
    /// <summary>Empty until the school is founded.</summary>
    public string Name { get; init; } = "";

    public string TimeZone { get; init; } = SchoolRules.UsualTimeZone;

    public ImmutableArray<Term> Terms { get; init; } = [];

    public ImmutableArray<Holiday> Holidays { get; init; } = [];

    public ImmutableArray<MakeUpDay> MakeUpDays { get; init; } = [];

    public int LastGrade { get; init; } = 6;

    public bool StudentAccounts { get; init; }

    public int SlipDays { get; init; } = 30;

    public string? External { get; init; }

    /// <summary>Names by class id (<c>2024-2</c>): a few bytes a class.</summary>
    public ImmutableSortedDictionary<string, string> Classes { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>What else there is to each of them. Records of the first version have only names: grade and number are in their ids (<c>3-2</c>).</summary>
    public ImmutableSortedDictionary<string, Cohort> Cohorts { get; init; } = ImmutableSortedDictionary.Create<string, Cohort>(StringComparer.Ordinal);

    /// <summary>How often classes were added, corrected, removed or moved up.</summary>
    public long ClassChanges { get; init; }

    /// <summary>The latest commands that added a class; bounded.</summary>
    public ImmutableArray<AddedClass> AddedClasses { get; init; } = [];

    /// <summary>The last promotion, undone or not.</summary>
    public PromotionDone? Promotion { get; init; }

    public ImportId? ImportUnderWay { get; init; }

    /// <summary>The newest first.</summary>
    public ImmutableArray<ImportId> Imports { get; init; } = [];

    /// <summary>The newest first.</summary>
    public ImmutableArray<ApiTokenId> Tokens { get; init; } = [];
}

/// <summary>A class but for its name.</summary>
internal sealed record Cohort(int Grade, int Number, DateOnly? Graduated, string? External);

/// <summary>A command that added a class.</summary>
internal sealed record AddedClass(Guid Operation, string Class);

/// <summary>A promotion that was done.</summary>
/// <param name="Operation">The command.</param>
/// <param name="Moves">What it did.</param>
/// <param name="At">When, UTC.</param>
/// <param name="ClassChanges">The count of class changes after it: another one means that it cannot be taken back.</param>
/// <param name="Undone">Whether it was taken back.</param>
internal sealed record PromotionDone(Guid Operation, ImmutableArray<ClassMove> Moves, DateTimeOffset At, long ClassChanges, bool Undone);
