using System.Collections.Immutable;
using SchoolHome.Grains.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.People;

internal sealed record ImportRecord : LiveRecord
{
    public ImportState State { get; init; }

    /// <summary>The dry run; null when there is no such import.</summary>
    public ImportOffer? Offer { get; init; }

    /// <summary>Who sent the file.</summary>
    public ChangedBy? By { get; init; }

    public DateTimeOffset OfferedAt { get; init; }

    /// <summary>Who confirmed it; whose change each person's is.</summary>
    public ChangedBy? ConfirmedBy { get; init; }

    /// <summary>Who had it undone, last.</summary>
    public ChangedBy? UndoneBy { get; init; }

    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>The classes of the dry run that the school did not have when it was confirmed: those that undoing takes away again.</summary>
    public ImmutableArray<ClassId> AddedClasses { get; init; } = [];

    /// <summary>The classes that the dry run corrects, as they were when it was confirmed.</summary>
    public ImmutableArray<SchoolClass> ClassesBefore { get; init; } = [];

    /// <summary>Whether it is this import that first tells by which <c>sourcedId</c> files name the school.</summary>
    public bool SetsExternal { get; init; }

    /// <summary>Whether the school's classes are as the import, or its undoing, wants them.</summary>
    public bool ClassesDone { get; init; }

    /// <summary>The parts that are applied, or undone.</summary>
    public ImmutableArray<int> Finished { get; init; } = [];

    public ImmutableArray<ImportRemark> Skipped { get; init; } = [];

    public int SkippedCount { get; init; }

    public ImmutableArray<ImportRemark> Hindrances { get; init; } = [];

    /// <summary>Whether the parts are forgotten.</summary>
    public bool Forgotten { get; init; }
}

internal sealed record ImportPartRecord
{
    public int Schema { get; init; } = 1;

    /// <summary>What the dry run found; null when it was never stored.</summary>
    public ImportPart? Part { get; init; }

    /// <summary>The day on which it was applied, in the school's time zone; null until all of it is.</summary>
    public DateOnly? Applied { get; init; }

    /// <summary>Who was left when it was applied.</summary>
    public ImmutableArray<ImportRemark> Skipped { get; init; } = [];

    /// <summary>The keys of those whom applying did not change: they were as the roster has them already, or were left. There is nothing of theirs to undo.</summary>
    public ImmutableSortedSet<string> Untouched { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Whether it is undone.</summary>
    public bool Undone { get; init; }

    /// <summary>Who was left when it was undone.</summary>
    public ImmutableArray<ImportRemark> Kept { get; init; } = [];
}
