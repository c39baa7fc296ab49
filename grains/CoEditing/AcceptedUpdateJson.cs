using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchoolHome.Grains.Durability;

namespace SchoolHome.Grains.CoEditing;

/// <summary>An accepted update in a record: <c>{"c":"tab-000001","n":7,"d":[[0,"字"],12],"t":"2026-11-24T08:00:00+00:00"}</c>, made once.</summary>
internal sealed class AcceptedUpdateJson : JsonConverter<AcceptedUpdate>
{
    private static readonly JsonWriterOptions AsRecordsAre = new() { Encoder = StateJson.Encoder };
    private static readonly ChangeSetJsonConverter Changes = new();

    public override AcceptedUpdate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var read = JsonSerializer.Deserialize<Stored>(ref reader, options) ?? throw new JsonException("An update is missing.");
        return new(read.C, read.N, read.D, read.T);
    }

    public override void Write(Utf8JsonWriter writer, AcceptedUpdate value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json(Make), skipInputValidation: true);

    private static byte[] Make(AcceptedUpdate update)
    {
        var json = new ArrayBufferWriter<byte>(160);
        using var writer = new Utf8JsonWriter(json, AsRecordsAre);
        writer.WriteStartObject();
        writer.WriteString("c", update.ClientId);
        writer.WriteNumber("n", update.Seq);
        writer.WritePropertyName("d");
        Changes.Write(writer, update.Changes, JsonSerializerOptions.Default);
        writer.WriteString("t", update.At);
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenSpan.ToArray();
    }

    private sealed record Stored(
        [property: JsonPropertyName("c")] string C,
        [property: JsonPropertyName("n")] int N,
        [property: JsonPropertyName("d")] ChangeSet D,
        [property: JsonPropertyName("t")] DateTimeOffset T);
}
