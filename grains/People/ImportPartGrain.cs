using System.Collections.Immutable;
using Orleans.Concurrency;
using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.People;

// Reentrant, so that people can be looked at while they are being applied. What is stored changes in Keep alone, and of the long works there is one at a time (Once).
[GrainType("import-part")]
[Reentrant]
internal sealed class ImportPartGrain([PersistentState("import-part")] IPersistentState<ImportPartRecord> storage) : Grain, IImportPartGrain
{
    /// <summary>How many people are asked or told at once.</summary>
    private const int AtOnce = 32;

    private Task<ImmutableArray<ImportRemark>>? _work;
    private string _working = "";
    private bool _broken;

    private ImportId Import
    {
        get
        {
            var parts = this.GetPrimaryKeyString().Split('/');
            return new ImportId(parts[1], parts[2]);
        }
    }

    public async Task Put(ImportPart part)
    {
        if (storage.State.Part is null)
            await Keep(storage.State with { Part = part });
    }

    public Task<ImportPart?> View()
    {
        ThrowIfBroken();
        return Task.FromResult(storage.State.Part);
    }

    public Task<ImmutableArray<ImportRemark>> Apply(ChangedBy by) => Once("apply", async () =>
    {
        if (storage.State is not { Part: { } part, Applied: null })
            return storage.State.Skipped;

        var import = Import;
        by = by with { Import = import };
        // Taken before the first change: a page that is written on the day of the import depends on it.
        var today = await School.Today();
        var outcomes = await OfEach(part, student => Apply(import, student, today, by), teacher => Apply(import, teacher, today, by));
        ImmutableArray<ImportRemark> skipped = [.. outcomes.Select(outcome => outcome.Remark).OfType<ImportRemark>()];
        await Keep(storage.State with
        {
            Applied = today,
            Skipped = skipped,
            Untouched = outcomes.Where(outcome => !outcome.Touched).Select(outcome => outcome.Person).ToImmutableSortedSet(StringComparer.Ordinal),
        });
        return skipped;
    });

    public Task<ImmutableArray<ImportRemark>> Hindrances() => Once("hindrances", async () =>
    {
        if (storage.State is not { Part: { } part, Applied: { } applied, Undone: false })
            return [];

        var import = Import;
        var outcomes = await OfEach(
            Touched(part),
            async student => Hindrance(student.Student.ToString(), student.Name, await Student(student).CanUndoImport(import)),
            async teacher => Hindrance(teacher.Teacher.ToString(), teacher.Name, await Teacher(teacher).CanUndoImport(import)));
        var hindered = outcomes.Select(outcome => outcome.Remark).OfType<ImportRemark>().ToList();
        hindered.AddRange(await Pages(part, applied, [.. hindered.Select(remark => remark.Person)]));
        return [.. hindered];
    });

    public Task<ImmutableArray<ImportRemark>> Undo(ChangedBy by) => Once("undo", async () =>
    {
        if (storage.State is not { Part: { } part, Applied: not null, Undone: false })
            return storage.State.Kept;

        var import = Import;
        by = by with { Import = import };
        // Not found is done: it was undone already, before a crash.
        var outcomes = await OfEach(
            Touched(part),
            async student => Hindrance(student.Student.ToString(), student.Name, await Student(student).UndoImport(import, by), isUndoing: true),
            async teacher => Hindrance(teacher.Teacher.ToString(), teacher.Name, await Teacher(teacher).UndoImport(import, by), isUndoing: true));
        ImmutableArray<ImportRemark> kept = [.. outcomes.Select(outcome => outcome.Remark).OfType<ImportRemark>()];
        await Keep(storage.State with { Undone = true, Kept = kept });
        return kept;
    });

    public Task Forget()
    {
        ThrowIfBroken();
        return storage.RecordExists ? Store(Clear) : Task.CompletedTask;

        async Task Clear()
        {
            await storage.ClearStateAsync();
            storage.State = new ImportPartRecord();
        }
    }

    private ISchoolGrain School => GrainFactory.GetGrain<ISchoolGrain>(Import.SchoolId.ToString());

    private IStudentGrain Student(PlannedStudent planned) => GrainFactory.GetGrain<IStudentGrain>(planned.Student.ToString());

    private ITeacherGrain Teacher(PlannedTeacher planned) => GrainFactory.GetGrain<ITeacherGrain>(planned.Teacher.ToString());

    private async Task<Outcome> Apply(ImportId import, PlannedStudent planned, DateOnly today, ChangedBy by)
    {
        var (student, key) = (Student(planned), planned.Student.ToString());
        if (planned.Put is { } put)
        {
            var answer = await student.Put(put with { ExpectedRevision = planned.Revision }, by);
            // Unchanged: the record was so already, or we did it before a crash. Only the record knows which.
            return answer.Refusal is { } refusal
                ? Outcome.Left(key, planned.Name, refusal)
                : new Outcome(key, answer.Value is not RosterChange.Unchanged || IsOurs(await student.CanUndoImport(import)));
        }

        var profile = await student.Profile();
        if (profile is null || profile.Left is not null)
            return new Outcome(key, profile is not null && IsOurs(await student.CanUndoImport(import)));
        if (profile.Revision != planned.Revision)
            return Outcome.Left(key, planned.Name, new Conflict("changed-meanwhile"));

        return (await student.Leave(new LeaveSchool(today, ImportTexts.NotListed), by)).Refusal is { } refused ? Outcome.Left(key, planned.Name, refused) : new Outcome(key, Touched: true);
    }

