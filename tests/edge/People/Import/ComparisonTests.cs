using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.People.Import;
using static SchoolHome.Tests.Edge.People.Import.RosterFiles;

namespace SchoolHome.Tests.Edge.People.Import;

public sealed class ComparisonTests
{
    private static readonly SchoolNow Qinghe = After(Empty, Good(Data("qinghe-roster.xlsx")));

    [Fact]
    public void A_new_schools_roster_adds_everybody_and_its_classes()
    {
        var now = Empty with { Classes = [] };
        var plan = Comparison.Plan(Good(Data("qinghe-roster.xlsx"), now), now, new Findings());

        Assert.Equal((717, 76, 18), (plan.Counts.Added, plan.Counts.StaffAdded, plan.Counts.Classes));
        Assert.Equal(SchoolClass.IdOf(OurSchool, 2026, 3, 2), plan.NewClasses.Single(one => one.Name == "三年级2班").Class);
        Assert.All(plan.Students, one => Assert.Equal((PlannedChange.Added, 0L), (one.Change, one.Revision)));
        var parts = plan.Parts().ToList();
        Assert.Equal(8, parts.Count);
        Assert.All(parts.SkipLast(1), part => Assert.Equal(ImportLimits.PartSize, part.Students.Length + part.Staff.Length));
        Assert.Equal((717, 76), (parts.Sum(part => part.Students.Length), parts.Sum(part => part.Staff.Length)));
    }

    [Fact]
    public void The_same_roster_again_changes_nothing_and_proposes_nothing()
    {
        var plan = Comparison.Plan(Good(Data("qinghe-roster.xlsx"), Qinghe), Qinghe, new Findings());

        Assert.Empty(plan.Parts());
        Assert.Empty(plan.NewClasses);
        Assert.Equal((717, 76, 0), (plan.Counts.Unchanged, plan.Counts.StaffUnchanged, plan.MergeCount));
    }

    [Fact]
    public void Who_is_new_changed_moved_or_gone_is_told_field_by_field()
    {
        string[][] before =
        [
            StudentHeadings,
            ["三年级", "1班", "1", "甲", "男", "2018-01-01", "", "甲父", "父亲", "19910000001"],
            ["三年级", "1班", "2", "乙", "男", "2018-01-02", "", "乙父", "父亲", "19910000002"],
            ["三年级", "1班", "3", "丙", "男", "2018-01-03", "", "丙父", "父亲", "19910000003"],
            ["三年级", "1班", "4", "丁", "男", "2018-01-04", "", "丁父", "父亲", "19910000004"],
        ];
        string[][] after =
        [
            StudentHeadings,
            before[1],
            ["三年级", "1班", "2", "乙", "女", "2018-01-02", "", "乙父", "父亲", "19910000099"],
            ["三年级", "2班", "3", "丙", "男", "2018-01-03", "", "丙父", "父亲", "19910000003"],
            ["三年级", "1班", "5", "戊", "", "", "", "丁父", "父亲", "19910000004"],
        ];
        var now = After(Empty, Good(Workbook(before)));

        var plan = Comparison.Plan(Good(Workbook(after), now), now, new Findings());

        Assert.Equal(
            ["Added 戊", "Changed 乙 gender:男>女 guardian.g1.phone:+8619910000002>+8619910000099", "Moved 丙 class:三年级1班>三年级2班", "Removed 丁 class:三年级1班>"],
            plan.Students.Select(one => $"{one.Change} {one.Name} {(one.Change is PlannedChange.Added ? "" : string.Join(' ', one.Fields.Select(field => $"{field.Field}:{field.Before}>{field.After}")))}".Trim()));
        Assert.Equal(new ImportCounts(1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 4), plan.Counts);
        Assert.Equal(1, plan.Students[1].Put!.ExpectedRevision);
    }

    [Fact]
    public void The_number_of_a_child_who_has_left_is_a_problem_when_the_roster_gives_it_to_another()
    {
        string[] gone = ["三年级", "1班", "1", "甲", "", "", "", "甲父", "父亲", "19910000001"];
        string[] other = ["三年级", "1班", "2", "乙", "", "", "", "乙父", "父亲", "19910000002"];
        var before = After(Empty, Good(Workbook([StudentHeadings, gone, other])));
        var now = After(before, Good(Workbook([StudentHeadings, other]), before));
        var (again, somebodyElse) = (new Findings(), new Findings());

        _ = Comparison.Plan(Good(Workbook([StudentHeadings, gone, other]), now), now, again);
        _ = Comparison.Plan(Good(Workbook([StudentHeadings, ["三年级", "1班", "1", "戊", "", "", "", "戊父", "父亲", "19910000005"], other]), now), now, somebodyElse);

        Assert.Equal(0, again.ProblemCount);
        Assert.Equal("number-of-another", Assert.Single(somebodyElse.Problems).Code);
    }

