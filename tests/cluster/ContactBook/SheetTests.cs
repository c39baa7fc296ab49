using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.ContactBook;

/// <summary>Class sheets, what is prepared for them, and the class's reminder, through their actors: who is told, what a crash does, and what time does.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class SheetTests(SchoolCluster cluster)
{
    private static readonly NewSheetItem Sums = new(SheetItemKind.Homework, "数学", "练习册第42页");
    private static readonly NewSheetItem Reading = new(SheetItemKind.Homework, "英语", "朗读三遍");
    private static readonly NewSheetItem Shoes = new(SheetItemKind.Notices, null, "明天穿运动鞋");
    private static readonly NewSheetItem Pens = new(SheetItemKind.Bring, null, "彩笔");

    private static readonly SheetAuthor ClassTeacher = new(new Participant("0123456789abcdef0123456789abcdef", "陈老师", ParticipantRole.ClassTeacher, null), ["数学"]);
    private static readonly SheetAuthor English = new(new Participant("fedcba9876543210fedcba9876543210", "吕老师", ParticipantRole.SubjectTeacher, null), ["英语"]);
    private static readonly SheetAuthor Mother = new(new Participant("00000000000000000000000000000000", "李梅", ParticipantRole.Guardian, Relation.Mother), []);

    private TestStorage Storage => cluster.Storage;

    private DateTimeOffset Now => cluster.Clock.GetUtcNow();

    private sealed record Scene(TestSchool School)
    {
        public IClassSheetGrain Sheet => School.Sheet("3-2");

        public ISheetDraftGrain Draft => School.Actors.GetGrain<ISheetDraftGrain>(new SheetDraftId(School.Id.School, "3-2", TestSchool.Today).ToString());

        public IClassBookGrain Book => School.Actors.GetGrain<IClassBookGrain>(new ClassBookId(School.Class("3-2")).ToString());

        public IClassSheetGrain SheetOf(DateOnly day) => School.Actors.GetGrain<IClassSheetGrain>(new ClassSheetId(School.Id.School, "3-2", day).ToString());

        public IBookPageGrain PageOf(StudentId student, DateOnly day) => School.Actors.GetGrain<IBookPageGrain>(new BookPageId(student.School, student.Number, day).ToString());

        public async Task<string[]> OnSheet() => [.. (await Patiently.Ask(Sheet.View)).Items.Select(item => item.Text)];

        public async Task<string[]> Prepared() => [.. (await Patiently.Ask(Draft.View)).Items.Select(item => item.Text)];

        public Task Delivered() => TestSchool.Delivered(School.OutboxOf(School.Class("3-2")));
    }

    private async Task<Scene> AScene() => new(await cluster.ASchool());

    private static string Id(Guid operation, int at) => string.Create(CultureInfo.InvariantCulture, $"{operation:N}-{at}");

    private static Task<Answer<SheetItemsAdded>> Add(IClassSheetGrain sheet, SheetAuthor by, params NewSheetItem[] items) => sheet.AddItems(Guid.NewGuid(), [.. items], by);

    private static async Task<string> Add(ISheetDraftGrain draft, SheetAuthor by, params NewSheetItem[] items) => (await draft.AddItems(Guid.NewGuid(), [.. items], by)).Value!.Items[0];

    private static JsonElement[] Changes(LiveEvent happened) => [.. JsonDocument.Parse(happened.Changes).RootElement.EnumerateArray()];

    private async Task<bool> IsReminded(IAddressable actor, string reminder) =>
        (await cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<IReminderTable>().ReadRows(actor.GetGrainId())).Reminders.Any(one => one.ReminderName == reminder);

    private static Task Remind(IAddressable actor, string reminder) => actor.AsReference<IRemindable>().ReceiveReminder(reminder, default);

    [Fact]
    public async Task L1_items_are_on_the_sheet_by_kind_and_one_event_tells_of_them_with_the_version()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        _ = await scene.Sheet.Watch(watcher.Feed);

        Assert.Equal<string>([Id(first, 0), Id(first, 1)], (await scene.Sheet.AddItems(first, [Pens, Sums], ClassTeacher)).Value!.Items);
        Assert.Equal<string>([Id(second, 0)], (await scene.Sheet.AddItems(second, [Reading], English)).Value!.Items);
        Assert.True((await scene.Sheet.ChangeItem(new ChangeSheetItem(Id(second, 0), 2, "英语", "朗读两遍"), English)).IsDone);
        Assert.True((await scene.Sheet.RemoveItem(Id(first, 0), ClassTeacher)).IsDone);

        await watcher.HasHeard(4);
        Assert.Equal(["item", "item", "set", "item", "set", "item", "set", "item", "set"], watcher.Kinds());
        var last = Changes(watcher.InOrder().Last());
        Assert.True(last[0].GetProperty("item").GetProperty("isRemoved").GetBoolean());
        Assert.Equal(("version", 4), (last[1].GetProperty("field").GetString(), last[1].GetProperty("value").GetInt32()));

        await cluster.Deactivate(scene.Sheet);
        var view = await scene.Sheet.View();
        Assert.Equal(4, view.Version);
        Assert.Equal(["练习册第42页", "朗读两遍", "彩笔"], view.Items.Select(item => item.Text));
        Assert.Equal([false, false, true], view.Items.Select(item => item.IsRemoved));
        Assert.Equal(("朗读三遍", 2), (view.Items[1].Earlier.Single().Text, view.Items[1].Earlier.Single().Version));
        var standing = await scene.Sheet.Standing();
        Assert.Equal((4, 2), (standing.Version, standing.Tickable.Length));
    }

    [Fact]
    public async Task The_class_day_learns_which_kinds_there_are_how_many_can_be_ticked_and_the_version()
    {
        var scene = await AScene();
        _ = await scene.School.AStudentIn("3-2");
        var (day, watcher, operation) = (scene.School.Day("3-2"), cluster.AWatcher(), Guid.NewGuid());
        var before = (await day.Watch(watcher.Feed)).N;

        Assert.True((await scene.Sheet.AddItems(operation, [Shoes, Sums, Pens], ClassTeacher)).IsDone);
        await scene.Delivered();

        var view = (await day.View())!;
        Assert.Equal<string>(["homework", "notices", "bring"], view.SheetFilled);
        Assert.Equal((1, 2, false), (view.SheetVersion, view.Tickable, view.StudentsSign));
        await watcher.HasHeard(before + 1, from: before + 1);
        Assert.Equal(
            ["sheetFilled", "sheetVersion", "tickable"], watcher.InOrder().SelectMany(Changes).Where(change => change.GetProperty("kind").GetString() == "set").Select(change => change.GetProperty("field").GetString()));

        Assert.True((await scene.Sheet.RemoveItem(Id(operation, 1), ClassTeacher)).IsDone);
        Assert.True((await scene.School.School.Put(new SchoolHome.School.PutSchool(TestSchool.Profile with { StudentAccounts = true }), TestSchool.By)).IsDone);
        await scene.Delivered();

        view = (await day.View())!;
        Assert.Equal<string>(["notices", "bring"], view.SheetFilled);
        Assert.Equal((2, 1, true), (view.SheetVersion, view.Tickable, view.StudentsSign));
    }

    [Fact]
    public async Task A_sheet_of_texts_from_before_is_read_and_nobody_writes_in_its_sections_any_more()
    {
        var scene = await AScene();
        Storage.Store(
            scene.Sheet.GetPrimaryKeyString(),
            """{"schema":1,"outbox":[],"lastPosted":3,"taken":{},"epoch":"0123456789ab","n":3,"sections":{"fees":{"text":"秋游 35 元","recentFrom":0,"recent":[],"clients":{}}},"edited":{}}""");

        Assert.Equal("秋游 35 元", (await scene.Sheet.View()).Sections.Single(section => section.Section == "fees").Text);
        foreach (var writer in new[] { ClassTeacher, English, Mother })
            Assert.Equal(new Forbidden("forbidden"), (await new Tab(scene.Sheet, writer.Who, "fees").Write("多一句")).Refusal);

        Assert.True((await Add(scene.Sheet, ClassTeacher, Sums)).IsDone);
        await scene.Delivered();
        Assert.Equal<string>(["homework", "fees"], Storage.Stored<ClassDayState>(scene.School.Day("3-2").GetPrimaryKeyString())!.SheetFilled);
    }

    [Fact]
    public async Task A_family_writes_nothing_and_a_class_that_there_is_not_has_no_sheet_to_write_on()
    {
        var scene = await AScene();
        var nowhere = scene.School.Actors.GetGrain<ISheetDraftGrain>(new SheetDraftId(scene.School.Id.School, "9-9", TestSchool.Today).ToString());

        Assert.Equal(new Forbidden("forbidden"), (await Add(scene.Sheet, Mother, Sums)).Refusal);
        Assert.Equal(new Forbidden("forbidden"), (await scene.Draft.AddItems(Guid.NewGuid(), [Sums], Mother)).Refusal);
        Assert.Equal(new Forbidden("forbidden"), (await scene.Draft.Schedule(Guid.NewGuid(), Now, Mother)).Refusal);
        Assert.Equal(new NotFound(), (await Add(scene.School.Sheet("9-9"), ClassTeacher, Sums)).Refusal);
        Assert.Equal(new NotFound(), (await nowhere.AddItems(Guid.NewGuid(), [Sums], ClassTeacher)).Refusal);
        Assert.Equal(new NotFound(), (await nowhere.Schedule(Guid.NewGuid(), Now.AddHours(1), ClassTeacher)).Refusal);
        Assert.Equal(0, Storage.Writes(scene.Sheet.GetPrimaryKeyString()) + Storage.Writes(scene.Draft.GetPrimaryKeyString()));
    }

    [Fact]
    public async Task Two_teachers_who_write_at_once_both_have_what_they_wrote_on_record_in_few_writes()
    {
        var scene = await AScene();
        Assert.True((await Add(scene.Sheet, ClassTeacher, Shoes)).IsDone);
        using var hold = Storage.HoldWrites(scene.Sheet.GetPrimaryKeyString());
        var first = Add(scene.Sheet, ClassTeacher, Pens);
        await hold.Reached();

        var rest = await cluster.Calls.Begin(
            scene.Sheet, nameof(IClassSheetGrain.AddItems), [.. Enumerable.Range(0, 10).Select(i => (Func<Task<Answer<SheetItemsAdded>>>)(() => Add(scene.Sheet, i % 2 == 0 ? ClassTeacher : English, i % 2 == 0 ? Sums : Reading)))]);
        hold.Release();

        Assert.All(await Task.WhenAll([first, .. rest]), answer => Assert.True(answer.IsDone));
        var view = await scene.Sheet.View();
        Assert.Equal((12, 12), (view.Version, view.Items.Length));
        Assert.Equal(Enumerable.Range(1, 12), view.Items.Select(item => item.Version).Order());
        Assert.True(Storage.Writes(scene.Sheet.GetPrimaryKeyString()) < 12);
    }

    [Fact]
    public async Task Of_two_teachers_who_correct_one_item_at_once_the_second_is_told_that_it_is_stale()
    {
        var scene = await AScene();
        var item = (await Add(scene.Sheet, ClassTeacher, Sums)).Value!.Items[0];

        var answers = await Task.WhenAll(
            scene.Sheet.ChangeItem(new ChangeSheetItem(item, 1, "数学", "第43页"), ClassTeacher), scene.Sheet.ChangeItem(new ChangeSheetItem(item, 1, "数学", "第44页"), ClassTeacher));

        Assert.Equal([true, false], answers.Select(answer => answer.IsDone).OrderDescending());
        Assert.Equal<string>([item], Assert.IsType<Stale>(answers.Single(answer => !answer.IsDone).Refusal).Newer);
        Assert.Equal(2, (await scene.Sheet.View()).Version);
    }

    [Fact]
    public async Task What_is_prepared_is_on_no_sheet_before_it_is_released_and_then_at_once_with_its_ids()
    {
        var scene = await AScene();
        var (sheet, draft) = (cluster.AWatcher(), cluster.AWatcher());
        _ = await scene.Sheet.Watch(sheet.Feed);
        _ = await scene.Draft.Watch(draft.Feed);

        var item = await Add(scene.Draft, ClassTeacher, Sums);
        Assert.True((await scene.Draft.ChangeItem(new ChangeSheetItem(item, 1, "数学", "第43页"), ClassTeacher)).IsDone);
        var gone = await Add(scene.Draft, ClassTeacher, Pens);
        Assert.True((await scene.Draft.RemoveItem(gone, ClassTeacher)).IsDone);
        Assert.True((await scene.Draft.Schedule(Guid.NewGuid(), Now.AddHours(1), ClassTeacher)).IsDone);
        Assert.Empty(await scene.OnSheet());
        Assert.Empty(sheet.Events);

        Assert.True((await scene.Draft.Release(Guid.NewGuid(), ClassTeacher)).IsDone);
        await scene.Delivered();

        var view = await scene.Sheet.View();
        Assert.Equal((item, "第43页", ClassTeacher.Who, 1), (view.Items.Single().Item, view.Items.Single().Text, view.Items.Single().By, view.Version));
        Assert.Empty(view.Items.Single().Earlier);
        await sheet.HasHeard(1);
        Assert.Equal(["item", "set"], sheet.Kinds());
        await draft.HasHeard(6);
        Assert.Equal(["item", "item", "item", "item-gone", "set", "item-gone", "set"], draft.Kinds());
        Assert.Null((await scene.Draft.View()).ReleaseAt);
        Assert.Equal(new NotFound(), (await scene.Draft.RemoveItem(item, ClassTeacher)).Refusal);
    }

    [Fact]
    public async Task A_schedule_has_its_reminder_before_it_is_stored_and_loses_it_once_nothing_is_scheduled()
    {
        var scene = await AScene();
        _ = await Add(scene.Draft, ClassTeacher, Sums);
        using (var hold = Storage.HoldWrites(scene.Draft.GetPrimaryKeyString()))
        {
            var scheduling = scene.Draft.Schedule(Guid.NewGuid(), Now.AddHours(1), ClassTeacher);
            await hold.Reached();
            Assert.True(await IsReminded(scene.Draft, "release"));
            Assert.Null(Storage.Stored<SheetDraftState>(scene.Draft.GetPrimaryKeyString())!.ReleaseAt);
            hold.Release();
            Assert.True((await scheduling).IsDone);
        }

        await Remind(scene.Draft, "release");
        Assert.Equal(["练习册第42页"], await scene.Prepared());
        Assert.True(await IsReminded(scene.Draft, "release"));

        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await Remind(scene.Draft, "release");
        await scene.Delivered();
        Assert.Empty(await scene.Prepared());
        Assert.Equal(["练习册第42页"], await scene.OnSheet());
        Assert.False(await IsReminded(scene.Draft, "release"));

        Assert.True((await scene.Draft.Schedule(Guid.NewGuid(), Now.AddHours(1), ClassTeacher)).IsDone);
        Assert.True(await IsReminded(scene.Draft, "release"));
        Assert.True((await scene.Draft.Schedule(Guid.NewGuid(), null, ClassTeacher)).IsDone);
        await Remind(scene.Draft, "release");
        Assert.False(await IsReminded(scene.Draft, "release"));
    }

    [Fact]
    public async Task The_last_minute_is_waited_for_also_by_an_activation_that_finds_it_stored()
    {
        var scene = await AScene();
        _ = await Add(scene.Draft, ClassTeacher, Sums);
        Assert.True((await scene.Draft.Schedule(Guid.NewGuid(), Now.AddMinutes(2), ClassTeacher)).IsDone);
        await cluster.Deactivate(scene.Draft);
        cluster.Clock.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(10));

        // It waits for the rest by itself; the school's clock stands still, so it finds each time that it has not come.
        Assert.Equal(["练习册第42页"], await scene.Prepared());
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(10));

        await Eventually.TrueAsync(async () => (await scene.OnSheet()).Length == 1, TimeSpan.FromSeconds(10), "the draft to be released without anybody asking for it");
        Assert.Empty(await scene.Prepared());
    }

    [Fact]
    public async Task A_time_that_has_passed_releases_at_once()
    {
        var scene = await AScene();
        _ = await Add(scene.Draft, ClassTeacher, Sums);

        Assert.True((await scene.Draft.Schedule(Guid.NewGuid(), Now, ClassTeacher)).IsDone);
        await scene.Delivered();

        Assert.Equal(["练习册第42页"], await scene.OnSheet());
        Assert.Null((await scene.Draft.View()).ReleaseAt);
    }

    [Fact]
    public async Task Items_bring_the_time_that_their_writer_saw_and_one_that_has_passed_releases_them_alone()
    {
        var scene = await AScene();
        Assert.True((await scene.Draft.AddItems(Guid.NewGuid(), [Sums], ClassTeacher, Now.AddHours(1))).IsDone);
        Assert.True(await IsReminded(scene.Draft, "release"));
        Assert.Equal(Now.AddHours(1), (await scene.Draft.View()).ReleaseAt);

        Assert.True((await scene.Draft.AddItems(Guid.NewGuid(), [Reading], English, Now)).IsDone);
        await scene.Delivered();

        Assert.Equal(["朗读三遍"], await scene.OnSheet());
        Assert.Equal(["练习册第42页"], await scene.Prepared());
        Assert.Equal(Now.AddHours(1), (await scene.Draft.View()).ReleaseAt);
    }

    [Fact]
    public async Task What_a_draft_that_died_has_released_is_taken_when_the_watch_wakes_it()
    {
        var scene = await AScene();
        _ = await Add(scene.Draft, ClassTeacher, Sums);
        _ = await Add(scene.Draft, English, Reading);
        using (Storage.FailWritesUntilDisposed(scene.Sheet.GetPrimaryKeyString(), Failure.BeforeStoring))
        {
            Assert.True((await scene.Draft.Release(Guid.NewGuid(), English)).IsDone);
            Assert.True((await scene.Draft.Release(Guid.NewGuid(), ClassTeacher)).IsDone);
            await cluster.Deactivate(scene.Draft);
            Assert.Equal(2, Assert.IsType<DraftIs>(Assert.Single(Storage.Stored<SheetDraftState>(scene.Draft.GetPrimaryKeyString())!.Outbox).Fact).Items.Length);
            Assert.Empty(await scene.OnSheet());
        }

        await scene.Delivered();

        Assert.Equal(["朗读三遍", "练习册第42页"], await scene.OnSheet());
        Assert.Empty(await scene.Prepared());
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring))]
    [InlineData(nameof(Failure.AfterStoring))]
    public async Task A_release_whose_draft_or_sheet_fails_to_store_is_neither_lost_nor_doubled(string failure)
    {
        var scene = await AScene();
        _ = await Add(scene.Draft, ClassTeacher, Sums, Pens);
        var operation = Guid.NewGuid();
        Storage.FailWrites(scene.Draft.GetPrimaryKeyString(), Enum.Parse<Failure>(failure));
        Storage.FailWrites(scene.Sheet.GetPrimaryKeyString(), Enum.Parse<Failure>(failure));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => scene.Draft.Release(operation, ClassTeacher));
        Assert.True((await Patiently.Ask(() => scene.Draft.Release(operation, ClassTeacher))).IsDone);
        await scene.Delivered();

        Assert.Equal(["练习册第42页", "彩笔"], await scene.OnSheet());
        Assert.Equal(1, (await scene.Sheet.View()).Version);
        Assert.Empty(await scene.Prepared());
    }

    /// <summary>Preparing, releasing and taking, with writes that fail and activations that go away: each item is on the sheet or in the draft once, or was taken away.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_fails_each_prepared_item_comes_to_the_sheet_once(int seed)
    {
        var scene = await AScene();
        var random = new Random(seed);
        var (added, removed) = (new List<string>(), new List<string>());
        string[] rows = [scene.Sheet.GetPrimaryKeyString(), scene.Draft.GetPrimaryKeyString(), scene.School.Day("3-2").GetPrimaryKeyString()];
        for (var step = 0; step < 60; step++)
        {
            if (random.Next(4) == 0)
                Storage.FailWrites(rows[random.Next(rows.Length)], random.Next(2) == 0 ? Failure.BeforeStoring : Failure.AfterStoring);
            if (random.Next(8) == 0)
                await cluster.Deactivate(random.Next(2) == 0 ? scene.Draft : scene.Sheet);

            var (operation, by) = (Guid.NewGuid(), random.Next(3) == 0 ? English : ClassTeacher);
            switch (random.Next(4))
            {
                case 0 or 1:
                    var answer = await Patiently.Ask(() => scene.Draft.AddItems(operation, by == English ? [Reading] : [Sums, Shoes], by));
                    added.AddRange(answer.Value is { } ids ? ids.Items : []);
                    break;
                case 2:
                    _ = await Patiently.Ask(() => scene.Draft.Release(operation, by));
                    break;
                default:
                    var prepared = (await Patiently.Ask(scene.Draft.View)).Items;
                    if (prepared.IsEmpty || random.Next(2) == 0)
                        break;
                    var item = prepared[random.Next(prepared.Length)].Item;
                    if ((await Patiently.Ask(() => scene.Draft.RemoveItem(item, ClassTeacher))).IsDone)
                        removed.Add(item);
                    break;
            }
        }

        await scene.Delivered();
        var sheet = (await Patiently.Ask(scene.Sheet.View)).Items.Select(item => item.Item);
        var draft = (await Patiently.Ask(scene.Draft.View)).Items.Select(item => item.Item);

        Assert.True(added.Count > 20);
        Assert.Equal(added.Order(StringComparer.Ordinal), sheet.Concat(draft).Concat(removed).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sheet_takes_released_items_also_when_it_is_full()
    {
        var scene = await AScene();
        for (var i = 0; i < SheetLimits.MostItems / 20; i++)
            Assert.True((await Add(scene.Sheet, ClassTeacher, [.. Enumerable.Repeat(Sums, 20)])).IsDone);
        Assert.Equal(new Conflict("too-many-items"), (await Add(scene.Sheet, ClassTeacher, Sums)).Refusal);

        _ = await Add(scene.Draft, ClassTeacher, Pens);
        Assert.True((await scene.Draft.Release(Guid.NewGuid(), ClassTeacher)).IsDone);
        await scene.Delivered();

        Assert.Equal("彩笔", (await scene.OnSheet())[^1]);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Sheet.Take(new Delivery(scene.Draft.GetPrimaryKeyString(), 99, new StandingIs())));
    }

    [Fact]
    public async Task Templates_are_kept_by_teacher()
    {
        var scene = await AScene();
        var (mine, another) = (
            scene.School.Actors.GetGrain<ISheetTemplatesGrain>(new SheetTemplatesId(new TeacherId(scene.School.Id.School, "t1")).ToString()),
            scene.School.Actors.GetGrain<ISheetTemplatesGrain>(new SheetTemplatesId(new TeacherId(scene.School.Id.School, "t2")).ToString()));
        var template = new SheetTemplate(Guid.NewGuid(), "周五", [Sums, Shoes]);

        Assert.True((await mine.Put(template)).IsDone);
        await cluster.Deactivate(mine);

        var kept = Assert.Single(await mine.List());
        Assert.Equal((template.Template, "周五"), (kept.Template, kept.Name));
        Assert.Equal<NewSheetItem>(template.Items, kept.Items);
        Assert.Empty(await another.List());
        Assert.True((await mine.Remove(template.Template)).IsDone);
        Assert.Empty(await mine.List());
    }

    [Fact]
    public async Task On_a_school_day_families_who_have_not_signed_are_reminded_once_when_the_time_has_come()
    {
        var scene = await AScene();
        var today = await scene.School.SchoolToday();
        var (signed, unsigned) = (await scene.School.AStudentIn("3-2"), await scene.School.AStudentIn("3-2", "李小明"));
        var mother = (await scene.School.AGuardianOf(signed)).Participant;
        Assert.True((await scene.PageOf(signed, today).Sign(new SignPage(Guid.NewGuid(), new SeenVersions(ImmutableSortedDictionary<string, int>.Empty, 0, 0)), mother)).IsDone);
        Assert.True((await Add(scene.SheetOf(today), ClassTeacher, Sums)).IsDone);
        await scene.Delivered();
        Assert.Equal(0, await scene.Book.RemindIfDue());

        Assert.True((await scene.Book.Put(ClassBookSettings.Default with { RemindAt = scene.School.InAMinute })).IsDone);
        Assert.True(await IsReminded(scene.Book, "remind"));
        Assert.Equal(0, await scene.Book.RemindIfDue());
        scene.School.Later(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await scene.Book.RemindIfDue());
        Assert.Equal(0, await scene.Book.RemindIfDue());
        Assert.NotNull((await scene.PageOf(unsigned, today).View())!.RemindedAt);
        Assert.Null((await scene.PageOf(signed, today).View())!.RemindedAt);
        Assert.Equal(today, Storage.Stored<ClassBookState>(scene.Book.GetPrimaryKeyString())!.Reminded);
    }

    [Fact]
    public async Task A_reminder_that_was_interrupted_is_taken_up_again()
    {
        var scene = await AScene();
        var today = await scene.School.SchoolToday();
        var page = scene.PageOf(await scene.School.AStudentIn("3-2"), today);
        Assert.True((await Add(scene.SheetOf(today), ClassTeacher, Sums)).IsDone);
        await scene.Delivered();
        Assert.True((await scene.Book.Put(ClassBookSettings.Default with { RemindAt = scene.School.InAMinute })).IsDone);
        scene.School.Later(TimeSpan.FromMinutes(1));

        Storage.FailWrites(page.GetPrimaryKeyString(), Failure.BeforeStoring);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => scene.Book.RemindIfDue());
        Assert.Null(Storage.Stored<ClassBookState>(scene.Book.GetPrimaryKeyString())!.Reminded);
        await Eventually.TrueAsync(() => Task.FromResult(!cluster.IsActive(page)), TimeSpan.FromSeconds(10), "the page to give up");

        await Remind(scene.Book, "remind");
        Assert.Equal(today, Storage.Stored<ClassBookState>(scene.Book.GetPrimaryKeyString())!.Reminded);
        Assert.NotNull((await page.View())!.RemindedAt);
    }

    [Fact]
    public async Task A_time_that_has_passed_today_is_for_tomorrow_and_where_there_is_nothing_nobody_signs()
    {
        var scene = await AScene();
        var today = await scene.School.SchoolToday();
        var page = scene.PageOf(await scene.School.AStudentIn("3-2"), today);
        Assert.True((await scene.Book.Put(ClassBookSettings.Default with { RemindAt = scene.School.InAMinute })).IsDone);
        scene.School.Later(TimeSpan.FromMinutes(1));

        // Neither the class nor the child has anything today.
        Assert.Equal(0, await scene.Book.RemindIfDue());
        Assert.Equal(today, Storage.Stored<ClassBookState>(scene.Book.GetPrimaryKeyString())!.Reminded);

        var another = await AScene();
        _ = await another.School.SchoolToday();
        page = another.PageOf(await another.School.AStudentIn("3-2"), today);
        Assert.True((await Add(another.SheetOf(today), ClassTeacher, Sums)).IsDone);
        await another.Delivered();
        Assert.True((await another.Book.Put(ClassBookSettings.Default with { RemindAt = TimeOnly.MinValue })).IsDone);
        await Remind(another.Book, "remind");
        Assert.Null((await page.View())!.RemindedAt);
    }

    [Fact]
    public async Task On_a_day_without_school_nobody_is_reminded_and_without_a_time_there_is_no_reminder()
    {
        var scene = await AScene();
        var today = await scene.School.SchoolToday(isSchoolDay: false);
        var page = scene.PageOf(await scene.School.AStudentIn("3-2"), today);
        Assert.True((await Add(scene.SheetOf(today), ClassTeacher, Sums)).IsDone);
        await scene.Delivered();
        Assert.Equal(ClassBookSettings.Default, await scene.Book.Settings());
        var chosen = new ClassBookSettings(scene.School.InAMinute, new TimeOnly(15, 30));

        Assert.True((await scene.Book.Put(chosen)).IsDone);
        scene.School.Later(TimeSpan.FromMinutes(1));
        await Remind(scene.Book, "remind");

        Assert.Null((await page.View())!.RemindedAt);
        await cluster.Deactivate(scene.Book);
        Assert.Equal(chosen, await scene.Book.Settings());
        Assert.True(await IsReminded(scene.Book, "remind"));

        Assert.True((await scene.Book.Put(chosen with { RemindAt = null })).IsDone);
        Assert.False(await IsReminded(scene.Book, "remind"));
        var nowhere = scene.School.Actors.GetGrain<IClassBookGrain>(new ClassBookId(scene.School.Class("9-9")).ToString());
        Assert.Equal(new NotFound(), (await nowhere.Put(chosen)).Refusal);
    }
}
