using System.Runtime.InteropServices;

namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// Composing and moving changes: CodeMirror's <c>composeSets</c>, <c>mapSet</c> and <c>addSection</c>, branch by branch. The order of the
/// branches decides who comes first at one position, which is why they are not written in a nicer way. The callers have compared the lengths.
/// </summary>
internal static class SectionAlgebra
{
    /// <param name="aText">The inserted text of <paramref name="a"/>, or null when only the shape is wanted.</param>
    /// <param name="bText">As <paramref name="aText"/>, for <paramref name="b"/>.</param>
    public static SectionBuilder Compose(ChangeDesc a, string[]? aText, ChangeDesc b, string[]? bText)
    {
        var result = new SectionBuilder(aText is not null);
        var first = new SectionCursor(a, aText);
        var second = new SectionCursor(b, bText);
        for (var open = false; ;)
        {
            if (first.Done && second.Done)
                return result;

            if (first.Inserted == 0)
            {
                // What the first deletes, the second never saw.
                result.Add(first.Length, 0, open);
                first.Next();
            }
            else if (second.Length == 0 && !second.Done)
            {
                // A pure insertion of the second.
                result.Add(0, second.Inserted, open);
                result.AddText(second.Text);
                second.Next();
            }
            else if (first.Done || second.Done)
            {
                throw new InvalidOperationException("Mismatched change set lengths.");
            }
            else
            {
                var length = Math.Min(first.NewLength, second.Length);
                var sectionsBefore = result.Count;
                if (first.Inserted == ChangeDesc.Kept)
                {
                    var inserted = second.Inserted == ChangeDesc.Kept ? ChangeDesc.Kept : second.Offset > 0 ? 0 : second.Inserted;
                    result.Add(length, inserted, open);
                    if (inserted > 0)
                        result.AddText(second.Text);
                }
                else if (second.Inserted == ChangeDesc.Kept)
                {
                    result.Add(first.Offset > 0 ? 0 : first.Length, length, open);
                    result.AddText(first.TextBit(length));
                }
                else
                {
                    result.Add(first.Offset > 0 ? 0 : first.Length, second.Offset > 0 ? 0 : second.Inserted, open);
                    if (second.Offset == 0)
                        result.AddText(second.Text);
                }

                open = (first.Inserted > length || (second.Inserted >= 0 && second.Length > length)) && (open || result.Count > sectionsBefore);
                first.ForwardNew(length);
                second.Forward(length);
            }
        }
    }

    /// <summary>A copy of <paramref name="a"/> that applies after <paramref name="b"/>.</summary>
    /// <param name="aText">The inserted text of <paramref name="a"/>, or null when only the shape is wanted.</param>
    public static SectionBuilder Map(ChangeDesc a, string[]? aText, ChangeDesc b, bool before)
    {
        var result = new SectionBuilder(aText is not null);
        var mapped = new SectionCursor(a, aText);
        var over = new SectionCursor(b, null);
        // For changes that are processed piece by piece: the section whose text has been inserted already.
        for (var inserted = -1; ;)
        {
            if ((mapped.Done && over.Length > 0) || (over.Done && mapped.Length > 0))
                throw new InvalidOperationException("Mismatched change set lengths.");

            if (mapped.Inserted == ChangeDesc.Kept && over.Inserted == ChangeDesc.Kept)
            {
                var length = Math.Min(mapped.Length, over.Length);
                result.Add(length, ChangeDesc.Kept);
                mapped.Forward(length);
                over.Forward(length);
            }
            else if (over.Inserted >= 0 && (mapped.Inserted < 0 || inserted == mapped.Index
                || (mapped.Offset == 0 && (over.Length < mapped.Length || (over.Length == mapped.Length && !before)))))
            {
                // The other's change comes first (by start, then by length, then by who yields): its new text is kept, and what we change
                // within the range that it deletes shrinks to our insertions.
                var length = over.Length;
                result.Add(over.Inserted, ChangeDesc.Kept);
                while (length > 0)
                {
                    var piece = Math.Min(mapped.Length, length);
                    if (mapped.Inserted >= 0 && inserted < mapped.Index && mapped.Length <= piece)
                    {
                        result.Add(0, mapped.Inserted);
                        result.AddText(mapped.Text);
                        inserted = mapped.Index;
                    }

                    mapped.Forward(piece);
                    length -= piece;
                }

                over.Next();
            }
            else if (mapped.Inserted >= 0)
            {
                // Our change, up to where the other next puts in something.
                var length = 0;
                var left = mapped.Length;
                while (left > 0)
                {
                    if (over.Inserted == ChangeDesc.Kept)
                    {
                        var piece = Math.Min(left, over.Length);
                        length += piece;
                        left -= piece;
                        over.Forward(piece);
                    }
                    else if (over.Inserted == 0 && over.Length < left)
                    {
                        left -= over.Length;
                        over.Next();
                    }
                    else
                    {
                        break;
                    }
                }

                result.Add(length, inserted < mapped.Index ? mapped.Inserted : 0);
                if (inserted < mapped.Index)
                    result.AddText(mapped.Text);
                inserted = mapped.Index;
                mapped.Forward(mapped.Length - left);
            }
            else if (mapped.Done && over.Done)
            {
                return result;
            }
            else
            {
                throw new InvalidOperationException("Mismatched change set lengths.");
            }
        }
    }

