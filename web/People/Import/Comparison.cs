using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>What a roster would do to a school.</summary>
/// <param name="Students">By what happens to them, in the order of <see cref="PlannedChange"/>; those who stay as they are are not in it.</param>
/// <param name="Staff">Likewise.</param>
/// <param name="Counts">How many of each kind.</param>
/// <param name="NewClasses">Classes to be added, or corrected, first.</param>
/// <param name="Merges">Guardians of several children with one phone, of whom at least one is new or changed.</param>
/// <param name="MergeCount">How many there are.</param>
internal sealed record ImportPlan(
    ImmutableArray<PlannedStudent> Students,
    ImmutableArray<PlannedTeacher> Staff,
    ImportCounts Counts,
    ImmutableArray<SchoolClass> NewClasses,
    ImmutableArray<ProposedMerge> Merges,
    int MergeCount)
{
    /// <summary>The parts as they are stored: students first, so that whoever reads a page of them needs two parts at most.</summary>
    public IEnumerable<ImportPart> Parts()
    {
        for (var from = 0; from < Students.Length + Staff.Length; from += ImportLimits.PartSize)
        {
            var to = Math.Min(from + ImportLimits.PartSize, Students.Length + Staff.Length);
            yield return new ImportPart(
                from < Students.Length ? Students[from..Math.Min(to, Students.Length)] : [],
                to > Students.Length ? Staff[Math.Max(0, from - Students.Length)..(to - Students.Length)] : []);
        }
    }
}

/// <summary>Holds a roster against the school as it is. Decides nothing about access: whom an import does not list any more loses their entry only if nobody ever joined by it.</summary>
internal static class Comparison
{
    public static ImportPlan Plan(Roster roster, SchoolNow now, Findings findings)
    {
        var classes = new ClassMap(roster, now);
        var students = roster.Students is { } listed ? Students(listed, roster.NamesEverybody, now, classes, findings) : [];
        var staff = roster.Staff is { } teachers ? Staff(teachers, roster.NamesEverybody, now, classes, findings) : [];
        var (merges, mergeCount) = Merges(roster.Students ?? [], students);

        int Of(PlannedChange change) => students.Count(one => one.Change == change);
        int OfStaff(PlannedChange change) => staff.Count(one => one.Change == change);
        var counts = new ImportCounts(
            Of(PlannedChange.Added),
            Of(PlannedChange.Changed),
            Of(PlannedChange.Moved),
            Of(PlannedChange.Removed),
            (roster.Students?.Length ?? 0) - students.Count(one => one.Put?.Class is not null),
            OfStaff(PlannedChange.Added),
            OfStaff(PlannedChange.Changed),
            OfStaff(PlannedChange.Removed),
            (roster.Staff?.Length ?? 0) - staff.Count(one => one.Put is not null),
            classes.Added,
            roster.Students?.SelectMany(one => one.Guardians.Or([])).DistinctBy(guardian => (guardian.Name, guardian.Phone)).Count() ?? 0);
        return new ImportPlan(
            [.. students.OrderBy(one => one.Change)], [.. staff.OrderBy(one => one.Change)], counts, classes.ToPut, merges, mergeCount);
    }

    private static List<PlannedStudent> Students(ImmutableArray<RosterStudent> listed, bool namesEverybody, SchoolNow now, ClassMap classes, Findings findings)
    {
        var planned = new List<PlannedStudent>();
        foreach (var one in listed)
        {
            var before = now.Students.GetValueOrDefault(one.Id);
            if (one.Class is not { } place)
            {
                if (before is { Class: not null })
                    planned.Add(Leaves(one.Id, before, classes));
                continue;
            }

            // Whoever had this number has left, or has graduated: another child must not take over that family's books.
            if (before is not null && (before.Class is null || now.Classes.All(there => there.Class != before.Class)) && before.Name != one.Name)
            {
                findings.Problem("", 0, null, "number-of-another", one.Id.Number, one.Name, before.Name);
                continue;
            }

            var put = Put(one, before, classes.Of(place));
            var fields = Differences(one, put, before, classes, findings);
            if (before is { Class: not null } && fields.IsEmpty)
                continue;

            var change = before?.Class is null ? PlannedChange.Added : before.Class != put.Class ? PlannedChange.Moved : PlannedChange.Changed;
            planned.Add(new PlannedStudent(one.Id, put.Name, change, put, before?.Revision ?? 0, fields));
        }

        if (namesEverybody)
        {
            var names = listed.Select(one => one.Id).ToHashSet();
            planned.AddRange(now.Students.Where(one => one.Value.Class is not null && !names.Contains(one.Key)).OrderBy(one => one.Key.Number, StringComparer.Ordinal)
                .Select(one => Leaves(one.Key, one.Value, classes)));
        }

        return planned;
    }

