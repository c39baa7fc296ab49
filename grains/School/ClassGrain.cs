using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

/// <summary>A projection: students own which class they are in, teachers own their duties. By the keys of students and teachers.</summary>
internal sealed record ClassState : LiveRecord
{
    public ImmutableSortedDictionary<string, string> Students { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, DutyIs> Teachers { get; init; } = ImmutableSortedDictionary.Create<string, DutyIs>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("class")]
[Reentrant]
internal sealed class ClassGrain(
    [PersistentState("class")] IPersistentState<ClassState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<ClassGrain> logger)
    : LiveGrain<ClassState>(storage, clock, logger), IClassGrain
{
    public Task<ClassRoster?> Roster()
    {
        ThrowIfBroken();
        return Task.FromResult(!Exists
            ? null
            : new ClassRoster(
                ClassId.Parse(Key),
                [.. Durable.Students.Select(student => new ClassStudent(StudentId.Parse(student.Key), student.Value, [], 0))],
                [.. Durable.Teachers
                    .Select(teacher => new ClassTeacher(TeacherId.Parse(teacher.Key), teacher.Value.Name, teacher.Value.Duty!.Kind, teacher.Value.Duty.Subjects))
                    .OrderBy(teacher => teacher.Duty)],
                Position.Epoch,
                Position.N));
    }

    public async Task Take(Delivery delivery)
    {
        ThrowIfBroken();
        if (delivery.Fact is MembershipIs { IsMember: false })
            await ReadyToPost(OutboxWatches.OfClass(ClassId.Parse(Key)));
        if (Decided.HasTaken(delivery))
        {
            await Settled();
            return;
        }

        var next = Decided.Take(delivery);
        await Commit(delivery.Fact switch
        {
            MembershipIs { IsMember: true } member => next with { Students = next.Students.SetItem(delivery.From, member.Name) },
            MembershipIs => TellTeachers(next with { Students = next.Students.Remove(delivery.From) }),
            DutyIs { Duty: not null } duty => next with { Teachers = next.Teachers.SetItem(delivery.From, duty) },
            DutyIs => next with { Teachers = next.Teachers.Remove(delivery.From) },
            _ => throw new ArgumentException($"A class takes no {delivery.Fact.GetType().Name}.", nameof(delivery)),
        });
    }

    protected override async Task<object?> LiveView() => await Roster();

    protected override LivePosition PositionOf(object view) => view is ClassRoster roster ? new(roster.Epoch, roster.N) : Position;

    // A child has left: its teachers' right to its pages ends (L2).
    private static ClassState TellTeachers(ClassState state)
    {
        foreach (var teacher in state.Teachers.Keys)
            state = state.Post(teacher, new StandingIs());

        return state;
    }
}
