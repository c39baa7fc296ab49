using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.ContactBook;
using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;
using ChangeSetJson = SchoolHome.CoEditing.ChangeSetJson;
using TextPush = SchoolHome.CoEditing.TextPush;

namespace SchoolHome.Tests.CoEditing;

/// <summary>Text through its actor: rules T1 to T7 of PROTOCOL.md.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class TextDocumentTests(SchoolCluster cluster)
{
    private const string Section = "words";
    private const int Chunk = SharedText.DefaultChunkSize;

    private TestStorage Storage => cluster.Storage;

    private sealed record Scene(TestSchool School, StudentId Student, IBookPageGrain Page, string Key, Participant Teacher, Participant Father, Participant Mother)
    {
        public Tab ATab(string section = Section) => new(Page, section is "words" or "study-at-home" ? Father : Teacher, section);

        public string ChunkKey(int chunk) => new TextHistoryId(Key, Section, chunk).ToString();

        public ITextHistoryGrain ChunkAt(int chunk) => School.Actors.GetGrain<ITextHistoryGrain>(ChunkKey(chunk));

        public async Task<string> Text(string section = Section) => (await Page.View())!.Sections.Single(one => one.Section == section).Text;

        public async Task<ImmutableArray<TextUpdate>> Since(int version) => (await Page.TextSince(Section, version)).Value!.Updates;
    }

    private async Task<Scene> AScene()
    {
        var school = await cluster.ASchool();
        var student = await school.AStudentIn("3-2");
        var teacher = await school.ATeacherOf("3-2");
        var (father, mother) = (await school.AGuardianOf(student, "g2"), await school.AGuardianOf(student));
        return new Scene(school, student, school.Page(student), TestSchool.PageKey(student), teacher.Participant, father.Participant, mother.Participant);
    }

    /// <summary>A text of so many updates, each of one letter, written by one tab.</summary>
    private static async Task<Tab> Written(Scene scene, int updates)
    {
        var tab = scene.ATab();
        while (tab.Version < updates)
            Assert.True((await tab.Write([.. Enumerable.Repeat("a", Math.Min(50, updates - tab.Version))])).IsDone);

        return tab;
    }

    private SharedText StoredText(Scene scene) => Storage.StoredDocument<BookPageState>(scene.Key).Section(Section);

    private async Task Spilled(Scene scene, int chunk) =>
        await Eventually.TrueAsync(
            async () => Storage.Json(scene.ChunkKey(chunk)) is not null && await scene.ChunkAt(chunk).Read() is not null,
            TimeSpan.FromSeconds(10), $"chunk {chunk} in history");

    private async Task Dropped(Scene scene, Tab tab, int upTo = Chunk) =>
        await Eventually.TrueAsync(
            async () => (await tab.Write("a")).IsDone && StoredText(scene).RecentFrom >= upTo, TimeSpan.FromSeconds(10), $"the hot record to drop the updates up to {upTo}");

    [Fact]
    public async Task T3_two_who_write_at_once_both_have_their_words_in_the_text()
    {
        var scene = await AScene();
        var (father, mother) = (scene.ATab(), new Tab(scene.Page, scene.Mother, Section));

        var answers = await Task.WhenAll(father.Push(father.Next("爸爸", "好")), mother.Push(mother.Next("妈妈", "！")));

        Assert.All(answers, answer => Assert.True(answer.IsDone));
        var text = await scene.Text();
        Assert.Equal(6, text.Length);
        Assert.Contains("爸爸", text, StringComparison.Ordinal);
        Assert.Contains("妈妈", text, StringComparison.Ordinal);
        Assert.Equal(4, (await scene.Since(0)).Length);
        Assert.Equal(text, Replay(await scene.Since(0)));
    }

    [Fact]
    public async Task T3_a_push_onto_an_older_version_is_rebased_over_what_came_since()
    {
        var scene = await AScene();
        var (father, mother) = (scene.ATab(), new Tab(scene.Page, scene.Mother, Section));
        Assert.True((await father.Write("今天下雨")).IsDone);

        Assert.True((await mother.Write("谢谢")).IsDone);

        Assert.Equal(await scene.Text(), Replay(await scene.Since(0)));
        Assert.Equal(6, (await scene.Text()).Length);
    }

    [Fact]
    public async Task T7_a_push_repeated_after_its_answer_was_lost_is_answered_as_accepted_and_adds_nothing()
    {
        var scene = await AScene();
        var tab = scene.ATab();
        var push = tab.Next("a", "b");
        Storage.FailWrites(scene.Key, Failure.AfterStoring);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => tab.Push(push));

        var repeated = await Patiently.Ask(() => tab.Push(push));

        Assert.Equal(2, repeated.Value!.Version);
        Assert.Equal("ba", await scene.Text());
        Assert.Equal(1, Storage.Writes(scene.Key));
    }

    [Fact]
    public async Task L9_a_section_takes_so_many_pushes_a_second_and_the_rest_in_a_moment()
    {
        var scene = await AScene();
        var (tab, other) = (scene.ATab(), scene.ATab("study-at-home"));
        var first = tab.Next("a");
        for (var n = 0; n < LiveLimits.PushBurstOfSection; n++)
            Assert.True((await tab.Write("a")).IsDone);

        var tooMuch = tab.Next("b");
        Assert.Equal(TextCodes.TooFast, (await tab.Push(tooMuch)).Refusal?.Code);
        Assert.True((await tab.Push(first)).IsDone, "What is repeated costs nothing.");
        Assert.True((await other.Write("a")).IsDone, "Another section has its own pace.");

        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await tab.Push(tooMuch)).IsDone);
        Assert.Equal(LiveLimits.PushBurstOfSection + 1, (await scene.Text()).Length);
    }

    [Fact]
    public async Task T7_an_unknown_section_and_a_document_without_a_place_in_the_school_are_not_found()
    {
        var scene = await AScene();

        Assert.IsType<NotFound>((await scene.ATab("homework").Write("a")).Refusal);
        Assert.IsType<NotFound>((await scene.Page.TextSince("homework", 0)).Refusal);
        var nobodysPage = scene.School.Page(scene.School.NewStudent());
        Assert.IsType<NotFound>((await new Tab(nobodysPage, scene.Father, Section).Write("a")).Refusal);
        Assert.Null(await nobodysPage.View());
    }

    [Theory]
    [InlineData("school-day", false)]
    [InlineData("results", false)]
    [InlineData("study-at-home", true)]
    [InlineData("words", true)]
    [InlineData("answer", false)]
    [InlineData("fees", false)]
    public async Task A_guardian_writes_only_where_guardians_write(string section, bool may)
    {
        var scene = await AScene();

        var answer = await new Tab(scene.Page, scene.Mother, section).Write("a");

        Assert.Equal(may ? null : "forbidden", answer.Refusal?.Code);
        Assert.Equal(may ? "a" : "", await scene.Text(section));
    }

    [Fact]
    public async Task A_guardian_writes_nothing_on_the_class_sheet_and_a_teacher_not_what_the_family_says()
    {
        var scene = await AScene();

        Assert.Equal("forbidden", (await new Tab(scene.School.Sheet("3-2"), scene.Mother, "homework").Write("a")).Refusal!.Code);
        Assert.Equal("forbidden", (await new Tab(scene.Page, scene.Teacher, "study-at-home").Write("a")).Refusal!.Code);
        Assert.Equal("forbidden", (await new Tab(scene.Page, scene.Teacher, "words").Write("a")).Refusal!.Code);
        Assert.Equal(0, Storage.Writes(scene.Key));
    }

    [Fact]
    public async Task T7_what_cannot_be_taken_is_refused_with_its_code_and_changes_nothing()
    {
        var scene = await AScene();
        var tab = scene.ATab();
        Assert.True((await tab.Write("ab😀")).IsDone);
        var writes = Storage.Writes(scene.Key);

        async Task Refused(string code, TextPush push, Participant? writer = null) =>
            Assert.Equal(code, (await scene.Page.PushText(push, writer ?? scene.Father)).Refusal?.Code);

        var good = new TextPush(Section, 1, "another-tab", 1, [Tab.Inserting("c", 4)]);
        await Refused(TextCodes.VersionInFuture, good with { Version = 2 });
        await Refused(TextCodes.ChangesDoNotFit, good with { Version = -1 });
        await Refused(TextCodes.ChangesDoNotFit, good with { Changes = [Tab.Inserting("c", 5)] });
        await Refused(TextCodes.ChangesDoNotFit, good with { Changes = [new ChangeSetJson("{}")] });
        await Refused(TextCodes.ChangesDoNotFit, good with { Changes = [new ChangeSetJson("no json")] });
        await Refused(TextCodes.SequenceGap, good with { FirstSeq = 2 });
        await Refused(TextCodes.ClientOfAnotherAuthor, good with { ClientId = tab.Client }, scene.Mother);
        await Refused(TextCodes.MalformedClientId, good with { ClientId = "short" });
        await Refused(TextCodes.TooManyUpdates, good with { Changes = [.. Enumerable.Range(0, 201).Select(i => Tab.Inserting("c", 4 + i))] });
        await Refused(TextCodes.SplitsCharacter, good with { Changes = [new ChangeSetJson("[3,[0,\"x\"],1]")] });

        Assert.Equal(writes, Storage.Writes(scene.Key));
        Assert.Equal("ab😀", await scene.Text());
    }

    [Fact]
    public async Task T5_older_updates_lie_in_history_the_hot_record_stays_bounded_and_any_base_is_still_taken()
    {
        var scene = await AScene();
        var tab = await Written(scene, 650);
        // What left is dropped along with a later write.
        await Dropped(scene, tab, 4 * Chunk);

        Assert.InRange(StoredText(scene).Recent.Length, SharedText.DefaultKeep, SharedText.DefaultKeep + (2 * Chunk));

        await cluster.Deactivate(scene.Page);
        foreach (var version in new[] { 0, 1, 99, 100, 150, 399, 400, 650, tab.Version })
            Assert.Equal(tab.Version - version, (await scene.Since(version)).Length);
        Assert.Equal(await scene.Text(), Replay(await scene.Since(0)));

        var mother = new Tab(scene.Page, scene.Mother, Section);
        Assert.Equal(tab.Version + 1, (await mother.Write("妈")).Value!.Version);
        Assert.Equal(tab.Version + 1, (await scene.Text()).Length);
        Assert.Equal(await scene.Text(), Replay(await scene.Since(0)));
    }

    [Fact]
    public async Task T5_history_tells_who_wrote_what_and_when()
    {
        var scene = await AScene();
        var tab = await Written(scene, 350);
        await Spilled(scene, 0);

        var chunk = await scene.ChunkAt(0).Read();

        Assert.Equal(0, chunk!.FirstVersion);
        Assert.Equal(Chunk, chunk.Updates.Length);
        Assert.All(chunk.Updates, update => Assert.Equal((tab.Client, scene.Father.Id), (update.ClientId, update.Author)));
        Assert.All(chunk.Updates, update => Assert.Equal(cluster.Clock.GetUtcNow(), update.At));
        Assert.Equal(Enumerable.Range(1, Chunk), chunk.Updates.Select(update => update.Seq));
    }

    [Fact]
    public async Task T5_an_update_is_in_history_before_the_hot_record_drops_it()
    {
        var scene = await AScene();
        var tab = await Written(scene, 299);
        using var hold = Storage.HoldWrites(scene.ChunkKey(0));
        Assert.True((await tab.Write("a")).IsDone);
        await hold.Reached();

        Assert.True((await tab.Write("a")).IsDone);
        Assert.Equal(0, StoredText(scene).RecentFrom);
        Assert.Equal(301, StoredText(scene).Recent.Length);

        hold.Release();
        await Dropped(scene, tab);
        Assert.Equal(1, Storage.Writes(scene.ChunkKey(0)));
        Assert.Equal(tab.Version, (await scene.Since(0)).Length);
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring))]
    [InlineData(nameof(Failure.AfterStoring))]
    public async Task T5_a_failed_write_of_history_is_repeated_harmlessly(string failure)
    {
        var scene = await AScene();
        var tab = await Written(scene, 299);
        Storage.FailWrites(scene.ChunkKey(0), Enum.Parse<Failure>(failure));

        await Dropped(scene, tab);

        Assert.Equal(1, Storage.Writes(scene.ChunkKey(0)));
        Assert.Equal(tab.Version, (await scene.Since(0)).Length);
        Assert.Equal(await scene.Text(), Replay(await scene.Since(0)));
    }

    [Fact]
    public async Task T5_a_crash_after_history_was_written_and_before_the_drop_was_stored_repeats_harmlessly()
    {
        var scene = await AScene();
        var tab = await Written(scene, 300);
        await Spilled(scene, 0);
        // The drop is in memory only; this write would store it, and fails: memory is read anew.
        Storage.FailWrites(TestStorage.TailOf(scene.Key), Failure.BeforeStoring);
        var push = tab.Next("b");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => tab.Push(push));
        Assert.Equal(0, StoredText(scene).RecentFrom);

        Assert.True((await Patiently.Ask(() => tab.Push(push))).IsDone);
        tab.Took(push, 1);

        await Dropped(scene, tab);
        Assert.Equal(1, Storage.Writes(scene.ChunkKey(0)));
        Assert.Equal(tab.Version, (await scene.Since(0)).Length);
        Assert.Equal(await scene.Text(), Replay(await scene.Since(0)));
    }

    [Fact]
    public async Task T5_what_came_since_is_complete_also_while_a_drop_is_decided_and_not_yet_stored()
    {
        var scene = await AScene();
        var tab = await Written(scene, 350);
        await Spilled(scene, 0);
        Assert.True((await tab.Write([.. Enumerable.Repeat("a", 50)])).IsDone);
        await Spilled(scene, 1);
        // Stored: the first chunk is dropped. In memory two are.
        Assert.Equal(Chunk, StoredText(scene).RecentFrom);

        for (var version = 0; version <= tab.Version; version += 50)
            Assert.Equal(Enumerable.Range(version + 1, tab.Version - version), (await scene.Since(version)).Select(update => update.Seq));
    }

    [Fact]
    public async Task T5_a_late_push_is_rebased_rightly_also_when_a_chunk_leaves_while_it_loads_the_history()
    {
        var scene = await AScene();
        var tab = await Written(scene, 350);
        await Spilled(scene, 0);
        Assert.True((await tab.Write([.. Enumerable.Repeat("a", 49)])).IsDone);
        Assert.Equal(Chunk, StoredText(scene).RecentFrom);
        await cluster.Deactivate(scene.ChunkAt(0));

        using var leaving = Storage.HoldWrites(scene.ChunkKey(1));
        Assert.True((await tab.Write("a")).IsDone);
        await leaving.Reached();
        using var loading = Storage.HoldReads(scene.ChunkKey(0));
        var late = new Tab(scene.Page, scene.Mother, Section) { Version = 50, Length = 50 };
        var push = late.Write("妈妈");
        await loading.Reached();
        leaving.Release();
        await Spilled(scene, 1);
        loading.Release();

        Assert.Equal(401, (await push).Value!.Version);
        Assert.Equal(402, (await scene.Text()).Length);
        Assert.Equal(await scene.Text(), Replay(await scene.Since(0)));
    }

    [Fact]
    public async Task A_letter_more_is_stored_beside_the_page_and_is_there_when_its_actor_is_read_anew()
    {
        var scene = await AScene();
        var tab = await Written(scene, TextTail.WorthIt + 1);
        // What the class's day was told is out of the record with the next write.
        await TestSchool.Delivered(scene.School.OutboxOf(scene.School.Class("3-2")));
        Assert.True((await tab.Write("-")).IsDone);
        var whole = Storage.Writes(scene.Key);

        foreach (var letter in "b" + "c" + "d")
            Assert.True((await tab.Write(letter.ToString())).IsDone);
        Assert.Equal(whole, Storage.Writes(scene.Key));
        var (text, position) = (await scene.Text(), (await scene.Page.View())!.N);
        Assert.StartsWith("dcb-a", text, StringComparison.Ordinal);

        await cluster.Deactivate(scene.Page);
        Assert.Equal((text, position), (await scene.Text(), (await scene.Page.View())!.N));
        Assert.Equal(tab.Version, (await scene.Since(0)).Length);
        Assert.Equal(text, Replay(await scene.Since(0)));

        // What was said of the last push is said of it again, and what is not text is stored with all of it.
        Assert.True((await tab.Write("e")).IsDone);
        Assert.True((await scene.Page.SetMarks([new SetMark("lunch", MarkLevel.Good)], scene.Teacher)).IsDone);
        await cluster.Deactivate(scene.Page);
        Assert.Equal("e" + text, await scene.Text());
        Assert.Equal("e" + text, Storage.Stored<BookPageState>(scene.Key)!.Section(Section).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_actor_that_was_replaced_without_knowing_it_acknowledges_nothing_more(bool byItsTail)
    {
        var scene = await AScene();
        var tab = await Written(scene, TextTail.WorthIt + 1);
        Assert.True((await tab.Write("b")).IsDone);

        // The other one begins by writing both rows; either is enough to stop this one.
        var row = byItsTail ? TestStorage.TailOf(scene.Key) : scene.Key;
        Storage.Store(row, Storage.Json(row)!);
        var push = byItsTail ? tab.Next("c") : tab.Next([.. Enumerable.Repeat("c", TextTail.Longest + 1)]);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => tab.Push(push));

        Assert.StartsWith("ba", StoredText(scene).Text, StringComparison.Ordinal);
        Assert.True((await Patiently.Ask(() => tab.Push(push))).IsDone);
        Assert.Contains("cba", await scene.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, nameof(Failure.BeforeStoring))]
    [InlineData(false, nameof(Failure.AfterStoring))]
    [InlineData(true, nameof(Failure.BeforeStoring))]
    [InlineData(true, nameof(Failure.AfterStoring))]
    public async Task Nothing_is_lost_when_the_first_write_of_an_actor_that_was_read_anew_fails(bool atItsTail, string failure)
    {
        var scene = await AScene();
        var tab = await Written(scene, TextTail.WorthIt + 1);
        Assert.True((await tab.Write("b")).IsDone);
        await cluster.Deactivate(scene.Page);

        Storage.FailWrites(atItsTail ? TestStorage.TailOf(scene.Key) : scene.Key, Enum.Parse<Failure>(failure));
        var push = tab.Next("c");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => tab.Push(push));
        Assert.Contains("ba", StoredText(scene).Text, StringComparison.Ordinal);

        Assert.True((await Patiently.Ask(() => tab.Push(push))).IsDone);
        Assert.StartsWith("cba", await scene.Text(), StringComparison.Ordinal);
        Assert.Equal(tab.Version + 1, (await scene.Since(0)).Length);
    }

    [Fact]
    public async Task The_page_belongs_to_the_class_that_the_child_is_in_when_somebody_first_writes()
    {
        var scene = await AScene();
        Assert.Equal("3-2", (await scene.Page.View())!.Class);
        Assert.True((await scene.School.Student(scene.Student).Put(scene.School.Pupil("3-1"), TestSchool.By)).IsDone);

        Assert.Equal("3-1", (await scene.Page.View())!.Class);
        Assert.True((await scene.ATab().Write("a")).IsDone);
        Assert.True((await scene.School.Student(scene.Student).Put(scene.School.Pupil("3-10"), TestSchool.By)).IsDone);

        Assert.Equal("3-1", (await scene.Page.View())!.Class);
        await TestSchool.Delivered(scene.School.OutboxOf(scene.School.Class("3-1")));
        Assert.Equal<string>(["words"], (await scene.School.Day("3-1").View())!.Children.Single(child => child.Student == scene.Student.Number).Filled);
        Assert.Equal(0, Storage.Writes(new ClassDayId(scene.School.Id.School, "3-2", TestSchool.Today).ToString()));
    }

    private static string Replay(ImmutableArray<TextUpdate> updates)
    {
        var text = "";
        foreach (var update in updates)
        {
            Assert.True(Grains.CoEditing.ChangeSetJson.TryParse(update.Changes.Json, TextLimits.Unlimited, out var changes, out var problem), problem);
            text = changes.Apply(text);
        }

        return text;
    }
}
