using System.Text.Json;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

public sealed class SharedTextTests
{
    private const string Ann = "client-ann";
    private const string Bo = "client-bo";

    [Fact]
    public void T5_is_stored_under_names_that_do_not_change()
    {
        var at = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
        var decision = TextAuthority.Decide(
            SharedText.Empty, new TextPush(0, Ann, 1, [Texts.Insert(0, 0, "ab\nc")]), "guardian/7", at, [], TextLimits.Default);
        var json = JsonSerializer.Serialize(Assert.IsType<TextDecision.Accepted>(decision).Next);
        Assert.Equal(
            """
            {"text":"ab\nc","version":1,"recentFrom":0,"recent":[{"c":"client-ann","n":1,"d":[[0,"ab","c"]],"t":"2026-11-23T08:00:00+00:00"}],"clients":{"client-ann":{"n":1,"by":"guardian/7"}}}
            """,
            json);
        AssertSame(Assert.IsType<TextDecision.Accepted>(decision).Next, JsonSerializer.Deserialize<SharedText>(json)!);
    }

    [Fact]
    public void A_record_that_lacks_a_field_is_read_with_its_empty_value()
    {
        AssertSame(SharedText.Empty, JsonSerializer.Deserialize<SharedText>("{}")!);
        AssertSame(SharedText.Empty, JsonSerializer.Deserialize<SharedText>(JsonSerializer.Serialize(SharedText.Empty))!);
    }

    [Fact]
    public void Shows_numbers_but_nobodys_text() =>
        Assert.Equal("version 3, 3 code units, 2 editors, recent from 0", Written(3).ToString());

    [Theory]
    [InlineData(0, 0)]
    [InlineData(299, 0)]
    [InlineData(300, 1)]
    [InlineData(399, 1)]
    [InlineData(400, 2)]
    public void T5_two_hundred_updates_stay_and_what_leaves_leaves_by_the_hundred(int versions, int chunks)
    {
        var overflow = Written(versions).Overflow();
        Assert.Equal(Enumerable.Range(0, chunks).Select(k => k * 100), overflow.Select(chunk => chunk.FirstVersion));
        Assert.All(overflow, chunk => Assert.Equal(100, chunk.Updates.Length));
    }

    [Fact]
    public void T5_a_chunk_leaves_once_and_takes_nothing_else_with_it()
    {
        var text = Written(400);
        var chunks = text.Overflow();
        var after = text.Without(chunks[0]);
        Assert.Equal((100, 400, text.Text), (after.RecentFrom, after.Version, after.Text));
        Assert.Equal<AcceptedUpdate>(text.Recent[100..], after.Recent);
        Assert.Same(after, after.Without(chunks[0]));
        Assert.Equal(200, after.Without(chunks[1]).RecentFrom);
        Assert.Throws<ArgumentException>(() => text.Without(chunks[1]));
    }

    [Fact]
    public void T5_a_chunk_that_is_written_again_after_a_crash_has_the_same_bytes()
    {
        var before = Written(330);
        var first = JsonSerializer.Serialize(before.Overflow().Single());
        var later = Write(JsonSerializer.Deserialize<SharedText>(JsonSerializer.Serialize(before))!, 360);
        Assert.Equal(first, JsonSerializer.Serialize(later.Overflow().Single()));
        Assert.Equal(2, Write(later, 400).Overflow().Length);
        Assert.Equal(first, JsonSerializer.Serialize(Write(later, 400).Overflow()[0]));
    }

    [Fact]
    public void T5_a_chunk_tells_who_wrote_what_and_when()
    {
        var chunk = Written(300).Overflow().Single();
        Assert.Equal<TextAuthor>([new TextAuthor(Ann, "author of client-ann"), new TextAuthor(Bo, "author of client-bo")], chunk.Authors);
        var read = JsonSerializer.Deserialize<TextHistoryChunk>(JsonSerializer.Serialize(chunk))!;
        Assert.Equal<AcceptedUpdate>(chunk.Updates, read.Updates);
        Assert.Equal<TextAuthor>(chunk.Authors, read.Authors);
        Assert.Equal((0, 100), (read.FirstVersion, read.NextVersion));
    }

    [Fact]
    public void T5_names_the_chunks_that_a_version_needs()
    {
        var text = Written(500);
        foreach (var chunk in text.Overflow())
            text = text.Without(chunk);
        Assert.Equal(300, text.RecentFrom);
        Assert.Equal<int>([0, 100, 200], text.ChunksSince(0));
        Assert.Equal<int>([100, 200], text.ChunksSince(199));
        Assert.Equal<int>([200], text.ChunksSince(200));
        Assert.Empty(text.ChunksSince(300));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.ChunksSince(-1));
    }

    [Fact]
    public void T5_another_chunk_size_than_the_stored_one_is_noticed()
    {
        var text = Written(300);
        text = text.Without(text.Overflow().Single());
        Assert.Throws<InvalidOperationException>(() => text.Overflow(keep: 10, chunkSize: 30));
        Assert.Throws<InvalidOperationException>(() => text.ChunksSince(0, chunkSize: 30));
    }

    private static SharedText Written(int versions) => Write(SharedText.Empty, versions);

    private static SharedText Write(SharedText text, int versions)
    {
        var start = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
        while (text.Version < versions)
        {
            var client = text.Version % 3 == 0 ? Bo : Ann;
            var seq = (text.Clients.GetValueOrDefault(client)?.LastSeq ?? 0) + 1;
            var push = new TextPush(text.Version, client, seq, [Texts.Insert(text.Text.Length, 0, "x")]);
            var decision = TextAuthority.Decide(text, push, $"author of {client}", start.AddSeconds(text.Version), [], TextLimits.Default);
            text = Assert.IsType<TextDecision.Accepted>(decision).Next;
        }

        return text;
    }

    private static void AssertSame(SharedText expected, SharedText actual)
    {
        Assert.Equal((expected.Text, expected.Version, expected.RecentFrom), (actual.Text, actual.Version, actual.RecentFrom));
        Assert.Equal<AcceptedUpdate>(expected.Recent, actual.Recent);
        Assert.Equal(expected.Clients.OrderBy(client => client.Key), actual.Clients.OrderBy(client => client.Key));
    }
}
