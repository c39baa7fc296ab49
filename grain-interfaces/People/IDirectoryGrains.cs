using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>The staff of a school, a line each, those without a class too: <c>staff/s01</c>. A projection: teachers own what they are, and their outboxes tell it.</summary>
[GrainInterfaceType("schoolhome.staff")]
[Alias("schoolhome.IStaffGrain")]
public interface IStaffGrain : IGrainWithStringKey, ITakesFactsGrain
{
    /// <summary>The key of a school's staff.</summary>
    static string KeyOf(SchoolId school) => $"{KeyKinds.Staff}/{school.School}";

    /// <summary>Everybody who works there now, by staff number.</summary>
    [Alias("List")]
    Task<ImmutableArray<StaffLine>> List();
}

/// <summary>A member of staff.</summary>
/// <param name="Teacher">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Offices">What they do for the whole school.</param>
/// <param name="Classes">Where they have duties.</param>
/// <param name="HasAccount">Whether somebody can sign in as them.</param>
/// <param name="External">Their <c>sourcedId</c> in the system that the roster comes from; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.StaffLine")]
public sealed record StaffLine(
    [property: Id(0)] TeacherId Teacher,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<Office> Offices,
    [property: Id(3)] ImmutableArray<ClassDuty> Classes,
    [property: Id(4)] bool HasAccount,
    [property: Id(5)] string? External);

/// <summary>Who left a school in one calendar year, so that they can be found and can come back. A projection of the students' records.</summary>
[GrainInterfaceType("schoolhome.leavers")]
[Alias("schoolhome.ILeaversGrain")]
public interface ILeaversGrain : IGrainWithStringKey, ITakesFactsGrain
{
    /// <summary>Who left that year and has not come back, by student number.</summary>
    [Alias("List")]
    Task<ImmutableArray<Leaver>> List();
}

/// <summary>A student who has left.</summary>
/// <param name="Student">The student.</param>
/// <param name="Name">Its name.</param>
/// <param name="Class">The class that it was in last; null when none.</param>
/// <param name="On">The day of leaving, in the school's time zone.</param>
/// <param name="Reason">Why, in the office's words.</param>
/// <param name="External">Its <c>sourcedId</c> in the system that the roster comes from; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Leaver")]
public sealed record Leaver(
    [property: Id(0)] StudentId Student,
    [property: Id(1)] string Name,
    [property: Id(2)] ClassId? Class,
    [property: Id(3)] DateOnly On,
    [property: Id(4)] string Reason,
    [property: Id(5)] string? External);

/// <summary>Sends text messages through the gateway that the deployment is configured with; without one it drops them. Keeps nothing: senders' outboxes repeat until a message is taken.</summary>
[GrainInterfaceType("schoolhome.text-message")]
[Alias("schoolhome.ITextMessageGrain")]
public interface ITextMessageGrain : IGrainWithStringKey, ITakesFactsGrain;
