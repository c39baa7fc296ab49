using System.Collections.Immutable;
using SchoolHome.CoEditing;

namespace SchoolHome.ContactBook;

/// <summary>The sections of text in the contact book, in reading order, who writes in each, and whose signature seals it (C.11).</summary>
public static class BookSections
{
    /// <summary>
    /// The sections of a class sheet from before it was made of items: homework 作业, notices 通知, fee notices 收费通知. They can be read, and nobody writes in them any more.
    /// </summary>
    public static readonly ImmutableArray<SectionRule> OfSheet =
    [
        new("homework", [], null),
        new("notices", [], null),
        new("fees", [], null),
    ];

    /// <summary>
    /// At school 在校情况, results of this child 学习结果, fee notices for this child 个人收费, study at home 在家学习, the parent's words 家长的话, the teacher's answer 老师回复.
    /// <para>The words held both sides' text before the answer had a section of its own.</para>
    /// </summary>
    public static readonly ImmutableArray<SectionRule> OfPage =
    [
        new("school-day", [Writer.Teacher], Writer.Teacher),
        new("results", [Writer.Teacher], Writer.Teacher),
        new("fees", [Writer.Teacher], Writer.Teacher),
        new("study-at-home", [Writer.Guardian, Writer.Student], Writer.Guardian),
        new("words", [Writer.Guardian], Writer.Guardian),
        new("answer", [Writer.Teacher], Writer.Teacher),
    ];
}

/// <summary>Who may write in a section.</summary>
/// <param name="Section">The section's id; it is in every stored record and never changes.</param>
/// <param name="Writers">Who may write.</param>
/// <param name="SealedBy">Whose signature closes it for everybody (S2). The signature of another of its writers closes it for themselves. Null where nobody writes.</param>
public sealed record SectionRule(string Section, ImmutableArray<Writer> Writers, Writer? SealedBy)
{
    /// <summary>Whether somebody of this role may write here, as long as it is not sealed.</summary>
    public bool MayBeWrittenBy(ParticipantRole role) => role.AsWriter() is { } writer && Writers.Contains(writer);
}

/// <summary>A group of people who write in a section, and sign for it.</summary>
[GenerateSerializer, Alias("schoolhome.Writer")]
public enum Writer
{
    /// <summary>The teachers of the class; the class teacher or a counsellor signs for them.</summary>
    Teacher,
    /// <summary>The child's guardians; any of them signs for them.</summary>
    Guardian,
    /// <summary>The child.</summary>
    Student,
}

/// <summary>To which group somebody belongs.</summary>
public static class WriterRoles
{
    /// <summary>The group; null for those who only look on.</summary>
    public static Writer? AsWriter(this ParticipantRole role) => role switch
    {
        ParticipantRole.ClassTeacher or ParticipantRole.SubjectTeacher or ParticipantRole.Counsellor => Writer.Teacher,
        ParticipantRole.Guardian => Writer.Guardian,
        ParticipantRole.Student => Writer.Student,
        ParticipantRole.ReadingGuardian or ParticipantRole.Office => null,
    };

    /// <summary>For which group somebody signs; null for those who do not (a subject teacher does not).</summary>
    public static Writer? SignsFor(this ParticipantRole role) => role switch
    {
        ParticipantRole.ClassTeacher or ParticipantRole.Counsellor => Writer.Teacher,
        ParticipantRole.Guardian => Writer.Guardian,
        ParticipantRole.Student => Writer.Student,
        ParticipantRole.SubjectTeacher or ParticipantRole.ReadingGuardian or ParticipantRole.Office => null,
    };
}
