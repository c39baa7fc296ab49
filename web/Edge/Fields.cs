using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.Web.People;

namespace SchoolHome.Web.Edge;

/// <summary>Collects what is wrong with the fields of a command, so that all of it is said at once.</summary>
internal sealed class Fields
{
    private readonly ImmutableArray<FieldProblem>.Builder _problems = ImmutableArray.CreateBuilder<FieldProblem>();

    public bool AreWrong => _problems.Count > 0;

    public ProblemHttpResult Problem(HttpContext context) => Problems.OfFields(_problems.ToImmutable(), context);

    public void Add(string field, string code) => _problems.Add(new(field, code));

    /// <summary>Adds a problem where a condition holds.</summary>
    public void AddIf(bool isWrong, string field, string code)
    {
        if (isWrong)
            Add(field, code);
    }

    /// <summary>A text that must be there. Answers it without the blanks around it.</summary>
    public string Required(string field, string? text, int longest = PeopleLimits.LongestName)
    {
        var trimmed = text?.Trim() ?? "";
        AddIf(trimmed.Length == 0, field, "required");
        AddIf(trimmed.Length > longest, field, "too-long");
        return trimmed;
    }

    /// <summary>A text that may be missing: null then.</summary>
    public string? Optional(string field, string? text, int longest)
    {
        var trimmed = text?.Trim() ?? "";
        AddIf(trimmed.Length > longest, field, "too-long");
        return trimmed.Length == 0 ? null : trimmed;
    }

    /// <summary>A phone number that may be missing: empty then. Answers its one form.</summary>
    public string Phone(string field, string? written)
    {
        if (string.IsNullOrWhiteSpace(written))
            return "";
        if (Phones.Normalize(written) is { } phone)
            return phone;

        Add(field, "phone-malformed");
        return "";
    }

    /// <summary>A value that must be given.</summary>
    public T Given<T>(string field, T? value)
        where T : struct
    {
        AddIf(value is null, field, "required");
        return value.GetValueOrDefault();
    }
}
