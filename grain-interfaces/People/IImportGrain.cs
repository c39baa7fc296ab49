using System.Collections.Immutable;
using SchoolHome.School;

namespace SchoolHome.People;

/// <summary>
/// The import of one roster: a dry run first; nothing is applied until it is confirmed; it shows its progress, goes on after a crash, and can be undone until something depends on it. Its topic tells
/// the administrators how far it is. The people are in parts (<see cref="IImportPartGrain"/>), so that no record grows with the school.
/// </summary>
[GrainInterfaceType("schoolhome.import")]
[Alias("schoolhome.IImportGrain")]
public interface IImportGrain : IGrainWithStringKey, Live.ILiveTopicGrain
{
    /// <summary>Takes the dry run, after all its parts were stored. Repeating it changes nothing.</summary>
    [Alias("Offer")]
    Task<Answer<Done>> Offer(ImportOffer offer, ChangedBy by);

    /// <summary>The import as it stands; null when there is none.</summary>
    [Alias("View")]
    Task<ImportView?> View();

    /// <summary>
    /// Confirms the dry run: applying begins. Refused with <c>import-not-offered</c> (undone or dropped already), <c>import-under-way</c> (another one of this school), <c>import-empty</c>
    /// (nothing to change), <c>import-too-old</c> (a dry run of more than a day ago, or the school's classes have moved up since), or field <c>removals</c> (<c>type-the-number</c>) when more than 5 % of the school's students would be removed
    /// and the number given is not how many. Repeating a confirmation that was taken changes nothing.
    /// </summary>
    [Alias("Confirm")]
    Task<Answer<Done>> Confirm(int? removals, ChangedBy by);

    /// <summary>Drops the dry run and forgets its people. Refused with <c>import-not-offered</c> when it was confirmed. Repeating it changes nothing.</summary>
    [Alias("Drop")]
    Task<Answer<Done>> Drop(ChangedBy by);

    /// <summary>
    /// Undoes the whole import, within <see cref="ImportLimits.UndoFor"/>. First everybody is asked whether anything depends on the import by now (a later change, an account, a page that was
    /// written); if so nothing is undone: refused with <c>import-depended-on</c>, and <see cref="ImportView.Hindrances"/> says what. Refused with <c>import-not-done</c>, <c>import-undo-too-late</c>,
    /// <c>import-under-way</c> (another one of this school). Repeating it changes nothing.
    /// </summary>
    [Alias("Undo"), ResponseTimeout("00:02:00")]
    Task<Answer<Done>> Undo(ChangedBy by);
}

/// <summary>Bounds of imports.</summary>
public static class ImportLimits
{
    /// <summary>How many people are in one part.</summary>
    public const int PartSize = 100;
    /// <summary>The most students of one roster.</summary>
    public const int MostStudents = 20_000;
    /// <summary>For how long a finished import can be undone; afterwards its parts are forgotten.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromDays(7);
    /// <summary>For how long a dry run can be confirmed.</summary>
    public static readonly TimeSpan OfferFor = TimeSpan.FromDays(1);
    /// <summary>How many proposals, hindrances and skipped people are told one by one; all are counted.</summary>
    public const int MostTold = 200;
    /// <summary>Removing more than this share of the school's students asks for the number to be typed.</summary>
    public const double RemovalsUnasked = 0.05;
}

/// <summary>A dry run.</summary>
/// <param name="FileName">The file as its sender called it.</param>
/// <param name="Format">What it was read as.</param>
/// <param name="Parts">How many parts were stored.</param>
/// <param name="Counts">What it would do.</param>
/// <param name="StudentsBefore">How many students the school has now.</param>
/// <param name="NewClasses">Classes that are to be added or corrected first.</param>
/// <param name="Merges">Guardians of several children with one phone: perhaps one person. Only a proposal; nobody is bound by it. The first <see cref="ImportLimits.MostTold"/>.</param>
/// <param name="MergeCount">How many there are.</param>
/// <param name="SchoolExternal">The <c>sourcedId</c> by which later files name this school; null when the format has none.</param>
/// <param name="Warnings">What the office should know of the file though it keeps nothing from being imported, e.g. a phone number that could not be read. The first <see cref="ImportLimits.MostTold"/>.</param>
/// <param name="WarningCount">How many there are.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportOffer")]
public sealed record ImportOffer(
    [property: Id(0)] string FileName,
    [property: Id(1)] RosterFormat Format,
    [property: Id(2)] int Parts,
    [property: Id(3)] ImportCounts Counts,
    [property: Id(4)] int StudentsBefore,
    [property: Id(5)] ImmutableArray<SchoolClass> NewClasses,
    [property: Id(6)] ImmutableArray<ProposedMerge> Merges,
    [property: Id(7)] int MergeCount,
    [property: Id(8)] string? SchoolExternal,
    [property: Id(9)] ImmutableArray<ImportWarning> Warnings,
    [property: Id(10)] int WarningCount);

