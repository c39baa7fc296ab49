using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Live;
using SchoolHome.People;

namespace SchoolHome.Grains.ContactBook;

/// <summary>What may be done on a child's page beside writing text (C.11, S1–S3). A rule that returns the same record changes nothing.</summary>
internal static class PageRules
{
    public static readonly ImmutableArray<SectionRule> Sections = BookSections.OfPage;

    /// <summary>Carries an operation out once, as long as it is remembered. One that changed nothing is remembered too: repeated after others have decided otherwise, it would change something.</summary>
    /// <param name="page">The page.</param>
    /// <param name="operation">Its id; empty for one that nobody repeats.</param>
    /// <param name="rule">What it does.</param>
    public static Answer<BookPageState> Once(BookPageState page, Guid operation, Func<Answer<BookPageState>> rule)
    {
        if (operation != Guid.Empty && page.Operations.Contains(operation))
            return page;

        var answer = rule();
        if (operation == Guid.Empty || answer.Value is not { } next)
            return answer;

        return next with { Operations = (page.Operations.Length < PageLimits.MostRemembered ? page.Operations : page.Operations.RemoveAt(0)).Add(operation) };
    }

    /// <param name="tickable">The items of the class sheet that can be ticked now: as many as a sheet takes, so the ticks of a page are bounded, too.</param>
    public static Answer<BookPageState> Tick(BookPageState page, string item, bool ticked, Participant by, ImmutableArray<string> tickable, DateTimeOffset now)
    {
        if (by.Role is not (ParticipantRole.Guardian or ParticipantRole.Student))
            return new Forbidden("forbidden");

        var known = page.Ticks.FirstOrDefault(tick => tick.Item == item);
        if (ticked == known is not null)
            return page;
        if (known is not null)
            return page with { Ticks = page.Ticks.Remove(known) };

        return tickable.Contains(item) ? page with { Ticks = page.Ticks.Add(new ItemTick(item, by, now)) } : new NotFound();
    }

    public static Answer<BookPageState> SetMarks(BookPageState page, ImmutableArray<SetMark> marks, Participant by, DateTimeOffset now)
    {
        if (by.Role.AsWriter() is not Writer.Teacher)
            return new Forbidden("forbidden");
        if (marks.IsDefaultOrEmpty)
            return Invalid.Field("marks", "required");
        if (marks.Any(mark => mark?.Mark is null || !QuickMarks.Known.Contains(mark.Mark) || (mark.Level is { } level && !Enum.IsDefined(level))))
            return Invalid.Field("marks", "unknown");

        var before = page.Marks.ToDictionary(mark => mark.Mark, StringComparer.Ordinal);
        var after = new Dictionary<string, QuickMark>(before, StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            if (mark.Level is not { } level)
                after.Remove(mark.Mark);
            else if (before.GetValueOrDefault(mark.Mark) is { } same && same.Level == level)
                after[mark.Mark] = same;
            else
                after[mark.Mark] = new QuickMark(mark.Mark, level, by, now);
        }

        ImmutableArray<QuickMark> next = [.. QuickMarks.Known.Select(mark => after.GetValueOrDefault(mark)).OfType<QuickMark>()];
        if (next.SequenceEqual(page.Marks))
            return page;

        return page.Signatures.HasSigned(Sealing.OfMarks) ? new Conflict(TextCodes.Sealed) : page with { Marks = next, Entries = page.Entries + 1 };
    }

    /// <param name="sheet">The version of the class sheet now.</param>
    /// <param name="isToCome">Whether the page's day is still to come.</param>
    public static Answer<BookPageState> Sign(BookPageState page, SignPage command, Participant by, int sheet, bool isToCome, DateTimeOffset now)
    {
        if (page.Signatures.Any(signature => signature.Id == command.Operation))
            return page;
        if (by.Role.SignsFor() is not { } group)
            return new Forbidden("forbidden");
        if (isToCome)
            return new Conflict("not-today");
        if (Newer(page, command.Seen, sheet) is { IsEmpty: false } newer)
            return new Stale(newer);
        // What this person saw when they signed before is what there is still: the record grows with every change, so the same numbers are the same content.
        if (page.Signatures.Any(signature => signature.Withdrawn is null && signature.By.Id == by.Id && signature.For == group && Newer(page, signature.Seen, sheet).IsEmpty))
            return new Conflict("signed-already");
        // One person must not use up what the others need.
        if (page.Signatures.Length >= PageLimits.MostSignatures || page.Signatures.Count(signature => signature.By.Id == by.Id) >= PageLimits.MostSignaturesOfOne)
            return new Conflict("too-many-signatures");

        return page with { Signatures = page.Signatures.Add(new Signature(command.Operation, group, by, now, Saw(page, sheet), null)) };
    }

