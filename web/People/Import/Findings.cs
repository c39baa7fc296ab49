using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.Web.People.Import;

/// <summary>One thing that a reader has found: where, and what as a code with what its sentence names.</summary>
/// <param name="File">The sheet, or the file within a zip; empty for the file as a whole.</param>
/// <param name="Row">As a spreadsheet counts them, from 1; 0 for the whole of it.</param>
/// <param name="Column">The column's heading; null for the whole row.</param>
/// <param name="Code">What it is.</param>
/// <param name="Values">What the sentence names.</param>
internal sealed record Finding(string File, int Row, string? Column, string Code, ImmutableArray<string> Values)
{
    public ImportWarning ToWarning() => new(File, Row, Column, Code, Values);

    public static Finding Of(ImportWarning warning) => new(warning.File, warning.Row, warning.Column, warning.Code, warning.Values);
}

/// <summary>All that is wrong with a file, and all that is worth knowing: collected to the end, counted to the end, told up to a bound.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<Finding>.Builder _problems = ImmutableArray.CreateBuilder<Finding>();
    private readonly ImmutableArray<Finding>.Builder _warnings = ImmutableArray.CreateBuilder<Finding>();

    public ImmutableArray<Finding> Problems => _problems.ToImmutable();

    public int ProblemCount { get; private set; }

    public ImmutableArray<Finding> Warnings => _warnings.ToImmutable();

    public int WarningCount { get; private set; }

    public void Problem(string file, int row, string? column, string code, params ReadOnlySpan<string> values)
    {
        ProblemCount++;
        if (_problems.Count < ImportLimits.MostTold)
            _problems.Add(new(file, row, column, code, [.. values]));
    }

    public void Warning(string file, int row, string? column, string code, params ReadOnlySpan<string> values)
    {
        WarningCount++;
        if (_warnings.Count < ImportLimits.MostTold)
            _warnings.Add(new(file, row, column, code, [.. values]));
    }
}

/// <summary>A file that cannot be read any further, and why.</summary>
internal sealed class UnreadableException(string file, string code, params string[] values) : Exception("The file cannot be read.")
{
    public string File => file;

    public string Code => code;

    public ImmutableArray<string> Values => [.. values];
}
