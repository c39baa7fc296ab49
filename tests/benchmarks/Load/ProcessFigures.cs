using System.Globalization;

namespace SchoolHome.Benchmarks.Load;

/// <summary>What the system says of a process (Linux).</summary>
internal sealed record ProcessFigures(int Id)
{
    private const double TicksPerSecond = 100;

    /// <summary>Processor time so far, user and system, in seconds.</summary>
    public double ProcessorSeconds()
    {
        var stat = File.ReadAllText($"/proc/{Id.ToString(CultureInfo.InvariantCulture)}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Memory that lies in the machine now, in kB.</summary>
    public double ResidentKilobytes() =>
        double.Parse(
            File.ReadLines($"/proc/{Id.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..].Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture);
}
