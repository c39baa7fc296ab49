using System.Globalization;

namespace SchoolHome.Grains.School;

/// <summary>3-2 before 3-10: numbers within class ids are compared as numbers.</summary>
internal static class ClassOrder
{
    public static StringComparer Natural { get; } = StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);
}
