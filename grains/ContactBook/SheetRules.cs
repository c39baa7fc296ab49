using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.People;

namespace SchoolHome.Grains.ContactBook;

/// <summary>The items of a class sheet, or of a draft.</summary>
/// <param name="Version">The number of changes so far. What a change has touched carries its number.</param>
/// <param name="Items">In the order in which they were added.</param>
internal sealed record SheetContent(int Version, ImmutableArray<SheetItemView> Items)
{
    public static SheetContent Empty { get; } = new(0, []);

    /// <summary>What the last change has touched.</summary>
    public IEnumerable<SheetItemView> Touched() => Items.Where(item => item.Version == Version);

    /// <summary>As everybody sees them: by kind, then in the order in which they were added.</summary>
    public ImmutableArray<SheetItemView> InReadingOrder() => [.. Items.OrderBy(item => item.Kind)];

    /// <summary>The items that are ticked when they are done.</summary>
    public ImmutableArray<string> Tickable() =>
        [.. InReadingOrder().Where(item => !item.IsRemoved && item.Kind is SheetItemKind.Homework or SheetItemKind.Bring).Select(item => item.Item)];

    public SheetItemView? Find(string item) => Items.FirstOrDefault(one => one.Item == item);
}

/// <summary>Who may put what on a class sheet, and what becomes of its items (C.11, D.3). Content and command in, the next content or a refusal out; the same content where nothing changes.</summary>
internal static class SheetRules
{
    /// <summary>The kinds as they are told to a class's day, in reading order. Old sheets had sections of text of the same names.</summary>
    private static readonly (SheetItemKind Kind, string Name)[] Kinds =
        [(SheetItemKind.Homework, "homework"), (SheetItemKind.Notices, "notices"), (SheetItemKind.Bring, "bring"), (SheetItemKind.Fees, "fees")];

    /// <summary>Adds items. An operation that has added its items before adds none.</summary>
    public static Answer<SheetContent> Add(SheetContent content, Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor by, DateTimeOffset now)
    {
        if (by.Who.Role.AsWriter() is not Writer.Teacher)
            return new Forbidden("forbidden");
        if (!AddedBy(content, operation).IsEmpty)
            return content;

        items = Tidied(items);
        if (Check(items, by) is { IsEmpty: false } problems)
            return new Invalid(problems);
        if (content.Items.Length + items.Length > SheetLimits.MostItems)
            return new Conflict("too-many-items");

        var version = content.Version + 1;
        return new SheetContent(version, content.Items.AddRange(items.Select((item, at) => New(IdOf(operation, at), item, by.Who, now, version))));
    }

    /// <summary>The items that an operation has added, in the order in which they were sent.</summary>
    public static ImmutableArray<string> AddedBy(SheetContent content, Guid operation)
    {
        // They are never taken out of a sheet, so that counting them is as good as remembering.
        var prefix = $"{operation:N}-";
        return IdsOf(operation, content.Items.Count(item => item.Item.StartsWith(prefix, StringComparison.Ordinal)));
    }

    public static ImmutableArray<string> IdsOf(Guid operation, int count) => [.. Enumerable.Range(0, count).Select(at => IdOf(operation, at))];

    /// <summary>Corrects an item. What is corrected to what it says already is done already, whichever version its writer saw.</summary>
    /// <param name="content">What there is.</param>
    /// <param name="command">The correction.</param>
    /// <param name="by">Who corrects.</param>
    /// <param name="now">Now.</param>
    /// <param name="wasSeen">Whether families may have seen it: then what it said before is kept.</param>
    public static Answer<SheetContent> Change(SheetContent content, ChangeSheetItem command, SheetAuthor by, DateTimeOffset now, bool wasSeen)
    {
        if (content.Find(command.Item) is not { } item)
            return new NotFound();
        if (!May(by, item.Kind, item.Subject))
            return new Forbidden("forbidden");
        if (item.IsRemoved)
            return new Conflict("item-removed");

        var wanted = Tidied(new NewSheetItem(item.Kind, command.Subject, command.Text));
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        Check(wanted, by, "", problems);
        if (problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());
        if (wanted.Subject == item.Subject && wanted.Text == item.Text)
            return content;
        if (command.Version != item.Version)
            return new Stale([item.Item]);
        if (item.Earlier.Length >= SheetLimits.MostChanges)
            return new Conflict("too-many-changes");

        return Replace(content, item, item with { Subject = wanted.Subject, Text = wanted.Text, Earlier = wasSeen ? Remembering(item) : [] }, by, now);
    }

    /// <summary>Takes an item off; it stays to be seen as removed.</summary>
    public static Answer<SheetContent> Remove(SheetContent content, string item, SheetAuthor by, DateTimeOffset now)
    {
        if (content.Find(item) is not { } known)
            return new NotFound();
        if (!May(by, known.Kind, known.Subject))
            return new Forbidden("forbidden");

        return known.IsRemoved ? content : Replace(content, known, known with { IsRemoved = true, Earlier = Remembering(known) }, by, now);
    }

    /// <summary>Puts an item back.</summary>
    public static Answer<SheetContent> Restore(SheetContent content, string item, SheetAuthor by, DateTimeOffset now)
    {
        if (content.Find(item) is not { } known)
            return new NotFound();
        if (!May(by, known.Kind, known.Subject))
            return new Forbidden("forbidden");

        return known.IsRemoved ? Replace(content, known, known with { IsRemoved = false }, by, now) : content;
    }

