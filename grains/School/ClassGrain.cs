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
    /// <summary>The students' names.</summary>
    public ImmutableSortedDictionary<string, string> Students { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Their families. A student who told the class of itself before families were kept has none here until it tells anew.</summary>
    public ImmutableSortedDictionary<string, Family> Families { get; init; } = ImmutableSortedDictionary.Create<string, Family>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, DutyIs> Teachers { get; init; } = ImmutableSortedDictionary.Create<string, DutyIs>(StringComparer.Ordinal);
}

/// <summary>A student's guardians: their names, and how many of them have access.</summary>
internal sealed record Family(ImmutableArray<string> Guardians, int Joined);

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
        var position = Position;
        return Task.FromResult(Exists
            ? new ClassRoster(
                ClassId.Parse(Key), [.. Durable.Students.Keys.Select(student => StudentOf(Durable, student))], TeachersOf(Durable), position.Epoch, position.N)
            : null);
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
        await (delivery.Fact switch
        {
            MembershipIs { IsMember: true } member => Enter(next, delivery.From, member),
            MembershipIs => Commit(
                TellTeachers(next with { Students = next.Students.Remove(delivery.From), Families = next.Families.Remove(delivery.From) }),
                new StudentGone("student-gone", StudentId.Parse(delivery.From))),
            DutyIs { Duty: not null } duty => Teach(next with { Teachers = next.Teachers.SetItem(delivery.From, duty) }),
            DutyIs => Teach(next with { Teachers = next.Teachers.Remove(delivery.From) }),
            _ => throw new ArgumentException($"A class takes no {delivery.Fact.GetType().Name}.", nameof(delivery)),
        });
    }

    protected override async Task<object?> LiveView() => await Roster();

    protected override LivePosition PositionOf(object view) => view is ClassRoster roster ? new(roster.Epoch, roster.N) : Position;

    private Task Enter(ClassState state, string student, MembershipIs member)
    {
        // Facts that were posted before families were told say nothing of them.
        var next = state with
        {
            Students = state.Students.SetItem(student, member.Name),
            Families = state.Families.SetItem(student, new Family(member.Guardians.IsDefault ? [] : member.Guardians, member.Joined)),
        };
        return Commit(next, new StudentChange("student", StudentOf(next, student)));
    }

    private Task Teach(ClassState next) => Commit(next, new TeachersChange("teachers", TeachersOf(next)));

    private static ClassStudent StudentOf(ClassState state, string student)
    {
        var family = state.Families.GetValueOrDefault(student);
        return new ClassStudent(StudentId.Parse(student), state.Students[student], family?.Guardians ?? [], family?.Joined ?? 0);
    }

    private static ImmutableArray<ClassTeacher> TeachersOf(ClassState state) =>
    [
        .. state.Teachers
            .Select(teacher => new ClassTeacher(TeacherId.Parse(teacher.Key), teacher.Value.Name, teacher.Value.Duty!.Kind, teacher.Value.Duty.Subjects))
            .OrderBy(teacher => teacher.Duty switch { DutyKind.ClassTeacher => 0, DutyKind.Counsellor => 1, DutyKind.SubjectTeacher => 2 }),
    ];

    // A child has left: its teachers' right to its pages ends (L2).
    private static ClassState TellTeachers(ClassState state)
    {
        foreach (var teacher in state.Teachers.Keys)
            state = state.Post(teacher, new StandingIs());

        return state;
    }

    private sealed record StudentChange(string Kind, ClassStudent Student);

    private sealed record StudentGone(string Kind, StudentId Student);

    private sealed record TeachersChange(string Kind, ImmutableArray<ClassTeacher> Teachers);
}