    [Fact]
    public void One_phone_on_two_children_is_a_proposal_and_never_more()
    {
        var roster = Good(Workbook(
        [
            StudentHeadings,
            ["三年级", "1班", "1", "甲", "", "", "", "王母", "母亲", "19910000001"],
            ["三年级", "2班", "2", "乙", "", "", "", "王母", "母亲", "+8619910000001"],
            ["三年级", "2班", "3", "丙", "", "", "", "李父", "父亲", "19910000002"],
        ]));

        var plan = Comparison.Plan(roster, Empty, new Findings());

        var merge = Assert.Single(plan.Merges);
        Assert.Equal("0001", merge.PhoneTail);
        Assert.Equal(["1 王母", "2 王母"], merge.People.Select(one => $"{one.Student} {one.Guardian}"));
    }

    [Fact]
    public void Who_has_joined_stays_when_the_roster_lists_them_no_more_and_the_office_is_told()
    {
        var now = After(Empty, Good(Workbook([[.. StudentHeadings, "家长2姓名", "家长2关系", "家长2手机"], [.. AStudent, "陈静", "母亲", "19910000557"]])));
        var (id, child) = now.Students.Single();
        var joined = now with { Students = new Dictionary<StudentId, StudentProfile> { [id] = child with { Guardians = [child.Guardians[0], child.Guardians[1] with { Guardian = GuardianId.New() }] } } };
        var findings = new Findings();

        Assert.Empty(Comparison.Plan(Good(Workbook([StudentHeadings, AStudent]), joined), joined, findings).Students);
        Assert.Equal("guardian-stays", Assert.Single(findings.Warnings).Code);
        // Whoever has not is entered no more.
        Assert.Equal(["guardian.g2"], Assert.Single(Comparison.Plan(Good(Workbook([StudentHeadings, AStudent]), now), now, new Findings()).Students).Fields.Select(one => one.Field));
    }

    [Fact]
    public void An_administrator_who_is_not_listed_stays()
    {
        var administrator = new TeacherId("s01", "admin");
        var now = Empty with { Staff = new Dictionary<TeacherId, TeacherProfile> { [administrator] = new("系统管理员", null, [], [Office.Administrator], null, null, null, 1) } };
        var findings = new Findings();

        var plan = Comparison.Plan(Good(Workbook([StudentHeadings, AStudent]), now), now, findings);

        Assert.Equal(["谭宇英"], plan.Staff.Select(one => one.Name));
        Assert.Equal("administrator-stays", Assert.Single(findings.Warnings).Code);
    }

    [Fact]
    public void Somebody_who_had_left_comes_back()
    {
        var now = After(Empty, Good(Workbook([StudentHeadings, AStudent])));
        var gone = After(now, Good(Workbook([StudentHeadings, ["三年级", "2班", "9", "甲", "", "", "", "甲父", "父亲", "19910000001"]]), now));
        Assert.NotNull(gone.Students[new("s01", "2026320295")].Left);

        var plan = Comparison.Plan(Good(Workbook([StudentHeadings, AStudent]), gone), gone, new Findings());

        Assert.Equal([("Added", 2L), ("Removed", 1L)], plan.Students.Select(one => (one.Change.ToString(), one.Revision)));
    }

    [Fact]
    public void A_list_of_one_kind_removes_nobody_of_the_other()
    {
        var students = Comparison.Plan(Good(Data("qinghe-students-gb18030.csv"), Qinghe), Qinghe, new Findings());

        Assert.Equal((0, 0, 717), (students.Counts.StaffRemoved, students.Counts.Removed, students.Counts.Unchanged));
        Assert.Empty(students.Parts());
    }

    [Fact]
    public void A_class_that_was_renumbered_does_not_take_the_id_of_the_next_one()
    {
        var renumbered = Empty with { Classes = [.. Empty.Classes.Select(one => one is { Grade: 3, Number: 2 } ? one with { Number = 7 } : one)] };

        var plan = Comparison.Plan(Good(Workbook([StudentHeadings, AStudent]), renumbered), renumbered, new Findings());

        var added = Assert.Single(plan.NewClasses);
        Assert.DoesNotContain(added.Class, renumbered.Classes.Select(one => one.Class));
        Assert.True(ClassId.TryParse(added.Class.ToString(), out _));
    }
}
