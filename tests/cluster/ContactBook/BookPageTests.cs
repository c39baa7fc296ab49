using System.Collections.Immutable;
using System.Text.Json;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.ContactBook;

/// <summary>A child's page through its actor: ticks, marks, addenda and signatures, rules S1 to S3 of PROTOCOL.md, and who is told of them.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class BookPageTests(SchoolCluster cluster)
{
    private sealed record Scene(TestSchool School, StudentId Student, IBookPageGrain Page, string Key, Participant Teacher, Participant Mother, Participant Father, Participant Child)
    {
        /// <summary>The same child's page of another day.</summary>
        public Scene On(DateOnly day)
        {
            var key = new BookPageId(Student.School, Student.Number, day).ToString();
            return this with { Key = key, Page = School.Actors.GetGrain<IBookPageGrain>(key) };
        }

        public async Task<BookPageView> View() => (await Page.View())!;

        /// <summary>What somebody sees who looks at the page and its class sheet now.</summary>
        public async Task<SeenVersions> Seen()
        {
            var page = await View();
            var sheet = await School.Actors.GetGrain<IClassSheetGrain>(page.SheetTopic).View();
            return new SeenVersions(page.Sections.ToImmutableSortedDictionary(section => section.Section, section => section.Version), page.Entries, sheet.Version);
        }

        public async Task<Answer<Done>> Sign(Participant by, SeenVersions? seen = null) => await Page.Sign(new SignPage(Guid.NewGuid(), seen ?? await Seen()), by);

        public Task<Answer<Done>> Withdraw(Participant by) => Page.Withdraw(new WithdrawSignature(Guid.NewGuid(), "写错了"), by);

        public Task<Answer<Done>> Add(Participant by, string section, string text = "还有一句") => Page.Add(new AddAddendum(Guid.NewGuid(), section, text), by);

        public Task<Answer<TextAccepted>> Write(Participant by, string section, string text = "好") =>
            Page.PushText(new TextPush(section, 0, $"tab-{Guid.NewGuid():N}"[..20], 1, [Tab.Inserting(text, 0)]), by);

        public async Task<ChildDayView> Line()
        {
            await TestSchool.Delivered(School.OutboxOf(School.Class("3-2")));
            return (await School.Day("3-2").View())!.Children.Single(child => child.Student == Student.Number);
        }
    }

    private async Task<Scene> AScene()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var teacher = (await school.ATeacherOf("3-2")).Participant;
        var (mother, father) = ((await school.AGuardianOf(student)).Participant, (await school.AGuardianOf(student, "g2")).Participant);
        var child = new Participant(AccountId.New().Opaque, "王小雨", ParticipantRole.Student, null);
        return new Scene(school, student, school.Page(student), TestSchool.PageKey(student), teacher, mother, father, child);
    }

    private static string? CodeOf<T>(Answer<T> answer) => answer.Refusal?.Code;

    private static ImmutableArray<SetMark> Marks(params (string Mark, MarkLevel? Level)[] marks) => [.. marks.Select(mark => new SetMark(mark.Mark, mark.Level))];

    [Fact]
    public async Task S1_a_signature_is_on_the_page_with_what_its_signer_saw()
    {
        var scene = await AScene();
        Assert.True((await scene.Write(scene.Teacher, "school-day")).IsDone);
        Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher)).IsDone);
        var operation = Guid.NewGuid();

        Assert.True((await scene.Page.Sign(new SignPage(operation, await scene.Seen()), scene.Mother)).IsDone);

        await cluster.Deactivate(scene.Page);
        var signature = Assert.Single((await scene.View()).Signatures);
        Assert.Equal((operation, Writer.Guardian, scene.Mother, cluster.Clock.GetUtcNow()), (signature.Id, signature.For, signature.By, signature.At));
        Assert.Equal([new KeyValuePair<string, int>("school-day", 1)], signature.Seen.Sections);
        Assert.Equal((1, 0), (signature.Seen.Entries, signature.Seen.Sheet));
        Assert.Null(signature.Withdrawn);
    }

    [Fact]
    public async Task S1_what_came_since_the_signer_looked_makes_the_signature_stale_and_is_named()
    {
        var scene = await AScene();
        var seen = await scene.Seen();
        Assert.True((await scene.Write(scene.Teacher, "school-day")).IsDone);
        Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher)).IsDone);

        var stale = Assert.IsType<Stale>((await scene.Sign(scene.Mother, seen)).Refusal);

        Assert.Equal<string>(["school-day", "entries"], stale.Newer);
        Assert.Empty((await scene.View()).Signatures);
        Assert.True((await scene.Sign(scene.Mother)).IsDone);
    }

    [Fact]
    public async Task S2_text_of_a_sealed_section_is_refused_and_can_become_an_addendum()
    {
        var scene = await AScene();
        Assert.True((await scene.Write(scene.Mother, "words")).IsDone);
        Assert.True((await scene.Sign(scene.Mother)).IsDone);

        Assert.Equal(TextCodes.Sealed, CodeOf(await scene.Write(scene.Father, "words")));
        Assert.Equal("not-sealed", CodeOf(await scene.Add(scene.Teacher, "answer")));
        Assert.True((await scene.Add(scene.Father, "words", "明天奶奶来接。")).IsDone);

        var page = await scene.View();
        Assert.Equal("好", page.Sections.Single(section => section.Section == "words").Text);
        Assert.Equal(("words", "明天奶奶来接。", scene.Father), Assert.Single(page.Addenda) is var addendum ? (addendum.Section, addendum.Text, addendum.By) : default);
        Assert.Equal(1, page.Entries);
    }

    [Fact]
    public async Task T7_a_push_that_was_accepted_before_the_seal_is_answered_as_accepted_after_it()
    {
        var scene = await AScene();
        var push = new TextPush("words", 0, "tab-of-the-mother", 1, [Tab.Inserting("好", 0)]);
        Assert.True((await scene.Page.PushText(push, scene.Mother)).IsDone);
        Assert.True((await scene.Sign(scene.Mother)).IsDone);

        Assert.Equal(1, (await scene.Page.PushText(push, scene.Mother)).Value!.Version);
        Assert.Equal(TextCodes.Sealed, CodeOf(await scene.Page.PushText(push with { Changes = [.. push.Changes, Tab.Inserting("！", 1)] }, scene.Mother)));
        Assert.Equal("好", (await scene.View()).Sections.Single(section => section.Section == "words").Text);
    }

    [Fact]
    public async Task S3_when_no_signature_of_the_group_stands_any_more_its_sections_are_open_again()
    {
        var scene = await AScene();
        Assert.True((await scene.Sign(scene.Mother)).IsDone);
        Assert.True((await scene.Sign(scene.Father)).IsDone);

        Assert.True((await scene.Withdraw(scene.Mother)).IsDone);
        Assert.Equal(TextCodes.Sealed, CodeOf(await scene.Write(scene.Mother, "words")));
        Assert.True((await scene.Withdraw(scene.Father)).IsDone);
        Assert.True((await scene.Write(scene.Mother, "words")).IsDone);

        Assert.All((await scene.View()).Signatures, signature => Assert.Equal(new Withdrawal(cluster.Clock.GetUtcNow(), "写错了"), signature.Withdrawn));
    }

    [Fact]
    public async Task Nobody_signs_a_day_that_is_still_to_come()
    {
        var scene = await AScene();
        // The silos' school is in China: the day begins at 16:00 UTC of the day before, and the actors' clock stands at 8:00.
        var tomorrow = scene.School.Actors.GetGrain<IBookPageGrain>(new BookPageId(scene.Student.School, scene.Student.Number, (await scene.School.School.Today()).AddDays(1)).ToString());

        Assert.Equal("not-today", CodeOf(await tomorrow.Sign(new SignPage(Guid.NewGuid(), await scene.Seen()), scene.Mother)));
    }

    [Fact]
    public async Task A_page_without_a_child_takes_nothing()
    {
        var scene = await AScene();
        var page = scene.School.Page(scene.School.NewStudent());

        Assert.IsType<NotFound>((await page.Tick("item", ticked: true, scene.Mother)).Refusal);
        Assert.IsType<NotFound>((await page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher)).Refusal);
        Assert.IsType<NotFound>((await page.Sign(new SignPage(Guid.NewGuid(), await scene.Seen()), scene.Mother)).Refusal);
        Assert.IsType<NotFound>((await page.Add(new AddAddendum(Guid.NewGuid(), "words", "好"), scene.Mother)).Refusal);
        Assert.False(await page.Remind());
        Assert.Null(await page.Class());
    }

    [Fact]
    public async Task The_class_s_day_and_the_child_s_month_are_told_of_marks_signatures_and_addenda()
    {
        var scene = await AScene();
        Assert.True((await scene.Page.SetMarks(Marks(("wellbeing", MarkLevel.Care), ("attention", MarkLevel.Good)), scene.Teacher)).IsDone);
        Assert.True((await scene.Write(scene.Teacher, "answer")).IsDone);
        Assert.True((await scene.Sign(scene.Teacher)).IsDone);
        Assert.True((await scene.Add(scene.Teacher, "answer")).IsDone);
        Assert.True((await scene.Sign(scene.Mother)).IsDone);

        var line = await scene.Line();
        Assert.Equal<string>(["answer"], line.Filled);
        Assert.Equal<SetMark>(Marks(("attention", MarkLevel.Good), ("wellbeing", MarkLevel.Care)), line.Marks);
        Assert.Equal<SignedFor>([new(Writer.Teacher, 0, cluster.Clock.GetUtcNow()), new(Writer.Guardian, 0, cluster.Clock.GetUtcNow())], line.Signed);
        Assert.Equal(1, line.Addenda);

        var day = Assert.Single(await scene.School.Month(scene.Student).Days());
        Assert.Equal((TestSchool.Today, 2, 1, true), (day.Date, day.Marks, day.Addenda, day.IsWritten));
        Assert.Equal<string>(["answer"], day.Filled);
        Assert.Equal<Writer>([Writer.Teacher, Writer.Guardian], day.Signed);
    }

    [Fact]
    public async Task What_is_done_on_a_page_is_told_to_its_watchers_field_by_field()
    {
        var scene = await AScene();
        var watcher = cluster.AWatcher();
        await scene.Page.Watch(watcher.Feed);

        Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher)).IsDone);
        Assert.True((await scene.Sign(scene.Mother)).IsDone);
        Assert.True((await scene.Add(scene.Mother, "words")).IsDone);
        Assert.True((await scene.Withdraw(scene.Mother)).IsDone);
        Assert.True(await scene.Page.Remind());

        await watcher.HasHeard(5);
        Assert.Equal(["marks,entries", "signatures", "addenda,entries", "signatures", "remindedAt"], watcher.InOrder().Select(happened => string.Join(',', Fields(happened.Changes))));

        static IEnumerable<string> Fields(byte[] changes)
        {
            using var json = JsonDocument.Parse(changes);
            return [.. json.RootElement.EnumerateArray().Where(change => change.GetProperty("kind").GetString() == "set").Select(change => change.GetProperty("field").GetString()!)];
        }
    }

    [Fact]
    public async Task C1_marks_that_are_repeated_late_undo_nothing_also_when_they_changed_nothing_at_first_and_the_page_was_away()
    {
        var scene = await AScene();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher, first)).IsDone);
        Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher, second)).IsDone);
        Assert.Equal(1, cluster.Storage.Writes(scene.Key));
        Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Care)), scene.Teacher, Guid.NewGuid())).IsDone);
        await cluster.Deactivate(scene.Page);

        foreach (var late in new[] { first, second })
            Assert.True((await scene.Page.SetMarks(Marks(("lunch", MarkLevel.Good)), scene.Teacher, late)).IsDone);

        Assert.Equal(MarkLevel.Care, Assert.Single((await scene.View()).Marks).Level);
    }

    [Fact]
    public async Task A_page_is_reminded_of_once_until_a_guardian_has_signed()
    {
        var scene = await AScene();
        Assert.True((await scene.Sign(scene.Teacher)).IsDone);

        Assert.True(await scene.Page.Remind());
        var at = (await scene.View()).RemindedAt;
        Assert.True(await scene.Page.Remind());

        Assert.Equal(at, (await scene.View()).RemindedAt);
        Assert.True((await scene.Sign(scene.Mother)).IsDone);
        Assert.False(await scene.Page.Remind());
    }

    [Fact]
    public async Task A_page_that_only_was_reminded_of_goes_along_with_the_child_into_another_class()
    {
        var scene = await AScene();
        Assert.True(await scene.Page.Remind());

        Assert.True((await scene.School.Student(scene.Student).Put(scene.School.Pupil("3-1"), TestSchool.By)).IsDone);

        Assert.Equal(scene.School.Class("3-1"), await scene.Page.Class());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task S1_S2_text_that_races_a_signature_is_in_what_was_signed_or_refused_or_the_signature_is_stale(int seed)
    {
        var random = new Random(seed);
        var child = await AScene();
        var (signatures, stales) = (0, 0);
        for (var round = 0; round < 40; round++)
        {
            var scene = child.On(TestSchool.Today.AddDays(-round));
            Assert.True((await scene.Write(scene.Father, "words")).IsDone);
            var seen = await scene.Seen();
            var held = random.Next(3) == 0 ? cluster.Storage.HoldWrites(scene.Key) : null;

            // Each sets out some calls later than the others, which is another interleaving each time: a signature asks two other actors before it decides, text asks one.
            async Task<(string Who, string? Code)> Late(int calls, string who, Func<Task<string?>> ask)
            {
                for (var i = 0; i < calls; i++)
                    _ = await scene.Page.Class();

                return (who, await ask());
            }

            var all = Task.WhenAll(
                Late(random.Next(3), "signature", async () => CodeOf(await scene.Sign(scene.Mother, seen))),
                Late(random.Next(12), "text", async () => CodeOf(await scene.Write(scene.Father, "words", "迟"))),
                Late(random.Next(12), "text", async () => CodeOf(await scene.Write(scene.Mother, "study-at-home", "晚"))));
            if (held is not null)
            {
                // All of them decide while the first write is under way.
                await held.Reached();
                held.Release();
                held.Dispose();
            }

            var answers = await all;
            var page = await scene.View();
            var signed = answers.Single(answer => answer.Who == "signature").Code;
            var texts = answers.Where(answer => answer.Who == "text").ToArray();
            Assert.All(texts, text => Assert.True(text.Code is null or TextCodes.Sealed, text.Code));
            if (signed is null)
            {
                signatures++;
                // The seal holds from what was seen: nothing of it has changed since.
                var saw = Assert.Single(page.Signatures).Seen.Sections;
                Assert.All(["words", "study-at-home"], section => Assert.Equal(saw.GetValueOrDefault(section), page.Sections.Single(one => one.Section == section).Version));
                Assert.All(texts, text => Assert.Equal(TextCodes.Sealed, text.Code));
            }
            else
            {
                stales++;
                Assert.Equal("stale", signed);
                Assert.Empty(page.Signatures);
                Assert.Contains(texts, text => text.Code is null);
            }
        }

        // Otherwise it proved half of it.
        Assert.True(signatures > 0 && stales > 0, $"{signatures} signatures, {stales} that were stale.");
    }

    [Fact]
    public async Task T5_history_tells_what_each_did_in_one_go_by_name_and_goes_back_page_by_page()
    {
        var scene = await AScene();
        var (mother, father) = (new Tab(scene.Page, scene.Mother, "words"), new Tab(scene.Page, scene.Father, "words"));
        Assert.True((await mother.Write("。", "好", "很")).IsDone);
        father.Version = father.Length = 3;
        Assert.True((await father.Write("真的")).IsDone);
        scene.School.Later(TimeSpan.FromMinutes(6));
        Assert.True((await father.Write("！")).IsDone);

        var revisions = (await scene.Page.Revisions("words", null)).Value!;

        Assert.False(revisions.HasOlder);
        Assert.Equal(
            [(4, 5, "王强", "真的很好。", "！真的很好。"), (3, 4, "王强", "很好。", "真的很好。"), (0, 3, "李梅", "", "很好。")],
            revisions.Revisions.Select(one => (one.FirstVersion, one.LastVersion, one.By!.Name, one.Before, one.After)));
        Assert.Equal([0], (await scene.Page.Revisions("words", 3)).Value!.Revisions.Select(one => one.FirstVersion));
        Assert.Empty((await scene.Page.Revisions("results", null)).Value!.Revisions);
        Assert.IsType<NotFound>((await scene.Page.Revisions("homework", null)).Refusal);
    }

    [Fact]
    public async Task T5_history_that_has_left_the_hot_record_is_told_too()
    {
        var scene = await AScene();
        var tab = new Tab(scene.Page, scene.Father, "words");
        for (var pushes = 0; pushes < 36; pushes++)
        {
            Assert.True((await tab.Write([.. Enumerable.Repeat("a", 10)])).IsDone);
            scene.School.Later(TimeSpan.FromMinutes(5));
        }

        await Eventually.TrueAsync(
            async () => (await tab.Write("b")).IsDone && cluster.Storage.Stored<Grains.ContactBook.BookPageState>(scene.Key)!.Section("words").RecentFrom > 0,
            TimeSpan.FromSeconds(10), "older updates to leave the hot record");
        var newest = (await scene.Page.Revisions("words", null)).Value!;
        var older = (await scene.Page.Revisions("words", newest.Revisions[^1].FirstVersion)).Value!;

        Assert.Equal((30, true, false), (newest.Revisions.Length, newest.HasOlder, older.HasOlder));
        Assert.Equal((await scene.View()).Sections.Single(section => section.Section == "words").Text, newest.Revisions[0].After);
        Assert.Equal((0, "", new string('a', 10)), (older.Revisions[^1].FirstVersion, older.Revisions[^1].Before, older.Revisions[^1].After));
        Assert.Equal(older.Revisions[0].After, newest.Revisions[^1].Before);
    }
}
