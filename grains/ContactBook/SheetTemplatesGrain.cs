using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;

namespace SchoolHome.Grains.ContactBook;

internal sealed record SheetTemplatesState : DurableRecord
{
    /// <summary>By name.</summary>
    public ImmutableArray<SheetTemplate> Templates { get; init; } = [];
}

/// <summary>What a teacher's templates may be like.</summary>
internal static class SheetTemplateRules
{
    public const int LongestName = 40;

    public static Answer<SheetTemplatesState> Put(SheetTemplatesState state, SheetTemplate template)
    {
        template = template with { Name = template.Name.Trim(), Items = SheetRules.Tidied(template.Items) };
        var others = state.Templates.RemoveAll(one => one.Template == template.Template);
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (template.Name.Length == 0)
            problems.Add(new("name", "required"));
        else if (template.Name.Length > LongestName)
            problems.Add(new("name", "too-long"));
        else if (others.Any(one => string.Equals(one.Name, template.Name, StringComparison.OrdinalIgnoreCase)))
            problems.Add(new("name", "taken"));

        problems.AddRange(SheetRules.Check(template.Items, by: null));
        if (problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());
        if (others.Length >= SheetLimits.MostTemplates)
            return new Conflict("too-many-templates");

        return state.Templates.FirstOrDefault(one => one.Template == template.Template) is { } known && known.Name == template.Name && known.Items.SequenceEqual(template.Items)
            ? state
            : state with { Templates = [.. others.Add(template).OrderBy(one => one.Name, StringComparer.Ordinal)] };
    }

    public static SheetTemplatesState Remove(SheetTemplatesState state, Guid template) =>
        state.Templates.Any(one => one.Template == template) ? state with { Templates = state.Templates.RemoveAll(one => one.Template == template) } : state;
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("sheet-templates")]
[Reentrant]
internal sealed class SheetTemplatesGrain(
    [PersistentState("sheet-templates")] IPersistentState<SheetTemplatesState> storage,
    ILogger<SheetTemplatesGrain> logger)
    : DurableGrain<SheetTemplatesState>(storage, logger), ISheetTemplatesGrain
{
    public Task<ImmutableArray<SheetTemplate>> List()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Templates);
    }

    public Task<Answer<Done>> Put(SheetTemplate template) => Change(SheetTemplateRules.Put(Decided, template));

    public Task<Answer<Done>> Remove(Guid template) => Change(SheetTemplateRules.Remove(Decided, template));

    private async Task<Answer<Done>> Change(Answer<SheetTemplatesState> answer)
    {
        ThrowIfBroken();
        if (answer.Refusal is { } refusal)
            return refusal;

        await (ReferenceEquals(answer.Value, Decided) ? Settled() : Commit(answer.Value!));
        return Done.It;
    }
}