    public static Answer<BookPageState> Withdraw(BookPageState page, WithdrawSignature command, Participant by, DateTimeOffset now)
    {
        if (page.Withdrawals.Contains(command.Operation))
            return page;
        if (TextProblem(command.Reason, PageLimits.LongestReason) is { } problem)
            return Invalid.Field("reason", problem);
        // Whoever may no longer sign may not open what was signed, either.
        if (by.Role.SignsFor() is not { } group)
            return new Forbidden("forbidden");

        ImmutableArray<Signature> after =
        [
            .. page.Signatures.Select(signature =>
                signature.Withdrawn is null && signature.By.Id == by.Id && signature.For == group ? signature with { Withdrawn = new Withdrawal(now, command.Reason) } : signature),
        ];
        // Each remembered withdrawal took a signature back, so there are no more of them than signatures.
        return after.SequenceEqual(page.Signatures)
            ? new Conflict("not-signed")
            : page with { Signatures = after, Withdrawals = page.Withdrawals.Add(command.Operation) };
    }

    public static Answer<BookPageState> Add(BookPageState page, AddAddendum command, Participant by, DateTimeOffset now)
    {
        if (page.Addenda.Any(addendum => addendum.Id == command.Operation))
            return page;

        var rule = Sections.FirstOrDefault(rule => rule.Section == command.Section);
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (rule is null)
            problems.Add(new("section", "unknown"));
        if (TextProblem(command.Text, PageLimits.LongestAddendum) is { } problem)
            problems.Add(new("text", problem));
        if (rule is null || problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());
        if (!rule.MayBeWrittenBy(by.Role))
            return new Forbidden("forbidden");
        if (!page.Signatures.Closes(rule, by.Role))
            return new Conflict("not-sealed");
        if (page.Addenda.Length >= PageLimits.MostAddenda)
            return new Conflict("too-many-addenda");

        return page with { Addenda = page.Addenda.Add(new Addendum(command.Operation, command.Section, command.Text, by, now)), Entries = page.Entries + 1 };
    }

    /// <summary>The class's reminder asks: null when there is nothing to remind of, for a guardian has signed.</summary>
    public static BookPageState? Remind(BookPageState page, DateTimeOffset now) =>
        page.Signatures.HasSigned(Writer.Guardian) ? null : page.RemindedAt is null ? page with { RemindedAt = now } : page;

    /// <summary>What there is beside what somebody saw (S1), by the names that <see cref="Stale"/> uses. What was seen *ahead* of what there is was never there, so it counts, too.</summary>
    public static ImmutableArray<string> Newer(BookPageState page, SeenVersions seen, int sheet)
    {
        var newer = ImmutableArray.CreateBuilder<string>();
        foreach (var rule in Sections)
        {
            if (page.Section(rule.Section).Version != seen.Sections.GetValueOrDefault(rule.Section))
                newer.Add(rule.Section);
        }

        newer.AddRange(seen.Sections.Where(one => one.Value != 0 && Sections.All(rule => rule.Section != one.Key)).Select(one => one.Key));
        if (page.Entries != seen.Entries)
            newer.Add("entries");
        if (sheet != seen.Sheet)
            newer.Add("sheet");

        return newer.DrainToImmutable();
    }

    /// <summary>How far the page is, as lists show it.</summary>
    public static ChildDayMore More(BookPageState page) => new(
        [.. page.Marks.Select(mark => new SetMark(mark.Mark, mark.Level))],
        [.. page.Ticks.Select(tick => tick.Item)],
        Sealing.Standing(page.Signatures),
        page.Addenda.Length);

    /// <summary>What watchers are told of a change.</summary>
    public static object[] Changes(BookPageState before, BookPageState after)
    {
        var changes = new List<object>();
        if (before.Ticks != after.Ticks)
            changes.Add(SetChange.Of("ticks", after.Ticks));
        if (before.Marks != after.Marks)
            changes.Add(SetChange.Of("marks", after.Marks));
        if (before.Addenda != after.Addenda)
            changes.Add(SetChange.Of("addenda", after.Addenda));
        if (before.Entries != after.Entries)
            changes.Add(SetChange.Of("entries", after.Entries));
        if (before.Signatures != after.Signatures)
            changes.Add(SetChange.Of("signatures", after.Signatures));
        if (before.RemindedAt != after.RemindedAt)
            changes.Add(SetChange.Of("remindedAt", after.RemindedAt));

        return [.. changes];
    }

    // What is stored is what was compared, in the record's own order: not whatever else a browser may have sent along.
    private static SeenVersions Saw(BookPageState page, int sheet) => new(
        page.Sections.Where(one => one.Value.Version > 0).ToImmutableSortedDictionary(one => one.Key, one => one.Value.Version, StringComparer.Ordinal),
        page.Entries,
        sheet);

    private static string? TextProblem(string? text, int longest) => string.IsNullOrWhiteSpace(text) ? "required" : text.Length > longest ? "too-long" : null;
}
