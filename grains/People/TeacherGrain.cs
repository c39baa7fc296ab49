using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("teacher")]
[Reentrant]
internal sealed class TeacherGrain(
    [PersistentState("teacher")] IPersistentState<TeacherState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<TeacherGrain> logger)
    : PersonGrain<TeacherState>(storage, clock, logger), ITeacherGrain
{
    private TeacherId Id => TeacherId.Parse(Key);

    protected override SchoolId School => Id.SchoolId;

    protected override string Watch => OutboxWatches.OfStaff(School);

    protected override bool IsSomebody(TeacherState record) => record.Name.Length > 0;

    public Task<TeacherProfile?> Profile()
    {
        ThrowIfBroken();
        return Task.FromResult(IsSomebody(Durable)
            ? new TeacherProfile(
                Durable.Name, Durable.Phone, Durable.Duties, Durable.Offices, Durable.Account, Durable.Left, Durable.External, TeacherRules.RevisionOf(Durable))
            : null);
    }

    public Task<ImmutableArray<AuditEntry>> History()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<AuditEntry>>([.. Durable.History.Reverse()]);
    }

    public async Task<Answer<RosterChange>> Put(PutTeacher command, ChangedBy by)
    {
        var answer = await Decide(by, needsDay: by.Import is null, (state, change) => TeacherRules.Put(state, Id, command, change), alsoNobody: true);
        if (answer.Refusal is { } refusal)
            return refusal;

        var (before, after) = answer.Value;
        return ReferenceEquals(before, after) ? RosterChange.Unchanged : IsSomebody(before) ? RosterChange.Changed : RosterChange.Added;
    }

    public Task<Answer<Done>> Correct(string name, string? phone, ChangedBy by) => Change(by, (state, change) => TeacherRules.Correct(state, Id, name, phone, change));

    public Task<Answer<Done>> SetOffices(ImmutableArray<Office> offices, ChangedBy by) => Change(by, (state, change) => TeacherRules.SetOffices(state, Id, offices, change));

    public Task<Answer<Done>> SetDuty(ClassDuty duty, ChangedBy by) => Change(by, (state, change) => TeacherRules.SetDuty(state, Id, duty, change));

    public Task<Answer<Done>> EndDuty(ClassId @class, ChangedBy by) => Change(by, (state, change) => TeacherRules.EndDuty(state, Id, @class, change));

    public async Task<Answer<Done>> TakeOver(ClassId @class, TeacherId? from, bool staysAsSubjectTeacher, ChangedBy by)
    {
        // Asked, so that a repeated command finds that there is nothing left to tell. If the answer is out of date by the time we decide, the other drops what does not concern them.
        var tell = from is { } other && other != Id && other.School == Id.School
            && (await GrainFactory.GetGrain<ITeacherGrain>(other.ToString()).Profile())?.DutyIn(@class) is { Kind: DutyKind.ClassTeacher }
                ? from
                : null;
        return await Change(by, (state, change) => TeacherRules.TakeOver(state, Id, @class, tell, staysAsSubjectTeacher, change));
    }

    public Task<Answer<Done>> Leave(LeaveSchool command, ChangedBy by) => Change(by, (state, change) => TeacherRules.Leave(state, Id, command, change));

    public Task<Answer<Done>> Return(ChangedBy by) => Change(by, (state, change) => TeacherRules.Return(state, Id, change));

    public Task<Answer<Done>> BindAccount(AccountId account, ChangedBy by) => Change(by, (state, change) => TeacherRules.BindAccount(state, Id, account, change));

    public async Task<Answer<Done>> CanUndoImport(ImportId import)
    {
        ThrowIfBroken();
        await Settled();
        return TeacherRules.CanUndoImport(Decided, import) is { } refusal ? refusal : Done.It;
    }

    public async Task<Answer<Done>> UndoImport(ImportId import, ChangedBy by)
    {
        var answer = await Decide(by, needsDay: by.Import is null, (state, change) => TeacherRules.UndoImport(state, Id, import, change), alsoNobody: true);
        return answer.Refusal is { } refusal ? refusal : Done.It;
    }

    public async Task Take(Delivery delivery)
    {
        await ReadyToPost(Watch);
        var change = delivery.Fact switch
        {
            StandingIs => null,
            TakenOverAre taken => await Now(taken.By, needsDay: taken.By.Import is null),
            _ => throw new ArgumentException($"A teacher takes no {delivery.Fact.GetType().Name}.", nameof(delivery)),
        };
        if (Decided.HasTaken(delivery))
        {
            await Settled();
            return;
        }

        var next = delivery.Fact is TakenOverAre over ? TeacherRules.TakenOver(Decided, Id, over, change!) : TeacherRules.TellAccount(Decided);
        await Commit(next.Take(delivery));
    }
}
