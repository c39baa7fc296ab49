using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>Reads everybody of a school from their own actors: who they are is found through the classes and the staff list, what they are they say themselves.</summary>
internal sealed class SchoolPeople(IGrainFactory actors)
{
    private const int AtOnce = 64;

    /// <summary>The school with everybody who is in a class or on the staff, and today in its time zone.</summary>
    public async Task<(SchoolNow Now, DateOnly Today)> Read(SchoolId school)
    {
        var actor = actors.GetGrain<ISchoolGrain>(school.ToString());
        var (profile, today, classes) = (await actor.Profile(), await actor.Today(), await actor.Classes());
        var rosters = await Task.WhenAll(classes.Select(one => actors.GetGrain<IClassGrain>(one.Class.ToString()).Roster()));
        var staff = await actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school)).List();
        return (
            new SchoolNow(
                school,
                profile?.External,
                profile?.SchoolYearOf(today) ?? Term.UsualYear(today),
                classes,
                await Students(rosters.SelectMany(one => one?.Students ?? []).Select(one => one.Student)),
                await Staff(staff.Select(one => one.Teacher))),
            today);
    }

    /// <summary>The same with those whom a roster names though they are in no class: somebody of that number may have left, or may just have come.</summary>
    public async Task<SchoolNow> WithNamed(SchoolNow now, Roster roster)
    {
        var students = await Students((roster.Students ?? []).Select(one => one.Id).Where(id => !now.Students.ContainsKey(id)));
        var staff = await Staff((roster.Staff ?? []).Select(one => one.Id).Where(id => !now.Staff.ContainsKey(id)));
        return now with
        {
            Students = now.Students.Concat(students).ToFrozenDictionary(),
            Staff = now.Staff.Concat(staff).ToFrozenDictionary(),
        };
    }

    private Task<IReadOnlyDictionary<StudentId, StudentProfile>> Students(IEnumerable<StudentId> ids) =>
        OfEach(ids, id => actors.GetGrain<IStudentGrain>(id.ToString()).Profile());

    private Task<IReadOnlyDictionary<TeacherId, TeacherProfile>> Staff(IEnumerable<TeacherId> ids) =>
        OfEach(ids, id => actors.GetGrain<ITeacherGrain>(id.ToString()).Profile());

    private static async Task<IReadOnlyDictionary<TId, TProfile>> OfEach<TId, TProfile>(IEnumerable<TId> ids, Func<TId, Task<TProfile?>> ask)
        where TId : struct
        where TProfile : class
    {
        var found = new ConcurrentDictionary<TId, TProfile>();
        await Parallel.ForEachAsync(ids.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (id, _) =>
        {
            if (await ask(id) is { } profile)
                found[id] = profile;
        });
        return found;
    }
}
