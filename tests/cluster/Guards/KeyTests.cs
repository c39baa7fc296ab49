using System.Reflection;
using SchoolHome.Live;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Guards;

/// <summary>Keys are in every stored row, so they never change; and no two spellings are one actor's.</summary>
public sealed class KeyTests
{
    /// <summary>Only ever added to. A kind that is renamed or given away orphans its rows.</summary>
    private static readonly string[] Kinds =
    [
        "account", "api-token", "audit", "audit-chunk", "book-month", "class", "class-book", "class-day", "district", "guardian", "import", "import-part", "invite", "leavers", "live-directory", "live-renewal", "login", "outbox-watch",
        "page", "school", "sheet", "sheet-draft", "sheet-templates", "staff", "student", "teacher", "text-history", "text-message",
    ];

    private const string Opaque = "0123456789abcdef0123456789abcdef";
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";

    private static readonly Dictionary<Type, Func<string, object?>> Parsers = new()
    {
        [typeof(SchoolId)] = key => SchoolId.TryParse(key, out var id) ? id : null,
        [typeof(ClassId)] = key => ClassId.TryParse(key, out var id) ? id : null,
        [typeof(StudentId)] = key => StudentId.TryParse(key, out var id) ? id : null,
        [typeof(TeacherId)] = key => TeacherId.TryParse(key, out var id) ? id : null,
        [typeof(GuardianId)] = key => Parsed(() => GuardianId.Parse(key)),
        [typeof(AccountId)] = key => AccountId.TryParse(key, out var id) ? id : null,
        [typeof(ClassSheetId)] = key => ClassSheetId.TryParse(key, out var id) ? id : null,
        [typeof(BookPageId)] = key => BookPageId.TryParse(key, out var id) ? id : null,
        [typeof(ClassDayId)] = key => ClassDayId.TryParse(key, out var id) ? id : null,
        [typeof(SheetDraftId)] = key => SheetDraftId.TryParse(key, out var id) ? id : null,
        [typeof(ClassBookId)] = key => Parsed(() => ClassBookId.Parse(key)),
        [typeof(BookMonthId)] = key => Parsed(() => BookMonthId.Parse(key)),
        [typeof(ImportId)] = key => ImportId.TryParse(key, out var id) ? id : null,
        [typeof(AuditDayId)] = key => AuditDayId.TryParse(key, out var id) ? id : null,
        [typeof(InvitationId)] = key => Parsed(() => InvitationId.Parse(key)),
        [typeof(ApiTokenId)] = key => Parsed(() => ApiTokenId.Parse(key)),
    };

    public static TheoryData<string> Keys =>
    [
        "school/s01", "class/s01/3-2", "class/s01/3-10", "class/s01/12-1-a", "student/s01/0042", "student/s01/42", "student/s01/2026110001", "teacher/s01/t017", $"guardian/{Opaque}",
        $"account/{Opaque}", "sheet/s01/3-2/2026-11-23", "page/s01/0042/2026-11-23", "class-day/s01/3-2/2026-02-28", "class/s01/2024-2", $"import/s01/{Opaque}", "audit/s01/2026-11-23", $"invite/{Hash}",
        $"api-token/{Opaque}", "book-month/s01/0042/2026-11", "sheet-draft/s01/3-2/2026-11-23", "class-book/s01/2024-2",
    ];

