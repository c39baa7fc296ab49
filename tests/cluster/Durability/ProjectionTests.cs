using System.Collections.Immutable;
using System.Globalization;
using Orleans.Runtime;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Durability;

/// <summary>
/// The named check of the projections: the class's roster, the class's day and the guardian's children are what can be recomputed from the students, the teachers and the pages,
/// whatever was commanded, in whatever order, and whatever failed.
/// </summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class ProjectionTests(SchoolCluster cluster)
{
    private static readonly string[] Classes = ["3-1", "3-2", "3-10"];
    private static readonly int[] Years = [2026, 2027];
    private static readonly string[] Sections = ["answer", "results"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public async Task Projections_equal_what_is_recomputed_from_the_owners(int seed, bool faults)
    {
        var play = new Play(cluster, await cluster.ASchool(), new Random(seed), faults);
        await play.Begin();
        for (var i = 0; i < 120; i++)
            await play.Step();

        await play.Settle();

        await play.CheckRosters();
        await play.CheckDays();
        await play.CheckMonths();
        await play.CheckGuardians();
        await play.CheckStaff();
        await play.CheckLeavers();
        await play.CheckAuditLog();
    }

    private sealed class Play(SchoolCluster cluster, TestSchool school, Random random, bool faults)
    {
        private readonly List<StudentId> _students = [];
        private readonly List<TeacherId> _teachers = [];
        private readonly GuardianId[] _guardians = [GuardianId.New(), GuardianId.New(), GuardianId.New()];
        private readonly Dictionary<(string Document, string Section), Tab> _tabs = [];

        private static Participant Mother { get; } = new("00000000000000000000000000000001", "李梅", ParticipantRole.Guardian, Relation.Mother);

        private Participant Teacher { get; } = new("00000000000000000000000000000000", "陈老师", ParticipantRole.ClassTeacher, null);

        public async Task Begin()
        {
            for (var i = 0; i < 6; i++)
            {
                _students.Add(school.NewStudent());
                await PutStudent(i);
            }

            for (var i = 0; i < 3; i++)
                _teachers.Add(new TeacherId(school.Id.School, string.Create(CultureInfo.InvariantCulture, $"t{i}")));
            foreach (var guardian in _guardians.Take(2))
                Assert.True((await school.Guardian(guardian).BindAccount(AccountId.New())).IsDone);
        }

        public async Task Step()
        {
            if (faults && random.Next(4) == 0)
                await Fault();

            await (random.Next(13) switch
            {
                0 => PutStudent(random.Next(_students.Count)),
                1 => PutTeacher(),
                2 or 3 => Bind(),
                4 => End(),
                5 => Go(),
                6 => Restrict(),
                7 => TakeOver(),
                8 => Write(school.Page(Any(_students)), Any(Sections)),
                9 => Mark(),
                10 => Sign(),
                11 => Withdraw(),
                _ => WriteSheet(Any(Classes)),
            });
        }

        public Task Settle() => TestSchool.Delivered(
        [
            .. Classes.Select(one => school.OutboxOf(school.Class(one))),
            school.OutboxOfStaff(),
            .. _guardians.Select(school.OutboxOf),
        ]);

        public async Task CheckRosters()
        {
            foreach (var name in Classes)
            {
                var students = new List<string>();
                foreach (var student in _students)
                {
                    if (await Patiently.Ask(school.Student(student).Profile) is { } profile && profile.Class == school.Class(name))
                        students.Add($"{student} {profile.Name} {string.Join(',', profile.Guardians.Select(entry => entry.Name))} {profile.Guardians.Count(entry => entry.HasAccess)}");
                }

                var teachers = new List<string>();
                foreach (var teacher in _teachers)
                {
                    if (await Patiently.Ask(school.Teacher(teacher).Profile) is { } profile && profile.DutyIn(school.Class(name)) is { } duty)
                        teachers.Add($"{teacher} {profile.Name} {duty.Kind} {string.Join(',', duty.Subjects)}");
                }

                var roster = await Patiently.Ask(school.ClassOf(name).Roster);
                Assert.Equal(students, roster?.Students.Select(student => $"{student.Student} {student.Name} {string.Join(',', student.Guardians)} {student.Joined}") ?? []);
                Assert.Equal(
                    teachers.Order(StringComparer.Ordinal),
                    (roster?.Teachers.Select(teacher => $"{teacher.Teacher} {teacher.Name} {teacher.Duty} {string.Join(',', teacher.Subjects)}") ?? []).Order(StringComparer.Ordinal));
            }
        }

        public async Task CheckDays()
        {
            foreach (var name in Classes)
            {
                var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
                foreach (var student in _students)
                {
                    var written = cluster.Storage.Stored<BookPageState>(TestSchool.PageKey(student));
                    var profile = (await Patiently.Ask(school.Student(student).Profile))!;
                    if (written is not null && written.Class == school.Class(name))
                        expected[student.Number] = $"{profile.Name}: {Shown((await Patiently.Ask(school.Page(student).View))!)}";
                    else if (profile.Class == school.Class(name))
                        expected[student.Number] = $"{profile.Name}:   0 0";
                }

                var day = await Patiently.Ask(school.Day(name).View);
                Assert.Equal(
                    expected.Select(one => $"{one.Key} {one.Value}"), day?.Children.Select(child => $"{child.Student} {child.Name}: {Shown(child)}") ?? []);
                if (day is not null)
                {
                    var sheet = await Patiently.Ask(school.Sheet(name).View);
                    var items = sheet.Items.Where(item => !item.IsRemoved).ToArray();
                    Assert.Equal(items.Select(item => item.Kind.ToString().ToLowerInvariant()).Distinct(), day.SheetFilled);
                    Assert.Equal((sheet.Version, items.Count(item => item.Kind is SheetItemKind.Homework or SheetItemKind.Bring)), (day.SheetVersion, day.Tickable));
                }
            }
        }

        /// <summary>A child's month, of all that its pages of the month say.</summary>
        public async Task CheckMonths()
        {
            foreach (var student in _students)
            {
                var expected = new List<string>();
                if (cluster.Storage.Stored<BookPageState>(TestSchool.PageKey(student)) is not null)
                {
                    var page = (await Patiently.Ask(school.Page(student).View))!;
                    var signed = page.Signatures.Where(signature => signature.Withdrawn is null).Select(signature => signature.For).Distinct().Order();
                    expected.Add($"{page.Date} {string.Join(',', Filled(page.Sections))} {page.Marks.Length} {string.Join(',', signed)} {page.Addenda.Length}");
                }

                Assert.Equal(
                    expected, (await Patiently.Ask(school.Month(student).Days)).Select(day => $"{day.Date} {string.Join(',', day.Filled)} {day.Marks} {string.Join(',', day.Signed)} {day.Addenda}"));
            }
        }

        public async Task CheckGuardians()
        {
            foreach (var guardian in _guardians)
            {
                var children = new List<GuardianChild>();
                foreach (var student in _students)
                {
                    if ((await Patiently.Ask(school.Student(student).Profile))?.AccessOf(guardian) is { } entry)
                        children.Add(new GuardianChild(student, entry.Relation));
                }

                Assert.Equal(children, await Patiently.Ask(school.Guardian(guardian).Children));
            }
        }

        public async Task CheckStaff()
        {
            var expected = new List<string>();
            foreach (var teacher in _teachers)
            {
                if (await Patiently.Ask(school.Teacher(teacher).Profile) is { } profile)
                    expected.Add($"{teacher} {profile.Name} {Shown(profile.Duties)}");
            }

            var staff = await Patiently.Ask(school.Actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school.Id)).List);
            Assert.Equal(expected, staff.Select(line => $"{line.Teacher} {line.Name} {Shown(line.Classes)}"));

            static string Shown(IEnumerable<ClassDuty> duties) => string.Join(", ", duties.Select(duty => $"{duty.Class} {duty.Kind} {string.Join(',', duty.Subjects)}"));
        }

        public async Task CheckLeavers()
        {
            foreach (var year in Years)
            {
                var expected = new List<Leaver>();
                foreach (var student in _students)
                {
                    if (await Patiently.Ask(school.Student(student).Profile) is { Left: { } left } profile && left.On.Year == year)
                        expected.Add(new Leaver(student, profile.Name, left.Class, left.On, left.Reason, profile.External));
                }

                Assert.Equal<Leaver>(expected, await Patiently.Ask(school.Actors.GetGrain<ILeaversGrain>(new LeaversId(school.Id.School, year).ToString()).List));
            }
        }

        /// <summary>Every change of everybody is in the days' logs, once.</summary>
        public async Task CheckAuditLog()
        {
            var expected = new List<AuditEntry>();
            foreach (var student in _students)
                expected.AddRange(await Patiently.Ask(school.Student(student).History));
            foreach (var teacher in _teachers)
                expected.AddRange(await Patiently.Ask(school.Teacher(teacher).History));

            var logged = new List<AuditEntry>();
            var days = expected.Select(entry => DateOnly.FromDateTime(entry.At.UtcDateTime)).SelectMany(day => new[] { day, day.AddDays(1) }).Distinct().ToArray();
            foreach (var day in days)
            {
                var log = school.Actors.GetGrain<IAuditLogGrain>(new AuditDayId(school.Id.School, day).ToString());
                for (var page = await Patiently.Ask(() => log.Page(null)); ; page = await Patiently.Ask(() => log.Page(page.Older)))
                {
                    logged.AddRange(page.Entries);
                    if (page.Older is null)
                        break;
                }
            }

            Assert.NotEmpty(expected);
            Assert.Equal(Shown(expected), Shown(logged.Where(entry => entry.Subject != school.Id.ToString())));

            static IEnumerable<string> Shown(IEnumerable<AuditEntry> entries) =>
                entries.Select(entry => $"{entry.Subject} {entry.Revision:0000} {entry.What} {string.Join("; ", entry.Changes)}").Order(StringComparer.Ordinal);
        }

        private async Task Go()
        {
            var student = school.Student(Any(_students));
            var answer = (await Patiently.Ask(student.Profile))!.Left is null
                ? await Patiently.Ask(() => student.Leave(new LeaveSchool(new DateOnly(Any(Years), 12, 31), "转学"), TestSchool.By))
                : await Patiently.Ask(() => student.Return(school.Class(Any(Classes)), TestSchool.By));
            Assert.True(answer.Refusal is null or Conflict { Code: "student-has-not-left" });
        }

        private async Task Restrict()
        {
            var (student, entry, to) = (school.Student(Any(_students)), random.Next(2) == 0 ? "g1" : "g2", (CustodyRestriction)random.Next(3));
            Assert.True((await Patiently.Ask(() => student.RestrictGuardian(entry, to, "判决书", TestSchool.By))).IsDone);
        }

        private async Task TakeOver()
        {
            var (teacher, from, @class) = (school.Teacher(Any(_teachers)), Any(_teachers), school.Class(Any(Classes)));
            var stays = random.Next(2) == 0;
            var answer = await Patiently.Ask(() => teacher.TakeOver(@class, from, stays, TestSchool.By));
            Assert.True(answer.Refusal is null or NotFound);
        }

        private static string Shown(BookPageView page)
        {
            var signed = page.Signatures.Where(signature => signature.Withdrawn is null).GroupBy(signature => signature.For).OrderBy(group => group.Key);
            return string.Join(
                ' ',
                string.Join(',', Filled(page.Sections)),
                string.Join(',', page.Marks.Select(mark => $"{mark.Mark}:{mark.Level}")) + string.Join(',', signed.Select(group => $"{group.Key}:{group.Max(signature => signature.Seen.Sheet)}")),
                page.Addenda.Length,
                page.Ticks.Length);
        }

        private static string Shown(ChildDayView child) => string.Join(
            ' ',
            string.Join(',', child.Filled),
            string.Join(',', child.Marks.Select(mark => $"{mark.Mark}:{mark.Level}")) + string.Join(',', child.Signed.Select(signed => $"{signed.For}:{signed.Sheet}")),
            child.Addenda,
            child.Ticked.Length);

        private static IEnumerable<string> Filled(IEnumerable<SectionView> sections) =>
            sections.Where(section => !string.IsNullOrWhiteSpace(section.Text)).Select(section => section.Section);

        private async Task PutStudent(int i)
        {
            // A command is drawn once, however often it is repeated. The number of somebody who has left is not given to another name.
            var pupil = school.Pupil(Any(Classes), $"学生{random.Next(3)}", TestSchool.Mother, TestSchool.Father);
            Assert.True((await Patiently.Ask(() => school.Student(_students[i]).Put(pupil, TestSchool.By))).Refusal is null or Conflict { Code: "number-taken" });
        }

        private async Task PutTeacher()
        {
            var duties = Classes.Where(_ => random.Next(2) == 0)
                .Select(one => new ClassDuty(school.Class(one), random.Next(2) == 0 ? DutyKind.ClassTeacher : DutyKind.SubjectTeacher, ["语文"]));
            var command = new PutTeacher($"老师{random.Next(2)}", null, [.. duties], []);
            var teacher = school.Teacher(Any(_teachers));
            Assert.True((await Patiently.Ask(() => teacher.Put(command, TestSchool.By))).Refusal is null or Conflict { Code: "number-taken" });
        }

        private async Task Bind()
        {
            var (student, entry, guardian) = (school.Student(Any(_students)), random.Next(2) == 0 ? "g1" : "g2", Any(_guardians));
            var slip = InvitationId.OfCode(InvitationId.NewCode())!.Value;
            if ((await Patiently.Ask(() => student.IssueSlip(entry, slip, DateTimeOffset.MaxValue, TestSchool.By))).Refusal is { } refused)
            {
                Assert.True(refused is Conflict { Code: "access-restricted" or "student-has-left" });
                return;
            }

            var answer = await Patiently.Ask(() => student.RedeemSlip(entry, slip, guardian, TestSchool.By));
            Assert.True(answer.Refusal is null or Conflict { Code: "entry-bound-to-another" });
        }

        private async Task End()
        {
            var (student, entry) = (school.Student(Any(_students)), random.Next(2) == 0 ? "g1" : "g2");
            Assert.True((await Patiently.Ask(() => student.EndGuardianAccess(entry, TestSchool.By))).IsDone);
        }

        private async Task Write(ITextDocumentGrain document, string section)
        {
            var key = (document.GetPrimaryKeyString(), section);
            if (!_tabs.TryGetValue(key, out var tab))
                _tabs[key] = tab = new Tab(document, Teacher, section);

            // Decided once: what is asked again after an unknown outcome is the same push.
            var clears = tab.Length > 0 && random.Next(2) == 0;
            var answer = await Patiently.Ask(() => clears ? tab.Clear() : tab.Write("好"));
            // Who has left and never wrote has no page.
            Assert.True(answer.Refusal is null or NotFound or Conflict { Code: TextCodes.Sealed }, answer.Refusal?.Code);
        }

        private async Task WriteSheet(string @class)
        {
            // Drawn once, however often it is repeated.
            var (operation, release, author) = (Guid.NewGuid(), Guid.NewGuid(), new SheetAuthor(Teacher, []));
            var (sheet, draft) = (school.Sheet(@class), school.Actors.GetGrain<ISheetDraftGrain>(new SheetDraftId(school.Id.School, @class, TestSchool.Today).ToString()));
            var there = (await Patiently.Ask(sheet.View)).Items;
            var item = there.IsEmpty ? "" : Any(there).Item;
            var content = new NewSheetItem((SheetItemKind)random.Next(4), "语文", "好");
            Refusal? refused;
            switch (there.IsEmpty ? 0 : random.Next(5))
            {
                case 0 or 1:
                    refused = (await Patiently.Ask(() => sheet.AddItems(operation, [content], author))).Refusal;
                    break;
                case 2:
                    refused = (await Patiently.Ask(() => sheet.RemoveItem(item, author))).Refusal;
                    break;
                case 3:
                    refused = (await Patiently.Ask(() => sheet.RestoreItem(item, author))).Refusal;
                    break;
                default:
                    refused = (await Patiently.Ask(() => draft.AddItems(operation, [content], author))).Refusal ?? (await Patiently.Ask(() => draft.Release(release, author))).Refusal;
                    break;
            }

            Assert.Null(refused);
        }

        private async Task Mark()
        {
            var (page, mark) = (school.Page(Any(_students)), new SetMark(Any(QuickMarks.Known), random.Next(3) == 0 ? null : (MarkLevel)random.Next(3)));
            var answer = await Patiently.Ask(() => page.SetMarks([mark], Teacher));
            Assert.True(answer.Refusal is null or NotFound or Conflict { Code: TextCodes.Sealed }, answer.Refusal?.Code);
        }

        private async Task Sign()
        {
            var (page, by, operation) = (school.Page(Any(_students)), random.Next(2) == 0 ? Teacher : Mother, Guid.NewGuid());
            if (await Patiently.Ask(page.View) is not { } seen)
                return;

            var sheet = await Patiently.Ask(school.Actors.GetGrain<IClassSheetGrain>(seen.SheetTopic).View);
            var versions = seen.Sections.ToImmutableSortedDictionary(section => section.Section, section => section.Version);
            var answer = await Patiently.Ask(() => page.Sign(new SignPage(operation, new SeenVersions(versions, seen.Entries, sheet.Version)), by));
            // What a draft has released may come to the sheet in between.
            Assert.True(answer.Refusal is null or Stale or Conflict { Code: "signed-already" or "too-many-signatures" }, answer.Refusal?.Code);
            if (answer.IsDone)
                Assert.True((await Patiently.Ask(() => page.Add(new AddAddendum(operation, by == Teacher ? "results" : "words", "还有一句"), by))).Refusal is null or Conflict { Code: "too-many-addenda" });
        }

        private async Task Withdraw()
        {
            var (page, by, operation) = (school.Page(Any(_students)), random.Next(2) == 0 ? Teacher : Mother, Guid.NewGuid());
            var answer = await Patiently.Ask(() => page.Withdraw(new WithdrawSignature(operation, "写错了"), by));
            Assert.True(answer.Refusal is null or NotFound or Conflict { Code: "not-signed" }, answer.Refusal?.Code);
        }

        private async Task Fault()
        {
            string[] keys =
            [
                .. _students.Select(student => student.ToString()), .. _students.Select(TestSchool.PageKey), .. _guardians.Select(guardian => guardian.ToString()),
                .. _students.Select(student => school.Month(student).GetPrimaryKeyString()), .. Classes.Select(one => school.Class(one).ToString()), .. Classes.Select(one => school.Day(one).GetPrimaryKeyString()), .. Classes.Select(one => school.Sheet(one).GetPrimaryKeyString()),
            ];
            if (random.Next(3) == 0)
                await cluster.Deactivate(random.Next(2) == 0 ? (IAddressable)school.Student(Any(_students)) : school.Page(Any(_students)));
            else
                cluster.Storage.FailWrites(Any(keys), random.Next(2) == 0 ? Failure.BeforeStoring : Failure.AfterStoring);
        }

        private T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
    }
}
