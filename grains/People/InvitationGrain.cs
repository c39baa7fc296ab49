using Microsoft.Extensions.DependencyInjection;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

// Not reentrant: tries are counted one after the other, so that many at once are no more than as many in a row.
[GrainType("invitation")]
internal sealed class InvitationGrain(
    [PersistentState("invitation")] IPersistentState<InvitationState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock) : Grain, IInvitationGrain
{
    private InvitationId Id => InvitationId.Parse(this.GetPrimaryKeyString());

    public async Task<Answer<Done>> Make(MakeInvitation command)
    {
        var answer = InvitationRules.Make(storage.State, command);
        if (answer.Refusal is { } refusal)
            return refusal;

        await Keep(answer.Value!);
        return Done.It;
    }

    public async Task<Answer<InvitationView>> Try(string phoneTail)
    {
        var (child, answer) = await TryDigits(phoneTail, null);
        return answer.Refusal is { } refusal ? refusal : new InvitationView(storage.State.Student!.Value, child!.Name, child.Class, answer.Value!);
    }

    public Task<InvitationStanding?> Standing() => Task.FromResult(storage.State is { Student: { } student } state
        ? new InvitationStanding(student, state.Entry, state.Expires, state.WrongTries, state.WrongTries >= InvitationRules.MostTries)
        : null);

    public async Task<Answer<Done>> Redeem(string phoneTail, GuardianId guardian, ChangedBy by)
    {
        var (_, answer) = await TryDigits(phoneTail, guardian);
        if (answer.Refusal is { } refusal)
            return refusal;

        // The child's record binds the guardian and remembers the slip as used in one write. Nothing is left to do here after it, so a crash between the two loses nothing.
        return await GrainFactory.GetGrain<IStudentGrain>(storage.State.Student!.Value.ToString()).RedeemSlip(storage.State.Entry, Id, guardian, by);
    }

    private async Task<(StudentProfile? Child, Answer<GuardianEntry> Answer)> TryDigits(string digits, GuardianId? guardian)
    {
        var child = storage.State.Student is { } student ? await GrainFactory.GetGrain<IStudentGrain>(student.ToString()).Profile() : null;
        var (next, answer) = InvitationRules.Try(storage.State, Id, child, digits, guardian, clock.GetUtcNow());
        await Keep(next);
        return (child, answer);
    }

    private async Task Keep(InvitationState next)
    {
        if (next == storage.State)
            return;

        await storage.Store(next, this);
    }
}
