using System.Collections.Immutable;

namespace SchoolHome.ContactBook;

/// <summary>Which children's pages of a class are filled, marked and signed on one day: what a teacher looks at. A projection of the pages and the sheet.</summary>
[GrainInterfaceType("schoolhome.class-day")]
[Alias("schoolhome.IClassDayGrain")]
public interface IClassDayGrain : Live.ILiveTopicGrain, People.ITakesFactsGrain
{
    /// <summary>The day, with a line for every student who is in the class now or has written that day. Null when there is no such class.</summary>
    [Alias("View")]
    Task<ClassDayView?> View();
}

/// <summary>A class's day, child by child.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id within the school.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="SheetTopic">The class sheet of the day.</param>
/// <param name="Date">The day, in the school's time zone.</param>
/// <param name="SheetFilled">The kinds of items that the class sheet has (<c>homework</c>, <c>notices</c>, <c>bring</c>, <c>fees</c>); on old days the sections that have text.</param>
/// <param name="Children">By student number.</param>
/// <param name="SheetVersion">The class sheet's version: a guardian's signature that saw an older one has not taken note of something.</param>
/// <param name="Tickable">How many items of the sheet can be ticked.</param>
/// <param name="StudentsSign">Whether the school gives students accounts: then a page waits for their signature too.</param>
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
    [property: Id(9)] ImmutableArray<ChildDayView> Children,
    [property: Id(10)] int SheetVersion,
    [property: Id(11)] int Tickable,
    [property: Id(12)] bool StudentsSign);

/// <summary>One child's line in a class's day.</summary>
/// <param name="Student">The student number.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Filled">The sections of the page that have text, in reading order.</param>
/// <param name="EditedAt">When the page last changed in what is told here, UTC; null when it never did.</param>
/// <param name="Marks">The quick marks, in reading order.</param>
/// <param name="Ticked">The items of the class sheet that are ticked.</param>
/// <param name="Signed">The groups whose signature stands.</param>
/// <param name="Addenda">How many addenda the page has.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChildDayView")]
public sealed record ChildDayView(
    [property: Id(0)] string Student,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Filled,
    [property: Id(3)] DateTimeOffset? EditedAt,
    [property: Id(4)] ImmutableArray<SetMark> Marks,
    [property: Id(5)] ImmutableArray<string> Ticked,
    [property: Id(6)] ImmutableArray<SignedFor> Signed,
    [property: Id(7)] int Addenda);

/// <summary>A signature that stands, as lists show it.</summary>
/// <param name="For">For which group.</param>
/// <param name="Sheet">The class sheet's version that it saw, the greatest of the group's.</param>
/// <param name="At">When, UTC; the last of the group's.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SignedFor")]
public sealed record SignedFor([property: Id(0)] Writer For, [property: Id(1)] int Sheet, [property: Id(2)] DateTimeOffset At);
