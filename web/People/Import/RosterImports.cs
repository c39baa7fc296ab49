using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>From a file to an import that waits to be confirmed.</summary>
internal sealed class RosterImports(IGrainFactory actors, SchoolPeople people)
{
    /// <summary>How many actors are asked at once: enough to fill the storage, few enough for other people to get in between.</summary>
    private const int AtOnce = 32;

    /// <summary>Reads a file, holds it against the school, and stores what it would do as an import that waits to be confirmed. The same import again is answered as it stands.</summary>
    public async Task<RosterOutcome> Offer(ImportId import, Stream content, string fileName, string? org, ChangedBy by)
    {
        var actor = actors.GetGrain<IImportGrain>(import.ToString());
        if (await actor.View() is { } before)
            return new RosterOutcome.Offered(before);

        var (outcome, reading) = await Plan(import.SchoolId, content, fileName, org);
        if (reading is not var (roster, now, plan, findings))
            return outcome!;

        ImmutableArray<ImportPart> parts = [.. plan.Parts()];
        await Parallel.ForAsync(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (at, _) => await actors.GetGrain<IImportPartGrain>(import.Part(at)).Put(parts[at]));
        var offer = new ImportOffer(
            Shown(fileName), roster.Format, parts.Length, plan.Counts, now.StudentCount, plan.NewClasses, plan.Merges, plan.MergeCount, roster.SchoolExternal,
            [.. findings.Warnings.Select(warning => warning.ToWarning())], findings.WarningCount);
        return (await actor.Offer(offer, by)).Refusal is { } refusal ? new RosterOutcome.Refused(refusal) : new RosterOutcome.Offered((await actor.View())!);
    }

    /// <summary>Reads a file and applies it at once, without asking: for schools that the software itself makes. Applying it again changes nothing.</summary>
    public async Task ApplyNow(ImportId import, Stream content, string fileName)
    {
        var (outcome, reading) = await Plan(import.SchoolId, content, fileName, null);
        if (reading is not var (_, _, plan, _))
            throw new InvalidOperationException($"The roster {fileName} was refused: {(outcome as RosterOutcome.Faulty)?.Problems.FirstOrDefault()}.");

        // As part of an import, so that the day's audit log does not hold everybody one by one.
        var by = ChangedBy.Software with { Import = import };
        if (!plan.NewClasses.IsEmpty)
            Require(await actors.GetGrain<ISchoolGrain>(import.SchoolId.ToString()).PutClasses(plan.NewClasses, by));
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(plan.Students.Where(one => one.Put is not null), options, async (one, _) => Require(await actors.GetGrain<IStudentGrain>(one.Student.ToString()).Put(one.Put! with { ExpectedRevision = null }, by)));
        await Parallel.ForEachAsync(plan.Staff.Where(one => one.Put is not null), options, async (one, _) => Require(await actors.GetGrain<ITeacherGrain>(one.Teacher.ToString()).Put(one.Put! with { ExpectedRevision = null }, by)));
    }

    /// <summary>A page of what an import does; null when there is no such import.</summary>
    public async Task<ImportChanges?> Changes(ImportId import, ImportChangeKind kind, int page, int pageSize, string language)
    {
        if (await actors.GetGrain<IImportGrain>(import.ToString()).View() is not { } view)
            return null;

        // People are stored kind by kind, in the order of the kinds.
        var counts = CountsOf(view.Offer.Counts);
        var (first, count) = (counts[..(int)kind].Sum(), counts[(int)kind]);
        var pages = (count + pageSize - 1) / pageSize;
        page = Math.Clamp(page, 1, Math.Max(1, pages));
        var (from, to) = (first + ((page - 1) * pageSize), Math.Min(first + (page * pageSize), first + count));
        var lines = ImmutableArray.CreateBuilder<ImportChangeLine>();
        for (var at = from; at < to;)
        {
            var (part, within) = Math.DivRem(at, ImportLimits.PartSize);
            if (await actors.GetGrain<IImportPartGrain>(import.Part(part)).View() is not { } stored)
                return new ImportChanges([], page, pages, count, Forgotten: true);

            var people = Math.Min(ImportLimits.PartSize - within, to - at);
            lines.AddRange(ImportTexts.ChangesOf(stored, kind, within, people, language));
            at += people;
        }

        return new ImportChanges(lines.DrainToImmutable(), page, pages, count, Forgotten: false);
    }

    private async Task<(RosterOutcome? Outcome, Planned? Planned)> Plan(SchoolId school, Stream content, string fileName, string? org)
    {
        var findings = new Findings();
        RosterFile file;
        try
        {
            file = RosterFile.Open(content, Shown(fileName));
        }
        catch (UnreadableException unreadable)
        {
            findings.Problem(unreadable.File, 0, null, unreadable.Code, [.. unreadable.Values]);
            return (new RosterOutcome.Faulty(findings.Problems, findings.ProblemCount), null);
        }

        var (now, today) = await people.Read(school);
        var reading = file.Read(now, today, org, findings);
        if (!reading.Schools.IsEmpty)
            return (new RosterOutcome.SeveralSchools(reading.Schools), null);
        if (reading.Roster is not { } roster || findings.ProblemCount > 0)
            return (new RosterOutcome.Faulty(findings.Problems, findings.ProblemCount), null);

        now = await people.WithNamed(now, roster);
        var plan = Comparison.Plan(roster, now, findings);
        // Some faults show only beside what the school has.
        return findings.ProblemCount > 0
            ? (new RosterOutcome.Faulty(findings.Problems, findings.ProblemCount), null)
            : (null, new Planned(roster, now, plan, findings));
    }

    private static string Shown(string fileName)
    {
        // Some browsers send the path.
        var name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length > 100 ? name[..100] : name;
    }

    private static void Require<T>(Answer<T> answer)
    {
        if (answer.Refusal is { } refusal)
            throw new InvalidOperationException($"The roster was refused: {refusal}.");
    }

    private static int[] CountsOf(ImportCounts counts) =>
        [counts.Added, counts.Changed, counts.Moved, counts.Removed, counts.StaffAdded, counts.StaffChanged, counts.StaffRemoved];

    private sealed record Planned(Roster Roster, SchoolNow Now, ImportPlan Plan, Findings Findings);
}

/// <summary>What became of an upload.</summary>
internal abstract record RosterOutcome
{
    private RosterOutcome() { }

    /// <summary>A dry run waits to be confirmed.</summary>
    public sealed record Offered(ImportView View) : RosterOutcome;

    /// <summary>Something is wrong in the file; nothing was stored.</summary>
    public sealed record Faulty(ImmutableArray<Finding> Problems, int Count) : RosterOutcome;

    /// <summary>The file has several schools, and does not say which one this is.</summary>
    public sealed record SeveralSchools(ImmutableArray<SchoolChoice> Schools) : RosterOutcome;

    /// <summary>An actor has refused.</summary>
    public sealed record Refused(Refusal Refusal) : RosterOutcome;
}
