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
        return Task.FromResult(Durable.Name.Length == 0 ? null : new StudentProfile(Durable.Name, Durable.Class, Durable.Guardians, Durable.Account));
    }

    public async Task<Answer<RosterChange>> Put(PutStudent command)
    {
        if (command.Class.School != Id.School)
            return Invalid.Field("class", "other-school");
        if (StudentRules.Check(command) is { IsEmpty: false } problems)
            return new Invalid(problems);

        await ReadyToPost(OutboxWatches.OfClass(command.Class));
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

    public Task<Answer<Done>> BindGuardian(string entry, GuardianId guardian) => Change(state => StudentRules.Bind(state, entry, guardian));

    public Task<Answer<Done>> BindAccount(AccountId account) => Change(state => StudentRules.BindAccount(state, account));

    public Task<Answer<Done>> EndGuardianAccess(string entry) => Change(state => StudentRules.EndAccess(state, entry));

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
