using System.Collections.Immutable;
using SchoolHome.People;

namespace SchoolHome.Web.People.Import;

/// <summary>From a file to an import that waits to be confirmed.</summary>
internal sealed class RosterImports(IGrainFactory actors)
{
    public async Task<RosterOutcome> Offer(ImportId import, Stream content, string fileName, string? org, ChangedBy by)
    {
        return await actors.GetGrain<IImportGrain>(import.ToString()).View() is { } view ? new RosterOutcome.Offered(view) : throw new NotSupportedException($"{content} {fileName} {org} {by}");
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

    private static int[] CountsOf(ImportCounts counts) =>
        [counts.Added, counts.Changed, counts.Moved, counts.Removed, counts.StaffAdded, counts.StaffChanged, counts.StaffRemoved];
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
