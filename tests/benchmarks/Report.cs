using System.Globalization;

namespace SchoolHome.Benchmarks;

/// <summary>What was measured, as a table, and the ratios as lines that a script can read.</summary>
internal static class Report
{
    /// <summary>How long each server is used before it is measured. Ours runs for weeks; its first quarter of a minute goes into the just-in-time compiler.</summary>
    public static TimeSpan WarmUp(bool isQuick) => TimeSpan.FromSeconds(isQuick ? 3 : 20);

    public static void Table(params (string What, IReadOnlyList<double> Values)[] rows)
    {
        Console.WriteLine($"{"",-52}{"min",12}{"median",12}{"max",12}");
        foreach (var (what, values) in rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-52}{values.Min(),12:0.00}{Median(values),12:0.00}{values.Max(),12:0.00}"));
    }

    /// <summary>A ratio that has a goal. Answers whether it is reached.</summary>
    public static bool Ratio(string id, string name, double value, string op, double goal)
    {
        var passes = op switch { "<" => value < goal, "<=" => value <= goal, ">=" => value >= goal, _ => throw new ArgumentOutOfRangeException(nameof(op)) };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RATIO {id} {name} {value:0.00} goal {op} {goal} {(passes ? "pass" : "fail")}"));
        return passes;
    }

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
