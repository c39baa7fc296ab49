using System.Collections.Immutable;
using CsCheck;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.ContactBook;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.ContactBook;

/// <summary>What may be done on a child's page, S1 to S3.</summary>
public sealed class PageRulesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly Participant ClassTeacher = new("ct", "陈老师", ParticipantRole.ClassTeacher, null);
    private static readonly Participant SubjectTeacher = new("st", "李老师", ParticipantRole.SubjectTeacher, null);
    private static readonly Participant Counsellor = new("co", "周老师", ParticipantRole.Counsellor, null);
    private static readonly Participant Mother = new("mo", "李梅", ParticipantRole.Guardian, Relation.Mother);
    private static readonly Participant Father = new("fa", "王强", ParticipantRole.Guardian, Relation.Father);
    private static readonly Participant Child = new("ch", "王小雨", ParticipantRole.Student, null);
    private static readonly Participant Reader = new("re", "王爷爷", ParticipantRole.ReadingGuardian, Relation.PaternalGrandfather);
    private static readonly Participant Office = new("of", "管理员", ParticipantRole.Office, null);
    private static readonly Participant[] Everybody = [ClassTeacher, SubjectTeacher, Counsellor, Mother, Father, Child, Reader, Office];
    private static readonly BookPageState Empty = new();

    private static Guid Operation(int number) => new(number, 0, 0, new byte[8]);

    private static SeenVersions Seen(BookPageState page, int sheet = 0) =>
        new(page.Sections.ToImmutableSortedDictionary(one => one.Key, one => one.Value.Version), page.Entries, sheet);

    private static BookPageState Signed(BookPageState page, Participant by, int operation = 1, int sheet = 0) =>
        PageRules.Sign(page, new SignPage(Operation(operation), Seen(page, sheet)), by, sheet, isToCome: false, At).Value!;

    private static BookPageState Written(BookPageState page, string section, string text = "好")
    {
        var before = page.Section(section);
        var update = new AcceptedUpdate("tab-0001", before.Version + 1, Texts.Insert(before.Text.Length, 0, text), At);
        return page with { Sections = page.Sections.SetItem(section, before with { Text = text + before.Text, Recent = before.Recent.Add(update) }) };
    }

    private static BookPageState Marked(BookPageState page, string mark = "lunch", MarkLevel? level = MarkLevel.Good, Participant? by = null) =>
        PageRules.SetMarks(page, [new SetMark(mark, level)], by ?? ClassTeacher, At).Value!;

    private static Answer<BookPageState> Add(BookPageState page, Participant by, string section, string text = "还有一句", int operation = 7) =>
        PageRules.Add(page, new AddAddendum(Operation(operation), section, text), by, At);

    private static Answer<BookPageState> Withdraw(BookPageState page, Participant by, string reason = "写错了", int operation = 9) =>
        PageRules.Withdraw(page, new WithdrawSignature(Operation(operation), reason), by, At.AddHours(1));

    // S2, spelled out: for each section and writer, the groups of which any one's signature closes it.
    private static readonly Dictionary<(string Section, Writer By), Writer[]> ClosedBy = new()
    {
        [("school-day", Writer.Teacher)] = [Writer.Teacher],
        [("results", Writer.Teacher)] = [Writer.Teacher],
        [("fees", Writer.Teacher)] = [Writer.Teacher],
        [("answer", Writer.Teacher)] = [Writer.Teacher],
        [("study-at-home", Writer.Guardian)] = [Writer.Guardian],
        [("study-at-home", Writer.Student)] = [Writer.Guardian, Writer.Student],
        [("words", Writer.Guardian)] = [Writer.Guardian],
    };

    private static readonly Dictionary<Writer, Participant> SignerOf = new() { [Writer.Teacher] = ClassTeacher, [Writer.Guardian] = Mother, [Writer.Student] = Child };

    /// <summary>All sets of groups that may have signed.</summary>
    public static TheoryData<int> Signatures => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Signatures))]
    public void S2_a_section_is_closed_for_whom_the_table_says_and_for_nobody_else(int signatures)
    {
        var groups = Enum.GetValues<Writer>().Where(group => (signatures & (1 << (int)group)) != 0).ToArray();
        var page = groups.Aggregate(Empty, (page, group) => Signed(page, SignerOf[group], 1 + (int)group));

        foreach (var rule in BookSections.OfPage)
        {
            foreach (var writer in Everybody.Where(one => rule.MayBeWrittenBy(one.Role)))
            {
                var closed = ClosedBy[(rule.Section, writer.Role.AsWriter()!.Value)].Intersect(groups).Any();

                Assert.True(closed == page.Signatures.Closes(rule, writer.Role), $"{rule.Section} for {writer.Role} after {string.Join(", ", groups)}");
                Assert.Equal(closed ? null : "not-sealed", Add(page, writer, rule.Section).Refusal?.Code);
            }
        }

        Assert.Equal(groups.Contains(Writer.Teacher) ? TextCodes.Sealed : null, PageRules.SetMarks(page, [new SetMark("lunch", MarkLevel.Fair)], ClassTeacher, At).Refusal?.Code);
    }

    [Fact]
    public void Those_sign_who_sign_for_a_group()
    {
        Dictionary<Participant, Writer?> expected = new()
        {
            [ClassTeacher] = Writer.Teacher,
            [Counsellor] = Writer.Teacher,
            [SubjectTeacher] = null,
            [Mother] = Writer.Guardian,
            [Father] = Writer.Guardian,
            [Child] = Writer.Student,
            [Reader] = null,
            [Office] = null,
        };
        foreach (var (who, group) in expected)
        {
            var answer = PageRules.Sign(Empty, new SignPage(Operation(1), Seen(Empty)), who, 0, isToCome: false, At);

            Assert.Equal(group is null ? "forbidden" : null, answer.Refusal?.Code);
            Assert.Equal(group, answer.Value?.Signatures[0].For);
        }
    }

    [Fact]
    public void S1_every_dimension_that_is_newer_or_was_never_there_makes_a_signature_stale()
    {
        var page = Marked(Written(Written(Empty, "words"), "school-day"));
        var good = Seen(page, 3);

        void Stale(SeenVersions seen, params string[] newer) =>
            Assert.Equal(newer, Assert.IsType<Stale>(PageRules.Sign(page, new SignPage(Operation(1), seen), Mother, 3, isToCome: false, At).Refusal).Newer);

        foreach (var rule in BookSections.OfPage)
        {
            Stale(good with { Sections = good.Sections.SetItem(rule.Section, good.Sections.GetValueOrDefault(rule.Section) + 1) }, rule.Section);
            if (good.Sections.ContainsKey(rule.Section))
                Stale(good with { Sections = good.Sections.Remove(rule.Section) }, rule.Section);
        }

        Stale(good with { Entries = 0 }, "entries");
        Stale(good with { Entries = 2 }, "entries");
        Stale(good with { Sheet = 2 }, "sheet");
        Stale(good with { Sheet = 4 }, "sheet");
        Stale(good with { Sections = good.Sections.Add("homework", 1) }, "homework");
        Stale(new SeenVersions(ImmutableSortedDictionary<string, int>.Empty, 0, 0), "school-day", "words", "entries", "sheet");
        Assert.True(PageRules.Sign(page, new SignPage(Operation(1), good with { Sections = good.Sections.Add("answer", 0).Add("homework", 0) }), Mother, 3, isToCome: false, At).IsDone);
    }

    [Fact]
    public void S1_ticks_are_the_familys_own_doing_and_make_nothing_stale()
    {
        var seen = Seen(Empty);
        var page = PageRules.Tick(Empty, "item", ticked: true, Child, ["item"], At).Value!;

        Assert.True(PageRules.Sign(page, new SignPage(Operation(1), seen), Mother, 0, isToCome: false, At).IsDone);
    }

    [Fact]
    public void A_signature_holds_what_was_compared_and_nothing_else_that_was_sent_along()
    {
        var page = Written(Empty, "words");
        var seen = Seen(page, 5);
        seen = seen with { Sections = seen.Sections.Add("answer", 0).Add("homework", 0) };

        var signature = PageRules.Sign(page, new SignPage(Operation(1), seen), Mother, 5, isToCome: false, At).Value!.Signatures[0];

        Assert.Equal([new("words", 1)], signature.Seen.Sections);
        Assert.Same(StringComparer.Ordinal, signature.Seen.Sections.KeyComparer);
        Assert.Equal((0, 5, Operation(1), At), (signature.Seen.Entries, signature.Seen.Sheet, signature.Id, signature.At));
    }

    [Fact]
    public void One_signs_again_only_when_there_is_something_newer_and_others_of_the_group_may_sign_too()
    {
        var page = Signed(Empty, Mother);

        Assert.Equal("signed-already", PageRules.Sign(page, new SignPage(Operation(2), Seen(page)), Mother, 0, isToCome: false, At).Refusal?.Code);
        page = Signed(page, Father, 3);
        page = Signed(page, Mother, 4, sheet: 1);
        page = Signed(Marked(page), Mother, 5, sheet: 1);
        Assert.Equal([Mother, Father, Mother, Mother], page.Signatures.Select(signature => signature.By));
        Assert.Equal<SignedFor>([new(Writer.Guardian, 1, At)], Sealing.Standing(page.Signatures));
    }

    [Fact]
    public void Nobody_signs_a_day_that_is_still_to_come() =>
        Assert.Equal("not-today", PageRules.Sign(Empty, new SignPage(Operation(1), Seen(Empty)), Mother, 0, isToCome: true, At).Refusal?.Code);

    [Fact]
    public void Signatures_are_bounded_and_nobody_uses_up_what_the_others_need()
    {
        var page = Empty;
        for (var i = 0; i < PageLimits.MostSignaturesOfOne; i++)
            page = Withdraw(Signed(page, Mother, i), Mother, operation: 100 + i).Value!;

        Assert.Equal("too-many-signatures", PageRules.Sign(page, new SignPage(Operation(99), Seen(page)), Mother, 0, isToCome: false, At).Refusal?.Code);
        Assert.True(PageRules.Sign(page, new SignPage(Operation(99), Seen(page)), Father, 0, isToCome: false, At).IsDone);

        page = page with { Signatures = [.. Enumerable.Repeat(page.Signatures[0] with { By = Office }, PageLimits.MostSignatures)] };
        Assert.Equal("too-many-signatures", PageRules.Sign(page, new SignPage(Operation(99), Seen(page)), Father, 0, isToCome: false, At).Refusal?.Code);
    }

    [Fact]
    public void S3_a_withdrawal_takes_back_all_that_this_person_signed_and_keeps_reason_and_time()
    {
        var page = Signed(Marked(Signed(Signed(Empty, Mother), Father, 2)), Mother, 3);

        var after = Withdraw(page, Mother).Value!;

        Assert.Equal([true, false, true], after.Signatures.Select(signature => signature.Withdrawn is not null));
        Assert.Equal(new Withdrawal(At.AddHours(1), "写错了"), after.Signatures[0].Withdrawn);
        Assert.Same(after, Withdraw(after, Mother).Value);
        Assert.Equal("not-signed", Withdraw(after, Mother, operation: 10).Refusal?.Code);
        Assert.Equal("not-signed", Withdraw(after, Child, operation: 10).Refusal?.Code);
        Assert.True(after.Signatures.HasSigned(Writer.Guardian));
        Assert.False(Withdraw(after, Father, operation: 11).Value!.Signatures.HasSigned(Writer.Guardian));
    }

    [Theory]
    [InlineData(null, "required")]
    [InlineData("  ", "required")]
    [InlineData("501", "too-long")]
    [InlineData("500", null)]
    public void A_withdrawal_says_why(string? reason, string? problem)
    {
        var text = int.TryParse(reason, out var length) ? new string('错', length) : reason!;

        Assert.Equal(problem is null ? null : Invalid.Field("reason", problem).Problems, (Withdraw(Signed(Empty, Mother), Mother, text).Refusal as Invalid)?.Problems);
    }

    [Fact]
    public void C1_a_withdrawal_whose_answer_was_lost_does_not_take_back_what_was_signed_since()
    {
        var page = Withdraw(Signed(Empty, Mother), Mother).Value!;
        page = Signed(page, Mother, 2);

        Assert.Same(page, Withdraw(page, Mother).Value);
        Assert.True(page.Signatures.HasSigned(Writer.Guardian));
    }

    [Fact]
    public void An_addendum_is_dated_named_and_counts_as_an_entry()
    {
        var page = Signed(Empty, ClassTeacher);

        var after = Add(page, SubjectTeacher, "results", "口算全对。").Value!;

        Assert.Equal(new Addendum(Operation(7), "results", "口算全对。", SubjectTeacher, At), Assert.Single(after.Addenda));
        Assert.Equal(1, after.Entries);
        Assert.Same(after, Add(after, SubjectTeacher, "results", "口算全对。").Value);
    }

    [Fact]
    public void An_addendum_is_refused_with_all_that_is_wrong_with_it()
    {
        var page = Signed(Empty, Mother);

        Assert.Equal<FieldProblem>([new("section", "unknown"), new("text", "required")], Assert.IsType<Invalid>(Add(page, Mother, "homework", " ").Refusal).Problems);
        Assert.Equal<FieldProblem>([new("text", "too-long")], Assert.IsType<Invalid>(Add(page, Mother, "words", new string('长', PageLimits.LongestAddendum + 1)).Refusal).Problems);
        Assert.Equal("forbidden", Add(page, ClassTeacher, "words").Refusal?.Code);
        Assert.Equal("forbidden", Add(page, Reader, "words").Refusal?.Code);
        Assert.Equal("not-sealed", Add(Empty, Mother, "words").Refusal?.Code);
        for (var i = 0; i < PageLimits.MostAddenda; i++)
            page = Add(page, Father, "words", operation: 100 + i).Value!;
        Assert.Equal("too-many-addenda", Add(page, Mother, "words").Refusal?.Code);
    }

    [Fact]
    public void Teachers_mark_and_only_what_changes_is_new()
    {
        foreach (var who in Everybody)
            Assert.Equal(who.Role.AsWriter() is Writer.Teacher ? null : "forbidden", PageRules.SetMarks(Empty, [new SetMark("lunch", MarkLevel.Good)], who, At).Refusal?.Code);

        var page = PageRules.SetMarks(Empty, [new("wellbeing", MarkLevel.Fair), new("attention", MarkLevel.Good), new("lunch", null)], ClassTeacher, At).Value!;
        Assert.Equal<QuickMark>([new("attention", MarkLevel.Good, ClassTeacher, At), new("wellbeing", MarkLevel.Fair, ClassTeacher, At)], page.Marks);

        var later = PageRules.SetMarks(page, [new("attention", MarkLevel.Good), new("wellbeing", MarkLevel.Care)], SubjectTeacher, At.AddHours(1)).Value!;
        Assert.Equal([ClassTeacher, SubjectTeacher], later.Marks.Select(mark => mark.By));
        Assert.Equal((1, 2), (page.Entries, later.Entries));
        Assert.Same(later, PageRules.SetMarks(later, [new("attention", MarkLevel.Good), new("conduct", null)], SubjectTeacher, At).Value);
        Assert.Equal(["attention"], Marked(later, "wellbeing", null).Marks.Select(mark => mark.Mark));
    }

    [Fact]
    public void Marks_that_nobody_knows_are_refused()
    {
        static string? Problem(params SetMark[] marks) => (PageRules.SetMarks(Empty, [.. marks], ClassTeacher, At).Refusal as Invalid)?.Problems.Single().Code;

        Assert.Equal("required", Problem());
        Assert.Equal("unknown", Problem(new SetMark("lunch", MarkLevel.Good), new SetMark("homework-in-time", MarkLevel.Good)));
        Assert.Equal("unknown", Problem(new SetMark(null!, MarkLevel.Good)));
        Assert.Equal("unknown", Problem(null!, new SetMark("lunch", MarkLevel.Good)));
        Assert.Equal("unknown", Problem(new SetMark("lunch", (MarkLevel)7)));
    }

    [Fact]
    public void C1_marks_that_are_set_already_are_done_also_after_the_seal()
    {
        var page = Signed(Marked(Empty), ClassTeacher);

        Assert.Same(page, Marked(page));
        Assert.Equal(TextCodes.Sealed, PageRules.SetMarks(page, [new SetMark("lunch", null)], ClassTeacher, At).Refusal?.Code);
        Assert.True(PageRules.SetMarks(Signed(Marked(Empty), Mother), [new SetMark("lunch", null)], ClassTeacher, At).IsDone);
    }

    [Fact]
    public void The_family_ticks_what_is_on_the_sheet_and_takes_ticks_away_also_of_what_is_not_there_any_more()
    {
        foreach (var who in Everybody)
            Assert.Equal(who.Role is ParticipantRole.Guardian or ParticipantRole.Student ? null : "forbidden", PageRules.Tick(Empty, "a", ticked: true, who, ["a"], At).Refusal?.Code);

        Assert.IsType<NotFound>(PageRules.Tick(Empty, "b", ticked: true, Mother, ["a"], At).Refusal);
        var page = PageRules.Tick(Empty, "a", ticked: true, Child, ["a"], At).Value!;
        Assert.Equal<ItemTick>([new("a", Child, At)], page.Ticks);
        Assert.Same(page, PageRules.Tick(page, "a", ticked: true, Mother, [], At.AddHours(1)).Value);
        Assert.Empty(PageRules.Tick(page, "a", ticked: false, Mother, [], At).Value!.Ticks);
        Assert.Same(Empty, PageRules.Tick(Empty, "a", ticked: false, Mother, [], At).Value);
    }

    [Fact]
    public void C1_a_phone_that_comes_back_late_undoes_nothing_that_others_have_decided_since()
    {
        static BookPageState Tick(BookPageState page, Participant by, bool ticked, int operation) =>
            PageRules.Once(page, Operation(operation), () => PageRules.Tick(page, "a", ticked, by, ["a"], At)).Value!;

        var page = Tick(Tick(Tick(Empty, Mother, true, 1), Child, true, 2), Father, false, 3);
        Assert.Empty(page.Ticks);
        Assert.Same(page, Tick(page, Mother, true, 1));
        // The child's changed nothing at first. Now it would.
        Assert.Same(page, Tick(page, Child, true, 2));
        Assert.Single(Tick(page, Mother, true, 4).Ticks);

        static BookPageState Mark(BookPageState page, MarkLevel? level, int operation) =>
            PageRules.Once(page, Operation(operation), () => PageRules.SetMarks(page, [new SetMark("lunch", level)], ClassTeacher, At)).Value!;

        var marked = Mark(Mark(Empty, MarkLevel.Good, 1), MarkLevel.Care, 2);
        Assert.Same(marked, Mark(marked, MarkLevel.Good, 1));
    }

    [Fact]
    public void C1_so_many_operations_are_remembered_the_newest_and_refused_ones_never()
    {
        var page = Empty;
        for (var i = 0; i <= PageLimits.MostRemembered; i++)
            page = PageRules.Once(page, Operation(i + 1), () => PageRules.Tick(page, "a", ticked: i % 2 == 0, Mother, ["a"], At)).Value!;

        Assert.Equal(Enumerable.Range(2, PageLimits.MostRemembered).Select(Operation), page.Operations);
        Assert.Equal("forbidden", PageRules.Once(page, Operation(99), () => PageRules.Tick(page, "a", ticked: true, Office, ["a"], At)).Refusal?.Code);
        Assert.True(PageRules.Once(page, Operation(99), () => PageRules.Tick(page, "a", ticked: false, Mother, ["a"], At)).Value!.Ticks.IsEmpty);
        var unnamed = PageRules.Once(page, Guid.Empty, () => PageRules.Tick(page, "a", ticked: false, Mother, ["a"], At)).Value!;
        Assert.Equal(page.Operations, unnamed.Operations);
    }

    [Fact]
    public void S3_who_may_no_longer_sign_opens_nothing_and_one_withdraws_for_the_group_that_one_signs_for_now()
    {
        var page = Signed(Empty, Mother);

        Assert.Equal("forbidden", Withdraw(page, Mother with { Role = ParticipantRole.ReadingGuardian }).Refusal?.Code);
        Assert.Equal("not-signed", Withdraw(page, Mother with { Role = ParticipantRole.ClassTeacher }).Refusal?.Code);
        Assert.True(page.Signatures.HasSigned(Writer.Guardian));
    }

    [Fact]
    public void A_page_that_a_guardian_has_signed_is_not_reminded_of_and_no_page_is_twice()
    {
        var page = PageRules.Remind(Signed(Empty, ClassTeacher), At)!;

        Assert.Equal(At, page.RemindedAt);
        Assert.Same(page, PageRules.Remind(page, At.AddHours(1)));
        Assert.Null(PageRules.Remind(Signed(page, Father, 2), At));
        Assert.NotNull(PageRules.Remind(Withdraw(Signed(page, Father, 2), Father).Value!, At));
    }

    private abstract record Play
    {
        public sealed record Write(string Section, int Who) : Play;

        public sealed record Mark(string What, MarkLevel? Level, int Who) : Play;

        public sealed record Look(int Who) : Play;

        public sealed record Sign(int Who) : Play;

        public sealed record Withdraw(int Who) : Play;

        public sealed record Add(string Section, int Who) : Play;

        public sealed record Sheet : Play;
    }

    private static readonly Gen<int> Who = Gen.Int[0, Everybody.Length - 1];
    private static readonly Gen<string> ASection = Gen.OneOfConst([.. BookSections.OfPage.Select(rule => rule.Section)]);

    private static readonly Gen<Play[]> Plays = Gen.Frequency(
        (6, Gen.Select(ASection, Who, (section, who) => (Play)new Play.Write(section, who))),
        (2, Gen.Select(Gen.OneOfConst("lunch", "conduct"), Gen.OneOfConst<MarkLevel?>(MarkLevel.Good, MarkLevel.Care, null), Who, (what, level, who) => (Play)new Play.Mark(what, level, who))),
        (4, Who.Select(who => (Play)new Play.Look(who))),
        (5, Who.Select(who => (Play)new Play.Sign(who))),
        (2, Who.Select(who => (Play)new Play.Withdraw(who))),
        (2, Gen.Select(ASection, Who, (section, who) => (Play)new Play.Add(section, who))),
        (1, Gen.Const((Play)new Play.Sheet()))).Array[1, 40];

    /// <summary>Everything that there is to read, as somebody reads it.</summary>
    private static string Content(BookPageState page, int sheet) => string.Join(
        " | ",
        BookSections.OfPage.Select(rule => page.Section(rule.Section).Text)
            .Append(string.Join(',', page.Marks.Select(mark => $"{mark.Mark}:{mark.Level}")))
            .Append(string.Join(',', page.Addenda.Select(addendum => addendum.Text)))
            .Append($"{sheet}"));

    [Fact]
    public void S1_S2_no_signature_covers_what_its_signer_did_not_see_and_nothing_changes_in_a_closed_section() =>
        Fixed.Holds(Plays, 5_000, plays =>
        {
            var (page, sheet, operation, letters, changes) = (Empty, 0, 0, 0, 0);
            var looks = new Dictionary<int, (SeenVersions Seen, string Content, int Changes)>();
            // The model: who has signed and not taken it back, and what each could read when they looked.
            var standing = new List<(int Who, Writer For)>();
            foreach (var play in plays)
            {
                var before = page;
                switch (play)
                {
                    case Play.Write(var section, var who):
                        var rule = BookSections.OfPage.Single(rule => rule.Section == section);
                        if (!rule.MayBeWrittenBy(Everybody[who].Role))
                            break;
                        if (!page.Signatures.Closes(rule, Everybody[who].Role))
                            page = Written(page, section, $"w{letters++}");
                        var closed = ClosedBy[(section, Everybody[who].Role.AsWriter()!.Value)].Intersect(standing.Select(one => one.For)).Any();
                        Assert.Equal(closed, before.Section(section) == page.Section(section));
                        break;
                    case Play.Mark(var what, var level, var who):
                        page = PageRules.SetMarks(page, [new SetMark(what, level)], Everybody[who], At).Value ?? page;
                        if (standing.Any(one => one.For is Writer.Teacher))
                            Assert.Equal(before.Marks, page.Marks);
                        break;
                    case Play.Look(var who):
                        looks[who] = (Seen(page, sheet), Content(page, sheet), changes);
                        break;
                    case Play.Sign(var who) when looks.TryGetValue(who, out var look):
                        var answer = PageRules.Sign(page, new SignPage(Operation(++operation), look.Seen), Everybody[who], sheet, isToCome: false, At);
                        if (answer.Value is { } signed)
                        {
                            Assert.Equal((Content(page, sheet), changes), (look.Content, look.Changes));
                            Assert.Same(signed, PageRules.Sign(signed, new SignPage(Operation(operation), look.Seen), Everybody[who], sheet + 1, isToCome: false, At).Value);
                            standing.Add((who, Everybody[who].Role.SignsFor()!.Value));
                            page = signed;
                        }
                        else if (answer.Refusal is Stale)
                        {
                            // A mark that was set and taken away again is something that happened, too.
                            Assert.True(changes > look.Changes);
                        }

                        break;
                    case Play.Withdraw(var who):
                        page = Withdraw(page, Everybody[who], operation: ++operation).Value ?? page;
                        standing.RemoveAll(one => one.Who == who);
                        break;
                    case Play.Add(var section, var who):
                        page = Add(page, Everybody[who], section, $"a{letters++}", ++operation).Value ?? page;
                        break;
                    case Play.Sheet:
                        sheet++;
                        break;
                }

                if (Content(before, 0) != Content(page, 0) || play is Play.Sheet)
                    changes++;
                Assert.Equal(
                    standing.Select(one => one.For).Distinct().Order(), Sealing.Standing(page.Signatures).Select(one => one.For));
                Assert.True(page.Entries >= before.Entries && page.Signatures.Length >= before.Signatures.Length && page.Addenda.Length >= before.Addenda.Length);
            }
        });
}
