namespace SchoolHome.Grains.CoEditing;

/// <summary>
/// JSON and every database are Unicode: half of a surrogate pair cannot be stored, writers put U+FFFD in its place without a word. Such a
/// silent replacement would part the stored text from the one in the browsers, so halves are refused where they would come in.
/// </summary>
internal static class Utf16
{
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
