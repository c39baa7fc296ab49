using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

/// <summary>What a school may be like, and which classes it has.</summary>
internal static class SchoolRules
{
    public const string UsualTimeZone = "Asia/Shanghai";
    public const int LongestName = 100;
    public const int LastGradeOfAll = 12;
    public const int MostSlipDays = 90;
    public const int MostTerms = 100;
    public const int MostDays = 500;
    public const int MostImports = 20;
    public const int MostTokens = 50;
    public const int MostRemembered = 16;

    public static ImmutableArray<FieldProblem> Check(SchoolProfile profile)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(profile.Name))
            problems.Add(new("name", "required"));
        else if (profile.Name.Length > LongestName)
            problems.Add(new("name", "too-long"));

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(profile.TimeZone, out _))
            problems.Add(new("timeZone", "unknown"));

        if (profile.Terms.IsDefaultOrEmpty)
            problems.Add(new("terms", "required"));
        else if (Spans("terms", MostTerms, profile.Terms, term => term.Name, term => term.First, term => term.Last) is { } problem)
            problems.Add(problem);

        if (!profile.Holidays.IsDefaultOrEmpty && Spans("holidays", MostDays, profile.Holidays, holiday => holiday.Name, holiday => holiday.First, holiday => holiday.Last) is { } wrong)
            problems.Add(wrong);

        if (!profile.MakeUpDays.IsDefaultOrEmpty && MakeUpDays(profile) is { } code)
            problems.Add(new("makeUpDays", code));

        if (profile.LastGrade is < 1 or > LastGradeOfAll)
            problems.Add(new("lastGrade", "unknown"));
        if (profile.SlipDays is < 1 or > MostSlipDays)
            problems.Add(new("slipDays", "unknown"));

        return problems.DrainToImmutable();
    }

    public static DateOnly Today(string timeZone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);

    /// <summary>The school as others see it. Terms of the first version know no school year: the usual one is meant.</summary>
    public static SchoolProfile ProfileOf(SchoolState state) => new(
        state.Name, state.TimeZone, [.. state.Terms.Select(term => term.SchoolYear > 0 ? term : term with { SchoolYear = Term.UsualYear(term.First) })],
        state.Holidays, state.MakeUpDays, state.LastGrade, state.StudentAccounts, state.SlipDays, state.External);

    public static SchoolState Put(SchoolState state, SchoolId id, SchoolProfile profile, ChangeMade change)
    {
        var before = ProfileOf(state);
        var differences = Differences(before, profile);
        var next = state with
        {
            Name = profile.Name,
            TimeZone = profile.TimeZone,
            Terms = profile.Terms,
            Holidays = profile.Holidays.IsDefault ? [] : profile.Holidays,
            MakeUpDays = profile.MakeUpDays.IsDefault ? [] : profile.MakeUpDays,
            LastGrade = profile.LastGrade,
            StudentAccounts = profile.StudentAccounts,
            SlipDays = profile.SlipDays,
            External = profile.External,
        };
        return differences.IsEmpty ? state : next.Note(Entry(next, id, state.Name.Length == 0 ? "school-founded" : "school-changed", differences, change), id.School, change.Day);
    }

    /// <summary>All classes, those that have graduated too, by grade and number.</summary>
    public static ImmutableArray<SchoolClass> Classes(SchoolState state, SchoolId id) =>
    [
        .. state.Classes
            .Select(one => Of(id, one.Key, one.Value, state.Cohorts.GetValueOrDefault(one.Key)))
            .OrderBy(one => one.Grade).ThenBy(one => one.Number).ThenBy(one => one.Class.Class, ClassOrder.Natural),
    ];

    public static SchoolClass? Class(SchoolState state, SchoolId id, ClassId @class) =>
        @class.School == id.School && state.Classes.TryGetValue(@class.Class, out var name) ? Of(id, @class.Class, name, state.Cohorts.GetValueOrDefault(@class.Class)) : null;

    public static Answer<SchoolState> PutClasses(SchoolState state, SchoolId id, ImmutableArray<SchoolClass> classes, ChangeMade change)
    {
        if (classes.Any(one => one.Class.School != id.School))
            return Invalid.Field("classes", "other-school");
        if (classes.Any(one => string.IsNullOrWhiteSpace(one.Name) || one.Name.Length > LongestName))
            return Invalid.Field("classes", "name-required");
        if (classes.Any(one => one.Grade is < 0 or > LastGradeOfAll || one.Number is < 1 or > 99))
            return Invalid.Field("classes", "grade-unknown");

        var corrected = classes.Where(one => Class(state, id, one.Class) != one).ToImmutableArray();
        if (corrected.IsEmpty)
            return state;

        var next = With(state, corrected) with { ClassChanges = state.ClassChanges + 1 };
        if (Classes(next, id).Where(one => one.Graduated is null).GroupBy(one => (one.Grade, one.Number)).Any(group => group.Count() > 1))
            return Invalid.Field("classes", "class-taken");

        var differences = ImmutableArray.CreateBuilder<FieldChange>();
        foreach (var one in corrected)
            differences.Add($"class.{one.Class.Class}", Line(Class(state, id, one.Class)), Line(one));
        return next.Note(Entry(next, id, "classes-changed", differences.DrainToImmutable(), change), id.School, change.Day);
    }

    /// <summary>The class that a command added; null when it is not remembered.</summary>
    public static ClassId? AddedBy(SchoolState state, SchoolId id, Guid operation) =>
        state.AddedClasses.FirstOrDefault(one => one.Operation == operation) is { } added ? new ClassId(id.School, added.Class) : null;

    public static Answer<SchoolState> AddClass(SchoolState state, SchoolId id, Guid operation, int grade, int number, string name, ChangeMade change)
    {
        if (AddedBy(state, id, operation) is not null)
            return state;
        if (grade is < 0 or > LastGradeOfAll || number is < 1 or > 99)
            return Invalid.Field("classes", "grade-unknown");

        var @class = SchoolClass.IdOf(id, ProfileOf(state).SchoolYearOf(change.Day), grade, number);
        // The id may be that of a class which has graduated, or was given another number: it is a cohort of its own.
        if (state.Classes.ContainsKey(@class.Class))
            return Invalid.Field("classes", "class-taken");

        var answer = PutClasses(state, id, [new SchoolClass(@class, name, grade, number, null, null)], change);
        if (answer.Value is not { } next)
            return answer;

        var added = next.AddedClasses.Add(new AddedClass(operation, @class.Class));
        return next with { AddedClasses = added.Length > MostRemembered ? added[^MostRemembered..] : added };
    }

    public static SchoolState RemoveClass(SchoolState state, SchoolId id, ClassId @class, ChangeMade change)
    {
        if (Class(state, id, @class) is not { } known)
            return state;

        var next = state with
        {
            Classes = state.Classes.Remove(@class.Class),
            Cohorts = state.Cohorts.Remove(@class.Class),
            ClassChanges = state.ClassChanges + 1,
        };
        return next.Note(Entry(next, id, "class-removed", [new FieldChange($"class.{@class.Class}", Line(known), null)], change), id.School, change.Day);
    }

    public static Answer<SchoolState> BeginImport(SchoolState state, ImportId import) =>
        state.ImportUnderWay is { } other && other != import ? new Conflict("import-under-way") : state.ImportUnderWay == import ? state : state with { ImportUnderWay = import };

    public static SchoolState EndImport(SchoolState state, SchoolId id, ImportId import, AuditEntry? summary, DateOnly day)
    {
        if (state.ImportUnderWay != import)
            return state;

        var next = state with { ImportUnderWay = null };
        // Its people are not in the log, each by each: this one entry is.
        return summary is null ? next : next.Note(summary with { By = summary.By with { Import = null } }, id.School, day);
    }

    public static SchoolState NoteImport(SchoolState state, ImportId import)
    {
        if (state.Imports.Contains(import))
            return state;

        var imports = state.Imports.Insert(0, import);
        return state with { Imports = imports.Length > MostImports ? imports[..MostImports] : imports };
    }

    public static Answer<SchoolState> NoteToken(SchoolState state, SchoolId id, ApiTokenId token, ChangeMade change)
    {
        if (state.Tokens.Contains(token))
            return state;
        if (state.Tokens.Length >= MostTokens)
            return new Conflict("too-many");

        var next = state with { Tokens = state.Tokens.Insert(0, token) };
        return next.Note(Entry(next, id, "token-made", [], change), id.School, change.Day);
    }

    public static AuditEntry Entry(SchoolState state, SchoolId id, string what, ImmutableArray<FieldChange> differences, ChangeMade change) =>
        new(change.At, change.By, id.ToString(), state.Name, what, differences, null, 0);

    /// <summary>The record with some classes as they shall be.</summary>
    public static SchoolState With(SchoolState state, IEnumerable<SchoolClass> classes)
    {
        var (names, cohorts) = (state.Classes.ToBuilder(), state.Cohorts.ToBuilder());
        foreach (var one in classes)
        {
            names[one.Class.Class] = one.Name;
            cohorts[one.Class.Class] = new Cohort(one.Grade, one.Number, one.Graduated, one.External);
        }

        return state with { Classes = names.ToImmutable(), Cohorts = cohorts.ToImmutable() };
    }

    private static SchoolClass Of(SchoolId id, string @class, string name, Cohort? cohort)
    {
        cohort ??= OfOldId(@class);
        return new SchoolClass(new ClassId(id.School, @class), name, cohort.Grade, cohort.Number, cohort.Graduated, cohort.External);
    }

    // Ids of the first version were grade and number. One that has not that form has neither; the office gives it both.
    private static Cohort OfOldId(string @class) =>
        @class.Split('-') is [var grade, var number]
        && int.TryParse(grade, NumberStyles.None, CultureInfo.InvariantCulture, out var g) && g <= LastGradeOfAll
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new Cohort(g, n, null, null)
            : new Cohort(0, 0, null, null);

    private static FieldProblem? Spans<T>(string field, int most, ImmutableArray<T> spans, Func<T, string> name, Func<T, DateOnly> first, Func<T, DateOnly> last) =>
        spans.Length > most ? new(field, "too-many")
        : spans.Any(span => string.IsNullOrWhiteSpace(name(span)) || name(span).Length > LongestName) ? new(field, "name-required")
        : spans.Any(span => last(span) < first(span)) ? new(field, "order")
        : spans.Zip(spans.Skip(1)).Any(pair => first(pair.Second) <= last(pair.First)) ? new(field, "overlap")
        : null;

    private static string? MakeUpDays(SchoolProfile profile)
    {
        if (profile.MakeUpDays.Length > MostDays)
            return "too-many";
        if (profile.MakeUpDays.DistinctBy(one => one.Day).Count() < profile.MakeUpDays.Length)
            return "twice";
        if (profile.MakeUpDays.Any(one => profile.Terms.IsDefault || profile.TermOf(one.Day) is null))
            return "outside-term";

        var without = profile with { MakeUpDays = [], Holidays = profile.Holidays.IsDefault ? [] : profile.Holidays };
        return profile.MakeUpDays.Any(one => without.IsTeachingDay(one.Day)) ? "not-free" : null;
    }

    private static ImmutableArray<FieldChange> Differences(SchoolProfile before, SchoolProfile after)
    {
        var changes = ImmutableArray.CreateBuilder<FieldChange>();
        changes.Add("name", before.Name.Length == 0 ? null : before.Name, after.Name);
        changes.Add("timeZone", before.TimeZone, after.TimeZone);
        changes.Add("terms", Text(before.Terms, Line), Text(after.Terms, Line));
        changes.Add("holidays", Text(before.Holidays, holiday => $"{holiday.Name} {Days(holiday.First, holiday.Last)}"), Text(after.Holidays, holiday => $"{holiday.Name} {Days(holiday.First, holiday.Last)}"));
        changes.Add("makeUpDays", Text(before.MakeUpDays, one => $"{one.Name} {AuditRules.Text(one.Day)}"), Text(after.MakeUpDays, one => $"{one.Name} {AuditRules.Text(one.Day)}"));
        changes.Add("lastGrade", Text(before.LastGrade), Text(after.LastGrade));
        changes.Add("studentAccounts", before.StudentAccounts ? "yes" : "no", after.StudentAccounts ? "yes" : "no");
        changes.Add("slipDays", Text(before.SlipDays), Text(after.SlipDays));
        changes.Add("external", before.External, after.External);
        return changes.DrainToImmutable();
    }

    private static string? Text<T>(ImmutableArray<T> many, Func<T, string> line) => many.IsDefaultOrEmpty ? null : string.Join("; ", many.Select(line));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Line(Term term) => $"{term.Name} {Days(term.First, term.Last)} ({Text(term.SchoolYear)})";

    private static string Days(DateOnly first, DateOnly last) => $"{AuditRules.Text(first)}/{AuditRules.Text(last)}";

    private static string? Line(SchoolClass? one) => one is null
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{one.Name} ({one.Grade}-{one.Number}){(one.Graduated is { } day ? $" {AuditRules.Text(day)}" : "")}");
}
