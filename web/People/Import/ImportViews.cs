using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using SchoolHome.People;

namespace SchoolHome.Web.People.Import;

/// <summary>The form of an upload.</summary>
/// <param name="File">The roster: .xlsx, .csv, or a OneRoster .zip; at most 20 MB.</param>
/// <param name="Org">Which school of a OneRoster file of several: its <c>sourcedId</c>.</param>
internal sealed record ImportUpload([property: Required] IFormFile File, string? Org);

/// <summary>One thing in a file: a problem, which keeps all of it from being imported, or something to know.</summary>
/// <param name="File">The sheet, or the file within a zip; empty for the file as a whole.</param>
/// <param name="Row">As a spreadsheet counts them, from 1; 0 for the whole of it.</param>
/// <param name="Column">The column's heading; null for the whole row.</param>
/// <param name="Problem">A sentence in the reader's language.</param>
internal sealed record RosterProblemLine(string File, int Row, string? Column, string Problem);

/// <summary>A school of a file that has several: problem <c>choose-school</c>.</summary>
/// <param name="Org">Its <c>sourcedId</c>: send it along as <c>org</c>.</param>
/// <param name="Name">Its name in the file.</param>
/// <param name="Students">How many students the file has for it.</param>
internal sealed record SchoolChoice(string Org, string Name, int Students);

/// <summary>An import, for the list.</summary>
/// <param name="Import">Its id within the school.</param>
/// <param name="State">How far it is.</param>
/// <param name="FileName">The file as its sender called it.</param>
/// <param name="FormatName">What it was read as, in the reader's language.</param>
/// <param name="Counts">What it does.</param>
/// <param name="By">Who sent it.</param>
/// <param name="OfferedAt">When, UTC.</param>
/// <param name="DoneAt">When it was applied, UTC; null when it is not.</param>
internal sealed record ImportLine(string Import, ImportState State, string FileName, string FormatName, ImportCounts Counts, string By, DateTimeOffset OfferedAt, DateTimeOffset? DoneAt);

/// <summary>An import as it stands.</summary>
/// <param name="Import">Its id within the school.</param>
/// <param name="Topic">Its topic of the hub, which tells how far it is.</param>
/// <param name="Epoch">Where the topic was.</param>
/// <param name="N">Where the topic was.</param>
/// <param name="State">How far it is.</param>
/// <param name="FileName">The file as its sender called it.</param>
/// <param name="Format">What it was read as.</param>
/// <param name="FormatName">The same in the reader's language.</param>
/// <param name="Counts">What it does.</param>
/// <param name="ChangesNothing">Whether all is in the school already as the file has it: there is nothing to confirm.</param>
/// <param name="StudentsBefore">How many students the school had before.</param>
/// <param name="AsksForRemovals">Whether more than 5 % of the students would leave, so that the number is to be typed when confirming.</param>
/// <param name="Classes">Classes that are added or corrected first.</param>
/// <param name="Merges">Guardians of several children with one phone number: perhaps one person. The first 200.</param>
/// <param name="MergeCount">How many there are.</param>
/// <param name="Warnings">What the office should know of the file. The first 200.</param>
/// <param name="WarningCount">How many there are.</param>
/// <param name="Parts">In how many parts it is applied.</param>
/// <param name="PartsDone">How many are applied, or undone.</param>
/// <param name="By">Who sent the file.</param>
/// <param name="OfferedAt">When, UTC.</param>
/// <param name="ConfirmBefore">Until when it can be confirmed, UTC.</param>
/// <param name="DoneAt">When it was applied, UTC; null when it is not.</param>
/// <param name="UndoBefore">Until when it can be undone, UTC; null when it is not applied.</param>
/// <param name="Skipped">People who were left as they are because somebody changed them meanwhile. The first 200.</param>
/// <param name="SkippedCount">How many there are.</param>
/// <param name="Hindrances">What kept it from being undone when that was asked last. The first 200.</param>
internal sealed record ImportStatus(
    string Import,
    string Topic,
    string Epoch,
    long N,
    ImportState State,
    string FileName,
    RosterFormat Format,
    string FormatName,
    ImportCounts Counts,
    bool ChangesNothing,
    int StudentsBefore,
    bool AsksForRemovals,
    ImmutableArray<ImportClassLine> Classes,
    ImmutableArray<ImportMergeLine> Merges,
    int MergeCount,
    ImmutableArray<RosterProblemLine> Warnings,
    int WarningCount,
    int Parts,
    int PartsDone,
    string By,
    DateTimeOffset OfferedAt,
    DateTimeOffset ConfirmBefore,
    DateTimeOffset? DoneAt,
    DateTimeOffset? UndoBefore,
    ImmutableArray<ImportRemarkLine> Skipped,
    int SkippedCount,
    ImmutableArray<ImportRemarkLine> Hindrances);

