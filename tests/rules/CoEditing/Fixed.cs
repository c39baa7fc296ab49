using System.Globalization;
using CsCheck;
using Xunit.Sdk;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>
/// Properties over fixed examples: the same ones on every machine and every run, so that a failure is one of the change under test and not of
/// the day. SCHOOLHOME_TEST_SCALE multiplies how many there are.
/// </summary>
internal static class Fixed
{
    private const string ScaleVariable = "SCHOOLHOME_TEST_SCALE";

    public static int Scale { get; } =
        Environment.GetEnvironmentVariable(ScaleVariable) is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var scale) && scale > 0
                ? scale
                : throw new InvalidOperationException($"{ScaleVariable} is '{text}', which is not a whole number from 1 on.")
            : 1;

    /// <summary>The n-th example, for n from 0 to <paramref name="count"/> times the scale.</summary>
    public static IEnumerable<(string Seed, T Example)> Examples<T>(Gen<T> gen, int count)
    {
        for (var i = 0UL; i < (ulong)count * (ulong)Scale; i++)
        {
            var random = new PCG(7, i);
            var seed = random.ToString();
            yield return (seed, gen.Generate(random, null, out _));
        }
    }

    /// <summary>Holds the assertion against every example; a failing one is made small before it is shown.</summary>
    public static void Holds<T>(Gen<T> gen, int count, Action<T> assert)
    {
        foreach (var (seed, example) in Examples(gen, count))
        {
            try
            {
                assert(example);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                gen.Sample(assert, seed: seed, iter: 2_000, threads: 1);
                // Not reached if the sample begins with the seed that it is given; if it did not, the example itself is still shown.
                throw new XunitException($"Seed {seed}: {Check.Print(example)}", e);
            }
        }
    }
}
