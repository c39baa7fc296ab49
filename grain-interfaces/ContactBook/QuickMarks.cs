using System.Collections.Immutable;
using SchoolHome.CoEditing;

namespace SchoolHome.ContactBook;

/// <summary>How a day went in one respect. A child's marks are seen by its own family only, and are never summed up or compared.</summary>
[GenerateSerializer, Alias("schoolhome.MarkLevel")]
public enum MarkLevel
{
    /// <summary>好</summary>
    Good,
    /// <summary>一般</summary>
    Fair,
    /// <summary>要留意: to be looked after.</summary>
    Care,
}

/// <summary>The respects in which a day is marked, in reading order. The ids are in every stored record and never change; the client knows their names in the reader's language.</summary>
public static class QuickMarks
{
    /// <summary>Attention in class 上课, homework handed in 作业, conduct 纪律, lunch 午饭, well-being 精神.</summary>
    public static readonly ImmutableArray<string> Known = ["attention", "homework", "conduct", "lunch", "wellbeing"];
}

/// <summary>A quick mark on a child's page.</summary>
/// <param name="Mark">One of <see cref="QuickMarks.Known"/>.</param>
/// <param name="Level">How it went.</param>
/// <param name="By">Who says so.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.QuickMark")]
public sealed record QuickMark([property: Id(0)] string Mark, [property: Id(1)] MarkLevel Level, [property: Id(2)] Participant By, [property: Id(3)] DateTimeOffset At);

/// <summary>Sets one mark, or takes it away.</summary>
/// <param name="Mark">One of <see cref="QuickMarks.Known"/>.</param>
/// <param name="Level">Null takes it away.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SetMark")]
public sealed record SetMark([property: Id(0)] string Mark, [property: Id(1)] MarkLevel? Level);
