using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchoolHome.Grains.Durability;

/// <summary>
/// How an actor's state is written into its record. Everything stored is read for ever, so a change here must still read what older versions wrote:
/// the golden samples in the tests say whether it does.
/// </summary>
internal static class StateJson
{
    /// <summary>The same rules as the silo's storage uses; for tests and tools that read records.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Chinese stays readable in the database. "Unsafe" is about text inside HTML pages; these records never become part of one.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>
    /// Sets the rules on options that somebody else created (the storage serializer's). No type names are ever written: a renamed class must not
    /// make records unreadable. Keys of dictionaries stay as they are, because they are ids.
    /// </summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.IncludeFields = false;
        options.WriteIndented = false;
        options.Encoder = Encoder;
        // Names, not numbers: members of an enum may be reordered.
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new OrdinalDictionaries());
        options.Converters.Add(new OrdinalSets());
        options.Converters.Add(new DefaultArrays());
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>
/// Reads sorted dictionaries with the comparer that records are made with. Left to itself the serializer sorts by the machine's language: slowly, and in another order on another machine.
/// </summary>
internal sealed class OrdinalDictionaries : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>) && typeToConvert.GenericTypeArguments[0] == typeof(string);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GenericTypeArguments[1]))!;

    private sealed class Converter<T> : JsonConverter<ImmutableSortedDictionary<string, T>>
    {
        public override ImmutableSortedDictionary<string, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader, options)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

        public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, T> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, one) in value)
            {
                writer.WritePropertyName(key);
                JsonSerializer.Serialize(writer, one, options);
            }

            writer.WriteEndObject();
        }
    }
}

/// <summary>
/// Writes an array that was never set as an empty one. A fact that waited in an outbox when a field was added to its kind is read without that field; it must be written again all the same.
/// </summary>
internal sealed class DefaultArrays : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GenericTypeArguments[0]))!;

    private sealed class Converter<T> : JsonConverter<ImmutableArray<T>>
    {
        public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ImmutableCollectionsMarshal.AsImmutableArray(JsonSerializer.Deserialize<T[]>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, ImmutableCollectionsMarshal.AsArray(value) ?? [], options);
    }
}

/// <summary>Reads sorted sets with the comparer that records are made with, as <see cref="OrdinalDictionaries"/> does.</summary>
internal sealed class OrdinalSets : JsonConverter<ImmutableSortedSet<string>>
{
    public override ImmutableSortedSet<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<string[]>(ref reader, options)!.ToImmutableSortedSet(StringComparer.Ordinal);

    public override void Write(Utf8JsonWriter writer, ImmutableSortedSet<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var one in value)
            writer.WriteStringValue(one);

        writer.WriteEndArray();
    }
}
