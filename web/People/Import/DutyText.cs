using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using SchoolHome.People;

namespace SchoolHome.Web.People.Import;

/// <summary>One item of 任教班级.</summary>
/// <param name="Written">As it is written.</param>
/// <param name="Class">The class.</param>
/// <param name="Kind">As what; null when the row's 职务 says it.</param>
/// <param name="Subjects">What is taught there.</param>
/// <param name="IsDetailed">Whether the item says its own kind and subjects, so that the row's do not count.</param>
/// <param name="IsMalformed">Whether it cannot be understood.</param>
internal sealed record DutyItem(string Written, string Class, DutyKind? Kind, ImmutableArray<string> Subjects, bool IsDetailed, bool IsMalformed);

/// <summary>
/// How 任教班级 is written. Usually the classes' names, 三年级1班、三年级2班, with what is done and taught there in the columns 职务 and 学科. Where that differs from class to class, each says its own:
/// <c>三年级2班（班主任：语文，道德与法治）、三年级1班（英语）</c>. A word that holds one of the separators stands in quotation marks <c>“…”</c>.
/// </summary>
internal static class DutyText
{
    private const string Separators = "、,，;；\n";
    private static readonly SearchValues<char> Special = SearchValues.Create("、,，;；\n:：()（）“”");

    /// <summary>Words that are separated by one of the separators.</summary>
    public static ImmutableArray<string> Words(string text) => [.. Split(text, Separators).Select(Unquoted).Where(word => word.Length > 0)];

    public static IEnumerable<DutyItem> Parse(string text)
    {
        foreach (var written in Split(text, Separators).Select(item => item.Trim()).Where(item => item.Length > 0))
        {
            if (Opening(written) is not { } open)
            {
                yield return new DutyItem(written, Unquoted(written), null, [], IsDetailed: false, IsMalformed: false);
                continue;
            }

            var inner = written[(open + 1)..^1];
            var parts = Split(inner, ":：");
            DutyKind? kind = OwnForm.Duties.FirstOrDefault(one => one.Word == parts[0].Trim()) is { Word: not null } duty ? duty.Kind : null;
            var isMalformed = parts.Count > 2 || (parts.Count == 2 && kind is null);
            var subjects = parts.Count == 2 ? parts[1] : kind is null ? inner : "";
            yield return new DutyItem(written, Unquoted(written[..open]), kind ?? DutyKind.SubjectTeacher, Words(subjects), IsDetailed: true, isMalformed);
        }
    }

    /// <summary>Writes duties: plainly where that says it all, else class by class.</summary>
    /// <param name="duties">The duties, with the classes' names.</param>
    /// <param name="isPlain">Whether 职务 and 学科 say what is done and taught in each.</param>
    public static string Write(IEnumerable<(string Class, DutyKind Kind, ImmutableArray<string> Subjects)> duties, bool isPlain)
    {
        var text = new StringBuilder();
        foreach (var (@class, kind, subjects) in duties)
        {
            if (text.Length > 0)
                text.Append('、');
            text.Append(Quoted(@class));
            if (isPlain)
                continue;

            text.Append('（').Append(OwnForm.Of(kind));
            if (!subjects.IsEmpty)
                text.Append('：').Append(Write(subjects));
            text.Append('）');
        }

        return text.ToString();
    }

    public static string Write(IEnumerable<string> words) => string.Join('，', words.Select(Quoted));

    private static string Quoted(string word) => word.AsSpan().IndexOfAny(Special) < 0 ? word : $"“{word.Replace("”", "””", StringComparison.Ordinal)}”";

    private static string Unquoted(string written)
    {
        var word = written.Trim();
        return word is ['“', .. var inner, '”'] ? inner.Replace("””", "”", StringComparison.Ordinal) : word;
    }

    // Where the bracket opens that ends an item; null when there is none. 三年级（2）班 has one, but does not end with it.
    private static int? Opening(string item)
    {
        if (item[^1] is not (')' or '）'))
            return null;

        int? open = null;
        ForEachOutsideQuotes(item, (at, one, depth) =>
        {
            if (one is '(' or '（' && depth == 1)
                open = at;
        });
        return open;
    }

    private static List<string> Split(string text, string separators)
    {
        var parts = new List<string>();
        var from = 0;
        ForEachOutsideQuotes(text, (at, one, depth) =>
        {
            if (depth > 0 || !separators.Contains(one, StringComparison.Ordinal))
                return;
            parts.Add(text[from..at]);
            from = at + 1;
        });
        parts.Add(text[from..]);
        return parts;
    }

    private static void ForEachOutsideQuotes(string text, Action<int, char, int> visit)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '“':
                    // To its end; two closing marks are one that belongs to the word.
                    for (at++; at < text.Length && (text[at] != '”' || (at + 1 < text.Length && text[at + 1] == '”')); at++)
                    {
                        if (text[at] == '”')
                            at++;
                    }

                    continue;
                case '(' or '（':
                    depth++;
                    break;
                case ')' or '）' when depth > 0:
                    visit(at, text[at], depth);
                    depth--;
                    continue;
                default:
                    break;
            }

            if (at < text.Length)
                visit(at, text[at], depth);
        }
    }
}
