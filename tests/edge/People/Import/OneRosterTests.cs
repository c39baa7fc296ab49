using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.People.Import;
using static SchoolHome.Tests.Edge.People.Import.RosterFiles;

namespace SchoolHome.Tests.Edge.People.Import;

public sealed class OneRosterTests
{
    private static readonly SchoolNow NoClasses = Empty with { Classes = [] };

    [Theory]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public void Students_homerooms_teachers_and_guardians_of_both_versions_are_the_same_people(string version)
    {
        var (reading, findings) = Read(Zip(OneRoster(version)), NoClasses);
        var roster = reading.Roster!;

        Assert.Empty(Places(findings));
        Assert.Equal((RosterFormat.OneRosterBulk, "org-s1", true), (roster.Format, roster.SchoolExternal, roster.NamesEverybody));
        Assert.Equal([(3, 1, "Grade 3 Homeroom 1", "cl-h1"), (3, 2, "Grade 3 Homeroom 2", "cl-h2")], roster.Classes.Select(one => (one.Place.Grade, one.Place.Number, one.Name!, one.External!)));

        // A number from the identifier, else the user name, else one that follows from the sourcedId; an enrolment that has ended does not count.
        var students = roster.Students!.Value;
        Assert.Equal([("st1001", "Anna Wang", 1), ("st1002", "Ben Wang", 2), ("csmith", "Cleo Smith", 1), (students[3].Id.Number, "许建萱", 2)], students.Select(one => (one.Id.Number, one.Name, one.Class!.Value.Number)));
        Assert.StartsWith("x", students[3].Id.Number, StringComparison.Ordinal);
        Assert.Equal(("女", new DateOnly(2018, 3, 5)), (students[0].Gender.Value, students[0].BirthDate.Value));
        Assert.Equal(("男", false), (students[1].Gender.Value, students[1].BirthDate.IsTold));
        Assert.False(students[2].Gender.IsTold);

        // Guardians by the student's list, and by the guardian's.
        Assert.Equal([("Mei Wang", Relation.Mother, "+8619910000201", "u-g1")], Guardians(students[0]));
        Assert.Equal([("Mei Wang", Relation.Mother, "+8619910000201", "u-g1"), ("Rui Wang", null, "+8619910000203", "u-g3")], Guardians(students[1]));
        Assert.Equal([("John Smith", null, "", "u-g2")], Guardians(students[2]));
        Assert.Equal([("John Smith", null, "", "u-g2")], Guardians(students[3]));

        // The homeroom's teacher is its class teacher; others teach where their sections' students are.
        var staff = roster.Staff!.Value.ToDictionary(one => one.Id.Number);
        Assert.Equal(["a01", "t01", "t02", "t03"], staff.Keys.Order());
        Assert.Equal(["3-1 ClassTeacher Mathematics", "3-2 SubjectTeacher Mathematics"], Duties(staff["t01"]));
        Assert.Equal(["3-2 ClassTeacher "], Duties(staff["t02"]));
        Assert.Equal(["3-1 SubjectTeacher English"], Duties(staff["t03"]));
        Assert.Equal("+8619910000101", staff["t01"].Phone.Value);
        Assert.Equal(version == "1.2", staff["a01"].Offices.Or([]).Contains(Office.Principal));

        // What the office should know, and where.
        var warnings = findings.Warnings.Select(one => $"{one.File} {one.Row} {one.Code}").ToArray();
        Assert.Contains("users.csv 11 oneroster-phone", warnings);
        Assert.Contains("demographics.csv 3 oneroster-date", warnings);
        Assert.Contains("academicSessions.csv 3 oneroster-session", warnings);
        Assert.Contains("users.csv 5 oneroster-number-made", warnings);
    }

    [Fact]
    public void The_same_bundle_again_changes_nothing()
    {
        var bundle = Zip(OneRoster("1.1"));
        var now = After(NoClasses, Good(bundle, NoClasses));

        var plan = Comparison.Plan(Good(bundle, now), now, new Findings());

        Assert.Empty(plan.Students);
        Assert.Empty(plan.Staff);
        Assert.Empty(plan.NewClasses);
        Assert.Equal((4, 4), (plan.Counts.Unchanged, plan.Counts.StaffUnchanged));
    }

    [Fact]
    public void What_the_standard_cannot_say_stays_as_the_office_has_set_it()
    {
        var bundle = Zip(OneRoster("1.1"));
        var now = After(NoClasses, Good(bundle, NoClasses));
        var (ben, benThere) = now.Students.Single(one => one.Value.Name == "Ben Wang");
        var (mia, miaThere) = now.Staff.Single(one => one.Value.Name == "Mia Kay");
        now = now with
        {
            Students = now.Students.ToDictionary(one => one.Key, one => one.Key == ben
                ? benThere with { SpecialStatus = "留守儿童", Guardians = [benThere.Guardians[0], benThere.Guardians[1] with { Relation = Relation.PaternalGrandmother }] }
                : one.Value),
            Staff = now.Staff.ToDictionary(one => one.Key, one => one.Key == mia
                ? miaThere with { Offices = [Office.GradeHead], Duties = [.. miaThere.Duties, new ClassDuty(now.Classes[0].Class, DutyKind.Counsellor, [])] }
                : one.Value),
        };

        var plan = Comparison.Plan(Good(bundle, now), now, new Findings());

        Assert.Empty(plan.Students);
        Assert.Empty(plan.Staff);
    }