    /// <summary>Adds released items that are not known yet, in whatever state: one that was taken off again stays off. A full sheet takes them all the same, for their teachers were told that they are released.</summary>
    public static SheetContent Take(SheetContent content, ImmutableArray<ReleasedItem> released, DateTimeOffset now)
    {
        var known = content.Items.Select(item => item.Item).ToHashSet(StringComparer.Ordinal);
        var version = content.Version + 1;
        ImmutableArray<SheetItemView> added = [.. released.Where(one => known.Add(one.Item)).Select(one => New(one.Item, one.Content, one.By, now, version))];
        return added.IsEmpty ? content : new SheetContent(version, content.Items.AddRange(added));
    }

    /// <summary>What a class's day is told of a sheet.</summary>
    /// <param name="content">Its items.</param>
    /// <param name="sections">Its old sections that have text.</param>
    public static SheetDayIs DayOf(SheetContent content, ImmutableArray<string> sections) => new(
        [.. Kinds.Where(one => sections.Contains(one.Name) || content.Items.Any(item => item.Kind == one.Kind && !item.IsRemoved)).Select(one => one.Name)],
        content.Version, content.Tickable().Length);

    /// <summary>The class teacher and the counsellors write everything; a subject teacher what belongs to their subjects, but no fee notices.</summary>
    public static bool May(SheetAuthor by, SheetItemKind kind, string? subject) => by.Who.Role switch
    {
        ParticipantRole.ClassTeacher or ParticipantRole.Counsellor => true,
        ParticipantRole.SubjectTeacher => kind is not SheetItemKind.Fees && subject is not null && by.Subjects.Contains(subject, StringComparer.Ordinal),
        ParticipantRole.Guardian or ParticipantRole.Student or ParticipantRole.ReadingGuardian or ParticipantRole.Office => false,
    };

    /// <summary>Without the blanks around, without lines' carriage returns; a subject of blanks is none.</summary>
    public static ImmutableArray<NewSheetItem> Tidied(ImmutableArray<NewSheetItem> items) => items.IsDefaultOrEmpty ? [] : [.. items.Select(Tidied)];

    /// <summary>What is wrong with items, all of it, each problem with its field: <c>items[2].text</c>.</summary>
    /// <param name="items">The items, tidied.</param>
    /// <param name="by">Who puts them on a sheet; null where rights do not matter yet.</param>
    public static ImmutableArray<FieldProblem> Check(ImmutableArray<NewSheetItem> items, SheetAuthor? by)
    {
        if (items.IsEmpty)
            return [new("items", "required")];
        if (items.Length > SheetLimits.MostItemsAtOnce)
            return [new("items", "too-many")];

        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        foreach (var (item, at) in items.Select((item, at) => (item, at)))
            Check(item, by, string.Create(CultureInfo.InvariantCulture, $"items[{at}]."), problems);

        return problems.DrainToImmutable();
    }

    private static void Check(NewSheetItem item, SheetAuthor? by, string where, ImmutableArray<FieldProblem>.Builder problems)
    {
        if (item.Text.Length == 0)
            problems.Add(new($"{where}text", "required"));
        else if (item.Text.Length > SheetLimits.LongestText)
            problems.Add(new($"{where}text", "too-long"));

        if (item.Subject is null && item.Kind is SheetItemKind.Homework)
            problems.Add(new($"{where}subject", "required"));
        else if (item.Subject?.Length > SheetLimits.LongestSubject)
            problems.Add(new($"{where}subject", "too-long"));
        else if (by is not null && !May(by, item.Kind, item.Subject))
            problems.Add(new(item.Kind is SheetItemKind.Fees ? $"{where}kind" : $"{where}subject", "not-yours"));
    }

    private static NewSheetItem Tidied(NewSheetItem item) =>
        item with { Subject = item.Subject?.Trim() is { Length: > 0 } subject ? subject : null, Text = item.Text.ReplaceLineEndings("\n").Trim() };

    private static SheetItemView New(string id, NewSheetItem item, Participant by, DateTimeOffset now, int version) =>
        new(id, item.Kind, item.Subject, item.Text, by, now, version, version, IsRemoved: false, []);

    private static SheetContent Replace(SheetContent content, SheetItemView old, SheetItemView changed, SheetAuthor by, DateTimeOffset now)
    {
        var version = content.Version + 1;
        return new SheetContent(version, content.Items.Replace(old, changed with { By = by.Who, At = now, Version = version }));
    }

    // Who wrote it is told by the first of those that say the same: an item that was taken off and put back has not said anything else meanwhile. So this does not grow by taking off and putting back.
    private static ImmutableArray<EarlierSheetItem> Remembering(SheetItemView item) =>
        item.Earlier is [.., var last] && last.Text == item.Text && last.Subject == item.Subject
            ? item.Earlier
            : item.Earlier.Add(new EarlierSheetItem(item.Subject, item.Text, item.By, item.At, item.Version));

    private static string IdOf(Guid operation, int at) => string.Create(CultureInfo.InvariantCulture, $"{operation:N}-{at}");
}
