using System.Collections.Immutable;
using SchoolHome.CoEditing;

namespace SchoolHome.ContactBook;

/// <summary>
/// What a whole class shares on one day, entered once by its teachers and seen in every child's book (C.11): homework by subject, notices, things to bring, fee notices, as items. It takes
/// <see cref="People.DraftIs"/> from its draft. (Its sections of text are of the time before items and can only be read.)
/// </summary>
[GrainInterfaceType("schoolhome.class-sheet")]
[Alias("schoolhome.IClassSheetGrain")]
public interface IClassSheetGrain : ITextDocumentGrain, People.IOutboxGrain, People.ITakesFactsGrain
{
    /// <summary>The sheet; no items when nothing was written yet.</summary>
    [Alias("View")]
    Task<ClassSheetView> View();

    /// <summary>
    /// Adds items. The same operation id again answers the same and changes nothing. Refused with <see cref="Invalid"/> (fields as <c>items[2].text</c>; <c>items</c>: <c>required</c>, <c>too-many</c>),
    /// <c>too-many-items</c>, <c>not-found</c> (no such class), <c>forbidden</c> (not a teacher).
    /// </summary>
    [Alias("AddItems")]
    Task<Answer<SheetItemsAdded>> AddItems(Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by);

    /// <summary>Corrects an item that is not removed. Refused with <c>not-found</c>, <see cref="Invalid"/>, <see cref="Stale"/> (<c>Newer</c>: the item's id), <c>forbidden</c> (not their subject), <c>item-removed</c>, <c>too-many-changes</c>.</summary>
    [Alias("ChangeItem")]
    Task<Answer<Done>> ChangeItem(ChangeSheetItem command, SheetAuthor by);

    /// <summary>Takes an item off; families who have seen it still see that it was there. Refused with <c>not-found</c>, <c>forbidden</c>. Repeating it changes nothing.</summary>
    [Alias("RemoveItem")]
    Task<Answer<Done>> RemoveItem(string item, SheetAuthor by);

    /// <summary>Puts an item back that was taken off: the undo of a slip. Refused with <c>not-found</c>, <c>forbidden</c>. Repeating it changes nothing.</summary>
    [Alias("RestoreItem")]
    Task<Answer<Done>> RestoreItem(string item, SheetAuthor by);

    /// <summary>Whether there is an item that can be ticked now, and the sheet's version: for pages, which own ticks and signatures.</summary>
    [Alias("Standing")]
    Task<SheetStanding> Standing();
}

/// <summary>What pages need to know of their sheet.</summary>
/// <param name="Version">The number of changes of the sheet's items.</param>
/// <param name="Tickable">The items that can be ticked: homework and things to bring that are not removed.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetStanding")]
public sealed record SheetStanding([property: Id(0)] int Version, [property: Id(1)] ImmutableArray<string> Tickable);

/// <summary>
/// What teachers prepare for a class sheet, which families do not see before it is released: at once, or at the time that it is scheduled for. Its topic is for the teachers of the class. What was
/// released goes over to the sheet by the outbox, with its ids.
/// </summary>
[GrainInterfaceType("schoolhome.sheet-draft")]
[Alias("schoolhome.ISheetDraftGrain")]
public interface ISheetDraftGrain : Live.ILiveTopicGrain, People.IOutboxGrain
{
    /// <summary>The draft; no items when nothing was prepared, or all of it was released.</summary>
    [Alias("View")]
    Task<SheetDraftView> View();

    /// <summary>
    /// As <see cref="IClassSheetGrain.AddItems"/>; the limit counts what was released, too. Refused also with <c>draft-without-time</c> (<paramref name="releaseAt"/> would release what others, whose subjects are not the author's, have left without
    /// a time) and <see cref="Invalid"/> (<c>releaseAt</c>: <c>too-late</c>).
    /// </summary>
    /// <param name="operation">The command's operation id (C1).</param>
    /// <param name="items">What is prepared.</param>
    /// <param name="by">Who prepares it.</param>
    /// <param name="releaseAt">When the draft is released by itself, UTC, where it has no time yet; null for what <see cref="Schedule"/> says. A time that has passed releases these items, and nothing else, at once.</param>
    [Alias("AddItems")]
    Task<Answer<SheetItemsAdded>> AddItems(Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by, DateTimeOffset? releaseAt = null);

    /// <summary>As <see cref="IClassSheetGrain.ChangeItem"/>; the earlier text is not kept, for no family has seen it. An item that was released meanwhile is <c>not-found</c>.</summary>
    [Alias("ChangeItem")]
    Task<Answer<Done>> ChangeItem(ChangeSheetItem command, SheetAuthor by);

