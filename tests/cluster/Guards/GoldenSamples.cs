using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Grains.People;
using SchoolHome.Grains.School;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Tests.Guards;

/// <summary>
/// One state of each kind with every field set. Dictionaries that are not sorted hold one entry: the order of more is not the same from process to process.
/// </summary>
internal static class GoldenSamples
{
    private const string Opaque = "0123456789abcdef0123456789abcdef";

    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 30, 15, 250, TimeSpan.Zero);
    private static readonly StudentId Student = new("s01", "2026110001");
    private static readonly TeacherId Teacher = new("s01", "t017");
    private static readonly ClassId Class = new("s01", "3-2");
    private static readonly GuardianId Guardian = new(Opaque);
    private static readonly AccountId Account = new(Opaque);
    private static readonly ChangedBy TheOffice = new(Account, "管理员", ChangeCapacity.Administrator, new ImportId("s01", Opaque));
    private static readonly ImportId Import = new("s01", Opaque);
    private static readonly InvitationId Slip = new("0123456789abcdef0123456789abcdef01234567");
    private static readonly Guid Operation = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly AuditEntry Entry =
        new(At, TheOffice, Student.ToString(), "王小雨", "guardian-restricted", [new FieldChange("guardian.g1.custody", "none", "readOnly")], "判决书", 4);
    private static readonly ClassDuty Duty = new(Class, DutyKind.SubjectTeacher, ["语文", "品德"]);
    private static readonly StaffLine Line = new(Teacher, "陈老师", [Office.GradeHead], [Duty], HasAccount: true, "user-3");
    private static readonly Participant Mother = new(Opaque, "李梅", ParticipantRole.Guardian, Relation.Mother);
    private static readonly Participant TheTeacher = new(Opaque, "陈老师", ParticipantRole.ClassTeacher, null);

    private static readonly ChildDayMore More =
        new([new SetMark("lunch", MarkLevel.Good)], [$"{Opaque}-0"], [new SignedFor(Writer.Guardian, 4, At), new SignedFor(Writer.Teacher, 4, At)], 1);

    private static readonly SheetContent Items = new(
        4,
        [
            new SheetItemView(
                $"{Opaque}-0", SheetItemKind.Homework, "数学", "练习册第43页", TheTeacher, At.AddHours(1), 3, 1, IsRemoved: false, [new EarlierSheetItem("数学", "练习册第42页", Mother, At, 1)]),
            new SheetItemView($"{Opaque}-1", SheetItemKind.Fees, null, "秋游 35 元", TheTeacher, At, 4, 2, IsRemoved: true, []),
        ]);

    private static readonly string Draft = new SheetDraftId("s01", "3-2", new DateOnly(2026, 11, 23)).ToString();

    private static readonly string Day = new ClassDayId("s01", "3-2", new DateOnly(2026, 11, 23)).ToString();

    private static readonly SharedText Words = new()
    {
        Text = "今天下雨\n带伞 ☂",
        RecentFrom = 100,
        Recent = [new AcceptedUpdate("tab-000001", 101, Changes("[3,[0,\"雨\",\"带\"],[2],4]"), At), new AcceptedUpdate("tab-000001", 102, Changes("[[1,\"x\"]]"), At.AddSeconds(1))],
        Clients = ImmutableDictionary<string, TextClient>.Empty.Add("tab-000001", new TextClient(102, Opaque)),
    };

    public static IReadOnlyList<(string State, object Sample)> All { get; } =
    [
        ("account", new AccountState
        {
            Outbox =
            [
                new OutboxEntry(1, Class.ToString(), new StandingIs()),
                new OutboxEntry(2, "login/staff/s01/t017", new LoginIs(IsMine: true)),
                new OutboxEntry(3, "text-message/01", new MessagesAre([new PhoneMessage(new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "+8619910000001", "您好", At)])),
            ],
            LastPosted = 3,
            Taken = Taken(Guardian.ToString()),
            Epoch = "0123456789ab",
            N = 12,
            Name = "李梅",
            Language = "en",
            PasswordHash = "AQAAAA==",
            SecurityStamp = "0123456789ABCDEF",
            FailedTries = 2,
            LockedUntil = At,
            Guardian = Guardian,
            Teachers = [Teacher],
            Student = Student,
            Places = [new TryPlace("address:0123456789ab", 3, 1, At, At), new TryPlace($"device:{Opaque}", 1, 0, null, At)],
            Devices = [new AccountDevice(Opaque, "Chrome · Android", At, new DateOnly(2026, 11, 23), SignedIn: true)],
            Notices = [new AccountNotice(At, AccountNoticeKind.NewDevice, "Chrome · Android", Read: true)],
            SignInNames = [new SignInName(SignInNameKind.Phone, "+8619910000001"), new SignInName(SignInNameKind.OpenId, "区教育云")],
            PhoneCode = new PhoneCode("+8619910000009", "0123456789ABCDEF", Opaque, At, 2),
            PhoneCodesSent = [At],
        }),
        ("api-token", new ApiTokenState
        {
            School = new SchoolId("s01"),
            Name = "教务系统",
            SecretHash = Opaque,
            Scopes = ["people.read", "roster.import"],
            MadeBy = Account,
            MadeAt = At,
            Expires = At.AddDays(90),
            Revoked = true,
            LastUsed = new DateOnly(2026, 11, 24),
        }),
        ("import", new ImportRecord
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Account.ToString()),
            Epoch = "0123456789ab",
            N = 12,
            State = ImportState.Undone,
            Offer = new ImportOffer(
                "名单.xlsx", RosterFormat.OneRosterDelta, 2, new ImportCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 100,
                [new SchoolClass(Class, "三年级2班", 3, 2, new DateOnly(2027, 6, 30), "class-1")],
                [new ProposedMerge("0001", [new MergePerson("2026110001", "王小雨", "李梅", Relation.Mother)])], 1, "org-1",
                [new ImportWarning("学生", 3, "家长1电话", "phone-malformed", ["1991"])], 1),
            By = TheOffice,
            OfferedAt = At,
            ConfirmedBy = TheOffice,
            UndoneBy = TheOffice,
            DoneAt = At,
            AddedClasses = [Class],
            ClassesBefore = [new SchoolClass(Class, "三年级2班", 3, 2, new DateOnly(2027, 6, 30), "class-1")],
            SetsExternal = true,
            ClassesDone = true,
            Finished = [0, 1],
            Skipped = [new ImportRemark(Student.ToString(), "王小雨", "changed-meanwhile")],
            SkippedCount = 1,
            Hindrances = [new ImportRemark(Student.ToString(), "王小雨", "page-since-import")],
            Forgotten = true,
        }),
        ("import-part", new ImportPartRecord
        {
            Part = new ImportPart(
                [new PlannedStudent(
                    Student, "王小雨", PlannedChange.Moved,
                    new PutStudent("王小雨", Class, "女", new DateOnly(2018, 3, 4), "随班就读", [new RosterGuardian("李梅", Relation.Mother, "+8619910000001", "user-2")], "user-1", 4, KeepUnlisted: true),
                    4, [new FieldChange("class", "3-1", "3-2")])],
                [new PlannedTeacher(Teacher, "陈老师", PlannedChange.Changed, new PutTeacher("陈老师", "+8619910000003", [Duty], [Office.GradeHead], "user-3", 5), 5, [new FieldChange("phone", "+8619910000004", "+8619910000003")])]),
            Applied = new DateOnly(2026, 11, 23),
            Skipped = [new ImportRemark(Student.ToString(), "王小雨", "changed-meanwhile")],
            Untouched = ImmutableSortedSet.Create(StringComparer.Ordinal, Student.ToString()),
            Undone = true,
            Kept = [new ImportRemark(Teacher.ToString(), "陈老师", "changed-since-import")],
        }),
        ("invitation", new InvitationState { Student = Student, Entry = "g1", Expires = At.AddDays(30), WrongTries = 2 }),
        ("book-page", new BookPageState
        {
            Outbox = [new OutboxEntry(3, Day, new ChildDayIs(["words"], At, More))],
            LastPosted = 3,
            Taken = Taken(Student.ToString()),
            Epoch = "0123456789ab",
            N = 12,
            Sections = Sorted(("words", Words)),
            Edited = Sorted(("words", new SectionEdit(Mother, At))),
            Authors = Sorted((Opaque, Mother)),
            Class = Class,
            Ticks = [new ItemTick($"{Opaque}-0", Mother, At)],
            Marks = [new QuickMark("lunch", MarkLevel.Good, TheTeacher, At), new QuickMark("wellbeing", MarkLevel.Care, TheTeacher, At)],
            Entries = 3,
            Signatures =
            [
                new Signature(Operation, Writer.Guardian, Mother, At, new SeenVersions(Sorted(("words", 102)), 2, 4), new Withdrawal(At.AddHours(1), "写错了")),
                new Signature(new Guid("7f9619ff-8b86-d011-b42d-00c04fc964ff"), Writer.Teacher, TheTeacher, At, new SeenVersions(Sorted(("words", 102)), 2, 4), null),
            ],
            Withdrawals = [Operation],
            Operations = [Operation],
            Addenda = [new Addendum(Operation, "answer", "还有一句。", TheTeacher, At)],
            RemindedAt = At,
        }),
        ("book-month", new BookMonthState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken("page/s01/2026110001/2026-11-23"),
            Days = Sorted(("2026-11-20", new ChildDayIs([], At)), ("2026-11-23", new ChildDayIs(["school-day", "words"], At, More))),
        }),
        ("class", new ClassState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Student.ToString()),
            Epoch = "0123456789ab",
            N = 12,
            Families = Sorted((Student.ToString(), new Family(["王强", "李梅"], 1))),
            Students = Sorted((Student.ToString(), "王小雨"), ("student/s01/2026110002", "李小明")),
            Teachers = Sorted((Teacher.ToString(), new DutyIs("陈老师", Duty))),
        }),
        ("class-day", new ClassDayState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken("page/s01/2026110001/2026-11-23"),
            Epoch = "0123456789ab",
            N = 12,
            SheetFilled = ["homework", "fees"],
            SheetVersion = 4,
            Tickable = 2,
            Children = Sorted(("2026110001", new ChildDayIs(["school-day", "words"], At, More)), ("2026110002", new ChildDayIs([], At))),
        }),
        ("class-sheet", new ClassSheetState
        {
            Outbox = [new OutboxEntry(3, Day, new SheetDayIs(["homework"], 4, 2))],
            LastPosted = 3,
            Taken = Taken(Draft),
            Epoch = "0123456789ab",
            N = 12,
            Sections = Sorted(("homework", Words), ("notices", Words)),
            Edited = Sorted(("homework", new SectionEdit(Mother, At))),
            Authors = Sorted((Opaque, Mother)),
            Content = Items,
        }),
        ("class-sheet-tail", new TextTail
        {
            Since = 12,
            N = 14,
            Sections = Sorted(("homework", new TextTailSection(
                [new AcceptedUpdate("tab-000001", 103, Changes("[4,[0,\"☂\"],3]"), At)], Sorted(("tab-000001", new TextClient(103, Opaque))), new SectionEdit(Mother, At)))),
            Authors = Sorted((Opaque, Mother)),
        }),
        ("sheet-draft", new SheetDraftState
        {
            Outbox = [new OutboxEntry(3, "sheet/s01/3-2/2026-11-23", new DraftIs([new ReleasedItem($"{Opaque}-3", new NewSheetItem(SheetItemKind.Homework, "数学", "口算一页"), TheTeacher)]))],
            LastPosted = 3,
            Taken = Taken(Class.ToString()),
            Epoch = "0123456789ab",
            N = 12,
            Content = Items,
            ReleaseAt = At.AddHours(1),
            Released = 5,
            Operations = [new DraftOperation(Operation, 2)],
            Removed = [$"{Opaque}-4"],
        }),
        ("sheet-templates", new SheetTemplatesState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Class.ToString()),
            Templates = [new SheetTemplate(Operation, "周五", [new NewSheetItem(SheetItemKind.Homework, "数学", "口算一页"), new NewSheetItem(SheetItemKind.Bring, null, "彩笔")])],
        }),
        ("book-page-tail", new TextTail
        {
            Since = 12,
            N = 14,
            Sections = Sorted(("words", new TextTailSection(
                [new AcceptedUpdate("tab-000001", 103, Changes("[4,[0,\"☂\"],3]"), At)], Sorted(("tab-000001", new TextClient(103, Opaque))), new SectionEdit(Mother, At)))),
            Authors = Sorted((Opaque, Mother)),
        }),
        ("class-book", new ClassBookState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Class.ToString()),
            Settings = new ClassBookSettings(new TimeOnly(20, 30), new TimeOnly(16, 0)),
            Reminded = new DateOnly(2026, 11, 23),
        }),
        ("district", new DistrictState
        {
            Schools = ["school/s01", "school/s02"],
            SetupTokens = ["ABCDEF"],
            Setup = new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
            SetupLapses = At,
            Name = "青禾区教育局",
            Administrators = [Teacher],
            Given = [new NextSchool(new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), new SchoolId("s03"))],
        }),
        ("guardian", new GuardianState
        {
            Outbox = [new OutboxEntry(4, Account.ToString(), new StandingIs())],
            LastPosted = 4,
            Taken = Taken(Student.ToString()),
            Children = Sorted((Student.ToString(), Relation.PaternalGrandmother)),
            Account = Account,
        }),
        ("live-directory", new LiveDirectoryState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Account.ToString()),
            Feeds = ImmutableSortedSet.Create(StringComparer.Ordinal, "sys.client/hosted-S127.0.0.1:11111:0+1", "sys.client/hosted-S127.0.0.1:11112:0+2"),
        }),
        ("login-name", new LoginNameState { Account = Account, ClaimLapses = At, Taken = [new LoginNameTaken(Account.ToString(), 7)] }),
        ("outbox-watch", new OutboxWatchState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Account.ToString()),
            Expected = ImmutableSortedSet.Create(StringComparer.Ordinal, Student.ToString(), Teacher.ToString()),
        }),
        ("school", new SchoolState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Account.ToString()),
            Name = "青禾小学",
            TimeZone = "Asia/Shanghai",
            Terms = [new Term("2026–2027学年第一学期", new DateOnly(2026, 9, 1), new DateOnly(2027, 1, 31), 2026)],
            Holidays = [new Holiday("国庆节", new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 7))],
            MakeUpDays = [new MakeUpDay(new DateOnly(2026, 10, 10), "补国庆节周四的课")],
            LastGrade = 9,
            StudentAccounts = true,
            SlipDays = 14,
            External = "org-1",
            Classes = Sorted(("2021-1", "六年级1班"), ("3-2", "三年级2班")),
            Cohorts = Sorted(("2021-1", new Cohort(6, 1, new DateOnly(2026, 7, 1), "class-1"))),
            ClassChanges = 5,
            AddedClasses = [new AddedClass(Operation, "2021-1")],
            Promotion = new PromotionDone(Operation, [new ClassMove(Class, "二年级2班", "三年级2班")], At, 4, Undone: true),
            ImportUnderWay = Import,
            Imports = [Import],
            Tokens = [new ApiTokenId(Opaque)],
            Revision = 9,
        }),
        ("student", new StudentState
        {
            Outbox =
            [
                new OutboxEntry(5, Class.ToString(), new MembershipIs("王小雨", IsMember: true, ["王强", "李梅"], 1)),
                new OutboxEntry(6, Guardian.ToString(), new AccessIs(Relation.Father)),
                new OutboxEntry(7, "guardian/ffffffffffffffffffffffffffffffff", new AccessIs(null)),
                new OutboxEntry(8, "audit/s01/2026-11-23", new ChangesAre([Entry])),
                new OutboxEntry(9, "leavers/s01/2026", new LeaverIs(new Leaver(Student, "王小雨", Class, new DateOnly(2026, 11, 23), "转学", "user-1"))),
            ],
            LastPosted = 9,
            Taken = Taken(Class.ToString()),
            Name = "王小雨",
            Class = Class,
            Gender = "女",
            BirthDate = new DateOnly(2018, 3, 4),
            SpecialStatus = "随班就读",
            Guardians =
            [
                new GuardianEntry(
                    "g1", "王强", Relation.Father, "+8619910000002", Guardian, AccessEnded: false, 2, CustodyRestriction.ReadOnly, "判决书", new GuardianSlip(Slip, At, At.AddDays(30), At.AddDays(1)), "user-2"),
                new GuardianEntry("g2", "李梅", Relation.Mother, "+8619910000001", null, AccessEnded: true),
            ],
            Account = Account,
            Left = new StudentLeft(new DateOnly(2026, 11, 23), "转学", Class),
            External = "user-1",
            LastEntry = 3,
            Added = [new AddedGuardian(Operation, "g2")],
            LastImport = new StudentImport(
                Import, 4,
                new StudentSnapshot(
                    "王晓雨", Class, "女", new DateOnly(2018, 3, 4), "随班就读", [new GuardianEntry("g1", "王强", Relation.Father, "", null, AccessEnded: false)],
                    new StudentLeft(new DateOnly(2026, 7, 1), "转学", Class), "user-1"),
                Undone: true),
            Revision = 4,
            History = [Entry],
        }),
        ("staff", new StaffState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Teacher.ToString()),
            Lines = Sorted((Teacher.ToString(), Line)),
        }),
        ("leavers", new LeaversState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Student.ToString()),
            Leavers = Sorted((Student.ToString(), new Leaver(Student, "王小雨", Class, new DateOnly(2026, 11, 23), "转学", "user-1"))),
        }),
        ("audit-log", new AuditLogState
        {
            Outbox = [new OutboxEntry(1, Account.ToString(), new StandingIs())],
            LastPosted = 1,
            Taken = Taken(Student.ToString()),
            Entries = [Entry],
            Chunks = 2,
            Known = Sorted((Student.ToString(), 4L)),
        }),
        ("audit-chunk", new AuditChunkState { Entries = [Entry] }),
        ("teacher", new TeacherState
        {
            Outbox =
            [
                new OutboxEntry(8, Class.ToString(), new DutyIs("陈老师", Duty)), new OutboxEntry(9, Account.ToString(), new StandingIs()),
                new OutboxEntry(10, "teacher/s01/t018", new TakenOverAre(ImmutableDictionary<string, bool>.Empty.Add(Class.ToString(), true), TheOffice)),
                new OutboxEntry(11, "staff/s01", new StaffIs(Line)),
            ],
            LastPosted = 11,
            Taken = Taken(Class.ToString()),
            Name = "陈老师",
            Phone = "+8619910000003",
            Duties = [Duty],
            Offices = [Office.GradeHead, Office.Administrator],
            Account = Account,
            Left = new LeaveSchool(new DateOnly(2026, 11, 23), "退休"),
            External = "user-3",
            LastImport = new TeacherImport(
                Import, 4, new TeacherSnapshot("程老师", "+8619910000004", [Duty], [Office.GradeHead], new LeaveSchool(new DateOnly(2026, 7, 1), "退休"), "user-3"), Undone: true),
            Revision = 4,
            History = [Entry],
        }),
        ("text-history", new TextHistoryState
        {
            FirstVersion = 100,
            Updates = [new HistoricUpdate("tab-000001", 101, new SchoolHome.CoEditing.ChangeSetJson("[3,[0,\"雨\",\"带\"],[2],4]"), Opaque, At)],
        }),
    ];

    private static ImmutableDictionary<string, long> Taken(string from) => ImmutableDictionary<string, long>.Empty.Add(from, 41);

    private static ImmutableSortedDictionary<string, T> Sorted<T>(params (string Key, T Value)[] entries) =>
        entries.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);

    private static ChangeSet Changes(string json) =>
        Grains.CoEditing.ChangeSetJson.TryParse(json, TextLimits.Unlimited, out var changes, out var problem) ? changes : throw new FormatException(problem);
}