/// <summary>Something in a file that the office should know.</summary>
/// <param name="File">The sheet, or the file within a zip; empty for the file as a whole.</param>
/// <param name="Row">As a spreadsheet counts them, from 1; 0 for the whole of it.</param>
/// <param name="Column">The column's heading; null for the whole row.</param>
/// <param name="Code">What it is; the edge turns it into a sentence in the reader's language.</param>
/// <param name="Values">What the sentence names, in its order; may be empty.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportWarning")]
public sealed record ImportWarning(
    [property: Id(0)] string File,
    [property: Id(1)] int Row,
    [property: Id(2)] string? Column,
    [property: Id(3)] string Code,
    [property: Id(4)] ImmutableArray<string> Values);

/// <summary>What a roster was read as.</summary>
[GenerateSerializer, Alias("schoolhome.RosterFormat")]
public enum RosterFormat
{
    /// <summary>Our workbook, sheets 学生 and 教职工.</summary>
    Workbook,
    /// <summary>The student sheet as CSV.</summary>
    StudentsCsv,
    /// <summary>The staff sheet as CSV.</summary>
    StaffCsv,
    /// <summary>OneRoster CSV, all rows.</summary>
    OneRosterBulk,
    /// <summary>OneRoster CSV, changed rows.</summary>
    OneRosterDelta,
}

/// <summary>How many of each kind.</summary>
/// <param name="Added">Students who are new, or come back.</param>
/// <param name="Changed">Students in whose record something differs, but not the class.</param>
/// <param name="Moved">Students who change class.</param>
/// <param name="Removed">Students who are not listed and would leave.</param>
/// <param name="Unchanged">Students as they are.</param>
/// <param name="StaffAdded">Staff who are new.</param>
/// <param name="StaffChanged">Staff in whose record something differs.</param>
/// <param name="StaffRemoved">Staff who are not listed and would leave. Administrators never do.</param>
/// <param name="StaffUnchanged">Staff as they are.</param>
/// <param name="Classes">Classes that are new.</param>
/// <param name="Guardians">Guardians of all students listed, one person with one name and phone counted once.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportCounts")]
public sealed record ImportCounts(
    [property: Id(0)] int Added,
    [property: Id(1)] int Changed,
    [property: Id(2)] int Moved,
    [property: Id(3)] int Removed,
    [property: Id(4)] int Unchanged,
    [property: Id(5)] int StaffAdded,
    [property: Id(6)] int StaffChanged,
    [property: Id(7)] int StaffRemoved,
    [property: Id(8)] int StaffUnchanged,
    [property: Id(9)] int Classes,
    [property: Id(10)] int Guardians);

/// <summary>Guardians of several children who have one phone number: perhaps one person. They become one only when that person redeems each child's slip.</summary>
/// <param name="PhoneTail">The last four digits.</param>
/// <param name="People">Who, child by child.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ProposedMerge")]
public sealed record ProposedMerge([property: Id(0)] string PhoneTail, [property: Id(1)] ImmutableArray<MergePerson> People);

/// <summary>One of them.</summary>
/// <param name="Student">The child's number.</param>
/// <param name="StudentName">Its name.</param>
/// <param name="Guardian">The guardian's name.</param>
/// <param name="Relation">What they are to the child.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MergePerson")]
public sealed record MergePerson([property: Id(0)] string Student, [property: Id(1)] string StudentName, [property: Id(2)] string Guardian, [property: Id(3)] Relation Relation);

/// <summary>An import as it stands.</summary>
/// <param name="Import">Its id.</param>
/// <param name="Epoch">See L3.</param>
/// <param name="N">See L3.</param>
/// <param name="State">How far it is.</param>
/// <param name="Offer">The dry run.</param>
/// <param name="PartsDone">How many parts are applied, or undone.</param>
/// <param name="By">Who sent the file.</param>
/// <param name="OfferedAt">When, UTC.</param>
/// <param name="DoneAt">When applying was at its end, UTC; null when it is not.</param>
/// <param name="Skipped">People whose record had changed since the dry run, and who were left as they are; the first <see cref="ImportLimits.MostTold"/>.</param>
/// <param name="SkippedCount">How many there are.</param>
/// <param name="Hindrances">What kept the import from being undone when that was asked last; the first <see cref="ImportLimits.MostTold"/>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportView")]
public sealed record ImportView(
    [property: Id(0)] ImportId Import,
    [property: Id(1)] string Epoch,
    [property: Id(2)] long N,
    [property: Id(3)] ImportState State,
    [property: Id(4)] ImportOffer Offer,
    [property: Id(5)] int PartsDone,
    [property: Id(6)] ChangedBy By,
    [property: Id(7)] DateTimeOffset OfferedAt,
    [property: Id(8)] DateTimeOffset? DoneAt,
    [property: Id(9)] ImmutableArray<ImportRemark> Skipped,
    [property: Id(10)] int SkippedCount,
    [property: Id(11)] ImmutableArray<ImportRemark> Hindrances);

