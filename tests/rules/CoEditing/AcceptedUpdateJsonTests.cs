using System.Text.Json;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.Durability;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>What is written of an update is made once; it must be that update's all the same.</summary>
public sealed class AcceptedUpdateJsonTests
{
    private static readonly AcceptedUpdate Update = new("tab-000001", 7, Texts.Insert(3, 1, "字😀\n\"<"), new DateTimeOffset(2026, 11, 24, 8, 0, 0, 120, TimeSpan.Zero));

    [Fact]
    public void An_update_is_written_as_ever_and_read_back()
    {
        var json = JsonSerializer.Serialize(Update, StateJson.Options);

        Assert.Equal("""{"c":"tab-000001","n":7,"d":[1,[0,"字\uD83D\uDE00","\"<"],2],"t":"2026-11-24T08:00:00.12+00:00"}""", json);
        Assert.Equal(Update, JsonSerializer.Deserialize<AcceptedUpdate>(json, StateJson.Options));
        Assert.Equal(json, JsonSerializer.Serialize(Update, StateJson.Options));
    }

    [Fact]
    public void A_changed_copy_is_written_as_itself()
    {
        _ = JsonSerializer.Serialize(Update, StateJson.Options);

        Assert.Contains("\"n\":8", JsonSerializer.Serialize(Update with { Seq = 8 }, StateJson.Options), StringComparison.Ordinal);
        Assert.NotEqual(Update, Update with { Seq = 8 });
    }
}