    /// <summary>Takes an item away for good. Refused with <c>not-found</c> (also when it was released meanwhile), <c>forbidden</c>. Repeating it changes nothing.</summary>
    [Alias("RemoveItem")]
    Task<Answer<Done>> RemoveItem(string item, SheetAuthor by);

    /// <summary>
    /// Says when the draft is released by itself. A time that has passed releases at once. Refused with <c>not-found</c> (no such class), <c>forbidden</c> (a subject teacher, where something is prepared that is not
    /// theirs, or no teacher), <see cref="Invalid"/> (<c>at</c>: <c>too-late</c>, more than <see cref="SheetLimits.LongestAhead"/>). The same operation id again changes nothing.
    /// </summary>
    /// <param name="operation">The command's operation id (C1).</param>
    /// <param name="at">UTC; null for not by itself.</param>
    /// <param name="by">Who says so.</param>
    [Alias("Schedule")]
    Task<Answer<Done>> Schedule(Guid operation, DateTimeOffset? at, SheetAuthor by);

    /// <summary>
    /// Releases at once what is prepared now: the class teacher and the counsellors all of it, a subject teacher what belongs to their subjects. Refused with <c>not-found</c> (no such class), <c>forbidden</c> (nothing of
    /// it is theirs, or no teacher). The same operation id again changes nothing.
    /// </summary>
    [Alias("Release")]
    Task<Answer<Done>> Release(Guid operation, SheetAuthor by);

    /// <summary>Releases if the time has come: what the reminder calls.</summary>
    [Alias("ReleaseIfDue")]
    Task ReleaseIfDue();
}

/// <summary>The templates of one teacher.</summary>
[GrainInterfaceType("schoolhome.sheet-templates")]
[Alias("schoolhome.ISheetTemplatesGrain")]
public interface ISheetTemplatesGrain : IGrainWithStringKey
{
    /// <summary>The templates, by name.</summary>
    [Alias("List")]
    Task<ImmutableArray<SheetTemplate>> List();

    /// <summary>Adds a template or replaces the one with its id. Refused with <see cref="Invalid"/> (<c>name</c>: <c>required</c>, <c>too-long</c> (40), <c>taken</c>; <c>items</c> as in <see cref="IClassSheetGrain.AddItems"/>, without rights), <c>too-many-templates</c>. Repeating it changes nothing.</summary>
    [Alias("Put")]
    Task<Answer<Done>> Put(SheetTemplate template);

    /// <summary>Removes a template. Repeating it changes nothing.</summary>
    [Alias("Remove")]
    Task<Answer<Done>> Remove(Guid template);
}

/// <summary>Items that are often written.</summary>
/// <param name="Template">Its id, made by whoever saves it.</param>
/// <param name="Name">E.g. 周五.</param>
/// <param name="Items">What it puts on a sheet.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetTemplate")]
public sealed record SheetTemplate([property: Id(0)] Guid Template, [property: Id(1)] string Name, [property: Id(2)] ImmutableArray<NewSheetItem> Items);

/// <summary>The class sheet of a day, the same for every reader (L1).</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id within the school.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Date">The day, in the school's time zone.</param>
/// <param name="Sections">Texts from before sheets were made of items; only to be read.</param>
/// <param name="Version">The number of changes of its items; what signatures name (S1).</param>
/// <param name="Items">By kind, then in the order in which they were added; removed ones too.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassSheetView")]
public sealed record ClassSheetView(
    [property: Id(0)] string Topic,
    [property: Id(1)] string Epoch,
    [property: Id(2)] long N,
    [property: Id(3)] string School,
    [property: Id(4)] string Class,
    [property: Id(5)] string ClassName,
    [property: Id(6)] DateOnly Date,
    [property: Id(7)] ImmutableArray<SectionView> Sections,
    [property: Id(8)] int Version,
    [property: Id(9)] ImmutableArray<SheetItemView> Items);

/// <summary>What is prepared for a class sheet.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id within the school.</param>
/// <param name="Date">The day of the sheet, in the school's time zone.</param>
/// <param name="ReleaseAt">When it is released by itself, UTC; null for not by itself.</param>
/// <param name="Items">As on a sheet; <c>Earlier</c> is always empty.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetDraftView")]
public sealed record SheetDraftView(
    [property: Id(0)] string Topic,
    [property: Id(1)] string Epoch,
    [property: Id(2)] long N,
    [property: Id(3)] string School,
    [property: Id(4)] string Class,
    [property: Id(5)] DateOnly Date,
    [property: Id(6)] DateTimeOffset? ReleaseAt,
    [property: Id(7)] ImmutableArray<SheetItemView> Items);
