using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.Grains.People;
using SchoolHome.Grains.School;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Tests.Rules.School;

public sealed class SchoolRulesTests
{
    private static readonly SchoolId Id = new("s01");
    private static readonly Term Autumn = new("第一学期", new DateOnly(2026, 9, 1), new DateOnly(2027, 1, 31), 2026);
    private static readonly Term Spring = new("第二学期", new DateOnly(2027, 2, 22), new DateOnly(2027, 7, 10), 2026);
    private static readonly Holiday NationalDay = new("国庆节", new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 7));
    private static readonly SchoolProfile Good = SchoolProfile.Of("青禾小学", "Asia/Shanghai", [Autumn, Spring]);
    private static readonly ChangeMade Admin =
        new(new ChangedBy(null, "管理员", ChangeCapacity.Administrator, null), new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero), new DateOnly(2026, 11, 23));

    private static string[] Problems(SchoolProfile profile) => [.. SchoolRules.Check(profile).Select(problem => $"{problem.Field} {problem.Code}")];

    private static SchoolState Founded { get; } = SchoolRules.Put(new SchoolState(), Id, Good, Admin) with { Outbox = [] };

    private static SchoolClass A(int grade, int number, string? id = null) =>
        new(id is null ? SchoolClass.IdOf(Id, 2026, grade, number) : new ClassId("s01", id), SchoolClass.UsualName(grade, number), grade, number, null, null);

    private static string Refused(Answer<SchoolState> answer) => Assert.IsType<Invalid>(answer.Refusal).Problems.Select(problem => $"{problem.Field} {problem.Code}").Single();

    [Fact]
    public void A_school_with_a_name_a_time_zone_and_terms_in_order_is_good() => Assert.Empty(Problems(Good));

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(
            ["name required", "timeZone unknown", "terms required", "lastGrade unknown", "slipDays unknown"],
            Problems(SchoolProfile.Of(" ", "Asia/Nowhere", []) with { LastGrade = 13, SlipDays = 0 }));

    [Fact]
    public void Terms_neither_overlap_nor_run_backwards_and_have_names()
    {
        Assert.Equal(["terms order"], Problems(Good with { Terms = [Autumn with { Last = new DateOnly(2026, 8, 31) }] }));
        Assert.Equal(["terms overlap"], Problems(Good with { Terms = [Autumn, Spring with { First = Autumn.Last }] }));
        Assert.Equal(["terms overlap"], Problems(Good with { Terms = [Spring, Autumn] }));
        Assert.Empty(Problems(Good with { Terms = [Autumn, Spring with { First = Autumn.Last.AddDays(1) }] }));
        Assert.Equal(["terms name-required"], Problems(Good with { Terms = [Autumn with { Name = " " }] }));
        Assert.Equal(["terms too-many"], Problems(Good with { Terms = [.. Enumerable.Range(0, SchoolRules.MostTerms + 1).Select(i => new Term("学期", Autumn.First.AddDays(i), Autumn.First.AddDays(i), 2026))] }));
        Assert.Equal(["name too-long"], Problems(Good with { Name = new string('校', SchoolRules.LongestName + 1) }));
    }

    [Fact]
    public void Holidays_neither_overlap_nor_run_backwards_and_have_names()
    {
        Assert.Empty(Problems(Good with { Holidays = [NationalDay] }));
        Assert.Equal(["holidays order"], Problems(Good with { Holidays = [NationalDay with { Last = new DateOnly(2026, 9, 30) }] }));
        Assert.Equal(["holidays overlap"], Problems(Good with { Holidays = [NationalDay, NationalDay with { First = NationalDay.Last }] }));
        Assert.Equal(["holidays name-required"], Problems(Good with { Holidays = [NationalDay with { Name = "" }] }));
        Assert.Equal(["holidays too-many"], Problems(Good with { Holidays = [.. Enumerable.Range(0, SchoolRules.MostDays + 1).Select(i => new Holiday("节", Autumn.First.AddDays(i), Autumn.First.AddDays(i)))] }));
    }

    [Theory]
    [InlineData("2026-10-10", null)] // a Saturday
    [InlineData("2026-10-07", null)] // a weekday of the holiday
    [InlineData("2026-10-08", "makeUpDays not-free")] // a weekday with school
    [InlineData("2027-02-06", "makeUpDays outside-term")] // between the terms
    public void A_make_up_day_is_a_free_day_of_a_term(string day, string? problem)
    {
        var profile = Good with { Holidays = [NationalDay], MakeUpDays = [new MakeUpDay(DateOnly.Parse(day, CultureInfo.InvariantCulture), "补课")] };

        Assert.Equal(problem is null ? [] : [problem], Problems(profile));
        Assert.Equal(problem is null ? [] : ["makeUpDays twice"], problem is null ? [] : Problems(profile with { MakeUpDays = [profile.MakeUpDays[0], profile.MakeUpDays[0]] }));
    }

    [Fact]
    public void A_day_is_a_teaching_day_if_it_is_a_make_up_day_or_a_weekday_of_a_term_that_is_no_holiday()
    {
        var profile = Good with { Holidays = [NationalDay], MakeUpDays = [new MakeUpDay(new DateOnly(2026, 10, 10), "补周三")] };

        DateOnly[] teaching = [new(2026, 9, 1), new(2026, 9, 30), new(2026, 10, 8), new(2026, 10, 10), new(2027, 7, 9)];
        DateOnly[] free = [new(2026, 8, 31), new(2026, 9, 5), new(2026, 10, 1), new(2026, 10, 7), new(2026, 10, 11), new(2027, 2, 1), new(2027, 7, 12)];
        Assert.All(teaching, day => Assert.True(profile.IsTeachingDay(day)));
        Assert.All(free, day => Assert.False(profile.IsTeachingDay(day)));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2026-11-22T15:59:59Z", "2026-11-22")]
    [InlineData("Asia/Shanghai", "2026-11-22T16:00:00Z", "2026-11-23")]
    [InlineData("Asia/Urumqi", "2026-11-22T17:59:59Z", "2026-11-22")]
    [InlineData("Europe/Berlin", "2026-07-01T22:00:00Z", "2026-07-02")]
    [InlineData("Europe/Berlin", "2026-12-01T22:00:00Z", "2026-12-01")]
    public void Today_is_the_day_in_the_schools_time_zone(string timeZone, string now, string today) =>
        Assert.Equal(DateOnly.Parse(today, CultureInfo.InvariantCulture), SchoolRules.Today(timeZone, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_day_belongs_to_the_term_that_holds_it_its_ends_included()
    {
        Assert.Equal(Autumn, Good.TermOf(Autumn.First));
        Assert.Equal(Autumn, Good.TermOf(Autumn.Last));
        Assert.Null(Good.TermOf(Autumn.Last.AddDays(1)));
        Assert.Equal(Spring, Good.TermOf(Spring.First));
        Assert.Equal((2026, 2026, 2027), (Good.SchoolYearOf(Spring.First), Good.SchoolYearOf(new DateOnly(2027, 7, 31)), Good.SchoolYearOf(new DateOnly(2027, 8, 1))));
    }

    [Fact]
    public void Classes_are_in_the_order_in_which_people_count() =>
        Assert.Equal(
            ["1-1", "1-2", "1-10", "2-1", "3-1", "3-2", "3-2-a", "3-2-b", "3-10", "10-1"],
            new[] { "3-10", "10-1", "3-2-b", "1-10", "3-2", "1-2", "2-1", "3-2-a", "1-1", "3-1" }.Order(ClassOrder.Natural));

    [Fact]
    public void A_change_of_the_school_is_an_entry_of_the_days_log_with_what_was()
    {
        var state = SchoolRules.Put(Founded, Id, Good with { SlipDays = 14, Holidays = [NationalDay] }, Admin);

        var entry = Assert.Single(Assert.IsType<ChangesAre>(Assert.Single(state.Outbox).Fact).Entries);
        Assert.Equal(("school-changed", "school/s01", "青禾小学", 2L), (entry.What, entry.Subject, entry.SubjectName, entry.Revision));
        Assert.Equal(["holidays:  → 国庆节 2026-10-01/2026-10-07", "slipDays: 30 → 14"], entry.Changes.Select(one => $"{one.Field}: {one.Before} → {one.After}"));
        Assert.Same(state, SchoolRules.Put(state, Id, Good with { SlipDays = 14, Holidays = [NationalDay] }, Admin));
    }

    [Fact]
    public void A_record_of_the_first_version_has_grade_and_number_in_its_ids_and_the_usual_school_year()
    {
        var old = Founded with
        {
            Terms = [Autumn with { SchoolYear = 0 }, Spring with { SchoolYear = 0 }],
            Classes = Founded.Classes.Add("3-2", "三年级2班").Add("3-10", "三年级10班").Add("x", "特长班").Add("30-2", "怪班"),
        };

        Assert.Equal([2026, 2026], SchoolRules.ProfileOf(old).Terms.Select(term => term.SchoolYear));
        Assert.Equal(
            ["30-2 0 0", "x 0 0", "3-2 3 2", "3-10 3 10"], SchoolRules.Classes(old, Id).Select(one => $"{one.Class.Class} {one.Grade} {one.Number}"));
        Assert.Same(old, SchoolRules.PutClasses(old, Id, [A(3, 2, "3-2")], Admin).Value);
    }

    [Fact]
    public void Classes_are_added_and_corrected_and_the_others_stay()
    {
        var state = SchoolRules.PutClasses(Founded, Id, [A(3, 1), A(3, 2)], Admin).Value!;
        Assert.Equal(["2024-1", "2024-2"], SchoolRules.Classes(state, Id).Select(one => one.Class.Class));

        var corrected = SchoolRules.PutClasses(state, Id, [A(3, 2) with { Name = "三（2）班", External = "c2" }], Admin).Value!;
        Assert.Equal(["三年级1班", "三（2）班"], SchoolRules.Classes(corrected, Id).Select(one => one.Name));
        Assert.Same(corrected, SchoolRules.PutClasses(corrected, Id, [A(3, 2) with { Name = "三（2）班", External = "c2" }], Admin).Value);
        Assert.Equal(state.ClassChanges + 1, corrected.ClassChanges);
    }

    [Fact]
    public void Classes_that_cannot_be_are_refused()
    {
        var state = SchoolRules.PutClasses(Founded, Id, [A(3, 1)], Admin).Value!;

        Assert.Equal("classes other-school", Refused(SchoolRules.PutClasses(state, Id, [A(3, 2) with { Class = new ClassId("s02", "2024-2") }], Admin)));
        Assert.Equal("classes name-required", Refused(SchoolRules.PutClasses(state, Id, [A(3, 2) with { Name = " " }], Admin)));
        Assert.Equal("classes grade-unknown", Refused(SchoolRules.PutClasses(state, Id, [A(3, 2) with { Grade = 13 }], Admin)));
        Assert.Equal("classes grade-unknown", Refused(SchoolRules.PutClasses(state, Id, [A(3, 2) with { Number = 0 }], Admin)));
        Assert.Equal("classes class-taken", Refused(SchoolRules.PutClasses(state, Id, [A(3, 2) with { Number = 1 }], Admin)));
        // A class that has graduated is in nobody's way.
        var graduated = SchoolRules.PutClasses(state, Id, [A(3, 1) with { Graduated = new DateOnly(2026, 7, 1) }], Admin).Value!;
        Assert.True(SchoolRules.PutClasses(graduated, Id, [A(3, 1, "2024-1-b")], Admin).IsDone);
    }

    [Fact]
    public void A_class_that_is_added_is_the_cohort_that_entered_when_its_grade_did()
    {
        var operation = Guid.NewGuid();
        var state = SchoolRules.AddClass(Founded, Id, operation, 3, 2, "三年级2班", Admin).Value!;

        Assert.Equal(new ClassId("s01", "2024-2"), SchoolRules.AddedBy(state, Id, operation));
        Assert.Same(state, SchoolRules.AddClass(state, Id, operation, 3, 2, "三年级2班", Admin).Value);
        Assert.Equal("classes class-taken", Refused(SchoolRules.AddClass(state, Id, Guid.NewGuid(), 3, 2, "三年级2班", Admin)));
        Assert.Equal("classes grade-unknown", Refused(SchoolRules.AddClass(state, Id, Guid.NewGuid(), 13, 2, "十三年级2班", Admin)));
        // Kindergarten enters a year before the first grade will.
        Assert.Equal(new ClassId("s01", "2027-1"), SchoolClass.IdOf(Id, 2026, 0, 1));

        var removed = SchoolRules.RemoveClass(state, Id, new ClassId("s01", "2024-2"), Admin);
        Assert.Empty(SchoolRules.Classes(removed, Id));
        Assert.Same(removed, SchoolRules.RemoveClass(removed, Id, new ClassId("s01", "2024-2"), Admin));
    }

    [Fact]
    public void One_import_at_a_time_and_its_summary_is_its_one_entry_of_the_log()
    {
        var (mine, yours) = (new ImportId("s01", new string('1', 32)), new ImportId("s01", new string('2', 32)));
        var summary = new AuditEntry(Admin.At, Admin.By with { Import = mine }, mine.ToString(), "roster.xlsx", "import-applied", [], null, 0);
        var state = SchoolRules.BeginImport(Founded, mine).Value!;

        Assert.Same(state, SchoolRules.BeginImport(state, mine).Value);
        Assert.Equal(new Conflict("import-under-way"), SchoolRules.BeginImport(state, yours).Refusal);
        Assert.Same(state, SchoolRules.EndImport(state, Id, yours, summary, Admin.Day));

        var ended = SchoolRules.EndImport(state, Id, mine, summary, Admin.Day);
        Assert.Equal(("import-applied", 2L), Assert.Single(Assert.IsType<ChangesAre>(Assert.Single(ended.Outbox).Fact).Entries) is var entry ? (entry.What, entry.Revision) : default);
        Assert.Same(ended, SchoolRules.EndImport(ended, Id, mine, summary, Admin.Day));
        Assert.True(SchoolRules.BeginImport(ended, yours).IsDone);
    }

    [Fact]
    public void The_lists_of_imports_and_tokens_are_bounded_the_newest_first()
    {
        var state = Founded;
        foreach (var i in Enumerable.Range(0, 55))
        {
            state = SchoolRules.NoteImport(state, new ImportId("s01", i.ToString("x32", CultureInfo.InvariantCulture)));
            state = SchoolRules.NoteToken(state, Id, new ApiTokenId(i.ToString("x32", CultureInfo.InvariantCulture)), Admin).Value ?? state;
        }

        Assert.Equal((SchoolRules.MostImports, SchoolRules.MostTokens), (state.Imports.Length, state.Tokens.Length));
        Assert.Equal(54.ToString("x32", CultureInfo.InvariantCulture), state.Imports[0].Opaque);
        Assert.Same(state, SchoolRules.NoteImport(state, state.Imports[5]));
        Assert.Same(state, SchoolRules.NoteToken(state, Id, state.Tokens[5], Admin).Value);
        Assert.Equal(new Conflict("too-many"), SchoolRules.NoteToken(state, Id, ApiTokenId.New(), Admin).Refusal);
    }

    [Fact]
    public void A_district_gives_each_school_the_next_number_and_each_command_its_own()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var district = DistrictRules.Next(new DistrictState { Schools = ["school/s01", "school/oldtown"] }, one);

        Assert.Equal(new SchoolId("s02"), district.Given[0].School);
        Assert.Same(district, DistrictRules.Next(district, one));
        Assert.Equal(new SchoolId("s03"), DistrictRules.Next(district, other).Given[1].School);
        Assert.Equal(new SchoolId("s100"), DistrictRules.Next(new DistrictState { Schools = ["school/s99"] }, one).Given[0].School);
    }
}
