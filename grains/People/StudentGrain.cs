using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("student")]
[Reentrant]
internal sealed class StudentGrain(
    [PersistentState("student")] IPersistentState<StudentState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<StudentGrain> logger)
    : PersonGrain<StudentState>(storage, clock, logger), IStudentGrain
{
    // The class that somebody is about to enter, for a student who is in none yet.
    private ClassId? _entering;

    private StudentId Id => StudentId.Parse(Key);

    protected override SchoolId School => Id.SchoolId;

    protected override string Watch => (Decided.Class ?? _entering) is { } @class ? OutboxWatches.OfClass(@class) : OutboxWatches.OfStaff(School);

    protected override bool IsSomebody(StudentState record) => record.Name.Length > 0;

    public Task<StudentProfile?> Profile()
    {
        ThrowIfBroken();
        return Task.FromResult(IsSomebody(Durable)
            ? new StudentProfile(
                Durable.Name, Durable.Class, Durable.Guardians, Durable.Account, Durable.Gender, Durable.BirthDate, Durable.SpecialStatus, Durable.Left, Durable.External,
                StudentRules.RevisionOf(Durable))
            : null);
    }

    public Task<ImmutableArray<AuditEntry>> History()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<AuditEntry>>([.. Durable.History.Reverse()]);
    }

    public async Task<Answer<RosterChange>> Put(PutStudent command, ChangedBy by)
    {
        if (StudentRules.Check(Id, command) is { IsEmpty: false } problems)
            return new Invalid(problems);

        _entering = command.Class;
        var answer = await Decide(by, needsDay: by.Import is null || command.Class is null, (state, change) => StudentRules.Put(state, Id, command, change), alsoNobody: true);
        if (answer.Refusal is { } refusal)
            return refusal;

        var (before, after) = answer.Value;
        return ReferenceEquals(before, after) ? RosterChange.Unchanged : IsSomebody(before) ? RosterChange.Changed : RosterChange.Added;
    }

    public Task<Answer<Done>> Correct(CorrectStudent command, ChangedBy by) => Change(by, (state, change) => StudentRules.Correct(state, Id, command, change));

    public Task<Answer<Done>> Move(ClassId to, ChangedBy by) => Change(by, (state, change) => StudentRules.Move(state, Id, to, change));

    public Task<Answer<Done>> Leave(LeaveSchool command, ChangedBy by) => Change(by, (state, change) => StudentRules.Leave(state, Id, command, change));

    public Task<Answer<Done>> Return(ClassId to, ChangedBy by) => Change(by, (state, change) => StudentRules.Return(state, Id, to, change));

    public async Task<Answer<string>> AddGuardian(Guid operation, GuardianDetails details, ChangedBy by)
    {
        var answer = await Decide(by, needsDay: by.Import is null, (state, change) => StudentRules.AddGuardian(state, Id, operation, details, change));
        return answer.Refusal is { } refusal ? refusal : StudentRules.EntryOf(answer.Value.After, operation)!;
    }

    public Task<Answer<Done>> CorrectGuardian(string entry, GuardianDetails details, ChangedBy by) =>
        Change(by, (state, change) => StudentRules.CorrectGuardian(state, Id, entry, details, change));

    public Task<Answer<Done>> OrderGuardians(ImmutableArray<string> entries, ChangedBy by) => Change(by, (state, change) => StudentRules.OrderGuardians(state, Id, entries, change));

    public Task<Answer<Done>> RemoveGuardian(string entry, ChangedBy by) => Change(by, (state, change) => StudentRules.RemoveGuardian(state, Id, entry, change));

    public Task<Answer<Done>> RestrictGuardian(string entry, CustodyRestriction restriction, string reason, ChangedBy by) =>
        Change(by, (state, change) => StudentRules.Restrict(state, Id, entry, restriction, reason, change));

    public Task<Answer<Done>> EndGuardianAccess(string entry, ChangedBy by) => Change(by, (state, change) => StudentRules.EndAccess(state, Id, entry, change));

    public Task<Answer<Done>> IssueSlip(string entry, InvitationId slip, DateTimeOffset expires, ChangedBy by) =>
        Change(by, (state, change) => StudentRules.IssueSlip(state, Id, entry, slip, expires, change));

    public Task<Answer<Done>> RevokeSlip(string entry, ChangedBy by) => Change(by, (state, change) => StudentRules.RevokeSlip(state, Id, entry, change));

    public async Task<Answer<Done>> RedeemSlip(string entry, InvitationId slip, GuardianId guardian, ChangedBy by)
    {
        var answer = await Change(by, (state, change) => StudentRules.RedeemSlip(state, Id, entry, slip, guardian, change));
        // Whoever redeems a slip learns nothing of whose record this is, or was.
        return answer.Refusal is NotFound ? new Conflict("slip-unknown") : answer;
    }

    public Task<Answer<Done>> BindAccount(AccountId account, ChangedBy by) => Change(by, (state, change) => StudentRules.BindAccount(state, Id, account, change));

    public async Task<Answer<Done>> CanUndoImport(ImportId import)
    {
        ThrowIfBroken();
        await Settled();
        return StudentRules.CanUndoImport(Decided, import) is { } refusal ? refusal : Done.It;
    }

    public async Task<Answer<Done>> UndoImport(ImportId import, ChangedBy by)
    {
        // Somebody whom the import had added is nobody after it was undone; repeating that is done already.
        var answer = await Decide(by, needsDay: by.Import is null, (state, change) => StudentRules.UndoImport(state, Id, import, change), alsoNobody: true);
        return answer.Refusal is { } refusal ? refusal : Done.It;
    }
}
