using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("student")]
[Reentrant]
internal sealed class StudentGrain([PersistentState("student")] IPersistentState<StudentState> storage, ILogger<StudentGrain> logger)
    : DurableGrain<StudentState>(storage, logger), IStudentGrain
{
    private StudentId Id => StudentId.Parse(Key);

    public Task<StudentProfile?> Profile()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Name.Length == 0 ? null : new StudentProfile(Durable.Name, Durable.Class, Durable.Guardians, Durable.Account, Durable.Gender, Durable.BirthDate, Durable.SpecialStatus, null, null, 1));
    }

    public async Task<Answer<RosterChange>> Put(PutStudent command, ChangedBy by)
    {
        if (command.Class is not { } entered)
            throw new NotSupportedException();
        if (entered.School != Id.School)
            return Invalid.Field("class", "other-school");
        if (StudentRules.Check(command) is { IsEmpty: false } problems)
            return new Invalid(problems);

        await ReadyToPost(OutboxWatches.OfClass(entered));
        var before = Decided;
        var after = StudentRules.TellClasses(before, StudentRules.Put(before, command));
        if (after == before)
        {
            await Settled();
            return RosterChange.Unchanged;
        }

        await Commit(after);
        return before.Name.Length == 0 ? RosterChange.Added : RosterChange.Changed;
    }

    public Task<Answer<Done>> RedeemSlip(string entry, InvitationId slip, GuardianId guardian, ChangedBy by) => Change(state => StudentRules.Bind(state, entry, guardian));

    public Task<Answer<Done>> BindAccount(AccountId account, ChangedBy by) => Change(state => StudentRules.BindAccount(state, account));

    public Task<Answer<Done>> EndGuardianAccess(string entry, ChangedBy by) => Change(state => StudentRules.EndAccess(state, entry));

    public Task<ImmutableArray<AuditEntry>> History() => throw new NotSupportedException();
    public Task<Answer<Done>> Correct(CorrectStudent command, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> Move(ClassId to, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> Leave(LeaveSchool command, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> Return(ClassId to, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<string>> AddGuardian(Guid operation, GuardianDetails details, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> CorrectGuardian(string entry, GuardianDetails details, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> OrderGuardians(ImmutableArray<string> entries, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> RemoveGuardian(string entry, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> RestrictGuardian(string entry, CustodyRestriction restriction, string reason, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> IssueSlip(string entry, InvitationId slip, DateTimeOffset expires, ChangedBy by) => Task.FromResult<Answer<Done>>(Done.It);
    public Task<Answer<Done>> RevokeSlip(string entry, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> CanUndoImport(ImportId import) => throw new NotSupportedException();
    public Task<Answer<Done>> UndoImport(ImportId import, ChangedBy by) => throw new NotSupportedException();

    private async Task<Answer<Done>> Change(Func<StudentState, Answer<StudentState>> rule)
    {
        if (Decided.Name.Length == 0)
            return new NotFound();

        await ReadyToPost(Decided.Class is { } @class ? OutboxWatches.OfClass(@class) : OutboxWatches.OfStaff(Id.SchoolId));
        var before = Decided;
        var answer = rule(before);
        if (answer.Refusal is { } refusal)
            return refusal;

        await (answer.Value == before ? Settled() : Commit(answer.Value!));
        return Done.It;
    }
}