/// <param name="Class">The class's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Grade">Its grade: 0 for kindergarten, 1 to 12.</param>
/// <param name="Number">Its number within the grade.</param>
internal sealed record ImportClassLine(string Class, string Name, int Grade, int Number);

/// <param name="PhoneTail">The last four digits.</param>
/// <param name="People">Who, child by child.</param>
internal sealed record ImportMergeLine(string PhoneTail, ImmutableArray<ImportMergePerson> People);

/// <param name="Student">The child's number.</param>
/// <param name="StudentName">Its name.</param>
/// <param name="Guardian">The guardian's name.</param>
/// <param name="Relation">What they are to the child.</param>
/// <param name="RelationName">The same in the reader's language.</param>
internal sealed record ImportMergePerson(string Student, string StudentName, string Guardian, Relation Relation, string RelationName);

/// <param name="Kind">Student or member of staff.</param>
/// <param name="Number">Their number.</param>
/// <param name="Name">Their name.</param>
/// <param name="Code">Why they were left, e.g. <c>changed-meanwhile</c>.</param>
/// <param name="Reason">The same as a sentence in the reader's language.</param>
internal sealed record ImportRemarkLine(PersonKind Kind, string Number, string Name, string Code, string Reason);

/// <summary>Whom a line is about.</summary>
internal enum PersonKind
{
    /// <summary>A student.</summary>
    Student,

    /// <summary>A member of staff.</summary>
    Teacher,
}

/// <summary>Which changes to show.</summary>
internal enum ImportChangeKind
{
    /// <summary>New students, and those who come back.</summary>
    Added,

    /// <summary>Students in whose record something differs, but not the class.</summary>
    Changed,

    /// <summary>Students who change class.</summary>
    Moved,

    /// <summary>Students who leave.</summary>
    Removed,

    /// <summary>New staff, and those who come back.</summary>
    StaffAdded,

    /// <summary>Staff in whose record something differs.</summary>
    StaffChanged,

    /// <summary>Staff who leave.</summary>
    StaffRemoved,
}

/// <summary>A page of what an import does.</summary>
/// <param name="People">Person by person.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="Pages">How many there are; 0 when there is nobody.</param>
/// <param name="Count">How many people there are.</param>
/// <param name="Forgotten">Whether the import's people have been forgotten: it was dropped, or can no longer be undone.</param>
internal sealed record ImportChanges(ImmutableArray<ImportChangeLine> People, int Page, int Pages, int Count, bool Forgotten);

/// <param name="Kind">What happens.</param>
/// <param name="Number">The student's or staff number.</param>
/// <param name="Name">The name.</param>
/// <param name="Fields">What differs, field by field; for somebody new all that the file says.</param>
internal sealed record ImportChangeLine(ImportChangeKind Kind, string Number, string Name, ImmutableArray<ImportFieldLine> Fields);

/// <param name="Field">A stable word, e.g. <c>guardian.g1.phone</c>.</param>
/// <param name="FieldName">The same in the reader's language.</param>
/// <param name="Before">As it is; null when there is nothing.</param>
/// <param name="After">As it will be; null when there will be nothing.</param>
internal sealed record ImportFieldLine(string Field, string FieldName, string? Before, string? After);

/// <summary>Confirms a dry run.</summary>
/// <param name="Removals">How many students leave, as somebody has typed it; needed when these are more than 5 % of the school.</param>
internal sealed record ConfirmImportCommand(int? Removals);
