using System.Collections.Immutable;
using System.Reflection;
using Orleans.Runtime;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Durability;

/// <summary>C1: whoever does not get the answer asks again. So every command that is given twice changes nothing the second time.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class TwiceTests(SchoolCluster cluster)
{
    /// <summary>What does not change anything that is stored; everything else of the listed interfaces is a command.</summary>
    private static readonly HashSet<string> Queries =
    [
        "IStudentGrain.Profile", "IStudentGrain.History", "IStudentGrain.CanUndoImport", "ITeacherGrain.Profile", "ITeacherGrain.History", "ITeacherGrain.CanUndoImport", "IDistrictGrain.Profile",
        "ISchoolGrain.Class", "ISchoolGrain.PreviewPromotion", "ISchoolGrain.LastPromotion", "ISchoolGrain.Imports", "ISchoolGrain.Tokens", "IAuditLogGrain.Page", "IAuditChunkGrain.Read",
        "IStaffGrain.List", "ILeaversGrain.List",
        "IGuardianGrain.Children", "IGuardianGrain.Account", "IAccountGrain.Credentials", "IAccountGrain.Standing", "ILoginNameGrain.Account",
        "IDistrictGrain.Schools", "ISchoolGrain.Profile", "ISchoolGrain.Today", "ISchoolGrain.Classes", "IClassGrain.Roster",
        "IAccountGrain.Devices", "IAccountGrain.SignInNames", "IAccountGrain.Notices", "IInvitationGrain.Standing", "IApiTokenGrain.View", "IImportGrain.View", "IImportPartGrain.View",
        "IImportPartGrain.Hindrances",
        "IBookPageGrain.View", "IClassSheetGrain.View", "IClassDayGrain.View", "ITextDocumentGrain.TextSince", "ITextHistoryGrain.Read",
        "IBookPageGrain.Class", "ITextDocumentGrain.Revisions", "IBookMonthGrain.Days",
        "IClassSheetGrain.Standing", "ISheetDraftGrain.View", "ISheetTemplatesGrain.List", "IClassBookGrain.Settings",
    ];

    /// <summary>Commands that mean something anew each time, and why.</summary>
    private static readonly Dictionary<string, string> EachTimeAnew = new(StringComparer.Ordinal)
    {
        ["IAccountGrain.BeginTry"] = "Each try counts; a try whose answer was lost is one more try.",
        ["ISchoolGrain.UndoPromotion"] = "The second time there is nothing to undo, and it says so; the next promotion must not be taken back by a repetition.",
        ["IAccountGrain.SendPhoneCode"] = "Each sends another code, two in ten minutes at most; only the last is good.",
        ["IInvitationGrain.Try"] = "Each wrong try counts; a right one changes nothing.",
        ["IAccountGrain.SignOutEverywhere"] = "Whoever signed in since the first time is signed out by the second.",
    };

    private static readonly Type[] Interfaces =
    [
        typeof(IStudentGrain), typeof(ITeacherGrain), typeof(IGuardianGrain), typeof(IAccountGrain), typeof(ILoginNameGrain), typeof(IDistrictGrain), typeof(ISchoolGrain), typeof(IClassGrain),
        typeof(IBookPageGrain), typeof(IBookMonthGrain), typeof(IClassSheetGrain), typeof(ISheetDraftGrain), typeof(ISheetTemplatesGrain), typeof(IClassBookGrain), typeof(IClassDayGrain), typeof(ITextDocumentGrain), typeof(ITextHistoryGrain), typeof(ITakesFactsGrain),
        typeof(IStaffGrain), typeof(ILeaversGrain), typeof(IAuditLogGrain), typeof(IAuditChunkGrain),
        typeof(IInvitationGrain), typeof(IApiTokenGrain), typeof(IImportGrain), typeof(IImportPartGrain),
    ];

    private static readonly AccountId Account = new("0123456789abcdef0123456789abcdef");
    private static readonly TryFrom From = new(null, "address");
    private static readonly InvitationId TheSlip = InvitationId.OfCode("ABCDEFGHJK")!.Value;
    private static readonly LeaveSchool Left = new(new DateOnly(2026, 11, 23), "转学");
    private static readonly GuardianDetails Grandmother = new("王奶奶", Relation.PaternalGrandmother, "+8619910000004", 2);
    private static readonly SignInDevice Phone = new(new string('a', 32), "Chrome");
    private static readonly SignInDevice Laptop = new(new string('b', 32), "Firefox");
    private static readonly GuardianId Guardian = new("fedcba9876543210fedcba9876543210");
    private static readonly Guid Operation = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly Guid AnotherOperation = new("7f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly string Item = $"{Operation:N}-0";
    private static readonly NewSheetItem Sums = new(SheetItemKind.Homework, "数学", "练习册第42页");
    private static readonly NewSheetItem Notice = new(SheetItemKind.Notices, null, "明天穿运动鞋");
    private static readonly Participant Mother = new("fedcba9876543210fedcba9876543210", "李梅", ParticipantRole.Guardian, Relation.Mother);
    private static readonly SeenVersions NothingYet = new(ImmutableSortedDictionary<string, int>.Empty, 0, 0);
    private static readonly Participant Teacher = new("0123456789abcdef0123456789abcdef", "陈老师", ParticipantRole.ClassTeacher, null);
    private static readonly SheetAuthor Author = new(Teacher, ["数学"]);

    private sealed record Case(Func<TestSchool, IAddressable> Actor, Func<TestSchool, Task<object?>> Command, Func<TestSchool, Task>? Before = null);

    private static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["IStudentGrain.Put"] = new(Student, school => Student(school).Put(school.Pupil("3-2", "王小雨", TestSchool.Mother), TestSchool.By).Answer()),
        ["IStudentGrain.EndGuardianAccess"] = new(Student, school => Student(school).EndGuardianAccess("g1", TestSchool.By).Answer(), async school =>
        {
            await Enrolled(school);
            await school.Bind(new StudentId(school.Id.School, "1"), "g1", Guardian);
        }),
        ["IStudentGrain.Correct"] = new(Student, school => Student(school).Correct(new CorrectStudent("王晓雨", null, null, "随班就读"), TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.Move"] = new(Student, school => Student(school).Move(school.Class("3-1"), TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.Leave"] = new(Student, school => Student(school).Leave(Left, TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.Return"] = new(Student, school => Student(school).Return(school.Class("3-1"), TestSchool.By).Answer(), async school =>
        {
            await Enrolled(school);
            Assert.True((await Student(school).Leave(Left, TestSchool.By)).IsDone);
        }),
        ["IStudentGrain.AddGuardian"] = new(Student, school => Student(school).AddGuardian(Operation, Grandmother, TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.CorrectGuardian"] = new(Student, school => Student(school).CorrectGuardian("g1", Grandmother, TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.OrderGuardians"] = new(Student, school => Student(school).OrderGuardians(["g2", "g1"], TestSchool.By).Answer(), async school =>
        {
            await Enrolled(school);
            Assert.True((await Student(school).AddGuardian(Operation, Grandmother, TestSchool.By)).IsDone);
        }),
        ["IStudentGrain.RemoveGuardian"] = new(Student, school => Student(school).RemoveGuardian("g1", TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.RestrictGuardian"] = new(Student, school => Student(school).RestrictGuardian("g1", CustodyRestriction.NoAccess, "判决书", TestSchool.By).Answer(), BoundToGuardian),
        ["IStudentGrain.IssueSlip"] = new(Student, school => Student(school).IssueSlip("g1", TheSlip, DateTimeOffset.UnixEpoch, TestSchool.By).Answer(), Enrolled),
        ["IStudentGrain.RevokeSlip"] = new(Student, school => Student(school).RevokeSlip("g1", TestSchool.By).Answer(), Issued),
        ["IStudentGrain.RedeemSlip"] = new(Student, school => Student(school).RedeemSlip("g1", TheSlip, Guardian, TestSchool.By).Answer(), Issued),
        ["IStudentGrain.UndoImport"] = new(
            Student, school => Student(school).UndoImport(ImportOf(school), TestSchool.By).Answer(),
            school => Student(school).Put(school.Pupil("3-2", "王小雨", TestSchool.Mother), TestSchool.By with { Import = ImportOf(school) })),
        ["IStudentGrain.BindAccount"] = new(Student, school => Student(school).BindAccount(Account, TestSchool.By).Answer(), Enrolled),
        ["ITeacherGrain.Put"] = new(TheTeacher, school => TheTeacher(school).Put(
            new PutTeacher("陈老师", "+8619910000003", [new ClassDuty(school.Class("3-2"), DutyKind.ClassTeacher, ["语文", "品德"])], [Office.GradeHead]), TestSchool.By).Answer()),
        ["ITeacherGrain.Correct"] = new(TheTeacher, school => TheTeacher(school).Correct("程老师", "+8619910000003", TestSchool.By).Answer(), Employed),
        ["ITeacherGrain.SetOffices"] = new(TheTeacher, school => TheTeacher(school).SetOffices([Office.Principal, Office.GradeHead], TestSchool.By).Answer(), Employed),
        ["ITeacherGrain.SetDuty"] = new(TheTeacher, school => TheTeacher(school).SetDuty(new ClassDuty(school.Class("3-1"), DutyKind.Counsellor, []), TestSchool.By).Answer(), Employed),
        ["ITeacherGrain.EndDuty"] = new(TheTeacher, school => TheTeacher(school).EndDuty(school.Class("3-2"), TestSchool.By).Answer(), Employed),
        ["ITeacherGrain.TakeOver"] = new(TheTeacher, school => TheTeacher(school).TakeOver(school.Class("3-1"), new TeacherId(school.Id.School, "t2"), true, TestSchool.By).Answer(), async school =>
        {
            await Employed(school);
            var other = school.Teacher(new TeacherId(school.Id.School, "t2"));
            Assert.True((await other.Put(new PutTeacher("李老师", null, [new ClassDuty(school.Class("3-1"), DutyKind.ClassTeacher, ["数学"])], []), TestSchool.By)).IsDone);
        }),
        ["ITeacherGrain.Leave"] = new(TheTeacher, school => TheTeacher(school).Leave(Left, TestSchool.By).Answer(), Employed),
        ["ITeacherGrain.Return"] = new(TheTeacher, school => TheTeacher(school).Return(TestSchool.By).Answer(), async school =>
        {
            await Employed(school);
            Assert.True((await TheTeacher(school).Leave(Left, TestSchool.By)).IsDone);
        }),
        ["ITeacherGrain.UndoImport"] = new(
            TheTeacher, school => TheTeacher(school).UndoImport(ImportOf(school), TestSchool.By).Answer(),
            school => TheTeacher(school).Put(new PutTeacher("陈老师", null, [], []), TestSchool.By with { Import = ImportOf(school) })),
        ["ITeacherGrain.BindAccount"] = new(TheTeacher, school => TheTeacher(school).BindAccount(Account, TestSchool.By).Answer(), school => TheTeacher(school).Put(new PutTeacher("陈老师", null, [], []), TestSchool.By)),
        ["IGuardianGrain.BindAccount"] = new(TheGuardian, school => TheGuardian(school).BindAccount(Account).Answer()),
        ["IAccountGrain.Open"] = new(TheAccount, school => TheAccount(school).Open(new OpenAccount("李梅", "hash", Guardian, new TeacherId(school.Id.School, "t1"), null)).Answer()),
        ["IAccountGrain.SetPassword"] = new(TheAccount, school => TheAccount(school).SetPassword("hash2", null, AccountNoticeKind.PasswordChanged).Answer(), Opened),
        ["IAccountGrain.SignedIn"] = new(TheAccount, school => TheAccount(school).SignedIn(new SignInDevice(new string('d', 32), "Chrome"), From).Answer(), async school =>
        {
            await Opened(school);
            Assert.True((await TheAccount(school).BeginTry(From)).IsDone);
        }),
        ["IAccountGrain.SetLanguage"] = new(TheAccount, school => TheAccount(school).SetLanguage("en").Answer(), Opened),
        ["IAccountGrain.Seen"] = new(TheAccount, school => TheAccount(school).Seen(Phone.Device).Answer(), async school =>
        {
            await SignedIn(school);
            school.Later(TimeSpan.FromDays(1));
        }),
        ["IAccountGrain.SignOutDevice"] = new(TheAccount, school => TheAccount(school).SignOutDevice(Phone.Device, forget: false).Answer(), SignedIn),
        ["IAccountGrain.SignOutDevice for good"] = new(TheAccount, school => TheAccount(school).SignOutDevice(Phone.Device, forget: true).Answer(), SignedIn),
        ["IAccountGrain.ChangePhone"] = new(
            TheAccount,
            async school => await TheAccount(school).ChangePhone(NewPhone(school), await school.Phones.CodeSentTo(NewPhone(school))).Answer(),
            async school =>
            {
                await Opened(school);
                Assert.True((await TheAccount(school).SignsInBy(new SignInName(SignInNameKind.Phone, "+8619910000001"))).IsDone);
                Assert.True((await TheAccount(school).SendPhoneCode(NewPhone(school))).IsDone);
            }),
        ["IAccountGrain.SignsInBy"] = new(TheAccount, school => TheAccount(school).SignsInBy(new SignInName(SignInNameKind.Staff, "t1")).Answer(), Opened),
        ["IAccountGrain.ReadNotices"] = new(TheAccount, school => TheAccount(school).ReadNotices().Answer(), SignedIn),
        ["IInvitationGrain.Make"] = new(Slip, school => Slip(school).Make(new MakeInvitation(Child(school), "g1", DateTimeOffset.MaxValue)).Answer()),
        ["IInvitationGrain.Redeem"] = new(Slip, school => Slip(school).Redeem("0001", Guardian, TestSchool.By).Answer(), async school =>
        {
            await Enrolled(school);
            Assert.True((await Slip(school).Make(new MakeInvitation(Child(school), "g1", DateTimeOffset.MaxValue))).IsDone);
            Assert.True((await Student(school).IssueSlip("g1", SlipId(school), DateTimeOffset.MaxValue, TestSchool.By)).IsDone);
        }),
        ["IApiTokenGrain.Make"] = new(Token, school => MakeToken(school).Answer()),
        ["IApiTokenGrain.Standing"] = new(Token, async school => (await Token(school).Standing("secret"))!.Name, MakeToken),
        ["IApiTokenGrain.Revoke"] = new(Token, school => Token(school).Revoke().Answer(), MakeToken),
        ["IImportGrain.Offer"] = new(Import, school => Offer(school).Answer()),
        ["IImportGrain.Confirm"] = new(Import, school => Until(school, Import(school).Confirm(null, TestSchool.By), ImportState.Done), Offer),
        ["IImportGrain.Drop"] = new(Import, school => Until(school, Import(school).Drop(TestSchool.By), ImportState.Dropped), Offer),
        ["IImportGrain.Undo"] = new(Import, school => Until(school, Import(school).Undo(TestSchool.By), ImportState.Undone), async school =>
        {
            await Offer(school);
            await Until(school, Import(school).Confirm(null, TestSchool.By), ImportState.Done);
        }),
        ["IImportPartGrain.Put"] = new(Part, school => PutPart(school).Answer()),
        ["IImportPartGrain.Apply"] = new(Part, async school => (await Part(school).Apply(TestSchool.By)).Length, PutPart),
        ["IImportPartGrain.Undo"] = new(Part, async school => (await Part(school).Undo(TestSchool.By)).Length, async school =>
        {
            await PutPart(school);
            await Part(school).Apply(TestSchool.By);
        }),
        ["IImportPartGrain.Forget"] = new(Part, school => Part(school).Forget().Answer(), PutPart),
        ["ITakesFactsGrain.Take of a login name"] = new(Name, school => Name(school).Take(new Delivery(Account.ToString(), 7, new LoginIs(IsMine: true))).Answer()),
        ["ILoginNameGrain.Claim"] = new(Name, school => Name(school).Claim(Account).Answer()),
        ["ILoginNameGrain.Confirm"] = new(Name, school => Name(school).Confirm(Account).Answer(), school => Name(school).Claim(Account)),
        ["ILoginNameGrain.Release"] = new(Name, school => Name(school).Release(Account).Answer(), school => Name(school).Claim(Account)),
        ["IDistrictGrain.OfferSetup"] = new(District, school => District(school).OfferSetup("hash").Answer()),
        ["IDistrictGrain.BeginSetup"] = new(District, school => District(school).BeginSetup(Operation, "hash").Answer(), school => District(school).OfferSetup("hash")),
        ["IDistrictGrain.EnterSchool"] = new(District, school => District(school).EnterSchool(school.Id).Answer(), school => District(school).OfferSetup("hash")),
        ["ISchoolGrain.Put"] = new(school => school.School, school => school.School.Put(new PutSchool(TestSchool.Profile with { Name = "青禾实验小学" }), TestSchool.By).Answer()),
        ["ISchoolGrain.PutClasses"] = new(school => school.School, school => school.School.PutClasses([school.AClass(3, 2) with { Name = "三（2）班" }, school.AClass(4, 1)], TestSchool.By).Answer()),
        ["ISchoolGrain.AddClass"] = new(school => school.School, school => school.School.AddClass(Operation, 4, 1, "四年级1班", TestSchool.By).Answer()),
        ["ISchoolGrain.RemoveClass"] = new(school => school.School, school => school.School.RemoveClass(school.Class("3-10"), TestSchool.By).Answer()),
        ["ISchoolGrain.Promote"] = new(school => school.School, school => school.School.Promote(Operation, TestSchool.By).Told()),
        ["ISchoolGrain.BeginImport"] = new(school => school.School, school => school.School.BeginImport(ImportOf(school)).Answer()),
        ["ISchoolGrain.EndImport"] = new(
            school => school.School, school => school.School.EndImport(ImportOf(school), new AuditEntry(DateTimeOffset.UnixEpoch, TestSchool.By, ImportOf(school).ToString(), "名单", "import-applied", [], null, 0)).Answer(),
            school => school.School.BeginImport(ImportOf(school))),
        ["ISchoolGrain.NoteImport"] = new(school => school.School, school => school.School.NoteImport(ImportOf(school)).Answer()),
        ["ISchoolGrain.NoteToken"] = new(school => school.School, school => school.School.NoteToken(new ApiTokenId(Account.Opaque), TestSchool.By).Answer()),
        ["IDistrictGrain.Rename"] = new(District, school => District(school).Rename("青禾区教育局").Answer()),
        ["IDistrictGrain.AddAdministrator"] = new(District, school => District(school).AddAdministrator(new TeacherId(school.Id.School, "t1")).Answer()),
        ["IDistrictGrain.RemoveAdministrator"] = new(District, school => District(school).RemoveAdministrator(new TeacherId(school.Id.School, "t1")).Answer(), async school =>
        {
            Assert.True((await District(school).AddAdministrator(new TeacherId(school.Id.School, "t1"))).IsDone);
            Assert.True((await District(school).AddAdministrator(new TeacherId(school.Id.School, "t2"))).IsDone);
        }),
        ["IDistrictGrain.NextSchool"] = new(District, school => District(school).NextSchool(Operation).Answer()),
        ["IAuditChunkGrain.Write"] = new(Chunk, school => Chunk(school).Write([Entry(school, 1)]).Answer()),
        ["ITakesFactsGrain.Take of a day's log"] = new(Log, school => Log(school).Take(new Delivery($"student/{school.Id.School}/1", 7, new ChangesAre([Entry(school, 1)]))).Answer()),
        ["ITakesFactsGrain.Take of a staff list"] = new(Staff, school => Staff(school).Take(new Delivery(
            $"teacher/{school.Id.School}/t1", 7, new StaffIs(new StaffLine(new TeacherId(school.Id.School, "t1"), "陈老师", [], [], false, null)))).Answer()),
        ["ITakesFactsGrain.Take of a list of leavers"] = new(Leavers, school => Leavers(school).Take(new Delivery(
            $"student/{school.Id.School}/1", 7, new LeaverIs(new Leaver(new StudentId(school.Id.School, "1"), "王小雨", null, Left.On, Left.Reason, null)))).Answer()),
        ["ITakesFactsGrain.Take of a teacher"] = new(TheTeacher, school => TheTeacher(school).Take(new Delivery(
            $"teacher/{school.Id.School}/t2", 7, new TakenOverAre(ImmutableDictionary<string, bool>.Empty.Add(school.Class("3-2").ToString(), false), TestSchool.By))).Answer(), Employed),
        ["IBookPageGrain.Tick"] = new(Page, school => Page(school).Tick($"{Operation:N}-0", ticked: true, Mother, Operation).Answer(), WithHomework),
        ["IBookPageGrain.Tick takes away"] = new(Page, school => Page(school).Tick($"{Operation:N}-0", ticked: false, Mother, Operation).Answer(), async school =>
        {
            await WithHomework(school);
            Assert.True((await Page(school).Tick($"{Operation:N}-0", ticked: true, Mother)).IsDone);
        }),
        ["IBookPageGrain.SetMarks"] = new(Page, school => Page(school).SetMarks([new SetMark("lunch", MarkLevel.Good), new SetMark("conduct", null)], Teacher, Operation).Answer(), Enrolled),
        ["IBookPageGrain.Sign"] = new(Page, school => Page(school).Sign(new SignPage(Operation, NothingYet), Mother).Answer(), Enrolled),
        ["IBookPageGrain.Withdraw"] = new(Page, school => Page(school).Withdraw(new WithdrawSignature(new Guid(7, 0, 0, new byte[8]), "写错了"), Mother).Answer(), Signed),
        ["IBookPageGrain.Add"] = new(Page, school => Page(school).Add(new AddAddendum(Operation, "words", "还有一句"), Mother).Answer(), Signed),
        ["IBookPageGrain.Remind"] = new(Page, school => Page(school).Remind().Answer(), Enrolled),
        ["ITakesFactsGrain.Take of a month"] = new(school => school.Month(Child(school)), school => school.Month(Child(school)).Take(
            new Delivery(TestSchool.PageKey(Child(school)), 7, new ChildDayIs(["words"], DateTimeOffset.UnixEpoch))).Answer()),
        ["ITextDocumentGrain.PushText"] = new(Page, school => Push(Page(school), "answer"), Enrolled),
        ["IClassSheetGrain.AddItems"] = new(Sheet, school => Sheet(school).AddItems(Operation, [Sums, Notice], Author).Ids()),
        ["IClassSheetGrain.ChangeItem"] = new(Sheet, school => Sheet(school).ChangeItem(new ChangeSheetItem(Item, 1, "数学", "第43页"), Author).Answer(), OnSheet),
        ["IClassSheetGrain.RemoveItem"] = new(Sheet, school => Sheet(school).RemoveItem(Item, Author).Answer(), OnSheet),
        ["IClassSheetGrain.RestoreItem"] = new(Sheet, school => Sheet(school).RestoreItem(Item, Author).Answer(), async school =>
        {
            await OnSheet(school);
            Assert.True((await Sheet(school).RemoveItem(Item, Author)).IsDone);
        }),
        ["ITakesFactsGrain.Take of a sheet"] = new(Sheet, school => Sheet(school).Take(
            new Delivery(Draft(school).GetPrimaryKeyString(), 7, new DraftIs([new ReleasedItem(Item, Sums, Teacher)]))).Answer()),
        ["ISheetDraftGrain.AddItems"] = new(Draft, school => Draft(school).AddItems(Operation, [Sums, Notice], Author).Ids()),
        ["ISheetDraftGrain.ChangeItem"] = new(Draft, school => Draft(school).ChangeItem(new ChangeSheetItem(Item, 1, "数学", "第43页"), Author).Answer(), Prepared),
        ["ISheetDraftGrain.RemoveItem"] = new(Draft, school => Draft(school).RemoveItem(Item, Author).Answer(), Prepared),
        ["ISheetDraftGrain.Schedule"] = new(Draft, school => Draft(school).Schedule(AnotherOperation, school.Cluster.Clock.GetUtcNow().AddDays(1), Author).Answer(), Prepared),
        ["ISheetDraftGrain.Schedule of a time that has passed"] = new(Draft, school => Draft(school).Schedule(AnotherOperation, DateTimeOffset.UnixEpoch, Author).Answer(), Prepared),
        ["ISheetDraftGrain.Release"] = new(Draft, school => Draft(school).Release(AnotherOperation, Author).Answer(), Prepared),
        ["ISheetDraftGrain.ReleaseIfDue"] = new(Draft, school => Draft(school).ReleaseIfDue().Answer(), async school =>
        {
            await Prepared(school);
            Assert.True((await Draft(school).Schedule(AnotherOperation, school.Cluster.Clock.GetUtcNow().AddHours(1), Author)).IsDone);
            school.Later(TimeSpan.FromHours(1));
        }),
        ["ISheetTemplatesGrain.Put"] = new(Templates, school => Templates(school).Put(new SheetTemplate(Operation, "周五", [Sums, Notice])).Answer()),
        ["ISheetTemplatesGrain.Remove"] = new(
            Templates, school => Templates(school).Remove(Operation).Answer(), school => Templates(school).Put(new SheetTemplate(Operation, "周五", [Sums, Notice]))),
        ["IClassBookGrain.Put"] = new(Book, school => Book(school).Put(new ClassBookSettings(new TimeOnly(20, 0), new TimeOnly(15, 30))).Answer()),
        // How many were reminded is another answer the second time, and right so.
        ["IClassBookGrain.RemindIfDue"] = new(Book, school => ((Task)Book(school).RemindIfDue()).Answer(), async school =>
        {
            await Enrolled(school);
            var today = await school.School.Today();
            Assert.True((await school.School.Put(new PutSchool(TestSchool.Profile with
            {
                Terms = [new Term("学期", today, today, today.Year)], Holidays = [new Holiday("假期", today, today)], MakeUpDays = [new MakeUpDay(today, "补课")],
            }), TestSchool.By)).IsDone);
            Assert.True((await Book(school).Put(ClassBookSettings.Default with { RemindAt = TimeOnly.MinValue })).IsDone);
        }),
        ["ITextHistoryGrain.Write"] = new(History, school => History(school).Write(
            new TextHistoryChunk(0, [new HistoricUpdate("tab-0001", 1, new ChangeSetJson("[[0,\"a\"]]"), Teacher.Id, DateTimeOffset.UnixEpoch)])).Answer()),
        ["ITakesFactsGrain.Take of a class"] = new(school => school.ClassOf("3-2"), school => school.ClassOf("3-2").Take(
            new Delivery($"student/{school.Id.School}/1", 7, new MembershipIs("王小雨", IsMember: true, [], 0))).Answer()),
        ["ITakesFactsGrain.Take of a guardian"] = new(TheGuardian, school => TheGuardian(school).Take(
            new Delivery($"student/{school.Id.School}/1", 7, new AccessIs(Relation.Mother))).Answer(), school => TheGuardian(school).BindAccount(Account)),
        ["ITakesFactsGrain.Take of an account"] = new(TheAccount, school => TheAccount(school).Take(new Delivery(Guardian.ToString(), 7, new StandingIs())).Answer(), Opened),
        ["ITakesFactsGrain.Take of a class's day"] = new(school => school.Day("3-2"), school => school.Day("3-2").Take(
            new Delivery(new BookPageId(school.Id.School, "1", TestSchool.Today).ToString(), 7, new ChildDayIs(["words"], DateTimeOffset.UnixEpoch))).Answer()),
    };

    public static TheoryData<string, bool> All
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var name in Cases.Keys)
            {
                all.Add(name, false);
                all.Add(name, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task C1_a_command_given_twice_changes_nothing_the_second_time(string command, bool reactivated)
    {
        var school = await cluster.ASchool();
        var (actor, send, before) = Cases[command];
        await Reset(school);
        if (before is not null)
            await before(school);
        await Quiet(school);
        var untouched = Own(school);

        var first = await send(school);
        await Quiet(school);
        Assert.NotEqual(untouched, Own(school));
        if (reactivated)
            await cluster.Deactivate(actor(school));
        var once = Own(school);
        var watcher = cluster.AWatcher();
        if (actor(school) is ILiveTopicGrain topic)
            _ = await topic.Watch(watcher.Feed);

        var second = await send(school);
        await Quiet(school);

        Assert.Equal(once, Own(school));
        Assert.Empty(watcher.Events);
        // A roster's answer says whether anything changed; all others are the same.
        if (second is Answer<RosterChange> change)
            Assert.Equal(RosterChange.Unchanged, change.Value);
        else
            Assert.Equal(first, second);
    }

    [Fact]
    public void Every_command_is_given_twice()
    {
        var commands = Interfaces.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Select(method => $"{type.Name}.{method.Name}"))
            .Where(name => !Queries.Contains(name) && !EachTimeAnew.ContainsKey(name));

        Assert.Equal(
            commands.Order(StringComparer.Ordinal), Cases.Keys.Select(name => name.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_session_each_time_and_says_so()
    {
        var school = await cluster.ASchool();
        var teacher = await school.ATeacherOf("3-2");
        var account = school.Account(teacher.Account);
        var stamp = (await account.Standing())!.SecurityStamp;
        await TestSchool.Delivered(school.OutboxOfStaff());
        var watcher = cluster.AWatcher();
        var position = await account.Watch(watcher.Feed);

        await account.SignOutEverywhere();

        Assert.NotEqual(stamp, (await account.Standing())!.SecurityStamp);
        await watcher.HasHeard(position.N + 1, from: position.N + 1);
        Assert.Equal(["signed-out"], watcher.Kinds());
    }

    /// <summary>What is stored of this test's own actors, as it would be read: row by row.</summary>
    private List<string> Own(TestSchool school)
    {
        var mark = $"/{school.Id.School}";
        return [.. cluster.Storage.Snapshot()
            .Where(row => !row.Key.StartsWith(KeyKinds.OutboxWatch, StringComparison.Ordinal))
            .Where(row => row.Key.Contains(mark, StringComparison.Ordinal) || row.Key == Account.ToString() || row.Key == Guardian.ToString()
                || row.Key == SlipId(school).ToString() || row.Key == TokenId(school).ToString())
            .Select(row => $"{row.Key}: {row.Value}").Order(StringComparer.Ordinal)];
    }

    private static Task Quiet(TestSchool school) =>
        TestSchool.Delivered(school.OutboxOf(school.Class("3-2")), school.OutboxOf(school.Class("3-1")), school.OutboxOfStaff(), school.OutboxOf(Guardian), school.OutboxOf(Account));

    // The account and the guardian are those of no school; each case begins with none.
    private async Task Reset(TestSchool school)
    {
        foreach (var actor in new IAddressable[] { TheAccount(school), TheGuardian(school) })
        {
            await cluster.Deactivate(actor);
            cluster.Storage.Forget(actor.GetGrainId().Key.ToString()!);
        }
    }

    private static async Task Enrolled(TestSchool school) => Assert.True((await Student(school).Put(school.Pupil("3-2", "王小雨", TestSchool.Mother), TestSchool.By)).IsDone);

    private static async Task OnSheet(TestSchool school) => Assert.True((await Sheet(school).AddItems(Operation, [Sums, Notice], Author)).IsDone);

    private static async Task Prepared(TestSchool school) => Assert.True((await Draft(school).AddItems(Operation, [Sums, Notice], Author)).IsDone);

    private static async Task WithHomework(TestSchool school)
    {
        await Enrolled(school);
        Assert.True((await Sheet(school).AddItems(Operation, [new NewSheetItem(SheetItemKind.Homework, "语文", "背诵")], new SheetAuthor(Teacher, ["语文"]))).IsDone);
    }

    private static async Task Signed(TestSchool school)
    {
        await Enrolled(school);
        Assert.True((await Page(school).Sign(new SignPage(Operation, NothingYet), Mother)).IsDone);
    }

    private static async Task Employed(TestSchool school) => Assert.True(
        (await TheTeacher(school).Put(new PutTeacher("陈老师", null, [new ClassDuty(school.Class("3-2"), DutyKind.ClassTeacher, ["语文"])], [Office.Administrator]), TestSchool.By)).IsDone);

    private static async Task Issued(TestSchool school)
    {
        await Enrolled(school);
        Assert.True((await Student(school).IssueSlip("g1", TheSlip, DateTimeOffset.UnixEpoch, TestSchool.By)).IsDone);
    }

    private static async Task BoundToGuardian(TestSchool school)
    {
        await Issued(school);
        Assert.True((await Student(school).RedeemSlip("g1", TheSlip, Guardian, TestSchool.By)).IsDone);
    }

    private static AuditEntry Entry(TestSchool school, long revision) =>
        new(DateTimeOffset.UnixEpoch, TestSchool.By, $"student/{school.Id.School}/1", "王小雨", "student-corrected", [], null, revision);

    private static IAuditLogGrain Log(TestSchool school) => school.Actors.GetGrain<IAuditLogGrain>(new AuditDayId(school.Id.School, new DateOnly(2020, 1, 1)).ToString());

    private static IAuditChunkGrain Chunk(TestSchool school) => school.Actors.GetGrain<IAuditChunkGrain>(new AuditDayId(school.Id.School, new DateOnly(2020, 1, 1)).Chunk(0));

    private static IStaffGrain Staff(TestSchool school) => school.Actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school.Id));

    private static ILeaversGrain Leavers(TestSchool school) => school.Actors.GetGrain<ILeaversGrain>(new LeaversId(school.Id.School, 2026).ToString());

    private static async Task Opened(TestSchool school) => Assert.True((await TheAccount(school).Open(new OpenAccount("李梅", "hash", Guardian, null, null))).IsDone);

    private static async Task SignedIn(TestSchool school)
    {
        await Opened(school);
        Assert.True((await TheAccount(school).SignedIn(Laptop, From)).IsDone);
        Assert.True((await TheAccount(school).SignedIn(Phone, From)).IsDone);
    }

    private static string NewPhone(TestSchool school) => $"+86188{Convert.ToInt32(school.Id.School[1..], System.Globalization.CultureInfo.InvariantCulture):00000000}";

    private static StudentId Child(TestSchool school) => new(school.Id.School, "1");

    private static InvitationId SlipId(TestSchool school) => new($"{Convert.ToInt32(school.Id.School[1..], System.Globalization.CultureInfo.InvariantCulture):x40}");

    private static IInvitationGrain Slip(TestSchool school) => school.Actors.GetGrain<IInvitationGrain>(SlipId(school).ToString());

    private static ApiTokenId TokenId(TestSchool school) => new($"{Convert.ToInt32(school.Id.School[1..], System.Globalization.CultureInfo.InvariantCulture):x32}");

    private static IApiTokenGrain Token(TestSchool school) => school.Actors.GetGrain<IApiTokenGrain>(TokenId(school).ToString());

    private static Task<Answer<Done>> MakeToken(TestSchool school) =>
        Token(school).Make(new MakeApiToken(school.Id, "教务系统", "secret", [ApiScopes.ReadPeople], new DateTimeOffset(2027, 6, 1, 0, 0, 0, TimeSpan.Zero), Account));

    private static ImportId ImportOf(TestSchool school) => new(school.Id.School, Operation.ToString("N"));

    private static IImportGrain Import(TestSchool school) => school.Actors.GetGrain<IImportGrain>(ImportOf(school).ToString());

    private static IImportPartGrain Part(TestSchool school) => school.Actors.GetGrain<IImportPartGrain>(ImportOf(school).Part(0));

    private static Task PutPart(TestSchool school) =>
        Part(school).Put(new ImportPart([new PlannedStudent(Child(school), "王小雨", PlannedChange.Added, school.Pupil("3-2", "王小雨", TestSchool.Mother), 0, [])], []));

    private static async Task<Answer<Done>> Offer(TestSchool school)
    {
        await PutPart(school);
        return await Import(school).Offer(
            new ImportOffer("名单.xlsx", RosterFormat.Workbook, 1, new ImportCounts(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 0, [school.AClass(4, 1)], [], 0, null, [], 0), TestSchool.By);
    }

    /// <summary>What an import does goes on after its answer; it is at its end when the state is that and the people who are not needed any more are forgotten.</summary>
    private static async Task<object?> Until(TestSchool school, Task<Answer<Done>> command, ImportState state)
    {
        var answer = await command;
        await Eventually.TrueAsync(
            async () => (await Import(school).View())!.State == state && (state is ImportState.Done || await Part(school).View() is null), TimeSpan.FromSeconds(20), $"the import to be {state}");
        return answer;
    }

    private static Task<object?> Push(ITextDocumentGrain document, string section) =>
        document.PushText(new TextPush(section, 0, "tab-0001", 1, [new ChangeSetJson("[[0,\"好\"]]"), new ChangeSetJson("[1,[0,\"！\"]]")]), Teacher).Answer();

    private static IStudentGrain Student(TestSchool school) => school.Student(new StudentId(school.Id.School, "1"));

    private static ITeacherGrain TheTeacher(TestSchool school) => school.Teacher(new TeacherId(school.Id.School, "t1"));

    private static IGuardianGrain TheGuardian(TestSchool school) => school.Guardian(Guardian);

    private static IAccountGrain TheAccount(TestSchool school) => school.Account(Account);

    private static ILoginNameGrain Name(TestSchool school) => school.Actors.GetGrain<ILoginNameGrain>(LoginNameId.Staff(new TeacherId(school.Id.School, "t1")).ToString());

    private static IDistrictGrain District(TestSchool school) => school.Actors.GetGrain<IDistrictGrain>($"{KeyKinds.District}/{school.Id.School}");

    private static IBookPageGrain Page(TestSchool school) => school.Page(new StudentId(school.Id.School, "1"));

    private static IClassSheetGrain Sheet(TestSchool school) => school.Sheet("3-2");

    private static ISheetDraftGrain Draft(TestSchool school) => school.Actors.GetGrain<ISheetDraftGrain>(new SheetDraftId(school.Id.School, "3-2", TestSchool.Today).ToString());

    private static ISheetTemplatesGrain Templates(TestSchool school) => school.Actors.GetGrain<ISheetTemplatesGrain>(new SheetTemplatesId(new TeacherId(school.Id.School, "t1")).ToString());

    private static IClassBookGrain Book(TestSchool school) => school.Actors.GetGrain<IClassBookGrain>(new ClassBookId(school.Class("3-2")).ToString());

    private static ITextHistoryGrain History(TestSchool school) =>
        school.Actors.GetGrain<ITextHistoryGrain>(new TextHistoryId(TestSchool.PageKey(new StudentId(school.Id.School, "1")), "words", 0).ToString());
}

file static class Answers
{
    public static async Task<object?> Answer<T>(this Task<T> task) => await task;

    // A list in a record is compared by its identity: the answer is shown instead.
    public static async Task<object?> Told(this Task<Answer<Promotion>> task)
    {
        var answer = await task;
        return answer.Value is { } promotion ? $"{promotion.At}: {string.Join(", ", promotion.Moves)}" : answer.Refusal!.Code;
    }

    public static async Task<object?> Ids(this Task<Answer<SheetItemsAdded>> task) => string.Join(' ', (await task).Value!.Items);

    public static async Task<object?> Answer(this Task task)
    {
        await task;
        return null;
    }
}
