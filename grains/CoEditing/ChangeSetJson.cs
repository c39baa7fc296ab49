using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchoolHome.Grains.CoEditing;

/// <summary>Reading and writing the JSON of <c>ChangeSet.toJSON()</c>.</summary>
internal static class ChangeSetJson
{
    /// <summary>
    /// Reads a change set that comes from a browser. Takes exactly what <c>toJSON()</c> writes and nothing that <c>fromJSON()</c> would merely
    /// tolerate (empty sections, neighbours that belong together): from there on every change set is in normal form, and equal ones are equal.
    /// </summary>
    /// <param name="json">An array; a number keeps so many code units, <c>[deleted, ...insertedLines]</c> replaces them.</param>
    /// <param name="limits">How many sections and inserted code units are taken.</param>
    /// <param name="changes">The change set.</param>
    /// <param name="problem">For a programmer, in English, without the text: what is wrong and where.</param>
    public static bool TryParse(
        JsonElement json, TextLimits limits, [NotNullWhen(true)] out ChangeSet? changes, [NotNullWhen(false)] out string? problem)
    {
        changes = null;
        problem = null;
        if (json.ValueKind != JsonValueKind.Array)
            problem = "not an array";
        else if (json.GetArrayLength() > limits.MaxSectionsPerUpdate)
            problem = $"more than {limits.MaxSectionsPerUpdate} sections";
        else
            problem = Read(json, limits, out changes);
        return problem is null;
    }

    /// <inheritdoc cref="TryParse(JsonElement, TextLimits, out ChangeSet?, out string?)"/>
    public static bool TryParse(
        string json, TextLimits limits, [NotNullWhen(true)] out ChangeSet? changes, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return TryParse(document.RootElement, limits, out changes, out problem);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An ArgumentException is how the reader answers a string that is not well-formed UTF-16.
            changes = null;
            problem = "not JSON";
            return false;
        }
    }

    private static string? Read(JsonElement json, TextLimits limits, out ChangeSet? changes)
    {
        changes = null;
        var sections = new int[2 * json.GetArrayLength()];
        var texts = new string[sections.Length / 2];
        long length = 0, newLength = 0, insertedLength = 0;
        var i = 0;
        foreach (var part in json.EnumerateArray())
        {
            var text = "";
            int deleted;
            var isKept = part.ValueKind == JsonValueKind.Number;
            if (isKept)
            {
                if (!TryReadLength(part, out deleted))
                    return $"section {i} is not a whole number from 0 to 2147483647";
            }
            else if (ReadChange(part, limits.MaxInsertedPerUpdate - insertedLength, out deleted, out text) is { } wrong)
            {
                return $"section {i} {wrong}";
            }

            var inserted = isKept ? ChangeDesc.Kept : text.Length;
            insertedLength += text.Length;
            length += deleted;
            newLength += isKept ? deleted : text.Length;
            if (length > int.MaxValue || newLength > int.MaxValue)
                return "the lengths overflow";
            if (deleted == 0 && inserted <= 0)
                return $"section {i} is empty";
            if (i > 0 && BelongTogether(sections[2 * i - 2], sections[2 * i - 1], deleted, inserted))
                return $"sections {i - 1} and {i} belong together";
            sections[2 * i] = deleted;
            sections[2 * i + 1] = inserted;
            texts[i] = text;
            i++;
        }

        changes = new ChangeSet(new ChangeDesc(sections), texts);
        return null;
    }

    private static string? ReadChange(JsonElement part, long mayInsert, out int deleted, out string text)
    {
        deleted = 0;
        text = "";
        if (part.ValueKind != JsonValueKind.Array || part.GetArrayLength() == 0)
            return "is neither a number nor a change";
        if (!TryReadLength(part[0], out deleted))
            return "does not begin with a whole number from 0 to 2147483647";
        if (part.GetArrayLength() == 1)
            return null;
        // Breaks count one each; asked before the lines are gathered, so that a hostile array is not.
        if (part.GetArrayLength() - 2 > mayInsert)
            return "inserts too much";

        var lines = new List<string>(part.GetArrayLength() - 1);
        foreach (var element in part.EnumerateArray().Skip(1))
        {
            if (element.ValueKind != JsonValueKind.String)
                return "inserts something that is not a string";
            if (!TryReadLine(element, out var line))
                return "inserts half of a surrogate pair";
            if (line.AsSpan().ContainsAny('\n', '\r'))
                return "inserts a line that holds a line break";
            mayInsert -= line.Length + (lines.Count > 0 ? 1 : 0);
            if (mayInsert < 0)
                return "inserts too much";
            lines.Add(line);
        }

        text = string.Join('\n', lines);
        return text.Length == 0 ? "names an insertion that is empty" : null;
    }

    private static bool TryReadLength(JsonElement element, out int length)
    {
        length = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out length) && length >= 0;
    }

    private static bool TryReadLine(JsonElement element, [NotNullWhen(true)] out string? line)
    {
        try
        {
            line = element.GetString() ?? "";
            return Utf16.IsWellFormed(line);
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to an escape that is half of a pair, and to bytes that are not UTF-8.
            line = null;
            return false;
        }
    }

    private static bool BelongTogether(int length, int inserted, int nextLength, int nextInserted) =>
        (nextInserted <= 0 && inserted == nextInserted) || (length == 0 && nextLength == 0);
}

/// <summary>The form of a change set in stored state and on the wire. Reading it does not apply the limits for newcomers.</summary>
internal sealed class ChangeSetJsonConverter : JsonConverter<ChangeSet>
{
    public override ChangeSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return ChangeSetJson.TryParse(document.RootElement, TextLimits.Unlimited, out var changes, out var problem)
            ? changes
            : throw new JsonException($"Not a change set: {problem}.");
    }

    public override void Write(Utf8JsonWriter writer, ChangeSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        var sections = value.Desc.Sections;
        var inserted = value.Inserted;
        for (var i = 0; i < inserted.Length; i++)
        {
            if (sections[2 * i + 1] == ChangeDesc.Kept)
            {
                writer.WriteNumberValue(sections[2 * i]);
                continue;
            }

            writer.WriteStartArray();
            writer.WriteNumberValue(sections[2 * i]);
            if (inserted[i].Length > 0)
            {
                // The writer would put U+FFFD in its place and say nothing.
                if (!Utf16.IsWellFormed(inserted[i]))
                    throw new JsonException("A change that inserts half of a surrogate pair cannot be written.");
                var text = inserted[i].AsSpan();
                foreach (var line in text.Split('\n'))
                    writer.WriteStringValue(text[line]);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
