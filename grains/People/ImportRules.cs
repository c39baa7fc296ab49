using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.People;

/// <summary>How an import goes from one state to the next. The same record when nothing changes.</summary>
internal static class ImportRules
{
    public static Answer<ImportRecord> Offer(ImportRecord record, ImportOffer offer, ChangedBy by, DateTimeOffset now) =>
        // The key is the operation id of the upload, so a second offer is a repetition, whatever became of the first.
        record.Offer is not null ? record : record with { State = ImportState.Offered, Offer = offer, By = by, OfferedAt = now };

    /// <summary>Whether the dry run can be confirmed now. A confirmation that was taken before is done.</summary>
    public static Answer<bool> MayConfirm(ImportRecord record, int? removals, DateTimeOffset now)
    {
        if (record.Offer is not { } offer)
            return new NotFound();
        if (record.State is ImportState.Applying or ImportState.Done)
            return false;
        if (record.State is not ImportState.Offered)
            return new Conflict("import-not-offered");
        if (record.OfferedAt + ImportLimits.OfferFor <= now)
            return new Conflict("import-too-old");
        if (IsEmpty(offer))
            return new Conflict("import-empty");
        if (offer.Counts.Removed > offer.StudentsBefore * ImportLimits.RemovalsUnasked && removals != offer.Counts.Removed)
            return Invalid.Field("removals", "type-the-number");

        return true;
    }

    /// <summary>
    /// Applying begins. Refused with <c>import-too-old</c> when the school's classes are not what the dry run took them for, e.g. because all of them moved up since: entering them would put them back.
    /// </summary>
    public static Answer<ImportRecord> Confirm(ImportRecord record, ImmutableArray<SchoolClass> classes, SchoolProfile? school, ChangedBy by)
    {
        var offered = record.Offer!.NewClasses;
        foreach (var one in offered)
        {
            if (classes.Any(known => (known.Class == one.Class) != (known.Grade == one.Grade && known.Number == one.Number)))
                return new Conflict("import-too-old");
        }

        return record with
        {
            State = ImportState.Applying,
            ConfirmedBy = by,
            AddedClasses = [.. offered.Where(one => classes.All(known => known.Class != one.Class)).Select(one => one.Class)],
            ClassesBefore = [.. classes.Where(known => offered.Any(one => one.Class == known.Class && one != known))],
            SetsExternal = record.Offer.SchoolExternal is not null && school is { External: null },
            ClassesDone = false,
            Finished = [],
        };
    }

    /// <summary>Whether it can be dropped. One that was dropped is done.</summary>
    public static Answer<ImportRecord> Drop(ImportRecord record) => record switch
    {
        { Offer: null } => new NotFound(),
        { State: ImportState.Dropped } => record,
        { State: ImportState.Offered } => record with { State = ImportState.Dropped },
        _ => new Conflict("import-not-offered"),
    };

    /// <summary>Whether undoing can be asked for now. One that is being undone, or is undone, is done.</summary>
    public static Answer<bool> MayUndo(ImportRecord record, DateTimeOffset now)
    {
        if (record.Offer is null)
            return new NotFound();
        if (record.State is ImportState.Undoing or ImportState.Undone)
            return false;
        if (record.State is not ImportState.Done)
            return new Conflict("import-not-done");
        if (record.Forgotten || record.DoneAt + ImportLimits.UndoFor <= now)
            return new Conflict("import-undo-too-late");

        return true;
    }

    /// <summary>Something depends on the import: nothing is undone.</summary>
    public static ImportRecord Hindered(ImportRecord record, ImmutableArray<ImportRemark> hindrances) => record with { Hindrances = Told(hindrances) };

    public static ImportRecord BeginUndo(ImportRecord record, ChangedBy by) =>
        record with { State = ImportState.Undoing, UndoneBy = by, Hindrances = [], ClassesDone = false, Finished = [] };

    /// <summary>A part is applied, or undone. Finishing it again changes nothing.</summary>
    public static ImportRecord FinishPart(ImportRecord record, int part, ImmutableArray<ImportRemark> skipped) => record.Finished.Contains(part)
        ? record
        : Skip(record with { Finished = record.Finished.Add(part).Sort() }, skipped);

    public static ImportRecord Skip(ImportRecord record, ImmutableArray<ImportRemark> skipped) => skipped.IsEmpty
        ? record
        : record with { Skipped = Told(record.Skipped.AddRange(skipped)), SkippedCount = record.SkippedCount + skipped.Length };

    /// <summary>The parts that are to be done yet: forwards when applying, backwards when undoing.</summary>
    public static ImmutableArray<int> Left(ImportRecord record)
    {
        var left = Enumerable.Range(0, record.Offer?.Parts ?? 0).Where(part => !record.Finished.Contains(part));
        return [.. record.State is ImportState.Undoing ? left.Reverse() : left];
    }

    /// <summary>What the school's audit log says of a finished import; the people's own histories say the rest.</summary>
    public static AuditEntry Summary(ImportId import, ImportRecord record, DateTimeOffset now)
    {
        var undone = record.State is ImportState.Undoing;
        var counts = record.Offer!.Counts;
        var changes = ImmutableArray.CreateBuilder<FieldChange>();
        Count("added", counts.Added);
        Count("changed", counts.Changed);
        Count("moved", counts.Moved);
        Count("removed", counts.Removed);
        Count("staffAdded", counts.StaffAdded);
        Count("staffChanged", counts.StaffChanged);
        Count("staffRemoved", counts.StaffRemoved);
        Count("classes", counts.Classes);
        Count("skipped", record.SkippedCount);
        return new AuditEntry(
            now, (undone ? record.UndoneBy! : record.ConfirmedBy!) with { Import = import }, import.ToString(), record.Offer.FileName, undone ? "import-undone" : "import-applied",
            changes.DrainToImmutable(), null, undone ? 2 : 1);

        void Count(string field, int count)
        {
            if (count == 0)
                return;

            var number = count.ToString(CultureInfo.InvariantCulture);
            changes.Add(undone ? new FieldChange(field, number, null) : new FieldChange(field, null, number));
        }
    }

    private static bool IsEmpty(ImportOffer offer)
    {
        var counts = offer.Counts;
        return offer.NewClasses.IsEmpty
            && (counts.Added, counts.Changed, counts.Moved, counts.Removed, counts.StaffAdded, counts.StaffChanged, counts.StaffRemoved) == (0, 0, 0, 0, 0, 0, 0);
    }

    private static ImmutableArray<ImportRemark> Told(ImmutableArray<ImportRemark> remarks) => remarks.Length > ImportLimits.MostTold ? remarks[..ImportLimits.MostTold] : remarks;
}
