using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>A school with people in it, made by the commands that the product uses.</summary>
internal sealed class TestSchool(SchoolCluster cluster, SchoolId id)
{
    public static readonly DateOnly Today = new(2026, 11, 23);

    private int _people;

    public SchoolId Id => id;

    public SchoolCluster Cluster => cluster;

    public IClusterClient Actors => cluster.Actors;

    public TestPhones Phones => cluster.Phones;

    /// <summary>Moves the actors' clock, for all schools.</summary>
    public void Later(TimeSpan by) => cluster.Clock.Advance(by);

    public ISchoolGrain School => Actors.GetGrain<ISchoolGrain>(id.ToString());

    public static SchoolProfile Profile { get; } =
        SchoolProfile.Of("青禾小学", "Asia/Shanghai", [new Term("2026–2027学年第一学期", new DateOnly(2026, 9, 1), new DateOnly(2027, 1, 31), 2026)]);

    public ClassId Class(string name) => new(id.School, name);

    /// <summary>The office, who changes people's data.</summary>
    public static ChangedBy By { get; } = new(new AccountId(new string('f', 32)), "管理员", ChangeCapacity.Administrator, null);

    public SchoolClass AClass(int grade, int number) =>
        new(Class(string.Create(CultureInfo.InvariantCulture, $"{grade}-{number}")), SchoolClass.UsualName(grade, number), grade, number, null, null);

    public async Task Found()
    {
        Assert.True((await School.Put(new PutSchool(Profile), By)).IsDone);
        Assert.True((await School.PutClasses([AClass(3, 1), AClass(3, 2), AClass(3, 10)], By)).IsDone);
    }

    /// <summary>Lays the calendar around the clock, wherever other tests have moved it, as a day with school or without. Answers today, which lasts for an hour at least.</summary>
    public async Task<DateOnly> SchoolToday(bool isSchoolDay = true)
    {
        if (Local.Hour == 23)
            Later(TimeSpan.FromHours(1));

        var today = await School.Today();
        var calendar = Profile with
        {
            Terms = [new Term("学期", today.AddDays(-30), today.AddDays(30), today.Year)],
            Holidays = [new Holiday("假期", today, today)],
            MakeUpDays = isSchoolDay ? [new MakeUpDay(today, "补课")] : [],
        };
        Assert.True((await School.Put(new PutSchool(calendar), By)).IsDone);
        return today;
    }

    /// <summary>The time of day that it will be in a minute, in the school's time zone.</summary>
    public TimeOnly InAMinute => TimeOnly.FromDateTime(Local.AddMinutes(1));

    private DateTime Local => TimeZoneInfo.ConvertTime(cluster.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(Profile.TimeZone)).DateTime;

    public StudentId NewStudent() => new(id.School, Number());

    public PutStudent Pupil(string @class, string name = "王小雨", params ReadOnlySpan<RosterGuardian> guardians) =>
        new(name, Class(@class), "女", new DateOnly(2018, 3, 4), null, [.. guardians]);

    public static RosterGuardian Mother { get; } = new("李梅", Relation.Mother, "+8619910000001");

    public static RosterGuardian Father { get; } = new("王强", Relation.Father, "+8619910000002");

    public async Task<StudentId> AStudentIn(string @class, string name = "王小雨")
    {
        var student = NewStudent();
        Assert.Equal(RosterChange.Added, (await Student(student).Put(Pupil(@class, name, Mother, Father), By)).Value);
        await Delivered(OutboxOf(Class(@class)));
        return student;
    }

    /// <summary>A guardian who has proved to be one of the student's, with an account.</summary>
    public async Task<TestPerson> AGuardianOf(StudentId student, string entry = "g1")
    {
        var (guardian, account) = (GuardianId.New(), AccountId.New());
        Assert.True((await Actors.GetGrain<IAccountGrain>(account.ToString()).Open(new OpenAccount("李梅", "hash", guardian, null, null))).IsDone);
        Assert.True((await Guardian(guardian).BindAccount(account)).IsDone);
        await Bind(student, entry, guardian);
        await Eventually.TrueAsync(async () => (await Guardian(guardian).Children()).Any(child => child.Student == student), TimeSpan.FromSeconds(10), "the guardian to learn of the child");
        var (name, relation) = entry == "g2" ? (Father.Name, Father.Relation) : (Mother.Name, Mother.Relation);
        return new TestPerson(account, new Participant(account.Opaque, name, ParticipantRole.Guardian, relation)) { Guardian = guardian };
    }

    /// <summary>Binds a guardian as the slip's actor does, by a slip that counts.</summary>
    public async Task Bind(StudentId student, string entry, GuardianId guardian)
    {
        var slip = InvitationId.OfCode(InvitationId.NewCode())!.Value;
        Assert.True((await Student(student).IssueSlip(entry, slip, DateTimeOffset.MaxValue, By)).IsDone);
        Assert.True((await Student(student).RedeemSlip(entry, slip, guardian, By)).IsDone);
    }

    public async Task<TestPerson> ATeacherOf(string @class, DutyKind duty = DutyKind.ClassTeacher)
    {
        var (teacher, account) = (new TeacherId(id.School, $"t{Number()}"), AccountId.New());
        Assert.True((await Teacher(teacher).Put(new PutTeacher("陈老师", null, [new ClassDuty(Class(@class), duty, ["语文"])], []), By)).IsDone);
        Assert.True((await Actors.GetGrain<IAccountGrain>(account.ToString()).Open(new OpenAccount("陈老师", "hash", null, teacher, null))).IsDone);
        Assert.True((await Teacher(teacher).BindAccount(account, By)).IsDone);
        var role = duty is DutyKind.ClassTeacher ? ParticipantRole.ClassTeacher : ParticipantRole.SubjectTeacher;
        return new TestPerson(account, new Participant(account.Opaque, "陈老师", role, null)) { Teacher = teacher };
    }

