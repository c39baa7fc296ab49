using System.Collections.Immutable;
using SchoolHome.CoEditing;

namespace SchoolHome.ContactBook;

/// <summary>
/// One child's page of the contact book on one day, filled in by student, guardians and teachers together (C.11), and signed by the three of them (S1–S3). Text goes in by <see cref="ITextDocumentGrain.PushText"/>,
/// which is refused with <see cref="TextCodes.Sealed"/> where a signature has closed the section for its writer.
/// </summary>
[GrainInterfaceType("schoolhome.book-page")]
[Alias("schoolhome.IBookPageGrain")]
public interface IBookPageGrain : ITextDocumentGrain, People.IOutboxGrain
{
    /// <summary>The page; empty sections when nothing was written yet. Null when there is no such student, or it is in no class.</summary>
    [Alias("View")]
    Task<BookPageView?> View();

    /// <summary>In which class's day the page lies. Null as for <see cref="View"/>.</summary>
    [Alias("Class")]
    Task<ClassId?> Class();

    /// <summary>Ticks an item of the class sheet, or takes the tick away. Refused with <c>forbidden</c> (guardians and the student only), <c>not-found</c> (no such item that can be ticked; taking a tick away is always taken). Repeating it changes nothing, also when somebody else has decided otherwise since: the last fifty operation ids are remembered.</summary>
    [Alias("Tick")]
    Task<Answer<Done>> Tick(string item, bool ticked, Participant by, Guid operation = default);

    /// <summary>Sets quick marks, or takes them away. Refused with <c>forbidden</c> (teachers only), <see cref="Invalid"/> (<c>marks</c>: <c>required</c>, <c>unknown</c>), <see cref="TextCodes.Sealed"/>. Repeating it changes nothing, as with <see cref="Tick"/>.</summary>
    [Alias("SetMarks")]
    Task<Answer<Done>> SetMarks(ImmutableArray<SetMark> marks, Participant by, Guid operation = default);

    /// <summary>
    /// Signs for the signer's group (S1, S2). Refused with <c>forbidden</c> (does not sign), <c>not-today</c> (the day is still to come), <c>signed-already</c> (by this person, and nothing is newer since), <c>too-many-signatures</c>, or
    /// <see cref="Stale"/> where there is something newer than the signer saw: <c>Newer</c> names sections, <c>entries</c> (marks, addenda) and <c>sheet</c>. Signing again after something newer came is how it is taken note of. The same
    /// operation id again changes nothing.
    /// </summary>
    [Alias("Sign")]
    Task<Answer<Done>> Sign(SignPage command, Participant by);

    /// <summary>Withdraws one's own signatures for the group that one signs for now (S3); the withdrawal and its reason stay on record. Refused with <see cref="Invalid"/> (<c>reason</c>: <c>required</c>, <c>too-long</c> (500)), <c>not-signed</c>. The same operation id again changes nothing.</summary>
    [Alias("Withdraw")]
    Task<Answer<Done>> Withdraw(WithdrawSignature command, Participant by);

    /// <summary>
    /// Adds to a section that is sealed for its writer (S2). Refused with <see cref="Invalid"/> (<c>text</c>: <c>required</c>, <c>too-long</c> (2,000); <c>section</c>: <c>unknown</c>), <c>forbidden</c> (not a writer of the section),
    /// <c>not-sealed</c> (it can still be written in), <c>too-many-addenda</c>. The same operation id again changes nothing.
    /// </summary>
    [Alias("Add")]
    Task<Answer<Done>> Add(AddAddendum command, Participant by);

    /// <summary>The class's reminder has found this page without a guardian's signature. Once a day; repeating it changes nothing. False when there was nothing to remind of.</summary>
    [Alias("Remind")]
    Task<bool> Remind();
}

/// <summary>What somebody saw when they signed (S1).</summary>
/// <param name="Sections">The version of every section of the page that has one; sections that are left out were empty.</param>
/// <param name="Entries">The page's <see cref="BookPageView.Entries"/>.</param>
/// <param name="Sheet">The class sheet's <see cref="ClassSheetView.Version"/>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SeenVersions")]
public sealed record SeenVersions(
    [property: Id(0)] ImmutableSortedDictionary<string, int> Sections,
    [property: Id(1)] int Entries,
    [property: Id(2)] int Sheet);

