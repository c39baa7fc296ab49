using System.Text;
using System.Text.Json;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

public sealed class ChangeSetJsonTests
{
    private static readonly TextLimits Small = new() { MaxSectionsPerUpdate = 3, MaxInsertedPerUpdate = 5 };

    [Theory]
    [InlineData("[]")]
    [InlineData("[7]")]
    [InlineData("[[7]]")]
    [InlineData("[1,[2],[3,\"x\"],[0,\"y\"],4]")]
    [InlineData("[[0,\"\",\"\"]]")]
    [InlineData("[2147483647]")]
    public void Is_written_as_it_was_read(string json) => Assert.Equal(json, Texts.Parse(json).ToJson());

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1", "not JSON")]
    [InlineData("[1],[2]", "not JSON")]
    [InlineData("null", "not an array")]
    [InlineData("{}", "not an array")]
    [InlineData("\"[1]\"", "not an array")]
    [InlineData("5", "not an array")]
    [InlineData("[-1]", "section 0 is not a whole number")]
    [InlineData("[1.5]", "section 0 is not a whole number")]
    [InlineData("[1.0]", "section 0 is not a whole number")]
    [InlineData("[1e3]", "section 0 is not a whole number")]
    [InlineData("[2147483648]", "section 0 is not a whole number")]
    [InlineData("[2147483647,[1]]", "overflow")]
    [InlineData("[2147483647,[0,\"x\"]]", "overflow")]
    [InlineData("[true]", "section 0 is neither")]
    [InlineData("[null]", "section 0 is neither")]
    [InlineData("[\"x\"]", "section 0 is neither")]
    [InlineData("[{\"0\":1}]", "section 0 is neither")]
    [InlineData("[[]]", "section 0 is neither")]
    [InlineData("[[\"x\"]]", "section 0 does not begin")]
    [InlineData("[[-1,\"x\"]]", "section 0 does not begin")]
    [InlineData("[[[1],\"x\"]]", "section 0 does not begin")]
    [InlineData("[[1,2]]", "section 0 inserts something that is not a string")]
    [InlineData("[[1,null]]", "section 0 inserts something that is not a string")]
    [InlineData("[[1,[\"x\"]]]", "section 0 inserts something that is not a string")]
    [InlineData("[[1,\"x\",2]]", "section 0 inserts something that is not a string")]
    [InlineData("[[1,\"x\\ny\"]]", "line break")]
    [InlineData("[[1,\"x\\r\"]]", "line break")]
    [InlineData("[0]", "section 0 is empty")]
    [InlineData("[[0]]", "section 0 is empty")]
    [InlineData("[[0,\"\"]]", "empty")]
    [InlineData("[[1,\"\"]]", "section 0 names an insertion that is empty")]
    [InlineData("[1,2]", "sections 0 and 1 belong together")]
    [InlineData("[[1],[2]]", "sections 0 and 1 belong together")]
    [InlineData("[1,[0,\"x\"],[0,\"y\"]]", "sections 1 and 2 belong together")]
    public void Refuses_what_CodeMirror_would_not_write(string json, string problem)
    {
        Assert.False(ChangeSet.TryParse(json, TextLimits.Default, out var changes, out var said));
        Assert.Null(changes);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[0,\"\\ud83d\"]]")]
    [InlineData("[[0,\"\\ude00\"]]")]
    [InlineData("[[0,\"\\ude00\\ud83d\"]]")]
    [InlineData("[[0,\"a\\ud83db\"]]")]
    [InlineData("[[0,\"\\ud83d\",\"\\ude00\"]]")]
    public void Refuses_half_of_a_surrogate_pair(string json)
    {
        Assert.False(ChangeSet.TryParse(json, TextLimits.Default, out _, out var problem));
        Assert.Contains("surrogate", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_a_surrogate_pair_in_either_spelling()
    {
        Assert.Equal("😀", Texts.Parse("[[0,\"\\ud83d\\ude00\"]]").Apply(""));
        Assert.Equal("😀", Texts.Parse("[[0,\"😀\"]]").Apply(""));
    }

    [Fact]
    public void Refuses_bytes_that_are_not_Unicode()
    {
        using var document = JsonDocument.Parse(new byte[] { (byte)'[', (byte)'[', (byte)'0', (byte)',', (byte)'"', 0xED, 0xA0, 0xBD, (byte)'"', (byte)']', (byte)']' });
        Assert.False(ChangeSet.TryParse(document.RootElement, TextLimits.Default, out _, out var problem));
        Assert.Contains("surrogate", problem, StringComparison.Ordinal);
        Assert.False(ChangeSet.TryParse("[[0,\"\uD83D\"]]", TextLimits.Default, out _, out problem));
        Assert.Equal("not JSON", problem);
        Assert.False(ChangeSet.TryParse(default(JsonElement), TextLimits.Default, out _, out problem));
        Assert.Equal("not an array", problem);
    }

    [Theory]
    [InlineData("[1,[1],1]", true)]
    [InlineData("[1,[1],1,[1]]", false)]
    [InlineData("[[0,\"abcde\"]]", true)]
    [InlineData("[[0,\"abcdef\"]]", false)]
    [InlineData("[[0,\"ab\",\"cd\"]]", true)]
    [InlineData("[[0,\"abc\",\"de\"]]", false)]
    [InlineData("[[0,\"abc\"],1,[0,\"abc\"]]", false)]
    [InlineData("[[0,\"\",\"\",\"\",\"\",\"\",\"\"]]", true)]
    [InlineData("[[0,\"\",\"\",\"\",\"\",\"\",\"\",\"\"]]", false)]
    public void Keeps_to_the_limits(string json, bool taken) =>
        Assert.Equal(taken, ChangeSet.TryParse(json, Small, out _, out _));

    [Fact]
    public void Stored_changes_are_read_whatever_the_limits_for_newcomers_are_now()
    {
        var changes = Texts.Build(0, [new(0, 0, new string('x', 100_000))]);
        Assert.Equal(changes, JsonSerializer.Deserialize<ChangeSet>(JsonSerializer.Serialize(changes)));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ChangeSet>("[1,1]"));
    }

    [Fact]
    public void Never_writes_a_replacement_character_in_silence()
    {
        // Two changes that each hold whole characters can be composed to one that does not, if the second cuts one.
        var halved = Texts.Insert(0, 0, "😀").Compose(Texts.Replace(2, 0, 1, ""));
        Assert.Throws<JsonException>(() => halved.ToJson());
    }

    [Fact]
    public void Is_written_with_the_letters_that_the_writer_allows()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(writer, Texts.Parse("[1,[0,\"家长😀\"]]"));
        Assert.Equal("[1,[0,\"家长😀\"]]", Encoding.UTF8.GetString(stream.ToArray()).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal));
    }
}