/// <summary>Somebody whom an import, or its undoing, had to leave.</summary>
/// <param name="Person">The key of the student or teacher.</param>
/// <param name="Name">Their name.</param>
/// <param name="Code">Why: <c>changed-meanwhile</c>, <c>changed-since-import</c>, <c>account-since-import</c>, <c>page-since-import</c>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportRemark")]
public sealed record ImportRemark([property: Id(0)] string Person, [property: Id(1)] string Name, [property: Id(2)] string Code);

/// <summary>How far an import is.</summary>
[GenerateSerializer, Alias("schoolhome.ImportState")]
public enum ImportState
{
    /// <summary>A dry run that waits for a decision.</summary>
    Offered,
    /// <summary>It was dropped.</summary>
    Dropped,
    /// <summary>It is being applied.</summary>
    Applying,
    /// <summary>It is applied.</summary>
    Done,
    /// <summary>It is being undone.</summary>
    Undoing,
    /// <summary>It is undone.</summary>
    Undone,
}

/// <summary>Some of the people of one import: <c>import-part/s01/6f9c…/0</c>.</summary>
[GrainInterfaceType("schoolhome.import-part")]
[Alias("schoolhome.IImportPartGrain")]
public interface IImportPartGrain : IGrainWithStringKey
{
    /// <summary>Stores what the dry run found. Repeating it changes nothing.</summary>
    [Alias("Put")]
    Task Put(ImportPart part);

    /// <summary>What the dry run found; null when it was never stored, or was forgotten.</summary>
    [Alias("View")]
    Task<ImportPart?> View();

    /// <summary>Applies it, person by person; the answer tells who was left. Repeating it changes nothing.</summary>
    [Alias("Apply"), ResponseTimeout("00:02:00")]
    Task<ImmutableArray<ImportRemark>> Apply(ChangedBy by);

    /// <summary>What keeps it from being undone; empty when nothing does.</summary>
    [Alias("Hindrances"), ResponseTimeout("00:02:00")]
    Task<ImmutableArray<ImportRemark>> Hindrances();

    /// <summary>Undoes it, person by person; the answer tells who was left. Repeating it changes nothing.</summary>
    [Alias("Undo"), ResponseTimeout("00:02:00")]
    Task<ImmutableArray<ImportRemark>> Undo(ChangedBy by);

    /// <summary>Forgets its people: their data must not lie about.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <summary>What a dry run found for some people. People who stay as they are are not in it.</summary>
/// <param name="Students">Students.</param>
/// <param name="Staff">Staff.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportPart")]
public sealed record ImportPart([property: Id(0)] ImmutableArray<PlannedStudent> Students, [property: Id(1)] ImmutableArray<PlannedTeacher> Staff);

/// <summary>What an import would do to a person.</summary>
[GenerateSerializer, Alias("schoolhome.PlannedChange")]
public enum PlannedChange
{
    /// <summary>New, or comes back.</summary>
    Added,
    /// <summary>Something differs.</summary>
    Changed,
    /// <summary>Another class, and perhaps more.</summary>
    Moved,
    /// <summary>Not listed: leaves.</summary>
    Removed,
}

/// <summary>What an import would do to a student.</summary>
/// <param name="Student">The student.</param>
/// <param name="Name">Its name.</param>
/// <param name="Change">What.</param>
/// <param name="Put">The command, with its expected revision; null when it leaves.</param>
/// <param name="Revision">The revision that the dry run saw; 0 when there was none.</param>
/// <param name="Fields">What differs, for showing.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PlannedStudent")]
public sealed record PlannedStudent(
    [property: Id(0)] StudentId Student,
    [property: Id(1)] string Name,
    [property: Id(2)] PlannedChange Change,
    [property: Id(3)] PutStudent? Put,
    [property: Id(4)] long Revision,
    [property: Id(5)] ImmutableArray<FieldChange> Fields);

/// <summary>What an import would do to a member of staff.</summary>
/// <param name="Teacher">The member of staff.</param>
/// <param name="Name">Their name.</param>
/// <param name="Change">What.</param>
/// <param name="Put">The command, with its expected revision; null when they leave.</param>
/// <param name="Revision">The revision that the dry run saw; 0 when there was none.</param>
/// <param name="Fields">What differs, for showing.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.PlannedTeacher")]
public sealed record PlannedTeacher(
    [property: Id(0)] TeacherId Teacher,
    [property: Id(1)] string Name,
    [property: Id(2)] PlannedChange Change,
    [property: Id(3)] PutTeacher? Put,
    [property: Id(4)] long Revision,
    [property: Id(5)] ImmutableArray<FieldChange> Fields);
