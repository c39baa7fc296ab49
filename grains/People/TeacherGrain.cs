using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record TeacherState : DurableRecord
{
    public string Name { get; init; } = "";

    public string? Phone { get; init; }

    /// <summary>What they do, class by class. A class's own list of teachers is a projection of this.</summary>
    public ImmutableArray<ClassDuty> Duties { get; init; } = [];

    public ImmutableArray<Office> Offices { get; init; } = [];

    public AccountId? Account { get; init; }
}

/// <summary>What may be done to a teacher's record.</summary>
internal static class TeacherRules
{
    /// <summary>The teacher as the roster has them, with what that has to tell the classes and the account. The same state when nothing changes.</summary>
    public static TeacherState Put(TeacherState state, PutTeacher command)
    {
        var same = state.Name == command.Name && state.Phone == command.Phone
            && state.Duties.SequenceEqual(command.Duties) && state.Offices.SequenceEqual(command.Offices);
        if (same)
            return state;

        var next = state with { Name = command.Name, Phone = command.Phone, Duties = command.Duties, Offices = command.Offices };
        foreach (var ended in state.Duties.Where(duty => command.Duties.All(kept => kept.Class != duty.Class)))
            next = next.Post(ended.Class.ToString(), new DutyIs(command.Name, null));
        foreach (var duty in command.Duties.Where(duty => state.Name != command.Name || !state.Duties.Contains(duty)))
            next = next.Post(duty.Class.ToString(), new DutyIs(command.Name, duty));

        return TellAccount(next);
    }

    public static Answer<TeacherState> BindAccount(TeacherState state, AccountId account)
    {
        if (state.Name.Length == 0)
            return new NotFound();
        if (state.Account is { } bound)
            return bound == account ? state : new Conflict("teacher-has-account");

        return TellAccount(state with { Account = account });
    }

    public static TeacherState TellAccount(TeacherState state) => state.Account is { } account ? state.Post(account.ToString(), new StandingIs()) : state;
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("teacher")]
[Reentrant]
internal sealed class TeacherGrain([PersistentState("teacher")] IPersistentState<TeacherState> storage, ILogger<TeacherGrain> logger)
    : DurableGrain<TeacherState>(storage, logger), ITeacherGrain
{
    private TeacherId Id => TeacherId.Parse(Key);

    public Task<TeacherProfile?> Profile()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Name.Length == 0 ? null : new TeacherProfile(Durable.Name, Durable.Phone, Durable.Duties, Durable.Offices, Durable.Account, null, null, 1));
    }

    public async Task<Answer<RosterChange>> Put(PutTeacher command, ChangedBy by)
    {
        if (string.IsNullOrWhiteSpace(command.Name))
            return Invalid.Field("name", "required");
        if (command.Name.Length > StudentRules.LongestName)
            return Invalid.Field("name", "too-long");
        if (command.Duties.Any(duty => duty.Class.School != Id.School))
            return Invalid.Field("duties", "other-school");

        await ReadyToPost(OutboxWatches.OfStaff(Id.SchoolId));
        var before = Decided;
        var after = TeacherRules.Put(before, command);
        if (after == before)
        {
            await Settled();
            return RosterChange.Unchanged;
        }

        await Commit(after);
        return before.Name.Length == 0 ? RosterChange.Added : RosterChange.Changed;
    }

    public Task<ImmutableArray<AuditEntry>> History() => throw new NotSupportedException();
    public Task<Answer<Done>> Correct(string name, string? phone, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> SetOffices(ImmutableArray<Office> offices, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> SetDuty(ClassDuty duty, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> EndDuty(ClassId @class, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> TakeOver(ClassId @class, TeacherId? from, bool staysAsSubjectTeacher, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> Leave(LeaveSchool command, ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> Return(ChangedBy by) => throw new NotSupportedException();
    public Task<Answer<Done>> CanUndoImport(ImportId import) => throw new NotSupportedException();
    public Task<Answer<Done>> UndoImport(ImportId import, ChangedBy by) => throw new NotSupportedException();

    public async Task Take(Delivery delivery)
    {
        await ReadyToPost(OutboxWatches.OfStaff(Id.SchoolId));
        if (delivery.Fact is not StandingIs)
            throw new ArgumentException($"A teacher takes no {delivery.Fact.GetType().Name}.", nameof(delivery));

        await (Decided.HasTaken(delivery) ? Settled() : Commit(TeacherRules.TellAccount(Decided.Take(delivery))));
    }

    public async Task<Answer<Done>> BindAccount(AccountId account, ChangedBy by)
    {
        await ReadyToPost(OutboxWatches.OfStaff(Id.SchoolId));
        var before = Decided;
        var answer = TeacherRules.BindAccount(before, account);
        if (answer.Refusal is { } refusal)
            return refusal;

        await (answer.Value == before ? Settled() : Commit(answer.Value!));
        return Done.It;
    }
}
