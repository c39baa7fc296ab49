using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>A school's people, as read from a workbook without a fault.</summary>
internal sealed record Roster(
    SchoolId School,
    ImmutableArray<SchoolClass> Classes,
    ImmutableArray<(StudentId Id, PutStudent Student)> Students,
    ImmutableArray<(TeacherId Id, PutTeacher Teacher)> Teachers);

/// <summary>One thing that is wrong in a workbook.</summary>
/// <param name="Sheet">学生 or 教职工.</param>
/// <param name="Row">As the spreadsheet counts them, from 1; 0 for the sheet itself.</param>
/// <param name="Column">The column's heading; null for the row itself.</param>
/// <param name="Problem">A sentence.</param>
internal sealed record RosterProblem(string Sheet, int Row, string? Column, string Problem);

/// <summary>What an import did.</summary>
internal sealed record RosterImported(string School, int Classes, int Students, int Guardians, int Teachers, int Added, int Changed, int Unchanged);

/// <summary>Applies a roster: every person is one command to one actor, so that repeating an import, or one that was cut short, changes nothing twice.</summary>
internal sealed class RosterImport(IGrainFactory actors)
{
    /// <summary>How many commands are under way at once: enough to fill the storage, few enough for other people to get in between.</summary>
    private const int AtOnce = 32;

    public async Task<RosterImported> Apply(Roster roster)
    {
        Require(await actors.GetGrain<ISchoolGrain>(roster.School.ToString()).PutClasses(roster.Classes, ChangedBy.Software));
        var done = new int[Enum.GetValues<RosterChange>().Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(roster.Students, options, async (one, _) =>
            Interlocked.Increment(ref done[(int)Require(await actors.GetGrain<IStudentGrain>(one.Id.ToString()).Put(one.Student, ChangedBy.Software))]));
        await Parallel.ForEachAsync(roster.Teachers, options, async (one, _) =>
            Interlocked.Increment(ref done[(int)Require(await actors.GetGrain<ITeacherGrain>(one.Id.ToString()).Put(one.Teacher, ChangedBy.Software))]));

        return new RosterImported(
            roster.School.School, roster.Classes.Length, roster.Students.Length,
            roster.Students.SelectMany(one => one.Student.Guardians).DistinctBy(guardian => (guardian.Name, guardian.Phone)).Count(), roster.Teachers.Length,
            done[(int)RosterChange.Added], done[(int)RosterChange.Changed], done[(int)RosterChange.Unchanged]);
    }

    // The workbook's reader has checked what the actors check; a refusal here is a fault of ours.
    private static T Require<T>(Answer<T> answer) => answer.Refusal is { } refusal ? throw new InvalidOperationException($"The roster was refused: {refusal}.") : answer.Value!;
}