    [Fact]
    public void The_kinds_of_keys_are_those_that_rows_have() =>
        Assert.Equal(Kinds, typeof(KeyKinds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_is_read_by_its_own_kind_of_id_alone_and_written_as_it_was(string key)
    {
        var read = Parsers.Values.Select(parse => parse(key)).Where(id => id is not null).ToArray();

        Assert.Equal(key, Assert.Single(read)!.ToString());
    }

    public static TheoryData<string> Malformed =>
    [
        "", "/", "student", "student/", "student//0042", "student/s01", "student/s01/", "student/s01/0042/", "/student/s01/0042", "student/s01/0042/x", "Student/s01/0042",
        "student/S01/0042", "student/s01/T17", "student/s01/00 42", " student/s01/0042", "student/s01/0042 ", "student/s01/0042\n", "student/s01\n/0042", "student/s01/４２", "student/s01/张",
        "student/s01/../x", "student/s01/-", "student/s01/1234567890123456789012345", "school/1234567890123", "school/", "school/s01\n", "class/s01/3-", "class/s01/-3", "class/s01/3--2",
        "class/s01/3-2-1-0", "class/s01/3-2\n", "teacher/s01/t017\n", "guardian/", $"guardian/{Opaque}0", $"guardian/{Opaque}\n", "guardian/0123456789ABCDEF0123456789ABCDEF",
        $"account/{Opaque[1..]}", $"account/{Opaque}\n", "sheet/s01/3-2/2026-11-31", "sheet/s01/3-2/2026-1-3", "sheet/s01/3-2/20261123", "sheet/s01/3-2/2026-11-23\n", "sheet/s01/3-2",
        "page/s01/0042/23-11-2026", "page/s01/0042/２０２６-11-23", "class-day/s01/3-2/", "district/main", "0042", "42",
        $"import/{Opaque}", $"import/s01/{Opaque}/0", $"import/s01/{Hash}", $"import/s01/{Opaque}\n", "import/s01/0123456789ABCDEF0123456789ABCDEF", "audit/s01", "audit/s01/2026-11-31", "audit/s01/2026-11-23/0",
        "book-month/s01/0042", "book-month/s01/0042/2026-13", "book-month/s01/0042/2026-11-01", "book-month/s01/0042/2026-1", "book-month/s01/0042/2026-11\n", "book-month/s01/3/2/2026-11",
        "sheet-draft/s01/3-2", "sheet-draft/s01/3-2/2026-11-31", "sheet-draft/s01/3-2/2026-11-23\n", "sheet-draft/s01/3-2/2026-11-23/0", "class-book/s01", "class-book/s01/3-2\n", "class-book/s01/3-2/x",
        $"invite/{Opaque}", $"invite/{Hash}\n", $"invite/{Hash.ToUpperInvariant()}", $"api-token/{Hash}", $"api-token/{Opaque}\n",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_key_is_no_id(string key) => Assert.DoesNotContain(Parsers.Values, parse => parse(key) is not null);

    [Fact]
    public void An_id_that_is_malformed_is_not_made_of_its_parts_either()
    {
        Assert.False(StudentId.TryCreate("s01", "0042\n", out _));
        Assert.False(StudentId.TryCreate("s01", null, out _));
        Assert.False(StudentId.TryCreate(null, "0042", out _));
        Assert.False(ClassId.TryCreate("s01", "3/2", out _));
        Assert.False(TeacherId.TryCreate("s/1", "t017", out _));
        Assert.False(AccountId.TryCreate($"{Opaque}\n", out _));
        Assert.False(SchoolId.TryCreate("s01/", out _));
        Assert.True(StudentId.TryCreate("s01", "0042", out var student));
        Assert.Equal("student/s01/0042", student.ToString());
    }

    [Theory]
    [InlineData("+8619910000001", true)]
    [InlineData("19910000001", false)]
    [InlineData("+019910000001", false)]
    [InlineData("+8619910000001\n", false)]
    [InlineData("+86 199 1000 0001", false)]
    public void A_phone_number_to_sign_in_with_is_written_one_way_and_never_stands_in_a_key(string phone, bool good)
    {
        if (!good)
        {
            Assert.Throws<FormatException>(() => LoginNameId.Phone(phone));
            return;
        }

        var key = LoginNameId.Phone(phone).ToString();
        Assert.StartsWith("login/phone/", key, StringComparison.Ordinal);
        Assert.DoesNotContain(phone[1..], key, StringComparison.Ordinal);
        Assert.NotEqual(key, LoginNameId.Phone("+8619910000002").ToString());
    }

    [Fact]
    public void Every_key_that_is_made_begins_with_its_kind()
    {
        var day = new DateOnly(2026, 11, 23);
        string[] keys =
        [
            new SchoolId("s01").ToString(), new ClassId("s01", "3-2").ToString(), new StudentId("s01", "0042").ToString(), new TeacherId("s01", "t017").ToString(), GuardianId.New().ToString(),
            AccountId.New().ToString(), new ClassSheetId("s01", "3-2", day).ToString(), new BookPageId("s01", "0042", day).ToString(), new ClassDayId("s01", "3-2", day).ToString(),
            new TextHistoryId(new BookPageId("s01", "0042", day).ToString(), "words", 3).ToString(), LoginNameId.Staff(new TeacherId("s01", "t017")).ToString(),
            LoginNameId.Student(new StudentId("s01", "0042")).ToString(), School.IDistrictGrain.TheKey, ILiveDirectoryGrain.TheKey, ILiveRenewalGrain.TheKey,
            Grains.Durability.OutboxWatches.OfClass(new ClassId("s01", "3-2")), Grains.Durability.OutboxWatches.OfStaff(new SchoolId("s01")),
            Grains.Durability.OutboxWatches.OfGuardians(GuardianId.New()), Grains.Durability.OutboxWatches.OfAccounts(AccountId.New()),
            new ImportId("s01", Opaque).ToString(), new ImportId("s01", Opaque).Part(3), new AuditDayId("s01", day).ToString(), new AuditDayId("s01", day).Chunk(3), new LeaversId("s01", 2026).ToString(),
            new InvitationId(Hash).ToString(), ApiTokenId.New().ToString(), SchoolHome.People.IStaffGrain.KeyOf(new SchoolId("s01")), Grains.People.AccountMessages.GatewayOf(AccountId.New()),
            new SheetDraftId("s01", "3-2", day).ToString(), new SheetTemplatesId(new TeacherId("s01", "t017")).ToString(), new ClassBookId(new ClassId("s01", "3-2")).ToString(),
            BookMonthId.Of(new StudentId("s01", "0042"), day).ToString(), LoginNameId.Number("12345678").ToString(), LoginNameId.OpenId("https://id.example", "sub").ToString(),
        ];

        Assert.Equal(Kinds, keys.Select(key => key.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Theory]
    [InlineData("ABCDE-FGH23", true)]
    [InlineData(" abcde fgh23 ", true)]
    [InlineData("ABCDEFGH2", false)]
    [InlineData("ABCDEFGH234", false)]
    [InlineData("ABCDEFGH2O", false)]
    [InlineData("ABCDEFGH21", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_code_of_a_slip_is_read_as_people_type_it_and_stands_in_no_key(string? typed, bool good)
    {
        var slip = InvitationId.OfCode(typed);

        Assert.Equal(good ? InvitationId.OfCode("ABCDEFGH23") : null, slip);
        Assert.DoesNotContain("ABCDE", slip.ToString() ?? "", StringComparison.OrdinalIgnoreCase);
    }

    private static object? Parsed(Func<object> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>The same, of what is stored under the keys.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class LookAlikeTests(SchoolCluster cluster)
{
    [Fact]
    public async Task Numbers_that_look_alike_are_different_people()
    {
        var school = await cluster.ASchool();
        var (long1, short1) = (school.Student(new StudentId(school.Id.School, "0042")), school.Student(new StudentId(school.Id.School, "42")));

        Assert.True((await long1.Put(school.Pupil("3-2", "王小雨"), TestSchool.By)).IsDone);
        Assert.Null(await short1.Profile());
        Assert.True((await short1.Put(school.Pupil("3-2", "李小明"), TestSchool.By)).IsDone);
        await cluster.Deactivate(long1);
        await cluster.Deactivate(short1);

        Assert.Equal("王小雨", (await long1.Profile())!.Name);
        Assert.Equal("李小明", (await short1.Profile())!.Name);
    }
}