/// <summary>Signs a page.</summary>
/// <param name="Operation">The command's operation id (C1).</param>
/// <param name="Seen">What the signer saw.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SignPage")]
public sealed record SignPage([property: Id(0)] Guid Operation, [property: Id(1)] SeenVersions Seen);

/// <summary>Withdraws a signature.</summary>
/// <param name="Operation">The command's operation id (C1).</param>
/// <param name="Reason">Why; everybody on the page sees it.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.WithdrawSignature")]
public sealed record WithdrawSignature([property: Id(0)] Guid Operation, [property: Id(1)] string Reason);

/// <summary>Adds to a sealed section.</summary>
/// <param name="Operation">The command's operation id (C1).</param>
/// <param name="Section">Which section it belongs to.</param>
/// <param name="Text">What it says.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AddAddendum")]
public sealed record AddAddendum([property: Id(0)] Guid Operation, [property: Id(1)] string Section, [property: Id(2)] string Text);

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
/// <param name="Ticks">Items of the class sheet that child or parent have ticked.</param>
/// <param name="Marks">How the day went, in reading order.</param>
/// <param name="Entries">The number of changes of marks and addenda so far: what signatures name beside the sections' versions (S1).</param>
/// <param name="Signatures">All that were ever given, the oldest first; withdrawn ones too.</param>
/// <param name="Addenda">The oldest first.</param>
/// <param name="RemindedAt">When the class's reminder found it unsigned, UTC; null when it has not.</param>
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
    [property: Id(10)] ImmutableArray<SectionView> Sections,
    [property: Id(11)] ImmutableArray<ItemTick> Ticks,
    [property: Id(12)] ImmutableArray<QuickMark> Marks,
    [property: Id(13)] int Entries,
    [property: Id(14)] ImmutableArray<Signature> Signatures,
    [property: Id(15)] ImmutableArray<Addendum> Addenda,
    [property: Id(16)] DateTimeOffset? RemindedAt);

/// <summary>An item that is done.</summary>
/// <param name="Item">Its id on the class sheet.</param>
/// <param name="By">Who ticked it.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ItemTick")]
public sealed record ItemTick([property: Id(0)] string Item, [property: Id(1)] Participant By, [property: Id(2)] DateTimeOffset At);

/// <summary>A signature on a page.</summary>
/// <param name="Id">The operation that gave it.</param>
/// <param name="For">For which group it stands. The newest that is not withdrawn counts.</param>
/// <param name="By">Who signed.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Seen">What they saw. A class sheet with a greater version now has something that this family has not taken note of.</param>
/// <param name="Withdrawn">When and why it was withdrawn; null when it stands.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Signature")]
public sealed record Signature(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Writer For,
    [property: Id(2)] Participant By,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] SeenVersions Seen,
    [property: Id(5)] Withdrawal? Withdrawn);

/// <summary>A signature was withdrawn.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Withdrawal")]
public sealed record Withdrawal([property: Id(0)] DateTimeOffset At, [property: Id(1)] string Reason);

/// <summary>Something added to a section after it was sealed.</summary>
/// <param name="Id">The operation that added it.</param>
/// <param name="Section">Which section it belongs to.</param>
/// <param name="Text">What it says.</param>
/// <param name="By">Who added it.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Addendum")]
public sealed record Addendum(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Section,
    [property: Id(2)] string Text,
    [property: Id(3)] Participant By,
    [property: Id(4)] DateTimeOffset At);

/// <summary>How much a page takes beside its text.</summary>
public static class PageLimits
{
    /// <summary>The most signatures, withdrawn ones too.</summary>
    public const int MostSignatures = 40;
    /// <summary>The most signatures of one person on a page, withdrawn ones too: nobody can use up what the others need.</summary>
    public const int MostSignaturesOfOne = 10;
    /// <summary>How many operations on ticks and marks are remembered.</summary>
    public const int MostRemembered = 50;
    /// <summary>The most addenda.</summary>
    public const int MostAddenda = 60;
    /// <summary>The longest addendum, in UTF-16 units.</summary>
    public const int LongestAddendum = 2_000;
    /// <summary>The longest reason of a withdrawal, in UTF-16 units.</summary>
    public const int LongestReason = 500;
}
