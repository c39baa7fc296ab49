using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.People;

namespace SchoolHome.Tests.Rules.ContactBook;

public sealed class SheetDraftRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset AtFour = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly SheetDraftId Draft = new("s01", "3-2", new DateOnly(2026, 11, 23));
    private static readonly Guid Operation = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly SheetAuthor ClassTeacher = Author(ParticipantRole.ClassTeacher, "陈老师", "数学");
    private static readonly SheetAuthor English = Author(ParticipantRole.SubjectTeacher, "吕老师", "英语");
    private static readonly NewSheetItem Sums = new(SheetItemKind.Homework, "数学", "练习册第42页");
    private static readonly NewSheetItem Reading = new(SheetItemKind.Homework, "英语", "朗读三遍");

    private static SheetAuthor Author(ParticipantRole role, string name, params string[] subjects) => new(new Participant(name, name, role, null), [.. subjects]);

    private static string Id(int at) => string.Create(CultureInfo.InvariantCulture, $"{Operation:N}-{at}");

    private static SheetDraftState With(params NewSheetItem[] items) => Done(SheetDraftRules.Add(new SheetDraftState(), Operation, [.. items], ClassTeacher, Now));

    private static SheetDraftState Done(Answer<SheetDraftState> answer) => Assert.IsType<SheetDraftState>(answer.Value);

    private static Answer<SheetDraftState> Release(SheetDraftState state, SheetAuthor by, Guid? operation = null) => SheetDraftRules.Release(state, Draft, operation ?? Guid.NewGuid(), by);

    private static Answer<SheetDraftState> Schedule(SheetDraftState state, DateTimeOffset? at, SheetAuthor by, Guid? operation = null) =>
        SheetDraftRules.Schedule(state, Draft, operation ?? Guid.NewGuid(), at, by, Now);

    private static string[] Waiting(SheetDraftState state) =>
        state.Outbox.IsEmpty ? [] : [.. Assert.IsType<DraftIs>(Assert.Single(state.Outbox, entry => entry.To == Draft.Sheet.ToString()).Fact).Items.Select(item => item.Item)];

    [Fact]
    public void What_is_released_leaves_and_the_sheet_is_told_of_it_in_the_same_record()
    {
        var state = Done(Release(Done(Schedule(With(Sums, Reading), AtFour, ClassTeacher)), ClassTeacher));

        Assert.Empty(state.Content.Items);
        Assert.Null(state.ReleaseAt);
        Assert.Equal([Id(0), Id(1)], Waiting(state));
        var fact = (DraftIs)state.Outbox.Single().Fact;
        Assert.Equal<ReleasedItem>([new(Id(0), Sums, ClassTeacher.Who), new(Id(1), Reading, ClassTeacher.Who)], fact.Items);
    }

    [Fact]
    public void A_release_tells_also_of_what_is_not_known_to_be_taken_yet()
    {
        var first = Done(Release(With(Sums), ClassTeacher));
        var more = Guid.NewGuid();
        var second = Done(Release(Done(SheetDraftRules.Add(first, more, [Reading], English, Now)), ClassTeacher));

        Assert.Equal([Id(0), $"{more:N}-0"], Waiting(second));
    }

    [Fact]
    public void C1_what_was_released_or_taken_away_does_not_come_back_by_a_repetition()
    {
        var released = Done(Release(With(Sums), ClassTeacher));
        var removed = Done(SheetDraftRules.Remove(With(Sums), Id(0), ClassTeacher));

        foreach (var state in new[] { released, removed })
        {
            Assert.Same(state, SheetDraftRules.Add(state, Operation, [Sums], ClassTeacher, Now).Value);
            Assert.Equal<string>([Id(0)], SheetDraftRules.AddedBy(state, Operation)!.Value);
        }

        Assert.Same(removed, SheetDraftRules.Remove(removed, Id(0), ClassTeacher).Value);
        // It is on the sheet by now: whoever takes it away must learn so.
        Assert.Equal(new NotFound(), SheetDraftRules.Remove(released, Id(0), ClassTeacher).Refusal);
        Assert.Equal(new NotFound(), SheetDraftRules.Change(released, new ChangeSheetItem(Id(0), 1, "数学", "改"), ClassTeacher, Now).Refusal);
    }

    [Fact]
    public void C1_a_release_or_a_schedule_given_twice_does_not_touch_what_came_in_between()
    {
        var (release, schedule) = (Guid.NewGuid(), Guid.NewGuid());
        var released = Done(SheetDraftRules.Add(Done(Release(With(Sums), ClassTeacher, release)), Guid.NewGuid(), [Reading], English, Now));
        Assert.Same(released, Release(released, ClassTeacher, release).Value);

        // Also one that said what was said already.
        var same = Done(Schedule(Done(Schedule(With(Sums), AtFour, ClassTeacher)), AtFour, English, schedule));
        same = Done(Schedule(same, AtFour.AddHours(1), ClassTeacher));
        Assert.Same(same, Schedule(same, AtFour, English, schedule).Value);

        var rescheduled = Done(Schedule(Done(Schedule(With(Sums), AtFour, ClassTeacher, schedule)), AtFour.AddHours(1), ClassTeacher));
        Assert.Same(rescheduled, Schedule(rescheduled, AtFour, ClassTeacher, schedule).Value);
        Assert.Equal(AtFour.AddHours(1), rescheduled.ReleaseAt);
    }

    [Fact]
    public void A_subject_teacher_releases_their_own_and_the_rest_keeps_its_time()
    {
        var state = Done(Schedule(With(Sums, Reading), AtFour, ClassTeacher));

        var after = Done(Release(state, English));

        Assert.Equal([Id(0)], after.Content.Items.Select(item => item.Item));
        Assert.Equal(AtFour, after.ReleaseAt);
        Assert.Equal([Id(1)], Waiting(after));
        Assert.Equal(new Forbidden("forbidden"), Release(after, English).Refusal);
        Assert.True(Release(new SheetDraftState(), English).IsDone);
    }

    [Fact]
    public void A_subject_teacher_schedules_what_is_theirs_alone()
    {
        var mine = Done(SheetDraftRules.Add(new SheetDraftState(), Operation, [Reading], English, Now));
        var both = Done(Schedule(With(Sums, Reading), AtFour, ClassTeacher));

        Assert.Equal(AtFour, Done(Schedule(mine, AtFour, English)).ReleaseAt);
        Assert.Null(Done(Schedule(Done(Schedule(mine, AtFour, English)), null, English)).ReleaseAt);
        Assert.Equal((AtFour, both.Content), (Done(Schedule(both, AtFour, English)).ReleaseAt!.Value, Done(Schedule(both, AtFour, English)).Content));
        Assert.Equal(new Forbidden("forbidden"), Schedule(both, AtFour.AddHours(1), English).Refusal);
        Assert.Equal(new Forbidden("forbidden"), Schedule(both, null, English).Refusal);
        Assert.Equal(new Forbidden("forbidden"), Schedule(both, Now, English).Refusal);
    }

    [Fact]
    public void A_time_that_has_passed_releases_at_once_and_one_to_come_when_it_has_come()
    {
        var scheduled = Done(Schedule(With(Sums), AtFour, ClassTeacher));

        Assert.Same(scheduled, SheetDraftRules.ReleaseIfDue(scheduled, Draft, AtFour.AddTicks(-1)));
        Assert.Equal([Id(0)], Waiting(SheetDraftRules.ReleaseIfDue(scheduled, Draft, AtFour)));
        Assert.Equal([Id(0)], Waiting(Done(Schedule(With(Sums), Now, ClassTeacher))));
        Assert.Null(Done(Schedule(scheduled, Now, ClassTeacher)).ReleaseAt);

        var unscheduled = Done(Schedule(scheduled, null, ClassTeacher));
        Assert.Same(unscheduled, SheetDraftRules.ReleaseIfDue(unscheduled, Draft, AtFour.AddDays(1)));
        var empty = SheetDraftRules.ReleaseIfDue(Done(Schedule(new SheetDraftState(), AtFour, English)), Draft, AtFour);
        Assert.Null(empty.ReleaseAt);
        Assert.Empty(empty.Outbox);
    }

    private static Answer<SheetDraftState> Add(SheetDraftState state, SheetAuthor by, NewSheetItem item, DateTimeOffset? releaseAt) =>
        SheetDraftRules.Add(state, Guid.NewGuid(), [item], by, Now, Draft, releaseAt);

    [Fact]
    public void Items_bring_the_time_that_their_writer_saw_where_the_draft_has_none()
    {
        var first = Done(Add(new SheetDraftState(), English, Reading, AtFour));
        Assert.Equal(AtFour, first.ReleaseAt);
        Assert.Equal(AtFour, Done(Add(first, ClassTeacher, Sums, AtFour.AddHours(1))).ReleaseAt);
        Assert.Null(Done(Add(With(Sums), English, Reading, null)).ReleaseAt);
        Assert.Equal(AtFour, Done(Add(With(Sums), ClassTeacher, Sums, AtFour)).ReleaseAt);

        // What another has left without a time is not released along.
        Assert.Equal(new Conflict("draft-without-time"), Add(With(Sums), English, Reading, AtFour).Refusal);
        Assert.Equal<FieldProblem>([new("releaseAt", "too-late")], Assert.IsType<Invalid>(Add(first, English, Reading, (Now + SheetLimits.LongestAhead).AddTicks(1)).Refusal).Problems);
    }

    [Fact]
    public void A_time_that_has_passed_meanwhile_releases_the_items_that_bring_it_and_nothing_else()
    {
        foreach (var others in new[] { With(Sums), Done(Schedule(With(Sums), AtFour, ClassTeacher)) })
        {
            var after = Done(Add(others, English, Reading, Now));

            Assert.Equal([Id(0)], after.Content.Items.Select(item => item.Item));
            Assert.Equal(others.ReleaseAt, after.ReleaseAt);
            Assert.Equal(Reading, Assert.Single(((DraftIs)after.Outbox.Single().Fact).Items).Content);
        }
    }

    [Fact]
    public void What_was_released_counts_for_the_limit_of_the_sheet_takes_it_all()
    {
        var state = new SheetDraftState();
        for (var i = 0; i < SheetLimits.MostItems; i++)
            state = Done(Release(Done(Add(state, ClassTeacher, Sums, null)), ClassTeacher));

        Assert.Equal(new Conflict("too-many-items"), Add(state, ClassTeacher, Sums, null).Refusal);
    }

    [Fact]
    public void A_draft_is_scheduled_at_most_a_month_ahead()
    {
        Assert.True(Schedule(With(Sums), Now + SheetLimits.LongestAhead, ClassTeacher).IsDone);
        Assert.Equal<FieldProblem>([new("at", "too-late")], Assert.IsType<Invalid>(Schedule(With(Sums), (Now + SheetLimits.LongestAhead).AddTicks(1), ClassTeacher).Refusal).Problems);
    }

    [Fact]
    public void A_change_keeps_no_earlier_text_and_is_stale_where_somebody_else_has_changed_it()
    {
        var state = Done(SheetDraftRules.Change(With(Sums), new ChangeSheetItem(Id(0), 1, "数学", "第43页"), ClassTeacher, Now));

        Assert.Equal(("第43页", 2, 0), (state.Content.Items[0].Text, state.Content.Items[0].Version, state.Content.Items[0].Earlier.Length));
        Assert.Same(state, SheetDraftRules.Change(state, new ChangeSheetItem(Id(0), 1, "数学", "第43页"), ClassTeacher, Now).Value);
        Assert.Equal<string>([Id(0)], Assert.IsType<Stale>(SheetDraftRules.Change(state, new ChangeSheetItem(Id(0), 1, "数学", "第44页"), ClassTeacher, Now).Refusal).Newer);
    }

    [Theory]
    [InlineData(ParticipantRole.Guardian)]
    [InlineData(ParticipantRole.ReadingGuardian)]
    [InlineData(ParticipantRole.Student)]
    [InlineData(ParticipantRole.Office)]
    public void Whoever_is_no_teacher_of_the_class_does_nothing_with_a_draft(ParticipantRole role)
    {
        var (state, by) = (With(Sums), Author(role, "某人", "数学"));

        Assert.Equal(new Forbidden("forbidden"), SheetDraftRules.Add(state, Operation, [Sums], by, Now).Refusal);
        Assert.Equal(new Forbidden("forbidden"), SheetDraftRules.Change(state, new ChangeSheetItem(Id(0), 1, "数学", "改"), by, Now).Refusal);
        Assert.Equal(new Forbidden("forbidden"), SheetDraftRules.Remove(state, Id(0), by).Refusal);
        Assert.Equal(new Forbidden("forbidden"), SheetDraftRules.Remove(state, "none", by).Refusal);
        Assert.Equal(new Forbidden("forbidden"), Schedule(state, AtFour, by).Refusal);
        Assert.Equal(new Forbidden("forbidden"), Release(state, by).Refusal);
    }

    [Fact]
    public void A_subject_teacher_neither_changes_nor_takes_away_what_is_not_theirs()
    {
        var state = With(Sums);

        Assert.Equal(new Forbidden("forbidden"), SheetDraftRules.Change(state, new ChangeSheetItem(Id(0), 1, "英语", "改"), English, Now).Refusal);
        Assert.Equal(new Forbidden("forbidden"), SheetDraftRules.Remove(state, Id(0), English).Refusal);
        Assert.Equal(new NotFound(), SheetDraftRules.Remove(state, "none", English).Refusal);
    }

    /// <summary>Of what was added, each item is in the draft, was taken away, or is told to the sheet, and never two of these; what it is told is taken once, however often it is told.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_lost_or_doubled_in_random_play(int seed)
    {
        var random = new Random(seed);
        var (toldOfAll, takenOfAll) = (0, 0);
        // A draft takes no more than a sheet holds, so many days are played.
        for (var day = 0; day < 20; day++)
        {
            var state = new SheetDraftState();
            var sheet = SheetContent.Empty;
            var (added, taken) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
            var now = Now;
            var operations = new List<Guid>();
            for (var step = 0; step < 200; step++)
            {
                now = now.AddMinutes(1);
                var by = random.Next(3) == 0 ? English : ClassTeacher;
                var operation = operations.Count > 0 && random.Next(3) == 0 ? operations[^random.Next(1, Math.Min(5, operations.Count))] : Guid.NewGuid();
                var item = state.Content.Items.IsEmpty ? "none" : state.Content.Items[random.Next(state.Content.Items.Length)].Item;
                switch (random.Next(7))
                {
                    case 0 or 1:
                        if (SheetDraftRules.Add(state, operation, [.. Enumerable.Repeat(random.Next(2) == 0 ? Sums : Reading, random.Next(1, 4))], by, now).Value is { } more)
                        {
                            added.UnionWith(SheetDraftRules.AddedBy(more, operation)!.Value);
                            state = more;
                        }

                        break;
                    case 2:
                        if (SheetDraftRules.Remove(state, item, by).Value is { } less)
                        {
                            taken.Add(item);
                            state = less;
                        }

                        break;
                    case 3:
                        state = SheetDraftRules.Release(state, Draft, operation, by).Value ?? state;
                        break;
                    case 4:
                        state = SheetDraftRules.Schedule(state, Draft, operation, random.Next(4) == 0 ? null : now.AddMinutes(random.Next(-1, 20)), by, now).Value ?? state;
                        break;
                    case 5:
                        state = SheetDraftRules.ReleaseIfDue(state, Draft, now);
                        break;
                    default:
                        // The sheet takes what waits; now and then the draft does not learn it, and tells it again.
                        if (state.Outbox is [var entry])
                        {
                            sheet = SheetRules.Take(sheet, ((DraftIs)entry.Fact).Items, now);
                            if (random.Next(2) == 0)
                                state = SchoolHome.Grains.Durability.OutboxRules.Delivered(state, entry.Number);
                        }

                        break;
                }

                operations.Add(operation);
                var told = sheet.Items.Select(one => one.Item).Union(Waiting(state), StringComparer.Ordinal).ToArray();
                var prepared = state.Content.Items.Select(one => one.Item).ToArray();
                Assert.Equal(added.Order(StringComparer.Ordinal), told.Concat(prepared).Concat(taken).Order(StringComparer.Ordinal));
            }

            Assert.True(sheet.Items.Length <= SheetLimits.MostItems);
            (toldOfAll, takenOfAll) = (toldOfAll + sheet.Items.Length, takenOfAll + taken.Count);
        }

        Assert.True(toldOfAll > 500 && takenOfAll > 100, $"{toldOfAll} told, {takenOfAll} taken away");
    }
}