    /// <summary>Walks over the sections of one change, whole or piece by piece.</summary>
    private ref struct SectionCursor
    {
        private const int End = -2;
        private readonly ReadOnlySpan<int> _sections;
        private readonly string[]? _texts;

        public SectionCursor(ChangeDesc desc, string[]? texts)
        {
            _sections = desc.Sections;
            _texts = texts;
            Next();
        }

        /// <summary>Behind the current section, so that it also names the section.</summary>
        public int Index { get; private set; }

        /// <summary>What is left of the section's length in the old document.</summary>
        public int Length { get; private set; }

        /// <summary>What is left of its insertion, <see cref="ChangeDesc.Kept"/>, or the end.</summary>
        public int Inserted { get; private set; }

        /// <summary>How much of the section has been passed.</summary>
        public int Offset { get; private set; }

        public readonly bool Done => Inserted == End;

        public readonly int NewLength => Inserted < 0 ? Length : Inserted;

        public readonly string Text => _texts is null ? "" : _texts[(Index - 2) >> 1];

        public readonly string TextBit(int length) => _texts is null ? "" : _texts[(Index - 2) >> 1].Substring(Offset, length);

        public void Next()
        {
            if (Index < _sections.Length)
            {
                Length = _sections[Index];
                Inserted = _sections[Index + 1];
                Index += 2;
            }
            else
            {
                Length = 0;
                Inserted = End;
            }

            Offset = 0;
        }

        public void Forward(int length)
        {
            if (length == Length)
            {
                Next();
            }
            else
            {
                Length -= length;
                Offset += length;
            }
        }

        /// <summary>Forward, measured in the new document.</summary>
        public void ForwardNew(int length)
        {
            if (Inserted == ChangeDesc.Kept)
            {
                Forward(length);
            }
            else if (length == Inserted)
            {
                Next();
            }
            else
            {
                Inserted -= length;
                Offset += length;
            }
        }
    }
}

/// <summary>Collects sections in the one normal form that CodeMirror gives them.</summary>
internal sealed class SectionBuilder(bool withText)
{
    private readonly List<int> _sections = new(16);
    private readonly List<string>? _texts = withText ? new(8) : null;

    /// <summary>How many numbers have been collected (two per section).</summary>
    public int Count => _sections.Count;

    public void Add(int length, int inserted, bool forceJoin = false)
    {
        if (length == 0 && inserted <= 0)
            return;
        var sections = CollectionsMarshal.AsSpan(_sections);
        var last = sections.Length - 2;
        checked
        {
            if (last >= 0 && inserted <= 0 && inserted == sections[last + 1])
            {
                sections[last] += length;
            }
            else if (last >= 0 && length == 0 && sections[last] == 0)
            {
                sections[last + 1] += inserted;
            }
            else if (forceJoin)
            {
                sections[last] += length;
                sections[last + 1] += inserted;
            }
            else
            {
                _sections.Add(length);
                _sections.Add(inserted);
                _texts?.Add("");
            }
        }
    }

    /// <summary>Adds what the section inserts that was added or widened last.</summary>
    public void AddText(string text)
    {
        if (text.Length > 0 && _texts is not null)
            _texts[^1] += text;
    }

    public ChangeDesc ToDesc() => new([.. _sections]);

    public ChangeSet ToSet() => new(ToDesc(), [.. _texts ?? throw new InvalidOperationException("The text was not collected.")]);
}