    private async Task<Outcome> Apply(ImportId import, PlannedTeacher planned, DateOnly today, ChangedBy by)
    {
        var (teacher, key) = (Teacher(planned), planned.Teacher.ToString());
        if (planned.Put is { } put)
        {
            var answer = await teacher.Put(put with { ExpectedRevision = planned.Revision }, by);
            return answer.Refusal is { } refusal
                ? Outcome.Left(key, planned.Name, refusal)
                : new Outcome(key, answer.Value is not RosterChange.Unchanged || IsOurs(await teacher.CanUndoImport(import)));
        }

        var profile = await teacher.Profile();
        if (profile is null || profile.Left is not null)
            return new Outcome(key, profile is not null && IsOurs(await teacher.CanUndoImport(import)));
        // An administrator's office is no matter of rosters: the dry run does not plan it, and one who became administrator since stays.
        if (profile.Revision != planned.Revision || profile.Offices.Contains(Office.Administrator))
            return Outcome.Left(key, planned.Name, new Conflict("changed-meanwhile"));

        return (await teacher.Leave(new LeaveSchool(today, ImportTexts.NotListed), by)).Refusal is { } refused ? Outcome.Left(key, planned.Name, refused) : new Outcome(key, Touched: true);
    }

    private static bool IsOurs(Answer<Done> canUndo) => canUndo.Refusal is not NotFound;

    private ImportPart Touched(ImportPart part) => new(
        part.Students.RemoveAll(student => storage.State.Untouched.Contains(student.Student.ToString())),
        part.Staff.RemoveAll(teacher => storage.State.Untouched.Contains(teacher.Teacher.ToString())));

    // That the import is not the last that changed a record means, before undoing, that something else did since; while undoing, that it is undone.
    private static Outcome Hindrance(string person, string name, Answer<Done> answer, bool isUndoing = false) => answer.Refusal switch
    {
        null => new Outcome(person, Touched: true),
        NotFound => isUndoing ? new Outcome(person, Touched: true) : Outcome.Left(person, name, new Conflict("changed-since-import")),
        { } refusal => Outcome.Left(person, name, refusal),
    };

    /// <summary>Students whom the import added, and in whose book somebody has written since. The classes' days know, so that no page has to be asked.</summary>
    private async Task<IEnumerable<ImportRemark>> Pages(ImportPart part, DateOnly applied, HashSet<string> alreadyHindered)
    {
        var today = await School.Today();
        var remarks = new List<ImportRemark>();
        var classes = Touched(part).Students
            .Where(student => student.Change is PlannedChange.Added && student.Put?.Class is not null && !alreadyHindered.Contains(student.Student.ToString()))
            .ToLookup(student => student.Put!.Class!.Value);
        foreach (var added in classes)
        {
            var written = new HashSet<string>(StringComparer.Ordinal);
            for (var day = applied; day <= today; day = day.AddDays(1))
            {
                if (await GrainFactory.GetGrain<IClassDayGrain>(new ClassDayId(added.Key.School, added.Key.Class, day).ToString()).View() is { } view)
                    written.UnionWith(view.Children.Where(child => child.EditedAt is not null).Select(child => child.Student));
            }

            remarks.AddRange(added.Where(student => written.Contains(student.Student.Number)).Select(student => new ImportRemark(student.Student.ToString(), student.Name, "page-since-import")));
        }

        return remarks;
    }

    /// <summary>Asks or tells everybody of a part, some at once.</summary>
    private static async Task<Outcome[]> OfEach(ImportPart part, Func<PlannedStudent, Task<Outcome>> student, Func<PlannedTeacher, Task<Outcome>> teacher)
    {
        Func<Task<Outcome>>[] everybody =
        [
            .. part.Students.Select<PlannedStudent, Func<Task<Outcome>>>(one => () => student(one)),
            .. part.Staff.Select<PlannedTeacher, Func<Task<Outcome>>>(one => () => teacher(one)),
        ];
        var outcomes = new Outcome[everybody.Length];
        var next = 0;
        // All of this runs in the actor's own turns, one at a time, so the counter needs no lock.
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, everybody.Length)).Select(async _ =>
        {
            while (next < everybody.Length)
            {
                var mine = next++;
                outcomes[mine] = await everybody[mine]();
            }
        }));
        return outcomes;
    }

    /// <summary>Whoever asks for a work that is under way, because the answer took too long, waits for the same one.</summary>
    private async Task<ImmutableArray<ImportRemark>> Once(string name, Func<Task<ImmutableArray<ImportRemark>>> work)
    {
        ThrowIfBroken();
        while (_work is { } before)
        {
            if (_working == name)
                return await before;

            await before.ContinueWith(static _ => { }, TaskScheduler.Current);
        }

        _working = name;
        _work = work();
        try
        {
            return await _work;
        }
        finally
        {
            _work = null;
        }
    }

    private Task Keep(ImportPartRecord next)
    {
        ThrowIfBroken();
        storage.State = next;
        return Store(storage.WriteStateAsync);
    }

    private async Task Store(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception exception)
        {
            _broken = true;
            DeactivateOnIdle();
            throw new OutcomeUnknownException("A write failed; whether it was stored is not known.", exception);
        }
    }

    private void ThrowIfBroken()
    {
        if (_broken)
            throw new OutcomeUnknownException("A write failed; this activation is being replaced.");
    }

    /// <summary>What became of one person.</summary>
    private sealed record Outcome(string Person, bool Touched, ImportRemark? Remark = null)
    {
        public static Outcome Left(string person, string name, Refusal why) => new(person, Touched: false, new ImportRemark(person, name, why.Code));
    }
}

/// <summary>What an import writes into people's records.</summary>
internal static class ImportTexts
{
    /// <summary>Why somebody left: the roster does not list them any more.</summary>
    public const string NotListed = "不在导入的名单中";
}