    [Fact]
    public void A_bundle_without_guardians_takes_none_away()
    {
        var now = After(NoClasses, Good(Zip(OneRoster("1.1")), NoClasses));
        var files = OneRoster("1.1");
        files["users.csv"] = string.Join('\n', files["users.csv"].Split('\n').Where(line => !line.Contains("u-g2") || line.StartsWith("u-s", StringComparison.Ordinal)).Select(line => line.Replace("\"u-g1,u-g3\"", "").Replace(",u-g1,", ",,")).Where(line => !line.StartsWith("u-g", StringComparison.Ordinal)));

        Assert.Empty(Comparison.Plan(Good(Zip(files), now), now, new Findings()).Students);
    }

    [Fact]
    public void A_delta_changes_whom_it_names_and_nobody_else()
    {
        var now = After(NoClasses, Good(Zip(OneRoster("1.1")), NoClasses));
        var delta = Zip(Delta(
            ("users.csv", Line("u-s1", "tobedeleted", "student", "awang", "Anna", "Wang", "ST-1001") + Line("u-s9", "active", "student", "dnew", "Dan", "New", "ST-1009", agents: "u-g1")
                + Line("u-g3", "active", "relative", "rwang", "Rui", "Wang", sms: "19910000299") + Line("u-t2", "tobedeleted", "teacher", "mkay", "Mia", "Kay")),
            ("enrollments.csv", Enrolled("e-90", "active", "cl-h2", "u-s9", "student") + Enrolled("e-91", "active", "cl-h2", "u-s3", "student") + Enrolled("e-03", "tobedeleted", "cl-h1", "u-s3", "student")
                + Enrolled("e-92", "active", "cl-h2", "u-t3", "teacher", "true"))));

        var (reading, findings) = Read(delta, now);
        Assert.Empty(Places(findings));
        var plan = Comparison.Plan(reading.Roster!, now, findings);

        Assert.Equal(["Added Dan New", "Changed Ben Wang", "Moved Cleo Smith", "Removed Anna Wang"], plan.Students.Select(one => $"{one.Change} {one.Name}"));
        Assert.Equal(["guardian.g2.phone +8619910000203 +8619910000299"], plan.Students[1].Fields.Select(one => $"{one.Field} {one.Before} {one.After}"));
        // Her guardian is not in the delta, but is known here.
        Assert.Equal(["Mei Wang"], plan.Students[0].Put!.Guardians.Select(one => one.Name));
        Assert.Equal(["Changed Nora Fox", "Removed Mia Kay"], plan.Staff.Select(one => $"{one.Change} {one.Name}"));
        Assert.Equal([DutyKind.SubjectTeacher, DutyKind.ClassTeacher], plan.Staff[0].Put!.Duties.Select(one => one.Kind));
        Assert.Empty(plan.NewClasses);
    }

    [Fact]
    public void A_guardian_whom_a_delta_deletes_is_listed_no_more()
    {
        var now = After(NoClasses, Good(Zip(OneRoster("1.1")), NoClasses));
        var delta = Zip(Delta(("users.csv", Line("u-g3", "tobedeleted", "relative", "rwang", "Rui", "Wang"))));

        var plan = Comparison.Plan(Good(delta, now), now, new Findings());

        var ben = Assert.Single(plan.Students);
        Assert.Equal((PlannedChange.Changed, false), (ben.Change, ben.Put!.KeepUnlisted));
        Assert.Equal([("guardian.g2", (string?)"Rui Wang", (string?)null)], ben.Fields.Select(one => (one.Field, one.Before, one.After)));
    }

    [Fact]
    public void Somebody_in_no_homeroom_or_in_two_is_a_problem_with_its_place()
    {
        var files = OneRoster("1.1");
        files["enrollments.csv"] = files["enrollments.csv"].Replace("e-03,,,cl-h1,org-s1,u-s3,student,,,\n", "").Replace("cl-h1,org-s1,u-s2,student,,2025-09-01,2026-01-31", "cl-h1,org-s1,u-s2,student,,,");

        Assert.Equal(["enrollments.csv 15 classSourcedId oneroster-two-homerooms", "users.csv 4 sourcedId oneroster-no-homeroom"], Problems(Zip(files), NoClasses));
    }

