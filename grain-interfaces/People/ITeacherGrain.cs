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

    /// <summary>The newest changes of this record, the newest first; at most <see cref="PeopleLimits.HistoryEntries"/>.</summary>
    [Alias("History")]
    Task<ImmutableArray<AuditEntry>> History();

    /// <summary>
    /// Enters the teacher as the roster has them; somebody who had left comes back. A class that is no longer among the duties ends at once, on live connections too (L2). The office of an
    /// administrator is no matter of rosters: it stays. Refused with <c>changed-meanwhile</c> when the record's revision is not the expected one, unless the record is already as the command says.
    /// </summary>
    [Alias("Put")]
    Task<Answer<RosterChange>> Put(PutTeacher command, ChangedBy by);

    /// <summary>Corrects name and phone. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>phone</c> (<c>phone-malformed</c>).</summary>
    [Alias("Correct")]
    Task<Answer<Done>> Correct(string name, string? phone, ChangedBy by);

    /// <summary>Sets what they do for the whole school. Taking the last administrator's office away is refused at the edge, which sees all of them.</summary>
    [Alias("SetOffices")]
    Task<Answer<Done>> SetOffices(ImmutableArray<Office> offices, ChangedBy by);

    /// <summary>Sets what they do in one class. Refused with <c>teacher-has-left</c>; fields <c>class</c> (<c>other-school</c>), <c>subjects</c> (<c>too-many</c>, <c>too-long</c>).</summary>
    [Alias("SetDuty")]
    Task<Answer<Done>> SetDuty(ClassDuty duty, ChangedBy by);

    /// <summary>Ends what they do in one class: at once, on live connections too (L2). Repeating it changes nothing.</summary>
    [Alias("EndDuty")]
    Task<Answer<Done>> EndDuty(ClassId @class, ChangedBy by);

    /// <summary>
    /// Takes a class over from whoever is its class teacher now: this record becomes its class teacher, and its outbox ends, or turns into a subject teacher's, the duty of the other: never a class
    /// without a class teacher, and in the end never one with two. Refused with <c>teacher-has-left</c>; field <c>class</c> (<c>other-school</c>).
    /// </summary>
    /// <param name="class">The class.</param>
    /// <param name="from">Who has it now; null when nobody.</param>
    /// <param name="staysAsSubjectTeacher">Whether the other goes on teaching their subjects there.</param>
    /// <param name="by">Who does it.</param>
    [Alias("TakeOver")]
    Task<Answer<Done>> TakeOver(ClassId @class, TeacherId? from, bool staysAsSubjectTeacher, ChangedBy by);

    /// <summary>They leave the school: duties and offices end, and with them every right of their account as this teacher, on live connections too (L2). Field refused: <c>reason</c>.</summary>
    [Alias("Leave")]
    Task<Answer<Done>> Leave(LeaveSchool command, ChangedBy by);

    /// <summary>Somebody who had left comes back, without duties. Refused with <c>teacher-has-not-left</c>.</summary>
    [Alias("Return")]
    Task<Answer<Done>> Return(ChangedBy by);

    /// <summary>Says which account signs in as this teacher. Refused with <c>teacher-has-account</c> when it is another one already, <c>teacher-has-left</c>.</summary>
    [Alias("BindAccount")]
    Task<Answer<Done>> BindAccount(AccountId account, ChangedBy by);

    /// <summary>Whether what an import did to this record can still be undone; refused as <see cref="IStudentGrain.CanUndoImport"/> is.</summary>
    [Alias("CanUndoImport")]
    Task<Answer<Done>> CanUndoImport(ImportId import);

    /// <summary>Puts the record back to what it was before an import; a teacher whom it added is no more. Repeating it changes nothing.</summary>
    [Alias("UndoImport")]
    Task<Answer<Done>> UndoImport(ImportId import, ChangedBy by);
}

/// <summary>A teacher as others see them.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Phone">E.164; null when not given.</param>
/// <param name="Duties">Class by class.</param>
/// <param name="Offices">What they do for the whole school.</param>
/// <param name="Account">Who signs in as them; null until somebody can.</param>
/// <param name="Left">When and why they left; null when they have not.</param>
/// <param name="External">Their <c>sourcedId</c> in the system that the roster comes from; null when none.</param>
/// <param name="Revision">Grows with each change of the record.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TeacherProfile")]
public sealed record TeacherProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Phone,
    [property: Id(2)] ImmutableArray<ClassDuty> Duties,
    [property: Id(3)] ImmutableArray<Office> Offices,
    [property: Id(4)] AccountId? Account,
    [property: Id(5)] LeaveSchool? Left,
    [property: Id(6)] string? External,
    [property: Id(7)] long Revision)
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
    /// <summary>辅导员 (B.0): in charge of the class as a class teacher is, full- or part-time.</summary>
    Counsellor,
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
/// <param name="External">Their <c>sourcedId</c>; null leaves what is there.</param>
/// <param name="ExpectedRevision">The revision that the importer saw; 0 when there was no such teacher; null when that does not matter.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PutTeacher")]
public sealed record PutTeacher(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Phone,
    [property: Id(2)] ImmutableArray<ClassDuty> Duties,
    [property: Id(3)] ImmutableArray<Office> Offices,
    [property: Id(4)] string? External = null,
    [property: Id(5)] long? ExpectedRevision = null);
