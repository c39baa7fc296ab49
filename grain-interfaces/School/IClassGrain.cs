using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.School;

/// <summary>
/// A class: who is in it and who teaches it. Both are projections: a student owns which class it is in, a teacher owns their duties, and their outboxes tell the class. Its topic is for its teachers
/// and the offices: whose families are in.
/// </summary>
[GrainInterfaceType("schoolhome.class")]
[Alias("schoolhome.IClassGrain")]
public interface IClassGrain : IGrainWithStringKey, ITakesFactsGrain, IOutboxGrain, Live.ILiveTopicGrain
{
    /// <summary>The class with its members; null when nobody ever was in it.</summary>
    [Alias("Roster")]
    Task<ClassRoster?> Roster();
}

/// <summary>A class with its members, which is also the view of its topic.</summary>
/// <param name="Class">Its id.</param>
/// <param name="Students">By student number.</param>
/// <param name="Teachers">The class teacher first, then counsellors, then by staff number.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassRoster")]
public sealed record ClassRoster(
    [property: Id(0)] ClassId Class,
    [property: Id(1)] ImmutableArray<ClassStudent> Students,
    [property: Id(2)] ImmutableArray<ClassTeacher> Teachers,
    [property: Id(3)] string Epoch,
    [property: Id(4)] long N);

/// <summary>A student of a class.</summary>
/// <param name="Student">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Guardians">The names of its guardians.</param>
/// <param name="Joined">How many of them have access. The family is in when it is not 0.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassStudent")]
public sealed record ClassStudent(
    [property: Id(0)] StudentId Student,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Guardians,
    [property: Id(3)] int Joined);

/// <summary>A teacher of a class.</summary>
/// <param name="Teacher">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Duty">What they do there.</param>
/// <param name="Subjects">What they teach there; may be empty.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassTeacher")]
public sealed record ClassTeacher(
    [property: Id(0)] TeacherId Teacher,
    [property: Id(1)] string Name,
    [property: Id(2)] DutyKind Duty,
    [property: Id(3)] ImmutableArray<string> Subjects);
