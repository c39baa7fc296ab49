using System.Diagnostics.CodeAnalysis;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// The shape of a change without the text that it inserts: enough to move other changes and positions over it. What CodeMirror calls a
/// <c>ChangeDesc</c>; lengths and positions are UTF-16 code units, a line break counts one.
/// </summary>
internal sealed class ChangeDesc : IEquatable<ChangeDesc>
{
    /// <summary>What stands in a section's second number when the section is kept as it is.</summary>
    internal const int Kept = -1;

    // Pairs, as in CodeMirror: the length in the old document, then Kept or the length of what replaces it.
    private readonly int[] _sections;

    internal ChangeDesc(int[] sections)
    {
        _sections = sections;
        var length = 0;
        var newLength = 0;
        checked
        {
            for (var i = 0; i < sections.Length; i += 2)
            {
                length += sections[i];
                newLength += sections[i + 1] == Kept ? sections[i] : sections[i + 1];
            }
        }

        Length = length;
        NewLength = newLength;
    }

    /// <summary>The length of the document before the change.</summary>
    public int Length { get; }

    /// <summary>The length of the document after the change.</summary>
    public int NewLength { get; }

    /// <summary>True when the document stays as it is.</summary>
    public bool IsEmpty => _sections.Length == 0 || (_sections.Length == 2 && _sections[1] == Kept);

    internal ReadOnlySpan<int> Sections => _sections;

    /// <summary>This change followed by <paramref name="other"/>, as one.</summary>
    /// <exception cref="ArgumentException"><paramref name="other"/> does not start in the document that this change leaves.</exception>
    public ChangeDesc Compose(ChangeDesc other)
    {
        RequireFollowing(other);
        return IsEmpty ? other : other.IsEmpty ? this : SectionAlgebra.Compose(this, null, other, null).ToDesc();
    }

    /// <summary>This change, moved so that it applies after <paramref name="other"/>, which starts in the same document.</summary>
    /// <param name="other">The change that has been applied first.</param>
    /// <param name="before">What decides when both insert at one position: true puts this change's text first.</param>
    /// <exception cref="ArgumentException">The two do not start in documents of one length.</exception>
    public ChangeDesc Map(ChangeDesc other, bool before = false)
    {
        RequireConcurrent(other);
        return other.IsEmpty ? this : SectionAlgebra.Map(this, null, other, before).ToDesc();
    }

    /// <summary>Where a position of the old document is in the new one.</summary>
    /// <param name="position">From 0 to <see cref="Length"/>.</param>
    /// <param name="assoc">Negative: stay before text that is inserted at the position; otherwise move behind it.</param>
    public int MapPosition(int position, int assoc = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Length);
        int oldPosition = 0, newPosition = 0;
        for (var i = 0; i < _sections.Length; i += 2)
        {
            int length = _sections[i], inserted = _sections[i + 1], end = oldPosition + length;
            if (inserted == Kept)
            {
                if (end > position)
                    return newPosition + (position - oldPosition);
                newPosition += length;
            }
            else
            {
                if (end > position || (end == position && assoc < 0 && length == 0))
                    return position == oldPosition || assoc < 0 ? newPosition : newPosition + inserted;
                newPosition += inserted;
            }

            oldPosition = end;
        }

        return newPosition;
    }

    public bool Equals([NotNullWhen(true)] ChangeDesc? other) => other is not null && _sections.AsSpan().SequenceEqual(other._sections);

    public override bool Equals(object? obj) => Equals(obj as ChangeDesc);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var number in _sections)
            hash.Add(number);
        return hash.ToHashCode();
    }

    /// <summary>Lengths only (<c>5 2:1</c> keeps five and replaces two by one), so that a log or a failing test tells no one's text.</summary>
    public override string ToString()
    {
        var parts = new string[_sections.Length / 2];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = _sections[2 * i + 1] == Kept ? $"{_sections[2 * i]}" : $"{_sections[2 * i]}:{_sections[2 * i + 1]}";
        return string.Join(' ', parts);
    }

    internal void RequireFollowing(ChangeDesc other)
    {
        if (NewLength != other.Length)
            throw new ArgumentException($"The change leaves {NewLength} code units, the next one expects {other.Length}.", nameof(other));
    }

    internal void RequireConcurrent(ChangeDesc other)
    {
        if (Length != other.Length)
            throw new ArgumentException($"The changes start in documents of different length: {Length} and {other.Length}.", nameof(other));
    }
}
