using System.Collections.Immutable;
using SchoolHome.CoEditing;

namespace SchoolHome.ContactBook;

/// <summary>What an item of a class sheet is (C.11).</summary>
[GenerateSerializer, Alias("schoolhome.SheetItemKind")]
public enum SheetItemKind
{
    /// <summary>作业: homework of a subject, ticked by child or parent.</summary>
    Homework,
    /// <summary>通知: a notice.</summary>
    Notices,
    /// <summary>要带的东西: something to bring, ticked by child or parent.</summary>
    Bring,
    /// <summary>收费通知: a fee notice for the class. Only the class teacher and counsellors write these.</summary>
    Fees,
}

/// <summary>What somebody puts on a class sheet. Fields refused: <c>text</c> (<c>required</c>, <c>too-long</c>), <c>subject</c> (<c>required</c> for homework, <c>too-long</c>, <c>not-yours</c>), <c>kind</c> (<c>not-yours</c>).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">The subject, e.g. 语文; null where it belongs to none. Homework always has one.</param>
/// <param name="Text">What it says, 1 to <see cref="SheetLimits.LongestText"/> UTF-16 units; lines are parted by <c>\n</c>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.NewSheetItem")]
public sealed record NewSheetItem([property: Id(0)] SheetItemKind Kind, [property: Id(1)] string? Subject, [property: Id(2)] string Text);

/// <summary>
/// Corrects an item. The earlier text stays to be seen (D.3). Fields refused as in <see cref="NewSheetItem"/>; <see cref="Stale"/> when somebody else has changed it since; the same content again changes nothing.
/// </summary>
/// <param name="Item">The item.</param>
/// <param name="Version">The <see cref="SheetItemView.Version"/> that the writer saw.</param>
/// <param name="Subject">As in <see cref="NewSheetItem"/>.</param>
/// <param name="Text">As in <see cref="NewSheetItem"/>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ChangeSheetItem")]
public sealed record ChangeSheetItem([property: Id(0)] string Item, [property: Id(1)] int Version, [property: Id(2)] string? Subject, [property: Id(3)] string Text);

/// <summary>Somebody who writes on class sheets, with what they may: the class teacher and counsellors everything, a subject teacher what belongs to their subjects.</summary>
/// <param name="Who">As everybody sees them.</param>
/// <param name="Subjects">What they teach in this class.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetAuthor")]
public sealed record SheetAuthor([property: Id(0)] Participant Who, [property: Id(1)] ImmutableArray<string> Subjects);

/// <summary>The ids of items that were added, in the order in which they were sent.</summary>
/// <param name="Items">The ids.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetItemsAdded")]
public sealed record SheetItemsAdded([property: Id(0)] ImmutableArray<string> Items);

/// <summary>An item of a class sheet as everybody sees it (L1).</summary>
/// <param name="Item">Its id: 32 hexadecimal digits of the operation that added it, a hyphen, and its place in that operation.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">The subject; null where it belongs to none.</param>
/// <param name="Text">What it says now; what it said last when it was removed.</param>
/// <param name="By">Who wrote it, or changed it last.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Version">The sheet's version that this change made. A family whose signature saw an older one has not seen it (S2).</param>
/// <param name="Added">The sheet's version that the item was added with.</param>
/// <param name="IsRemoved">Whether it was taken off the sheet.</param>
/// <param name="Earlier">What it said before, the oldest first (D.3).</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SheetItemView")]
public sealed record SheetItemView(
    [property: Id(0)] string Item,
    [property: Id(1)] SheetItemKind Kind,
    [property: Id(2)] string? Subject,
    [property: Id(3)] string Text,
    [property: Id(4)] Participant By,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] int Version,
    [property: Id(7)] int Added,
    [property: Id(8)] bool IsRemoved,
    [property: Id(9)] ImmutableArray<EarlierSheetItem> Earlier);

/// <summary>What an item said before.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The text.</param>
/// <param name="By">Who wrote that.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Version">The sheet's version that it came with.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.EarlierSheetItem")]
public sealed record EarlierSheetItem(
    [property: Id(0)] string? Subject,
    [property: Id(1)] string Text,
    [property: Id(2)] Participant By,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] int Version);

/// <summary>How much a class sheet takes: above what a class needs, low enough that its size is bounded.</summary>
public static class SheetLimits
{
    /// <summary>The longest text of an item, in UTF-16 units.</summary>
    public const int LongestText = 1_000;
    /// <summary>The longest name of a subject.</summary>
    public const int LongestSubject = 20;
    /// <summary>The most items of one sheet, removed ones too; beyond it <c>too-many-items</c>.</summary>
    public const int MostItems = 80;
    /// <summary>The most changes of one item; beyond it <c>too-many-changes</c>.</summary>
    public const int MostChanges = 20;
    /// <summary>The most templates of a teacher; beyond it <c>too-many-templates</c>.</summary>
    public const int MostTemplates = 50;
    /// <summary>The most items of one template or one command.</summary>
    public const int MostItemsAtOnce = 30;
    /// <summary>How long ahead a draft is scheduled at most; beyond it <c>too-late</c>. While it waits it looks at the clock once a minute.</summary>
    public static readonly TimeSpan LongestAhead = TimeSpan.FromDays(30);
}
