namespace SchoolHome.Tests.Infrastructure;

/// <summary>Words that are found again: each is a line of its own, and is only ever put between lines, so that nobody's typing cuts another's in two.</summary>
internal static class Tokens
{
    /// <summary>The n-th token of a writer, from 1; the writer's n-th update is the one that writes it.</summary>
    public static string Of(string writer, int n) => $"{writer}.{n}";

    /// <summary>Writes the writer's next token between two lines.</summary>
    public static void Type(SharedSection section, string writer, int n, Random dice) => section.Type(
        text =>
        {
            var at = dice.Next(text.Length + 1);
            return at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        },
        Of(writer, n) + "\n");

    /// <summary>How often each token is in a text.</summary>
    public static Dictionary<string, int> In(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).CountBy(token => token).ToDictionary(StringComparer.Ordinal);
}
