using CsCheck;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>Making texts and changes by hand and by chance.</summary>
internal static class Texts
{
    private static readonly string[] Pieces =
        ["a", "b", "Q", "中", "文", "。", "\n", "e\u0301", "ก็", "😀", "😁", "𠮷", "👨\u200D👩\u200D👧", "\u202E", "\\\"", "家长\n签字"];

    /// <summary>A few characters of all kinds that are hard on editors, none of them halved; may be empty.</summary>
    public static readonly Gen<string> Snippet =
        Gen.Int[0, Pieces.Length - 1].Array[0, 4].Select(picks => string.Concat(picks.Select(pick => Pieces[pick])));

    /// <summary>As <see cref="Snippet"/>, but of single code units, for changes that cut anywhere.</summary>
    public static readonly Gen<string> BasicText =
        Gen.Char["ab中文\n\u0301"].Array[0, 8].Select(characters => new string(characters));

    /// <summary>What one edit does at one place.</summary>
    public static readonly Gen<Splice> Splice = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], BasicText, (skip, delete, insert) =>
        new Splice(skip, delete, insert.Length > 3 ? "" : insert));

    /// <summary>Replaces one range.</summary>
    public static ChangeSet Replace(int length, int from, int to, string insert) =>
        Build(length, [new Splice(from, to - from, insert)]);

    /// <summary>Inserts at one place.</summary>
    public static ChangeSet Insert(int length, int at, string insert) => Replace(length, at, at, insert);

    /// <summary>A change in normal form for a text of the length; splices that reach beyond its end are cut.</summary>
    public static ChangeSet Build(int length, IEnumerable<Splice> splices)
    {
        var sections = new SectionBuilder(withText: true);
        var position = 0;
        foreach (var splice in splices)
        {
            var skip = Math.Min(splice.Skip, length - position);
            sections.Add(skip, ChangeDesc.Kept);
            position += skip;
            var delete = Math.Min(splice.Delete, length - position);
            sections.Add(delete, splice.Insert.Length);
            sections.AddText(splice.Insert);
            position += delete;
        }

        sections.Add(length - position, ChangeDesc.Kept);
        return sections.ToSet();
    }

    /// <summary>The nearest position that is not within a surrogate pair.</summary>
    public static int Whole(string text, int position)
    {
        position = Math.Clamp(position, 0, text.Length);
        return position > 0 && position < text.Length && char.IsSurrogatePair(text[position - 1], text[position]) ? position - 1 : position;
    }

    public static ChangeSet Parse(string json) =>
        ChangeSet.TryParse(json, TextLimits.Default, out var changes, out var problem) ? changes : throw new ArgumentException(problem, nameof(json));

    /// <summary>The text after all the updates.</summary>
    public static string Replay(IEnumerable<AcceptedUpdate> updates) => updates.Aggregate("", (text, update) => update.Changes.Apply(text));
}

/// <summary>Keep so many, delete so many, insert this.</summary>
internal sealed record Splice(int Skip, int Delete, string Insert);