    [Fact]
    public void What_the_manifest_says_counts()
    {
        Assert.Equal(["0 oneroster-file-missing"], Problems(Zip(OneRoster("1.1").Where(file => file.Key != "manifest.csv").ToDictionary())));
        Assert.Equal(["0 oneroster-file-missing"], Problems(Zip(OneRoster("1.1").Where(file => file.Key != "users.csv").ToDictionary())));
        Assert.Equal(["0 oneroster-file-missing"], Problems(Zip(With("1.2", "manifest.csv", "file.roles,bulk", "file.roles,absent"))));
        Assert.Equal(["manifest.csv 3 value oneroster-version"], Problems(Zip(With("1.1", "manifest.csv", "oneroster.version,1.1", "oneroster.version,2.0"))));
        Assert.Equal(["manifest.csv 18 value oneroster-mode"], Problems(Zip(With("1.1", "manifest.csv", "file.orgs,bulk\n", "").Append(KeyValuePair.Create("x.csv", "")).ToDictionary(one => one.Key, one => one.Key == "manifest.csv" ? one.Value + "file.orgs,sometimes\n" : one.Value))));
        Assert.Equal(["users.csv 3 sourcedId oneroster-id-twice"], Problems(Zip(With("1.1", "users.csv", "u-s2,", "u-s1,"))).Take(1));
        Assert.Equal(["classes.csv 2 grades oneroster-grade"], Problems(Zip(With("1.1", "classes.csv", "Homeroom 1,03,co-hr", "Homeroom 1,UG,")), NoClasses).Where(one => one.Contains("grade")));
        // What the manifest calls absent is not read, even if it is there.
        Assert.False(Good(Zip(With("1.1", "manifest.csv", "file.demographics,bulk", "file.demographics,absent")), NoClasses).Students!.Value[0].Gender.IsTold);
    }

    [Fact]
    public void Of_several_schools_one_is_chosen_and_the_generators_quirks_are_read()
    {
        var zip = Data("oneroster-1.1-three-schools.zip");

        var (reading, findings) = Read(zip, NoClasses);
        Assert.Empty(Places(findings));
        Assert.Null(reading.Roster);
        Assert.Equal(["Jonasland Elementary", "Dickensville Middle", "Feeststad High"], reading.Schools.Select(one => one.Name));
        Assert.All(reading.Schools, one => Assert.True(one.Students > 100));

        var elementary = Good(zip, NoClasses, reading.Schools[0].Org);
        Assert.Equal(reading.Schools[0].Students, elementary.Students!.Value.Length);
        Assert.Equal(0, elementary.Classes[0].Place.Grade);
        Assert.Equal(elementary.Students.Value.Length, elementary.Students.Value.Select(one => one.Id).Distinct().Count());
        var classTeachers = elementary.Staff!.Value.SelectMany(one => one.Duties.Value).Where(duty => duty.Kind is DutyKind.ClassTeacher).Select(duty => duty.Class).ToList();
        Assert.Equal(elementary.Classes.Select(one => one.Place).Order(PlaceOrder), classTeachers.Order(PlaceOrder));
        // The file tells of no guardians, so none is told of.
        Assert.All(elementary.Students.Value, one => Assert.False(one.Guardians.IsTold));

        // Imported once, it is the school's own.
        var now = After(NoClasses, elementary);
        Assert.Empty(Comparison.Plan(Good(zip, now), now, new Findings()).Students);
        Assert.Equal(["orgs.csv 0 oneroster-no-such-school"], Places(Read(zip, NoClasses, "nowhere").Findings));
    }

    private static Comparer<ClassPlace> PlaceOrder { get; } = Comparer<ClassPlace>.Create((one, other) => (one.Grade, one.Number).CompareTo((other.Grade, other.Number)));

    private static IEnumerable<(string, Relation?, string, string?)> Guardians(RosterStudent student) => student.Guardians.Value.Select(one => (one.Name, one.Relation, one.Phone, one.External));

    private static IEnumerable<string> Duties(RosterTeacher teacher) => teacher.Duties.Value.Select(one => $"{one.Class.Grade}-{one.Class.Number} {one.Kind} {string.Join(',', one.Subjects)}");

    private static Dictionary<string, string> With(string version, string file, string what, string instead)
    {
        var files = OneRoster(version);
        Assert.Contains(what, files[file], StringComparison.Ordinal);
        files[file] = files[file].Replace(what, instead);
        return files;
    }

    private static Dictionary<string, string> Delta(params (string File, string Lines)[] files)
    {
        var whole = OneRoster("1.1");
        var modes = whole["manifest.csv"].Replace(",bulk", ",absent");
        var delta = new Dictionary<string, string>();
        foreach (var (file, lines) in files)
        {
            modes = modes.Replace($"file.{file[..^4]},absent", $"file.{file[..^4]},delta");
            delta[file] = whole[file].Split('\n')[0] + "\n" + lines;
        }

        delta["manifest.csv"] = modes;
        return delta;
    }

    private static string Line(string id, string status, string role, string user, string given, string family, string identifier = "", string sms = "", string agents = "") =>
        $"{id},{status},2026-11-20T08:00:00.000Z,true,org-s1,{role},{user},,{given},{family},,{identifier},,{sms},,{agents},,\n";

    private static string Enrolled(string id, string status, string @class, string user, string role, string primary = "") =>
        $"{id},{status},2026-11-20T08:00:00.000Z,{@class},org-s1,{user},{role},{primary},,\n";
}
