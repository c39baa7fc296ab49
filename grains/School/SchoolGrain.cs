using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

internal sealed record SchoolState : DurableRecord
{
    public string Name { get; init; } = "";

    public string TimeZone { get; init; } = "Asia/Shanghai";

    public ImmutableArray<Term> Terms { get; init; } = [];

    /// <summary>Names by class id (<c>3-2</c>): a few bytes a class.</summary>
    public ImmutableSortedDictionary<string, string> Classes { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>What a school may be like.</summary>
internal static class SchoolRules
{
    public const int LongestName = 100;

    public static ImmutableArray<FieldProblem> Check(SchoolProfile profile)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(profile.Name))
            problems.Add(new("name", "required"));
        else if (profile.Name.Length > LongestName)
            problems.Add(new("name", "too-long"));

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(profile.TimeZone, out _))
            problems.Add(new("timeZone", "unknown"));

        if (profile.Terms.IsDefaultOrEmpty)
            problems.Add(new("terms", "required"));
        else if (profile.Terms.Any(term => term.Last < term.First))
            problems.Add(new("terms", "order"));
        else if (profile.Terms.Zip(profile.Terms.Skip(1)).Any(pair => pair.Second.First <= pair.First.Last))
            problems.Add(new("terms", "overlap"));

        return problems.DrainToImmutable();
    }

    public static DateOnly Today(string timeZone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("school")]
[Reentrant]
internal sealed class SchoolGrain(
    [PersistentState("school")] IPersistentState<SchoolState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<SchoolGrain> logger)
    : DurableGrain<SchoolState>(storage, logger), ISchoolGrain
{
    private SchoolId Id => SchoolId.Parse(Key);

    public Task<SchoolProfile?> Profile()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Name.Length == 0 ? null : SchoolProfile.Of(Durable.Name, Durable.TimeZone, Durable.Terms));
    }

    public Task<DateOnly> Today() => Task.FromResult(SchoolRules.Today(Durable.TimeZone, clock.GetUtcNow()));

    public async Task<Answer<Done>> Put(PutSchool command, ChangedBy by)
    {
        var profile = command.Profile;
        if (SchoolRules.Check(profile) is { IsEmpty: false } problems)
            return new Invalid(problems);

        var same = Decided.Name == profile.Name && Decided.TimeZone == profile.TimeZone && Decided.Terms.SequenceEqual(profile.Terms);
        await (same ? Settled() : Commit(Decided with { Name = profile.Name, TimeZone = profile.TimeZone, Terms = profile.Terms }));
        return Done.It;
    }

    public Task<ImmutableArray<SchoolClass>> Classes()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Classes
            .Select(one => new SchoolClass(new ClassId(Id.School, one.Key), one.Value, 3, 1, null, null))
            .OrderBy(one => one.Class.Class, ClassOrder.Natural)
            .ToImmutableArray());
    }

    public async Task<SchoolClass?> Class(ClassId id) => (await Classes()).FirstOrDefault(one => one.Class == id);
    public Task<Answer<ClassId>> AddClass(Guid operation, int grade, int number, string name, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> RemoveClass(ClassId id, ChangedBy by) => throw new NotSupportedException();
    public Task<Promotion> PreviewPromotion() => throw new NotSupportedException();
    public Task<Answer<Promotion>> Promote(Guid operation, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> UndoPromotion(ChangedBy by) => throw new NotSupportedException();
    public Task<Promotion?> LastPromotion() => throw new NotSupportedException();
    public Task<Answer<Done>> BeginImport(ImportId import) => throw new NotSupportedException();
    public Task<Answer<Done>> EndImport(ImportId import, AuditEntry? summary) => throw new NotSupportedException();
    public Task<Answer<Done>> NoteImport(ImportId import) => throw new NotSupportedException();
    public Task<ImmutableArray<ImportId>> Imports() => throw new NotSupportedException();
    public Task<Answer<Done>> NoteToken(ApiTokenId token, ChangedBy by) => throw new NotSupportedException();
    public Task<ImmutableArray<ApiTokenId>> Tokens() => throw new NotSupportedException();

    public async Task<Answer<Done>> PutClasses(ImmutableArray<SchoolClass> classes, ChangedBy by)
    {
        if (classes.Any(one => one.Class.School != Id.School))
            return Invalid.Field("classes", "other-school");
        if (classes.Any(one => string.IsNullOrWhiteSpace(one.Name) || one.Name.Length > SchoolRules.LongestName))
            return Invalid.Field("classes", "name-required");

        var next = Decided.Classes.SetItems(classes.Select(one => KeyValuePair.Create(one.Class.Class, one.Name)));
        await (next == Decided.Classes ? Settled() : Commit(Decided with { Classes = next }));
        return Done.It;
    }
}