    private static PlannedStudent Leaves(StudentId id, StudentProfile before, ClassMap classes) =>
        new(id, before.Name, PlannedChange.Removed, null, before.Revision, [new FieldChange("class", classes.NameOf(before.Class!.Value), null)]);

    private static PutStudent Put(RosterStudent one, StudentProfile? before, ClassId @class)
    {
        ImmutableArray<RosterGuardian> guardians = one.Guardians.IsTold
            ? [.. one.Guardians.Value.Select(guardian => new RosterGuardian(guardian.Name, guardian.Relation ?? Known(guardian, before)?.Relation ?? Relation.Other, guardian.Phone, guardian.External))]
            : [.. before?.Guardians.Select(guardian => new RosterGuardian(guardian.Name, guardian.Relation, guardian.Phone, guardian.External)) ?? []];
        return new PutStudent(
            one.Name,
            @class,
            one.Gender.Or(before?.Gender),
            one.BirthDate.Or(before?.BirthDate),
            one.SpecialStatus.Or(before?.SpecialStatus),
            guardians,
            one.External,
            before?.Revision ?? 0,
            one.KeepsUnlisted || !one.Guardians.IsTold);
    }

    /// <summary>The entry of a guardian whose relation the format cannot say: somebody at the office may have said it since.</summary>
    private static GuardianEntry? Known(ListedGuardian guardian, StudentProfile? before) =>
        before?.Guardians.FirstOrDefault(entry => guardian.External is not null && entry.External == guardian.External)
        ?? before?.Guardians.FirstOrDefault(entry => entry.Name == guardian.Name);

    private static ImmutableArray<FieldChange> Differences(RosterStudent one, PutStudent put, StudentProfile? before, ClassMap classes, Findings findings)
    {
        var fields = new FieldDifferences();
        fields.Add("name", before?.Name, put.Name);
        fields.Add("class", before?.Class is { } was ? classes.NameOf(was) : null, classes.NameOf(put.Class!.Value), isDifferent: before?.Class != put.Class);
        fields.Add("gender", before?.Gender, put.Gender);
        fields.Add("birthDate", Written(before?.BirthDate), Written(put.BirthDate));
        fields.Add("specialStatus", before?.SpecialStatus, put.SpecialStatus);
        if (put.External is not null)
            fields.Add("external", before?.External, put.External);
        if (one.Guardians.IsTold)
            Guardians(one, put, before, fields, findings);
        return fields.ToImmutable();
    }

    private static void Guardians(RosterStudent one, PutStudent put, StudentProfile? before, FieldDifferences fields, Findings findings)
    {
        ImmutableArray<GuardianEntry> entries = before?.Guardians ?? [];
        var matched = GuardianMatching.Of(entries, put.Guardians);
        var used = entries.Select(entry => entry.Entry).ToHashSet(StringComparer.Ordinal);
        var next = 0;
        for (var at = 0; at < put.Guardians.Length; at++)
        {
            var guardian = put.Guardians[at];
            var entry = matched[at];
            string name;
            if (entry is null)
            {
                do
                    name = string.Create(CultureInfo.InvariantCulture, $"g{++next}");
                while (!used.Add(name));
            }
            else
            {
                name = entry.Entry;
            }

            fields.Add($"guardian.{name}.name", entry?.Name, guardian.Name);
            fields.Add($"guardian.{name}.relation", Written(entry?.Relation), Written(guardian.Relation));
            fields.Add($"guardian.{name}.phone", Blank(entry?.Phone), Blank(guardian.Phone));
            if (guardian.External is not null)
                fields.Add($"guardian.{name}.external", entry?.External, guardian.External);
        }

        foreach (var unlisted in entries.Except(matched.OfType<GuardianEntry>()))
        {
            if (put.KeepUnlisted)
                continue;
            if (unlisted.Guardian is null && unlisted.Custody is CustodyRestriction.None)
                fields.Add($"guardian.{unlisted.Entry}", unlisted.Name, null);
            else
                findings.Warning("", 0, null, "guardian-stays", one.Name, unlisted.Name);
        }

        // In another order they are asked in another order.
        ImmutableArray<string> order = [.. matched.OfType<GuardianEntry>().Select(entry => entry.Entry)];
        ImmutableArray<string> was = [.. entries.Select(entry => entry.Entry).Where(order.Contains)];
        if (!order.SequenceEqual(was))
            fields.Add("guardianOrder", string.Join('、', was), string.Join('、', order));
    }

