using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

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
        return Task.FromResult(Durable.Name.Length == 0 ? null : SchoolRules.ProfileOf(Durable));
    }

    public Task<DateOnly> Today() => Task.FromResult(SchoolRules.Today(Durable.TimeZone, clock.GetUtcNow()));

    public Task<ImmutableArray<SchoolClass>> Classes()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<SchoolClass>>([.. SchoolRules.Classes(Durable, Id).Where(one => one.Graduated is null)]);
    }

    public Task<SchoolClass?> Class(ClassId id)
    {
        ThrowIfBroken();
        return Task.FromResult(SchoolRules.Class(Durable, Id, id));
    }

    public async Task<Answer<Done>> Put(PutSchool command, ChangedBy by)
    {
        if (SchoolRules.Check(command.Profile) is { IsEmpty: false } problems)
            return new Invalid(problems);

        return DoneOr(await Change(by, (state, change) => SchoolRules.Put(state, Id, command.Profile, change)));
    }

    public async Task<Answer<Done>> PutClasses(ImmutableArray<SchoolClass> classes, ChangedBy by) =>
        DoneOr(await Change(by, (state, change) => SchoolRules.PutClasses(state, Id, classes, change)));

    public async Task<Answer<ClassId>> AddClass(Guid operation, int grade, int number, string name, ChangedBy by)
    {
        var answer = await Change(by, (state, change) => SchoolRules.AddClass(state, Id, operation, grade, number, name, change));
        return answer.Refusal is { } refusal ? refusal : SchoolRules.AddedBy(answer.Value!, Id, operation)!.Value;
    }

    public async Task<Answer<Done>> RemoveClass(ClassId id, ChangedBy by) => DoneOr(await Change(by, (state, change) => SchoolRules.RemoveClass(state, Id, id, change)));

    public Task<Promotion> PreviewPromotion()
    {
        ThrowIfBroken();
        return Task.FromResult(PromotionRules.Preview(Durable, Id, clock.GetUtcNow()));
    }

    public async Task<Answer<Promotion>> Promote(Guid operation, ChangedBy by)
    {
        var answer = await Change(by, (state, change) => PromotionRules.Promote(state, Id, operation, change));
        return answer.Refusal is { } refusal ? refusal : new Promotion(answer.Value!.Promotion!.Moves, answer.Value.Promotion.At, null);
    }

    public async Task<Answer<Done>> UndoPromotion(ChangedBy by) => DoneOr(await Change(by, (state, change) => PromotionRules.Undo(state, Id, change)));

    public Task<Promotion?> LastPromotion()
    {
        ThrowIfBroken();
        return Task.FromResult(PromotionRules.Last(Durable));
    }

    public async Task<Answer<Done>> BeginImport(ImportId import) => DoneOr(await Change(ChangedBy.Software, (state, _) => SchoolRules.BeginImport(state, import)));

    public async Task<Answer<Done>> EndImport(ImportId import, AuditEntry? summary) =>
        DoneOr(await Change(ChangedBy.Software, (state, change) => SchoolRules.EndImport(state, Id, import, summary, change.Day)));

    public async Task<Answer<Done>> NoteImport(ImportId import) => DoneOr(await Change(ChangedBy.Software, (state, _) => SchoolRules.NoteImport(state, import)));

    public Task<ImmutableArray<ImportId>> Imports()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Imports);
    }

    public async Task<Answer<Done>> NoteToken(ApiTokenId token, ChangedBy by) => DoneOr(await Change(by, (state, change) => SchoolRules.NoteToken(state, Id, token, change)));

    public Task<ImmutableArray<ApiTokenId>> Tokens()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Tokens);
    }

    private async Task<Answer<SchoolState>> Change(ChangedBy by, Func<SchoolState, ChangeMade, Answer<SchoolState>> rule)
    {
        await ReadyToPost(OutboxWatches.OfStaff(Id));
        var now = clock.GetUtcNow();
        var before = Decided;
        var answer = rule(before, new ChangeMade(by, now, SchoolRules.Today(before.TimeZone, now)));
        if (answer.Value is { } after)
            await (ReferenceEquals(after, before) ? Settled() : Commit(after));

        return answer;
    }

    private static Answer<Done> DoneOr(Answer<SchoolState> answer) => answer.Refusal is { } refusal ? refusal : Done.It;
}