    public IStudentGrain Student(StudentId student) => Actors.GetGrain<IStudentGrain>(student.ToString());

    public ITeacherGrain Teacher(TeacherId teacher) => Actors.GetGrain<ITeacherGrain>(teacher.ToString());

    public IGuardianGrain Guardian(GuardianId guardian) => Actors.GetGrain<IGuardianGrain>(guardian.ToString());

    public IClassGrain ClassOf(string name) => Actors.GetGrain<IClassGrain>(Class(name).ToString());

    public IBookPageGrain Page(StudentId student) => Actors.GetGrain<IBookPageGrain>(PageKey(student));

    public static string PageKey(StudentId student) => new BookPageId(student.School, student.Number, Today).ToString();

    public IClassSheetGrain Sheet(string @class) => Actors.GetGrain<IClassSheetGrain>(new ClassSheetId(id.School, @class, Today).ToString());

    public IBookMonthGrain Month(StudentId student) => Actors.GetGrain<IBookMonthGrain>(BookMonthId.Of(student, Today).ToString());

    /// <summary>A teacher gives the class homework.</summary>
    public Task<Answer<SheetItemsAdded>> Write(string @class, TestPerson teacher, string text = "读书") =>
        Sheet(@class).AddItems(Guid.NewGuid(), [new NewSheetItem(SheetItemKind.Homework, "语文", text)], new SheetAuthor(teacher.Participant, ["语文"]));

    public IClassDayGrain Day(string @class) => Actors.GetGrain<IClassDayGrain>(new ClassDayId(id.School, @class, Today).ToString());

    public IOutboxWatchGrain OutboxOf(ClassId @class) => Actors.GetGrain<IOutboxWatchGrain>(OutboxWatches.OfClass(@class));

    public IOutboxWatchGrain OutboxOf(GuardianId guardian) => Actors.GetGrain<IOutboxWatchGrain>(OutboxWatches.OfGuardians(guardian));

    public IOutboxWatchGrain OutboxOf(AccountId account) => Actors.GetGrain<IOutboxWatchGrain>(OutboxWatches.OfAccounts(account));

    public IOutboxWatchGrain OutboxOfStaff() => Actors.GetGrain<IOutboxWatchGrain>(OutboxWatches.OfStaff(id));

    /// <summary>Wakes until nothing waits for delivery any more.</summary>
    public static async Task Delivered(params IEnumerable<IOutboxWatchGrain> watches)
    {
        foreach (var watch in watches)
            await Eventually.TrueAsync(async () => await Patiently.Ask(watch.Wake) == 0, TimeSpan.FromSeconds(20), $"all facts of {watch.GetPrimaryKeyString()} to be delivered");
    }

    public IAccountGrain Account(AccountId account) => Actors.GetGrain<IAccountGrain>(account.ToString());

    private string Number() => Interlocked.Increment(ref _people).ToString("0000", CultureInfo.InvariantCulture);
}

internal sealed record TestPerson(AccountId Account, Participant Participant)
{
    public GuardianId Guardian { get; init; }

    public TeacherId Teacher { get; init; }
}

/// <summary>A tab in which somebody writes in one section. It writes at the front of what it knows.</summary>
internal sealed class Tab(ITextDocumentGrain document, Participant writer, string section)
{
    private static int _tabs;

    private readonly string _client = $"tab-{Interlocked.Increment(ref _tabs):00000}";
    private int _seq;

    public int Version { get; set; }

    public int Length { get; set; }

    public string Client => _client;

    public string Section => section;

    public TextPush Next(params ReadOnlySpan<string> texts)
    {
        var changes = ImmutableArray.CreateBuilder<ChangeSetJson>();
        var length = Length;
        foreach (var text in texts)
        {
            changes.Add(Inserting(text, length));
            length += text.Length;
        }

        return new TextPush(section, Version, _client, _seq + 1, changes.ToImmutable());
    }

    /// <summary>Writes, and goes on from there when it is taken. For the only writer of a section.</summary>
    public async Task<Answer<TextAccepted>> Write(params string[] texts)
    {
        var push = Next(texts);
        var answer = await document.PushText(push, writer);
        if (answer.IsDone)
            Took(push, texts.Sum(text => text.Length));

        return answer;
    }

    /// <summary>Takes all text away.</summary>
    public async Task<Answer<TextAccepted>> Clear()
    {
        var push = new TextPush(section, Version, _client, _seq + 1, [new ChangeSetJson(string.Create(CultureInfo.InvariantCulture, $"[[{Length}]]"))]);
        var answer = await document.PushText(push, writer);
        if (answer.IsDone)
            Took(push, -Length);

        return answer;
    }

    public void Took(TextPush push, int inserted)
    {
        _seq += push.Changes.Length;
        Version += push.Changes.Length;
        Length += inserted;
    }

    public Task<Answer<TextAccepted>> Push(TextPush push) => document.PushText(push, writer);

    public static ChangeSetJson Inserting(string text, int length) =>
        new(length == 0 ? $"[[0,\"{text}\"]]" : string.Create(CultureInfo.InvariantCulture, $"[[0,\"{text}\"],{length}]"));
}