    private static List<PlannedTeacher> Staff(ImmutableArray<RosterTeacher> listed, bool namesEverybody, SchoolNow now, ClassMap classes, Findings findings)
    {
        var planned = new List<PlannedTeacher>();
        foreach (var one in listed)
        {
            var before = now.Staff.GetValueOrDefault(one.Id);
            var isThere = before is { Left: null };
            if (one.Leaves)
            {
                if (isThere)
                    Leaves(one.Id, before!, planned, classes, findings);
                continue;
            }

            if (before is { Left: not null } && before.Name != one.Name)
            {
                findings.Problem("", 0, null, "number-of-another", one.Id.Number, one.Name, before.Name);
                continue;
            }

            ImmutableArray<ClassDuty> duties = one.Duties.IsTold
                ? [.. one.Duties.Value.Select(duty => new ClassDuty(classes.Of(duty.Class), duty.Kind, duty.Subjects))]
                : before?.Duties ?? [];
            if (one.Duties.IsTold && one.KeepsCounselling && before is not null)
                duties = [.. duties, .. before.Duties.Where(duty => duty.Kind is DutyKind.Counsellor && duties.All(other => other.Class != duty.Class))];

            // The order in which a roster happens to list classes is no difference.
            if (before is not null && duties.Length == before.Duties.Length && duties.All(before.Duties.Contains))
                duties = before.Duties;

            var offices = one.Offices.Or(before?.Offices.Remove(Office.Administrator) ?? []);
            if (before is not null && offices.ToHashSet().SetEquals(before.Offices.Where(office => office is not Office.Administrator)))
                offices = [.. before.Offices.Where(office => office is not Office.Administrator)];

            var put = new PutTeacher(one.Name, one.Phone.Or(before?.Phone), duties, offices, one.External, before?.Revision ?? 0);
            var fields = new FieldDifferences();
            fields.Add("name", before?.Name, put.Name);
            fields.Add("phone", Blank(before?.Phone), Blank(put.Phone));
            fields.Add("offices", before is null ? null : Written(before.Offices), Written(put.Offices));
            fields.Add("duties", before is null ? null : classes.Written(before.Duties), classes.Written(put.Duties));
            if (put.External is not null)
                fields.Add("external", before?.External, put.External);
            var differences = fields.ToImmutable();
            if (!isThere || !differences.IsEmpty)
                planned.Add(new PlannedTeacher(one.Id, put.Name, isThere ? PlannedChange.Changed : PlannedChange.Added, put, before?.Revision ?? 0, differences));
        }

        if (namesEverybody)
        {
            var names = listed.Select(one => one.Id).ToHashSet();
            foreach (var (id, profile) in now.Staff.Where(one => one.Value.Left is null && !names.Contains(one.Key)).OrderBy(one => one.Key.Number, StringComparer.Ordinal))
                Leaves(id, profile, planned, classes, findings);
        }

        return planned;
    }

    private static void Leaves(TeacherId id, TeacherProfile before, List<PlannedTeacher> planned, ClassMap classes, Findings findings)
    {
        if (before.Offices.Contains(Office.Administrator))
        {
            findings.Warning("", 0, null, "administrator-stays", before.Name);
            return;
        }

        var fields = new FieldDifferences();
        fields.Add("offices", Written(before.Offices), null);
        fields.Add("duties", classes.Written(before.Duties), null);
        planned.Add(new PlannedTeacher(id, before.Name, PlannedChange.Removed, null, before.Revision, fields.ToImmutable()));
    }

    private static (ImmutableArray<ProposedMerge>, int) Merges(ImmutableArray<RosterStudent> listed, List<PlannedStudent> planned)
    {
        // Of people who stay as they are there is nothing new to propose.
        var touched = planned.Select(one => one.Student).ToHashSet();
        var merges = listed
            .Where(one => one.Class is not null)
            .SelectMany(one => one.Guardians.Or([]).Where(guardian => guardian.Phone.Length >= 4).DistinctBy(guardian => guardian.Phone).Select(guardian => (Student: one, Guardian: guardian)))
            .GroupBy(one => one.Guardian.Phone)
            .Where(one => one.Skip(1).Any() && one.Any(person => touched.Contains(person.Student.Id)))
            .Select(one => new ProposedMerge(one.Key[^4..], [.. one.Select(person => new MergePerson(
                person.Student.Id.Number, person.Student.Name, person.Guardian.Name, person.Guardian.Relation ?? Relation.Other))]))
            .ToList();
        return ([.. merges.Take(ImportLimits.MostTold)], merges.Count);
    }

