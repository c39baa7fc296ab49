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
        // Chinese stays readable in the database. "Unsafe" is about text inside HTML pages; these records never become part of one.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // Names, not numbers: members of an enum may be reordered.
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
