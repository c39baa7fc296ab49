using System.Collections.Frozen;

namespace SchoolHome.Web.People;

/// <summary>
/// The initials of names' pinyin, by which offices look for people: <c>xjx</c> for 许建萱. A character that is read in several ways has several, and a surname (单, 解, 尉迟) those that it has as such among
/// them. The table beside this file is made by <c>generate.mjs</c>.
/// </summary>
internal static class Pinyin
{
    private static readonly FrozenDictionary<char, string> Initials = Read();

    /// <summary>Whether a name's initials begin with some letters.</summary>
    /// <param name="name">The name as people write it.</param>
    /// <param name="letters">In lower case. Anything but letters fits nobody.</param>
    public static bool Fits(string name, string letters)
    {
        var at = 0;
        foreach (var one in name)
        {
            if (at == letters.Length)
                break;
            // Dots and blanks within a name (买买提·艾力) are not spelt.
            if (!char.IsLetterOrDigit(one))
                continue;
            if (!Of(one).Contains(letters[at], StringComparison.Ordinal))
                return false;

            at++;
        }

        return at > 0 && at == letters.Length;
    }

    /// <summary>The initials of one character; a letter stands for itself.</summary>
    private static string Of(char one) => Initials.TryGetValue(one, out var initials) ? initials : char.ToLowerInvariant(one).ToString();

    private static FrozenDictionary<char, string> Read()
    {
        using var table = typeof(Pinyin).Assembly.GetManifestResourceStream("pinyin-initials.txt") ?? throw new InvalidOperationException("The table of initials is missing.");
        using var lines = new StreamReader(table);
        var initials = new Dictionary<char, string>();
        while (lines.ReadLine() is { } line)
        {
            if (line.Split(' ') is [{ Length: > 0 } letters, var characters] && letters != "#")
            {
                foreach (var one in characters)
                    initials[one] = letters;
            }
        }

        return initials.ToFrozenDictionary();
    }
}