    private static string? Written(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Written(Relation? relation) => relation is { } one ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(one.ToString()) : null;

    // Being administrator stays whatever the roster says: it is not shown as going.
    private static string? Written(ImmutableArray<Office> offices) => Blank(string.Join('、', OwnForm.Offices.Where(one => offices.Contains(one.Office)).Select(one => one.Word)));

    private static string? Blank(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Which of a child's entries each guardian of a roster is: the same way in which the child's record will see it.</summary>
internal static class GuardianMatching
{
    /// <returns>Guardian by guardian the entry; null for one who is new.</returns>
    public static GuardianEntry?[] Of(ImmutableArray<GuardianEntry> entries, ImmutableArray<RosterGuardian> guardians)
    {
        var found = new GuardianEntry?[guardians.Length];
        var free = entries.ToList();
        Func<GuardianEntry, RosterGuardian, bool>[] ways =
        [
            (entry, guardian) => entry.Name == guardian.Name && entry.Relation == guardian.Relation,
            (entry, guardian) => guardian.External is not null && entry.External == guardian.External,
            (entry, guardian) => guardian.Phone.Length > 0 && entry.Relation == guardian.Relation && entry.Phone == guardian.Phone
                && (entry.Guardian is null || entry.Custody is not CustodyRestriction.None),
        ];
        foreach (var isSame in ways)
        {
            for (var at = 0; at < guardians.Length; at++)
            {
                if (found[at] is null && free.FirstOrDefault(entry => isSame(entry, guardians[at])) is { } entry)
                {
                    found[at] = entry;
                    _ = free.Remove(entry);
                }
            }
        }

        return found;
    }
}

/// <summary>Gathers what differs, field by field.</summary>
internal sealed class FieldDifferences
{
    private readonly ImmutableArray<FieldChange>.Builder _fields = ImmutableArray.CreateBuilder<FieldChange>();

    public void Add(string field, string? before, string? after) => Add(field, before, after, before != after);

    public void Add(string field, string? before, string? after, bool isDifferent)
    {
        if (isDifferent)
            _fields.Add(new FieldChange(field, before, after));
    }

    public ImmutableArray<FieldChange> ToImmutable() => _fields.ToImmutable();
}

/// <summary>The classes of a roster as the school has them, or will have them.</summary>
internal sealed class ClassMap
{
    private readonly Dictionary<ClassPlace, ClassId> _ids = [];
    private readonly Dictionary<ClassId, string> _names = [];
    private readonly ImmutableArray<SchoolClass>.Builder _toPut = ImmutableArray.CreateBuilder<SchoolClass>();

    public ClassMap(Roster roster, SchoolNow now)
    {
        foreach (var there in now.Classes)
        {
            _ids[new(there.Grade, there.Number)] = there.Class;
            _names[there.Class] = there.Name;
        }

        foreach (var listed in roster.Classes.OrderBy(one => one.Place.Grade).ThenBy(one => one.Place.Number))
        {
            if (_ids.TryGetValue(listed.Place, out var id))
            {
                // An office may have renamed a class; the other system's name counts only where the class has come from there.
                var there = now.Classes.First(one => one.Class == id);
                if (listed.External is not null && there.External != listed.External)
                    _toPut.Add(there with { External = listed.External });
                else if (listed.External is not null && listed.Name is { } name && there.Name != name)
                    _toPut.Add(there with { Name = name });
                else
                    continue;

                _names[id] = _toPut[^1].Name;
                continue;
            }

            id = NewId(now, listed.Place);
            var added = new SchoolClass(id, listed.Name ?? listed.Place.UsualName, listed.Place.Grade, listed.Place.Number, null, listed.External);
            _toPut.Add(added);
            Added++;
            (_ids[listed.Place], _names[id]) = (id, added.Name);
        }
    }

    /// <summary>How many are new.</summary>
    public int Added { get; }

    public ImmutableArray<SchoolClass> ToPut => _toPut.ToImmutable();

    public ClassId Of(ClassPlace place) => _ids[place];

    public string NameOf(ClassId id) => _names.GetValueOrDefault(id) ?? id.Class;

    public string? Written(ImmutableArray<ClassDuty> duties) =>
        duties.IsEmpty ? null : DutyText.Write(duties.OrderBy(duty => duty.Class.Class, StringComparer.Ordinal).Select(duty => (NameOf(duty.Class), duty.Kind, duty.Subjects)), isPlain: false);

    // A class that was renumbered keeps the id of its first number, which is then not free for the next class of that number.
    private ClassId NewId(SchoolNow now, ClassPlace place)
    {
        var usual = SchoolClass.IdOf(now.School, now.SchoolYear, place.Grade, place.Number);
        var id = usual;
        for (var letter = 'b'; _names.ContainsKey(id); letter++)
            id = new ClassId(usual.School, $"{usual.Class}-{letter}");
        return id;
    }
}
