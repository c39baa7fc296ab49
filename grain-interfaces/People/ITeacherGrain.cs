using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>A teacher or other member of staff: what they do, where.</summary>
[GrainInterfaceType("schoolhome.teacher")]
[Alias("schoolhome.ITeacherGrain")]
public interface ITeacherGrain : IGrainWithStringKey, ITakesFactsGrain, IOutboxGrain
{
    /// <summary>The teacher; null when there is none of this number.</summary>
    [Alias("Profile")]
    Task<TeacherProfile?> Profile();

    /// <summary>Enters the teacher as the roster has them. Repeating it changes nothing. A class that is no longer among the duties ends at once, on live connections too (L2).</summary>
    [Alias("Put")]
    Task<Answer<RosterChange>> Put(PutTeacher command);

    /// <summary>Says which account signs in as this teacher. Refused with <c>teacher-has-account</c> when it is another one already.</summary>
    [Alias("BindAccount")]
    Task<Answer<Done>> BindAccount(AccountId account);
}

/// <summary>A teacher as others see them.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Phone">E.164; null when not given.</param>
/// <param name="Duties">Class by class.</param>
/// <param name="Offices">What they do for the whole school.</param>
/// <param name="Account">Who signs in as them; null until somebody can.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TeacherProfile")]
public sealed record TeacherProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Phone,
    [property: Id(2)] ImmutableArray<ClassDuty> Duties,
    [property: Id(3)] ImmutableArray<Office> Offices,
    [property: Id(4)] AccountId? Account)
{
    /// <summary>What they do in a class; null when nothing.</summary>
    public ClassDuty? DutyIn(ClassId @class)
    {
        foreach (var duty in Duties)
        {
            if (duty.Class == @class)
                return duty;
        }

        return null;
    }
}

/// <summary>What a teacher does in one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Kind">Class teacher or subject teacher.</param>
/// <param name="Subjects">What they teach there; may be empty.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassDuty")]
public sealed record ClassDuty([property: Id(0)] ClassId Class, [property: Id(1)] DutyKind Kind, [property: Id(2)] ImmutableArray<string> Subjects)
{
    /// <inheritdoc/>
    public bool Equals(ClassDuty? other) => other is not null && Class == other.Class && Kind == other.Kind && Subjects.SequenceEqual(other.Subjects);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Class, Kind, Subjects.Length);
}

/// <summary>What somebody does in a class.</summary>
[GenerateSerializer, Alias("schoolhome.DutyKind")]
public enum DutyKind
{
    /// <summary>班主任</summary>
    ClassTeacher,
    /// <summary>任课教师</summary>
    SubjectTeacher,
}

/// <summary>What somebody does for the whole school.</summary>
[GenerateSerializer, Alias("schoolhome.Office")]
public enum Office
{
    /// <summary>管理员</summary>
    Administrator,
    /// <summary>校长</summary>
    Principal,
    /// <summary>分管校长</summary>
    VicePrincipal,
    /// <summary>教导处</summary>
    TeachingOffice,
    /// <summary>学生工作处</summary>
    StudentAffairs,
    /// <summary>年级主任</summary>
    GradeHead,
}

/// <summary>A teacher as a roster has them. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>).</summary>
/// <param name="Name">Their name.</param>
/// <param name="Phone">E.164; null when not given.</param>
/// <param name="Duties">Class by class.</param>
/// <param name="Offices">What they do for the whole school.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PutTeacher")]
public sealed record PutTeacher(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Phone,
    [property: Id(2)] ImmutableArray<ClassDuty> Duties,
    [property: Id(3)] ImmutableArray<Office> Offices);
