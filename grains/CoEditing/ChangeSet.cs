using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// An immutable change of one text: what <c>ChangeSet</c> of <c>@codemirror/state</c> is in the browser. Both sides must come to the same text
/// and to the same sections, also where two people insert at one position, so that this follows CodeMirror's own algorithm step by step and a
/// differential test holds the two together.
/// <para>Lengths and positions are UTF-16 code units. In a <see cref="string"/> of ours the line break is <c>\n</c> and counts one.</para>
/// <para>The JSON form, on the wire and in storage, is that of <c>ChangeSet.toJSON()</c>: an array in which a number keeps so many units and
/// an array <c>[deleted, ...insertedLines]</c> replaces them.</para>
/// </summary>
[JsonConverter(typeof(ChangeSetJsonConverter))]
internal sealed class ChangeSet : IEquatable<ChangeSet>
{
    // One per section; empty where the section inserts nothing.
    private readonly string[] _inserted;

    internal ChangeSet(ChangeDesc desc, string[] inserted)
    {
        Desc = desc;
        _inserted = inserted;
    }

    /// <summary>The same change without the inserted text.</summary>
    public ChangeDesc Desc { get; }

    /// <inheritdoc cref="ChangeDesc.Length"/>
    public int Length => Desc.Length;

    /// <inheritdoc cref="ChangeDesc.NewLength"/>
    public int NewLength => Desc.NewLength;

    /// <inheritdoc cref="ChangeDesc.IsEmpty"/>
    public bool IsEmpty => Desc.IsEmpty;

    internal ReadOnlySpan<string> Inserted => _inserted;

    /// <summary>How many sections it has, kept ones included.</summary>
    internal int SectionCount => _inserted.Length;

    /// <summary>How many code units it inserts.</summary>
    internal int InsertedLength => _inserted.Sum(text => text.Length);

    /// <inheritdoc cref="ChangeSetJson.TryParse(JsonElement, TextLimits, out ChangeSet?, out string?)"/>
    public static bool TryParse(
        JsonElement json, TextLimits limits, [NotNullWhen(true)] out ChangeSet? changes, [NotNullWhen(false)] out string? problem) =>
        ChangeSetJson.TryParse(json, limits, out changes, out problem);

    /// <inheritdoc cref="ChangeSetJson.TryParse(JsonElement, TextLimits, out ChangeSet?, out string?)"/>
    public static bool TryParse(
        string json, TextLimits limits, [NotNullWhen(true)] out ChangeSet? changes, [NotNullWhen(false)] out string? problem) =>
        ChangeSetJson.TryParse(json, limits, out changes, out problem);

    /// <summary>The JSON text of <c>ChangeSet.toJSON()</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>The text after the change.</summary>
    /// <exception cref="ArgumentException">The text has not the length that the change starts from.</exception>
    public string Apply(string text)
    {
        if (text.Length != Length)
            throw new ArgumentException($"The change starts from {Length} code units, the text has {text.Length}.", nameof(text));
        if (IsEmpty)
            return text;
        var result = new StringBuilder(NewLength);
        var position = 0;
        var sections = Desc.Sections;
        for (var i = 0; i < _inserted.Length; i++)
        {
            if (sections[2 * i + 1] == ChangeDesc.Kept)
                result.Append(text, position, sections[2 * i]);
            else
                result.Append(_inserted[i]);
            position += sections[2 * i];
        }

        return result.ToString();
    }

    /// <inheritdoc cref="ChangeDesc.Compose"/>
    public ChangeSet Compose(ChangeSet other)
    {
        Desc.RequireFollowing(other.Desc);
        return IsEmpty ? other : other.IsEmpty ? this : SectionAlgebra.Compose(Desc, _inserted, other.Desc, other._inserted).ToSet();
    }

    /// <inheritdoc cref="ChangeDesc.Map"/>
    public ChangeSet Map(ChangeDesc other, bool before = false)
    {
        Desc.RequireConcurrent(other);
        return other.IsEmpty ? this : SectionAlgebra.Map(Desc, _inserted, other, before).ToSet();
    }

    /// <inheritdoc cref="ChangeDesc.Map"/>
    public ChangeSet Map(ChangeSet other, bool before = false) => Map(other.Desc, before);

    /// <inheritdoc cref="ChangeDesc.MapPosition"/>
    public int MapPosition(int position, int assoc = -1) => Desc.MapPosition(position, assoc);

    /// <summary>
    /// Whether every character beyond the basic plane stays whole: the inserted text has no half of a surrogate pair, and no edge of a changed
    /// range lies within a pair of <paramref name="text"/>. If every accepted update keeps characters whole, then so does whatever they merge
    /// to: one writer's update can never be turned into a broken one by somebody else's.
    /// </summary>
    internal bool KeepsCharactersWhole(string text)
    {
        var position = 0;
        var wasKept = true;
        var sections = Desc.Sections;
        for (var i = 0; i < _inserted.Length; i++)
        {
            var isKept = sections[2 * i + 1] == ChangeDesc.Kept;
            // Within a run of changed sections the edges do not matter: both sides of them go.
            if (isKept != wasKept && IsWithinPair(text, position))
                return false;
            if (!Utf16.IsWellFormed(_inserted[i]))
                return false;
            wasKept = isKept;
            position += sections[2 * i];
        }

        return true;
    }

    public bool Equals([NotNullWhen(true)] ChangeSet? other) =>
        other is not null && Desc.Equals(other.Desc) && _inserted.AsSpan().SequenceEqual(other._inserted);

    public override bool Equals(object? obj) => Equals(obj as ChangeSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Desc);
        foreach (var text in _inserted)
            hash.Add(text, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    /// <inheritdoc cref="ChangeDesc.ToString"/>
    public override string ToString() => Desc.ToString();

    private static bool IsWithinPair(string text, int position) =>
        position > 0 && position < text.Length && char.IsSurrogatePair(text[position - 1], text[position]);
}
