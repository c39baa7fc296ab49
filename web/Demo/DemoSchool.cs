using System.Collections.Immutable;
using System.Diagnostics;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.People;
using SchoolHome.Web.People.Import;
using SchoolHome.Web.School;

namespace SchoolHome.Web.Demo;

/// <summary>
/// In Development an empty database becomes a school: the made-up 青禾小学, imported from its workbook like any other, with accounts for the people on the sign-in cards, and two weeks of pages that
/// <see cref="DemoPages"/> has those people write.
/// </summary>
internal sealed partial class DemoSchool(DemoMode mode, IGrainFactory actors, RosterImports imports, AccountOpening opening, Joining joining, DemoPages pages, ILogger<DemoSchool> logger) : BackgroundService
{
    /// <summary>The password of the people on the cards, for trying the real sign-in.</summary>
    public const string Password = "qinghe-demo";

    // Always the same, so that a start that was cut short is taken up again.
    private const string DemoImport = "00000000000000000000000000000001";

    public static readonly SchoolId School = SetupEndpoints.First;

    /// <summary>A child of the class that writes in its book.</summary>
    public static readonly StudentId Child = new(School.School, "2026320295");

    private static readonly TeacherId Administrator = new(School.School, "admin");
    private static readonly TeacherId ClassTeacher = new(School.School, "t031");
    private static readonly TeacherId SubjectTeacher = new(School.School, "t029");
    private static readonly StudentId OtherChild = new(School.School, "2026320280");
    private static readonly StudentId Sister = new(School.School, "2026320293");
    private static readonly StudentId Brother = new(School.School, "2026320307");

    public static readonly ImmutableArray<DemoCard> Cards =
    [
        new("class-teacher", LoginNameId.Staff(ClassTeacher), "班主任", "class teacher", "三年级2班"),
        new("subject-teacher", LoginNameId.Staff(SubjectTeacher), "英语老师", "English teacher", "三年级1、2、3班"),
        new("mother", LoginNameId.Phone("+8619910000557"), "妈妈", "mother", "许建萱"),
        new("father", LoginNameId.Phone("+8619910000556"), "爸爸", "father", "许建萱"),
        new("grandfather", LoginNameId.Phone("+8619910000558"), "外公", "grandfather", "许建萱"),
        new("student", LoginNameId.Student(Child), "学生", "student", "三年级2班"),
        new("two-children", LoginNameId.Phone("+8619910000553"), "妈妈", "mother", "杨天玥、杨文宇"),
        new("other-father", LoginNameId.Phone("+8619910000525"), "爸爸", "father", "罗春强"),
        new("administrator", LoginNameId.Staff(Administrator), "管理员", "administrator", "青禾小学"),
    ];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server listens: whoever opens the page finds the school.
        if (mode.IsOn)
            await Found();

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (mode.IsOn)
            await pages.Write(stoppingToken);
    }

    private async Task Found()
    {
        var district = actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey);
        var school = actors.GetGrain<ISchoolGrain>(School.ToString());
        var today = await school.Today();
        if ((await school.Profile())?.TermOf(today) is null)
            Require(await school.Put(new PutSchool(Profile(today)), ChangedBy.Software));

        if (!(await district.Schools()).IsEmpty)
            return;

        LogBegun(logger);
        var clock = Stopwatch.StartNew();
        await Import();
        await OpenAccounts();
        Require(await district.Rename("青禾区教育局"));
        Require(await district.AddAdministrator(Administrator));
        Require(await district.EnterSchool(School));
        LogFounded(logger, clock.Elapsed.TotalSeconds);
    }

    // The calendar lies around today, whenever the demo is begun, and moves along when it is taken up again much later. The holiday lies ahead: the class has written on every school day so far.
    private static SchoolProfile Profile(DateOnly today)
    {
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var term = new Term("演示学期", monday.AddDays(-7 * 10), monday.AddDays((7 * 12) + 6), Term.UsualYear(today));
        var holiday = new Holiday("演示假期", monday.AddDays((7 * 3) + 2), monday.AddDays((7 * 3) + 4));
        return SchoolProfile.Of("青禾小学", "Asia/Shanghai", [term]) with
        {
            Holidays = [holiday],
            MakeUpDays = [new MakeUpDay(monday.AddDays((7 * 2) + 6), "补演示假期周五的课")],
            StudentAccounts = true,
        };
    }

    private async Task Import()
    {
        await using var workbook = typeof(DemoSchool).Assembly.GetManifestResourceStream("qinghe-roster.xlsx") ?? throw new InvalidOperationException("The demo's workbook is missing.");
        using var content = new MemoryStream();
        await workbook.CopyToAsync(content);
        await imports.ApplyNow(new ImportId(School.School, DemoImport), content, "qinghe-roster.xlsx");
    }

    private async Task OpenAccounts()
    {
        var administrator = actors.GetGrain<ITeacherGrain>(Administrator.ToString());
        Require(await administrator.Put(new PutTeacher("系统管理员", null, [], []), ChangedBy.Software));
        Require(await administrator.SetOffices([Office.Administrator], ChangedBy.Software));
        foreach (var teacher in new[] { Administrator, ClassTeacher, SubjectTeacher })
            Require(await opening.ForTeacher(teacher, Password, ChangedBy.Software));

        Require(await opening.ForStudent(Child, Password, ChangedBy.Software));
        foreach (var (student, entry) in new[] { (Child, "g1"), (Child, "g2"), (Child, "g3"), (OtherChild, "g1"), (Sister, "g2") })
            Require(await joining.AtOnce(student, entry, Password));

        // The two children have the same mother, who has redeemed a slip of each.
        var mother = (await actors.GetGrain<ILoginNameGrain>(Cards.First(card => card.Card == "two-children").Login.ToString()).Account())!.Value;
        Require(await joining.AtOnce(Brother, "g2", null, mother));
    }

    private static void Require<T>(Answer<T> answer)
    {
        // A start that was cut short is taken up again, and two web processes may start at once: who has an account has it.
        if (answer.Refusal is { } refusal and not Conflict)
            throw new InvalidOperationException($"The demo school was refused: {refusal}.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database is empty: making the demo school (some seconds)")]
    private static partial void LogBegun(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo school is made ({Seconds:0.0} s); its people write two weeks of pages meanwhile")]
    private static partial void LogFounded(ILogger logger, double seconds);
}

/// <summary>Somebody to sign in as.</summary>
internal sealed record DemoCard(string Card, LoginNameId Login, string Title, string EnglishTitle, string Hint);
