using System.Collections.Immutable;
using SchoolHome.CoEditing;

namespace SchoolHome.ContactBook;

/// <summary>What a whole class shares on one day, entered once by its teachers and seen in every child's book (C.11).</summary>
[GrainInterfaceType("schoolhome.class-sheet")]
[Alias("schoolhome.IClassSheetGrain")]
public interface IClassSheetGrain : ITextDocumentGrain, People.IOutboxGrain
{
    /// <summary>The sheet; empty sections when nothing was written yet.</summary>
    [Alias("View")]
    Task<ClassSheetView> View();
}

/// <summary>One child's page of the contact book on one day, filled in by student, guardians and teachers together (C.11).</summary>
[GrainInterfaceType("schoolhome.book-page")]
[Alias("schoolhome.IBookPageGrain")]
public interface IBookPageGrain : ITextDocumentGrain, People.IOutboxGrain
{
    /// <summary>The page; empty sections when nothing was written yet. Null when there is no such student, or it is in no class.</summary>
    [Alias("View")]
    Task<BookPageView?> View();
}

/// <summary>Which children's pages of a class are filled on one day: what a teacher looks at. A projection of the pages and the sheet.</summary>
[GrainInterfaceType("schoolhome.class-day")]
[Alias("schoolhome.IClassDayGrain")]
public interface IClassDayGrain : Live.ILiveTopicGrain, People.ITakesFactsGrain
{
    /// <summary>The day, with a line for every student who is in the class now or has written that day. Null when there is no such class.</summary>
    [Alias("View")]
    Task<ClassDayView?> View();
}

/// <summary>The class sheet of a day, the same for every reader (L1).</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id within the school.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Date">The day, in the school's time zone.</param>
/// <param name="Sections">In reading order.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassSheetView")]
public sealed record ClassSheetView(
    [property: Id(0)] string Topic,
    [property: Id(1)] string Epoch,
    [property: Id(2)] long N,
    [property: Id(3)] string School,
    [property: Id(4)] string Class,
    [property: Id(5)] string ClassName,
    [property: Id(6)] DateOnly Date,
    [property: Id(7)] ImmutableArray<SectionView> Sections);

/// <summary>A child's page of a day, the same for every reader (L1).</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="School">The school's id.</param>
/// <param name="Student">The student number.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Class">The class that the child was in when the page was first written, else the one it is in now.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="SheetTopic">The class sheet that belongs to the page.</param>
/// <param name="Date">The day, in the school's time zone.</param>
/// <param name="Sections">In reading order.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.BookPageView")]
public sealed record BookPageView(
    [property: Id(0)] string Topic,
    [property: Id(1)] string Epoch,
    [property: Id(2)] long N,
    [property: Id(3)] string School,
    [property: Id(4)] string Student,
    [property: Id(5)] string Name,
    [property: Id(6)] string Class,
    [property: Id(7)] string ClassName,
    [property: Id(8)] string SheetTopic,
    [property: Id(9)] DateOnly Date,
    [property: Id(10)] ImmutableArray<SectionView> Sections);

/// <summary>A class's day, child by child.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id within the school.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="SheetTopic">The class sheet of the day.</param>
/// <param name="Date">The day, in the school's time zone.</param>
/// <param name="SheetFilled">The sections of the class sheet that have text.</param>
/// <param name="Children">By student number.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassDayView")]
public sealed record ClassDayView(
    [property: Id(0)] string Topic,
    [property: Id(1)] string Epoch,
    [property: Id(2)] long N,
    [property: Id(3)] string School,
    [property: Id(4)] string Class,
    [property: Id(5)] string ClassName,
    [property: Id(6)] string SheetTopic,
    [property: Id(7)] DateOnly Date,
    [property: Id(8)] ImmutableArray<string> SheetFilled,
    [property: Id(9)] ImmutableArray<ChildDayView> Children);

/// <summary>One child's line in a class's day.</summary>
/// <param name="Student">The student number.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Filled">The sections of the page that have text, in reading order.</param>
/// <param name="EditedAt">When the last of them was filled or emptied, UTC; null when none ever was.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChildDayView")]
public sealed record ChildDayView(
    [property: Id(0)] string Student,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Filled,
    [property: Id(3)] DateTimeOffset? EditedAt);

/// <summary>The sections of the contact book, in reading order, and who writes in each (C.11).</summary>
public static class BookSections
{
    /// <summary>Homework 作业, notices 通知, fee notices for the class 收费通知.</summary>
    public static readonly ImmutableArray<SectionRule> OfSheet =
    [
        new("homework", [Writer.Teacher]),
        new("notices", [Writer.Teacher]),
        new("fees", [Writer.Teacher]),
    ];

    /// <summary>At school 在校情况, results 学习结果, study at home 在家学习, words between home and school 家校留言.</summary>
    public static readonly ImmutableArray<SectionRule> OfPage =
    [
        new("school-day", [Writer.Teacher]),
        new("results", [Writer.Teacher]),
        new("study-at-home", [Writer.Guardian, Writer.Student]),
        new("words", [Writer.Teacher, Writer.Guardian]),
    ];
}

/// <summary>Who may write in a section.</summary>
/// <param name="Section">The section's id; it is in every stored record and never changes.</param>
/// <param name="Writers">Who may write.</param>
public sealed record SectionRule(string Section, ImmutableArray<Writer> Writers)
{
    /// <summary>Whether somebody of this role may write here.</summary>
    public bool MayBeWrittenBy(ParticipantRole role) => role switch
    {
        ParticipantRole.ClassTeacher or ParticipantRole.SubjectTeacher or ParticipantRole.Counsellor => Writers.Contains(Writer.Teacher),
        ParticipantRole.Guardian => Writers.Contains(Writer.Guardian),
        ParticipantRole.Student => Writers.Contains(Writer.Student),
        ParticipantRole.ReadingGuardian or ParticipantRole.Office => false,
    };
}

/// <summary>A group of people who write in a section.</summary>
public enum Writer
{
    /// <summary>The teachers of the class.</summary>
    Teacher,
    /// <summary>The child's guardians.</summary>
    Guardian,
    /// <summary>The child.</summary>
    Student,
}
