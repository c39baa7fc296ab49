using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.People;

namespace SchoolHome.Tests.Rules.ContactBook;

public sealed class SheetRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Operation = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly SheetAuthor ClassTeacher = Author(ParticipantRole.ClassTeacher, "陈老师", "数学");
    private static readonly SheetAuthor Counsellor = Author(ParticipantRole.Counsellor, "方老师");
    private static readonly SheetAuthor English = Author(ParticipantRole.SubjectTeacher, "吕老师", "英语", "品德");
    private static readonly NewSheetItem Sums = new(SheetItemKind.Homework, "数学", "练习册第42页");
    private static readonly NewSheetItem Reading = new(SheetItemKind.Homework, "英语", "朗读三遍");
    private static readonly NewSheetItem Shoes = new(SheetItemKind.Notices, null, "明天穿运动鞋");
    private static readonly NewSheetItem Pens = new(SheetItemKind.Bring, null, "彩笔");
    private static readonly NewSheetItem Outing = new(SheetItemKind.Fees, null, "秋游 35 元");

    private static SheetAuthor Author(ParticipantRole role, string name, params string[] subjects) => new(new Participant(name, name, role, null), [.. subjects]);

    private static string Id(int at) => string.Create(CultureInfo.InvariantCulture, $"{Operation:N}-{at}");

    private static SheetContent With(params NewSheetItem[] items) => SheetRules.Add(SheetContent.Empty, Operation, [.. items], ClassTeacher, Now).Value!;

    private static Answer<SheetContent> Add(SheetContent content, SheetAuthor by, params NewSheetItem[] items) => SheetRules.Add(content, Guid.NewGuid(), [.. items], by, Now);

    private static Answer<SheetContent> Change(SheetContent content, string item, int version, string? subject, string text, SheetAuthor? by = null) =>
        SheetRules.Change(content, new ChangeSheetItem(item, version, subject, text), by ?? ClassTeacher, Now.AddMinutes(version), wasSeen: true);

    private static SheetContent Done(Answer<SheetContent> answer) => Assert.IsType<SheetContent>(answer.Value);

    [Fact]
    public void Items_are_added_with_ids_of_their_operation_and_one_version()
    {
        var content = With(Sums, Shoes);

        Assert.Equal(1, content.Version);
        Assert.Equal([Id(0), Id(1)], content.Items.Select(item => item.Item));
        Assert.All(content.Items, item => Assert.Equal((ClassTeacher.Who, Now, 1, 1, false), (item.By, item.At, item.Version, item.Added, item.IsRemoved)));
        Assert.Equal((SheetItemKind.Homework, "数学", "练习册第42页"), (content.Items[0].Kind, content.Items[0].Subject, content.Items[0].Text));
        Assert.Equal<string>([Id(0), Id(1)], SheetRules.AddedBy(content, Operation));
    }

    [Fact]
    public void C1_an_operation_adds_its_items_once_also_when_they_were_taken_off_or_changed_since()
    {
        var content = Done(SheetRules.Remove(With(Sums, Shoes), Id(0), ClassTeacher, Now));

        Assert.Same(content, SheetRules.Add(content, Operation, [Pens], ClassTeacher, Now).Value);
        Assert.Equal<string>([Id(0), Id(1)], SheetRules.AddedBy(content, Operation));
        Assert.Empty(SheetRules.AddedBy(content, Guid.NewGuid()));
    }

    [Fact]
    public void Blanks_around_and_carriage_returns_are_not_kept_and_a_subject_of_blanks_is_none()
    {
        var item = With(new NewSheetItem(SheetItemKind.Notices, "  ", " 一\r\n二\r三 \n")).Items.Single();

        Assert.Equal((null, "一\n二\n三"), (item.Subject, item.Text));
        Assert.Equal("数学", With(Sums with { Subject = " 数学 " }).Items.Single().Subject);
    }

    [Fact]
    public void All_that_is_wrong_with_items_is_told_at_once()
    {
        ImmutableArray<NewSheetItem> items =
        [
            new(SheetItemKind.Homework, null, " "),
            new(SheetItemKind.Homework, new string('语', SheetLimits.LongestSubject + 1), new string('字', SheetLimits.LongestText + 1)),
            new(SheetItemKind.Homework, new string('语', SheetLimits.LongestSubject), new string('字', SheetLimits.LongestText)),
        ];

        var refusal = Assert.IsType<Invalid>(SheetRules.Add(SheetContent.Empty, Operation, items, ClassTeacher, Now).Refusal);

        Assert.Equal<FieldProblem>(
            [new("items[0].text", "required"), new("items[0].subject", "required"), new("items[1].text", "too-long"), new("items[1].subject", "too-long")], refusal.Problems);
    }

    [Fact]
    public void A_command_has_at_least_one_item_and_at_most_thirty()
    {
        Assert.Equal<FieldProblem>([new("items", "required")], Assert.IsType<Invalid>(Add(SheetContent.Empty, ClassTeacher).Refusal).Problems);
        Assert.Equal<FieldProblem>([new("items", "required")], Assert.IsType<Invalid>(SheetRules.Add(SheetContent.Empty, Operation, default, ClassTeacher, Now).Refusal).Problems);
        Assert.True(Add(SheetContent.Empty, ClassTeacher, [.. Enumerable.Repeat(Sums, SheetLimits.MostItemsAtOnce)]).IsDone);
        Assert.Equal<FieldProblem>(
            [new("items", "too-many")], Assert.IsType<Invalid>(Add(SheetContent.Empty, ClassTeacher, [.. Enumerable.Repeat(Sums, SheetLimits.MostItemsAtOnce + 1)]).Refusal).Problems);
    }

    [Fact]
    public void A_sheet_is_full_at_its_limit_and_what_was_taken_off_counts()
    {
        var content = SheetContent.Empty;
        for (var i = 0; i < SheetLimits.MostItems; i++)
            content = Done(Add(content, ClassTeacher, Sums));
        content = Done(SheetRules.Remove(content, content.Items[0].Item, ClassTeacher, Now));

        Assert.Equal(new Conflict("too-many-items"), Add(content, ClassTeacher, Sums).Refusal);
        Assert.Equal(SheetLimits.MostItems + 1, SheetRules.Take(content, [new ReleasedItem("draft-0", Sums, ClassTeacher.Who)], Now).Items.Length);
    }

    public static TheoryData<ParticipantRole, SheetItemKind, string?, bool> Rights
    {
        get
        {
            var all = new TheoryData<ParticipantRole, SheetItemKind, string?, bool>();
            foreach (var role in Enum.GetValues<ParticipantRole>())
            {
                foreach (var kind in Enum.GetValues<SheetItemKind>())
                {
                    foreach (var subject in new[] { "英语", "数学", null })
                    {
                        var inCharge = role is ParticipantRole.ClassTeacher or ParticipantRole.Counsellor;
                        all.Add(role, kind, subject, inCharge || (role is ParticipantRole.SubjectTeacher && kind is not SheetItemKind.Fees && subject == "英语"));
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public void Who_is_in_charge_writes_everything_a_subject_teacher_their_subjects_and_families_nothing(ParticipantRole role, SheetItemKind kind, string? subject, bool may)
    {
        var by = Author(role, "某人", "英语");
        var isTeacher = role.AsWriter() is Writer.Teacher;
        var item = new NewSheetItem(kind, subject, "内容");

        var added = Add(SheetContent.Empty, by, item);

        if (subject is null && kind is SheetItemKind.Homework && isTeacher)
            Assert.Contains(new FieldProblem("items[0].subject", "required"), Assert.IsType<Invalid>(added.Refusal).Problems);
        else if (may)
            Assert.Equal(by.Who, Done(added).Items.Single().By);
        else if (isTeacher)
            Assert.Equal<FieldProblem>([new(kind is SheetItemKind.Fees ? "items[0].kind" : "items[0].subject", "not-yours")], Assert.IsType<Invalid>(added.Refusal).Problems);
        else
            Assert.Equal(new Forbidden("forbidden"), added.Refusal);

        var content = With(item with { Subject = subject ?? (kind is SheetItemKind.Homework ? "数学" : null) });
        var removed = Done(SheetRules.Remove(content, Id(0), ClassTeacher, Now));
        Refusal? expected = may ? null : new Forbidden("forbidden");
        Assert.Equal(expected, Change(content, Id(0), 1, content.Items[0].Subject, "别的", by).Refusal);
        Assert.Equal(expected, SheetRules.Remove(content, Id(0), by, Now).Refusal);
        Assert.Equal(expected, SheetRules.Restore(removed, Id(0), by, Now).Refusal);
    }

    [Fact]
    public void A_subject_teacher_changes_an_item_neither_from_nor_to_anothers_subject()
    {
        var content = With(Sums, Reading);

        Assert.Equal(new Forbidden("forbidden"), Change(content, Id(0), 1, "英语", "抢过来", English).Refusal);
        Assert.Equal<FieldProblem>([new("subject", "not-yours")], Assert.IsType<Invalid>(Change(content, Id(1), 1, "数学", "推过去", English).Refusal).Problems);
        Assert.Equal("品德", Done(Change(content, Id(1), 1, "品德", "自己的另一科", English)).Items[1].Subject);
    }

    [Fact]
    public void D3_a_change_is_a_new_version_and_what_it_said_before_stays_to_be_seen()
    {
        var first = With(Sums, Reading);
        var second = Done(Change(first, Id(0), 1, "数学", "练习册第43页", Counsellor));
        var third = Done(Change(second, Id(0), 2, "品德", "练习册第44页"));

        var item = third.Items[0];
        Assert.Equal((3, 1, 3), (item.Version, item.Added, third.Version));
        Assert.Equal(("品德", "练习册第44页", ClassTeacher.Who), (item.Subject, item.Text, item.By));
        Assert.Equal<EarlierSheetItem>(
            [new("数学", "练习册第42页", ClassTeacher.Who, Now, 1), new("数学", "练习册第43页", Counsellor.Who, Now.AddMinutes(1), 2)], item.Earlier);
        Assert.Same(first.Items[1], third.Items[1]);
        Assert.Equal([Id(0)], third.Touched().Select(one => one.Item));
    }

    [Fact]
    public void A_draft_keeps_no_earlier_text_for_no_family_has_seen_it()
    {
        var changed = Done(SheetRules.Change(With(Sums), new ChangeSheetItem(Id(0), 1, "数学", "别的"), ClassTeacher, Now, wasSeen: false));

        Assert.Empty(changed.Items.Single().Earlier);
    }

    [Fact]
    public void A_change_to_what_is_there_already_is_done_already_and_any_other_of_an_older_version_is_stale()
    {
        var content = Done(Change(With(Sums), Id(0), 1, "数学", "新的"));

        Assert.Same(content, Change(content, Id(0), 1, "数学", " 新的 ").Value);
        Assert.Equal<string>([Id(0)], Assert.IsType<Stale>(Change(content, Id(0), 1, "数学", "又一个").Refusal).Newer);
        Assert.Equal<string>([Id(0)], Assert.IsType<Stale>(Change(content, Id(0), 3, "数学", "未来的").Refusal).Newer);
        Assert.True(Change(content, Id(0), 2, "数学", "又一个").IsDone);
    }

    [Fact]
    public void A_change_says_all_that_is_wrong_with_it()
    {
        var content = With(Sums);

        Assert.Equal<FieldProblem>([new("text", "required"), new("subject", "required")], Assert.IsType<Invalid>(Change(content, Id(0), 1, " ", "").Refusal).Problems);
        Assert.Equal<FieldProblem>([new("text", "too-long")], Assert.IsType<Invalid>(Change(content, Id(0), 1, "数学", new string('字', SheetLimits.LongestText + 1)).Refusal).Problems);
    }

    [Fact]
    public void What_is_not_there_is_not_found_and_what_was_taken_off_is_not_changed()
    {
        var content = Done(SheetRules.Remove(With(Sums), Id(0), ClassTeacher, Now));

        Assert.Equal(new NotFound(), Change(content, Id(1), 1, "数学", "无").Refusal);
        Assert.Equal(new NotFound(), SheetRules.Remove(content, Id(1), ClassTeacher, Now).Refusal);
        Assert.Equal(new NotFound(), SheetRules.Restore(content, Id(1), ClassTeacher, Now).Refusal);
        Assert.Equal(new Conflict("item-removed"), Change(content, Id(0), 2, "数学", "改").Refusal);
        Assert.Equal(new Conflict("item-removed"), Change(content, Id(0), 2, "数学", "练习册第42页").Refusal);
    }

    [Fact]
    public void An_item_is_changed_so_often_and_no_more_but_it_can_still_be_taken_off()
    {
        var content = With(Sums);
        for (var i = 1; i <= SheetLimits.MostChanges; i++)
            content = Done(Change(content, Id(0), i, "数学", string.Create(CultureInfo.InvariantCulture, $"第{i}次")));

        Assert.Equal(new Conflict("too-many-changes"), Change(content, Id(0), content.Version, "数学", "再一次").Refusal);
        Assert.True(Done(SheetRules.Remove(content, Id(0), ClassTeacher, Now)).Items.Single().IsRemoved);
    }

    [Fact]
    public void An_item_that_is_taken_off_and_put_back_stays_to_be_seen_says_who_wrote_it_and_does_not_grow_by_that()
    {
        var content = With(Sums);
        for (var i = 0; i < 50; i++)
        {
            var removed = Done(SheetRules.Remove(content, Id(0), Counsellor, Now.AddHours(1)));
            Assert.Equal((true, "练习册第42页", Counsellor.Who), (removed.Items.Single().IsRemoved, removed.Items.Single().Text, removed.Items.Single().By));
            Assert.Same(removed, SheetRules.Remove(removed, Id(0), ClassTeacher, Now).Value);

            content = Done(SheetRules.Restore(removed, Id(0), Counsellor, Now.AddHours(2)));
            Assert.Equal((false, removed.Version + 1), (content.Items.Single().IsRemoved, content.Items.Single().Version));
            Assert.Same(content, SheetRules.Restore(content, Id(0), ClassTeacher, Now).Value);
        }

        Assert.Equal<EarlierSheetItem>([new("数学", "练习册第42页", ClassTeacher.Who, Now, 1)], content.Items.Single().Earlier);
        Assert.Equal(
            [("练习册第42页", ClassTeacher.Who)], Done(Change(content, Id(0), content.Version, "数学", "别的")).Items.Single().Earlier.Select(earlier => (earlier.Text, earlier.By)));
    }

    [Fact]
    public void Released_items_are_taken_once_whatever_became_of_them_since()
    {
        ImmutableArray<ReleasedItem> first = [new("draft-0", Sums, ClassTeacher.Who), new("draft-1", Shoes, English.Who)];
        var content = SheetRules.Take(With(Pens), first, Now.AddHours(1));

        Assert.Equal(2, content.Version);
        Assert.Equal((English.Who, Now.AddHours(1), 2, 2), (content.Items[2].By, content.Items[2].At, content.Items[2].Version, content.Items[2].Added));

        content = Done(SheetRules.Remove(content, "draft-0", ClassTeacher, Now));
        Assert.Same(content, SheetRules.Take(content, first, Now));
        var more = SheetRules.Take(content, [.. first, new ReleasedItem("draft-2", Outing, ClassTeacher.Who), new ReleasedItem("draft-2", Outing, ClassTeacher.Who)], Now);
        Assert.Equal(["draft-2"], more.Touched().Select(item => item.Item));
        Assert.True(more.Find("draft-0")!.IsRemoved);
    }

    [Fact]
    public void The_day_is_told_which_kinds_are_left_which_old_texts_there_are_and_what_can_be_ticked()
    {
        var content = With(Outing, Pens, Shoes, Sums, Reading);

        Assert.Equal<string>(["homework", "notices", "bring", "fees"], SheetRules.DayOf(content, []).Filled);
        Assert.Equal((1, 3), (SheetRules.DayOf(content, []).Version, SheetRules.DayOf(content, []).Tickable));
        Assert.Equal<string>([Id(3), Id(4), Id(1)], content.Tickable());
        Assert.Equal([Id(3), Id(4), Id(2), Id(1), Id(0)], content.InReadingOrder().Select(item => item.Item));

        var less = Done(SheetRules.Remove(Done(SheetRules.Remove(content, Id(1), ClassTeacher, Now)), Id(3), ClassTeacher, Now));
        Assert.Equal<string>(["homework", "notices", "fees"], SheetRules.DayOf(less, []).Filled);
        Assert.Equal(1, SheetRules.DayOf(less, []).Tickable);
        Assert.Equal<string>(["homework", "fees"], SheetRules.DayOf(SheetContent.Empty, ["fees", "homework"]).Filled);
    }

    /// <summary>Whatever is commanded in whatever order, a sheet is what a simple list of texts would be, its version counts its changes, and nothing that a family may have seen is gone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_play_against_a_simple_model(int seed)
    {
        var random = new Random(seed);
        var content = SheetContent.Empty;
        var model = new Dictionary<string, (string? Subject, string Text, bool Removed)>(StringComparer.Ordinal);
        var seen = new HashSet<(string Item, string Text)>();
        var operations = new List<Guid>();
        SheetAuthor[] authors = [ClassTeacher, Counsellor, English, Author(ParticipantRole.Guardian, "李梅")];
        for (var step = 0; step < 3_000; step++)
        {
            var by = authors[random.Next(authors.Length)];
            var item = model.Count > 0 && random.Next(10) > 0 ? model.Keys.ElementAt(random.Next(model.Count)) : "none";
            var subject = random.Next(3) switch { 0 => "英语", 1 => "数学", _ => "品德" };
            var text = string.Create(CultureInfo.InvariantCulture, $"{random.Next(5)}");
            var before = content;
            var operation = operations.Count > 0 && random.Next(4) == 0 ? operations[random.Next(operations.Count)] : Guid.NewGuid();
            var answer = random.Next(5) switch
            {
                0 => SheetRules.Add(content, operation, [.. Enumerable.Repeat(new NewSheetItem(SheetItemKind.Homework, subject, text), random.Next(3))], by, Now),
                1 => SheetRules.Remove(content, item, by, Now),
                2 => SheetRules.Restore(content, item, by, Now),
                _ => Change(content, item, content.Find(item)?.Version - (random.Next(4) == 0 ? 1 : 0) ?? 0, subject, text, by),
            };
            if (answer.Value is not { } after)
                continue;

            Assert.NotEqual(ParticipantRole.Guardian, by.Who.Role);
            Assert.Equal(ReferenceEquals(after, before) ? before.Version : before.Version + 1, after.Version);
            foreach (var touched in ReferenceEquals(after, before) ? [] : after.Touched())
            {
                Assert.True(by != English || touched.Subject is "英语" or "品德");
                model[touched.Item] = (touched.Subject, touched.Text, touched.IsRemoved);
                seen.Add((touched.Item, touched.Text));
            }

            operations.Add(operation);
            content = after;
        }

        Assert.Equal(model, content.Items.ToDictionary(item => item.Item, item => (item.Subject, item.Text, item.IsRemoved)));
        Assert.All(seen, one => Assert.Contains(one.Text, content.Find(one.Item)!.Earlier.Select(earlier => earlier.Text).Append(content.Find(one.Item)!.Text)));
        Assert.All(content.Items, item => Assert.True(item.Earlier.Length <= SheetLimits.MostChanges + 1 && item.Version <= content.Version && item.Added <= item.Version));
        Assert.True(content.Items.Length <= SheetLimits.MostItems && content.Items.Any(item => item.IsRemoved) && content.Items.Any(item => item.Earlier.Length > 3));
    }
}
