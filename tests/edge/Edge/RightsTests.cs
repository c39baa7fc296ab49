using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.Edge;

/// <summary>
/// Negative rights: each endpoint × nobody, the wrong role, somebody else's child, class and school. An endpoint that the table does not know fails
/// the first test. What is not yours is 404, never 403, and looks like what does not exist.
/// </summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class RightsTests(DemoSchool school)
{
    private const string ChildOfAnotherClass = "2026310247";

    private static readonly string Class = DemoSchool.Class;
    private static readonly string BesideClass = DemoSchool.ClassOf(3, 1);
    private static readonly string OtherGrade = DemoSchool.ClassOf(4, 1);
    private static readonly (string Card, string Path)[] NoDistrictAdministrator = [("class-teacher", ""), ("subject-teacher", ""), ("mother", ""), ("student", "")];

    // Nobody's import: what is another school's, what never was, and what is no id at all look the same.
    private static readonly (string Card, string Path)[] OfNoImport =
    [
        .. ForAdministratorsOnly("/0123456789abcdef0123456789abcdef"), ("administrator", "s01/0123456789abcdef0123456789abcdef"), ("administrator", "s01/nonsense"),
    ];

    private static readonly object OneItem = new { items = new[] { new { kind = "homework", subject = "数学", text = "没有人写" } } };
    private static readonly object AChange = new { version = 1, subject = "数学", text = "没有人改" };

    private static readonly (string Card, string Path)[] OfNobodysClassBook =
    [
        ("mother", $"s01/{Class}"), ("student", $"s01/{Class}"), ("administrator", $"s01/{Class}"), ("class-teacher", $"s01/{BesideClass}"), ("class-teacher", $"s02/{Class}"), ("class-teacher", "s01/9-9"),
        ("class-teacher", "s01/nonsense!"),
    ];

    private static readonly Endpoint[] Table =
    [
        new("GET /api/session", Audience.Anybody),
        new("POST /api/session/sign-in", Audience.Anybody, new { login = "", password = "" }),
        new("POST /api/session/sign-out", Audience.Anybody),
        new("POST /api/session/sign-out-everywhere", Audience.SignedIn),
        new("PUT /api/session/language", Audience.SignedIn, new { language = "zh-CN" }),
        new("PUT /api/session/password", Audience.SignedIn, new { currentPassword = "", newPassword = "" }),
        new("POST /api/session/password-hint", Audience.Anybody, new { password = "" }),
        new("GET /api/session/devices", Audience.SignedIn),
        new("POST /api/session/devices/{device}/sign-out", Audience.Some, new { forget = false }) { NotYours = [("mother", new string('0', 32)), ("administrator", "nonsense")] },
        new("GET /api/session/names", Audience.SignedIn),
        new("POST /api/session/phone/code", Audience.SignedIn, new { phone = "" }),
        new("PUT /api/session/phone", Audience.SignedIn, new { phone = "", password = "" }),
        new("GET /api/session/notices", Audience.SignedIn),
        new("POST /api/session/notices/read", Audience.SignedIn),
        new("GET /api/session/open-id", Audience.Anybody),
        new("GET /api/session/open-id/done", Audience.Anybody),
        new("POST /api/join/check", Audience.Anybody, new { code = "", phoneTail = "" }),
        new("POST /api/join", Audience.Anybody, new { code = "", phoneTail = "", @as = "phone" }),
        new("GET /api/schools/{school}/tokens", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },
        new("POST /api/schools/{school}/tokens", Audience.Some, new { name = "", scopes = Array.Empty<string>(), days = 0 }) { NotYours = ForAdministratorsOnly("") },
        new("POST /api/schools/{school}/tokens/{token}/revoke", Audience.Some)
        {
            NotYours = [.. ForAdministratorsOnly($"/{new string('0', 32)}"), ("administrator", $"s01/{new string('0', 32)}"), ("administrator", "s01/nonsense")],
        },
        new("GET /api/setup", Audience.Anybody),
        new("POST /api/setup", Audience.Anybody, new { token = "", schoolName = "", name = "", phone = "", password = "" }),
        new("GET /api/demo/cards", Audience.Anybody),
        new("POST /api/demo/sign-in", Audience.Anybody, new { card = "nobody" }),
        new("GET /api/book/today", Audience.SignedIn),
        new("GET /api/book/sheets/{school}/{class}/{date}", Audience.Some)
        {
            Yours = [("mother", $"s01/{Class}/{{today}}"), ("student", $"s01/{Class}/{{today}}"), ("subject-teacher", $"s01/{BesideClass}/{{today}}")],
            NotYours =
            [
                ("mother", $"s01/{BesideClass}/{{today}}"), ("student", $"s01/{BesideClass}/{{today}}"), ("class-teacher", $"s01/{BesideClass}/{{today}}"), ("subject-teacher", $"s01/{OtherGrade}/{{today}}"),
                ("administrator", $"s01/{Class}/{{today}}"), ("mother", $"s02/{Class}/{{today}}"), ("mother", $"s01/{Class}/2000-01-01"), ("mother", $"s01/{Class}/today"), ("mother", "s01/3-99/{today}"),
            ],
        },
        new("GET /api/book/pages/{school}/{student}/{date}", Audience.Some)
        {
            Yours =
            [
                ("mother", $"s01/{DemoSchool.Child}/{{today}}"), ("student", $"s01/{DemoSchool.Child}/{{today}}"), ("class-teacher", $"s01/{DemoSchool.OtherChild}/{{today}}"),
                ("subject-teacher", $"s01/{ChildOfAnotherClass}/{{today}}"),
            ],
            NotYours =
            [
                ("mother", $"s01/{DemoSchool.OtherChild}/{{today}}"), ("other-father", $"s01/{DemoSchool.Child}/{{today}}"), ("two-children", $"s01/{DemoSchool.Child}/{{today}}"),
                ("student", $"s01/{DemoSchool.OtherChild}/{{today}}"), ("class-teacher", $"s01/{ChildOfAnotherClass}/{{today}}"), ("administrator", $"s01/{DemoSchool.Child}/{{today}}"),
                ("mother", $"s02/{DemoSchool.Child}/{{today}}"), ("mother", "s01/1999999999/{today}"), ("mother", $"s01/{DemoSchool.Child}/2000-01-01"),
                ("mother", $"s01/{DemoSchool.Child}/2026-2-30"), ("mother", $"s01/{DemoSchool.Child}%2F{{today}}/x"),
            ],
        },
        new("PUT /api/book/pages/{school}/{student}/{date}/ticks/{item}", Audience.Some, new { ticked = true }) { NotYours = OfNoPage("/item") },
        new("PUT /api/book/pages/{school}/{student}/{date}/marks", Audience.Some, new { marks = new[] { new { mark = "lunch", level = "good" } } }) { NotYours = OfNoPage("") },
        new("POST /api/book/pages/{school}/{student}/{date}/signatures", Audience.Some, new { seen = new { sections = new { }, entries = 0, sheet = 0 } }) { NotYours = OfNoPage("") },
        new("POST /api/book/pages/{school}/{student}/{date}/signatures/withdraw", Audience.Some, new { reason = "写错了" }) { NotYours = OfNoPage("") },
        new("POST /api/book/pages/{school}/{student}/{date}/addenda", Audience.Some, new { section = "words", text = "还有一句" }) { NotYours = OfNoPage("") },
        new("GET /api/book/pages/{school}/{student}/{date}/sections/{section}/revisions", Audience.Some)
        {
            Yours = [("mother", $"s01/{DemoSchool.Child}/{{today}}/words"), ("class-teacher", $"s01/{DemoSchool.Child}/{{today}}/words"), ("student", $"s01/{DemoSchool.Child}/{{today}}/results")],
            NotYours = [.. OfNoPage("/words"), ("mother", $"s01/{DemoSchool.Child}/{{today}}/no-such-section")],
        },
        new("GET /api/book/children/{school}/{student}/months/{month}", Audience.Some)
        {
            Yours = OfAChild("/2026-11"),
            NotYours = [.. OfNoChild("/2026-11"), ("mother", $"s01/{DemoSchool.Child}/2026-13"), ("mother", $"s01/{DemoSchool.Child}/november")],
        },
        new("GET /api/book/children/{school}/{student}/search?q=作业", Audience.Some) { Yours = OfAChild(""), NotYours = OfNoChild("") },
        new("GET /api/book/children/{school}/{student}/days?from=2026-11-16&to=2026-11-20", Audience.Some) { Yours = OfAChild(""), NotYours = OfNoChild("") },
        new("GET /api/book/days/{school}/{class}/{date}", Audience.Some)
        {
            Yours = [("class-teacher", $"s01/{Class}/{{today}}"), ("subject-teacher", $"s01/{BesideClass}/{{today}}")],
            NotYours =
            [
                ("mother", $"s01/{Class}/{{today}}"), ("student", $"s01/{Class}/{{today}}"), ("class-teacher", $"s01/{BesideClass}/{{today}}"), ("administrator", $"s01/{Class}/{{today}}"),
                ("class-teacher", $"s02/{Class}/{{today}}"), ("class-teacher", $"s01/{Class}/2000-01-01"),
            ],
        },

        // What is written on a sheet, and what is prepared for it. (To families of the class a sheet says that they only read; a draft does not exist for them.)
        new("POST /api/book/sheets/{school}/{class}/{date}/items", Audience.Some, OneItem) { NotYours = OfNobodysSheet("") },
        new("PUT /api/book/sheets/{school}/{class}/{date}/items/{item}", Audience.Some, AChange) { NotYours = OfNobodysSheet("/0-0") },
        new("DELETE /api/book/sheets/{school}/{class}/{date}/items/{item}", Audience.Some) { NotYours = OfNobodysSheet("/0-0") },
        new("POST /api/book/sheets/{school}/{class}/{date}/items/{item}/restore", Audience.Some) { NotYours = OfNobodysSheet("/0-0") },
        new("GET /api/book/drafts/{school}/{class}/{date}", Audience.Some)
        {
            Yours = [("class-teacher", $"s01/{Class}/{{today}}"), ("subject-teacher", $"s01/{Class}/{{today}}"), ("subject-teacher", $"s01/{BesideClass}/{{today}}")],
            NotYours = OfNobodysDraft(""),
        },
        new("POST /api/book/drafts/{school}/{class}/{date}/items", Audience.Some, OneItem) { NotYours = OfNobodysDraft("") },
        new("PUT /api/book/drafts/{school}/{class}/{date}/items/{item}", Audience.Some, AChange) { NotYours = OfNobodysDraft("/0-0") },
        new("DELETE /api/book/drafts/{school}/{class}/{date}/items/{item}", Audience.Some) { NotYours = OfNobodysDraft("/0-0") },
        new("PUT /api/book/drafts/{school}/{class}/{date}/schedule", Audience.Some, new { at = (DateTimeOffset?)null }) { NotYours = OfNobodysDraft("") },
        new("POST /api/book/drafts/{school}/{class}/{date}/release", Audience.Some) { NotYours = OfNobodysDraft("") },
        new("GET /api/book/templates/{school}", Audience.Some) { Yours = [("class-teacher", "s01"), ("subject-teacher", "s01")], NotYours = OfNoTeacher("") },
        new("PUT /api/book/templates/{school}/{template}", Audience.Some, new { name = "周五", items = new[] { new { kind = "notices", text = "没有人写" } } }) { NotYours = OfNoTeacher($"/{Guid.Empty}") },
        new("DELETE /api/book/templates/{school}/{template}", Audience.Some) { NotYours = OfNoTeacher($"/{Guid.Empty}") },

        // A class's book: the day, marks for many, and what the class has chosen.
        new("PUT /api/book/days/{school}/{class}/{date}/marks", Audience.Some, new { children = new[] { DemoSchool.Child }, marks = new[] { new { mark = "lunch", level = "good" } } }) { NotYours = OfNobodysDraft("") },
        new("GET /api/book/classes/{school}/{class}", Audience.Some)
        {
            Yours = [("class-teacher", $"s01/{Class}"), ("subject-teacher", $"s01/{Class}"), ("subject-teacher", $"s01/{BesideClass}")],
            NotYours = OfNobodysClassBook,
        },
        new("PUT /api/book/classes/{school}/{class}/settings", Audience.Some, new { remindAt = (string?)null, releaseAt = "16:00:00" }) { NotYours = OfNobodysClassBook },

        // People: every office reads, administrators change. The subject teacher on the cards is the head of a grade, too.
        new("GET /api/people/{school}/search", Audience.Some) { Yours = Offices(""), NotYours = OfNoOffice("") },
        new("GET /api/people/{school}/classes", Audience.Some) { Yours = Offices(""), NotYours = OfNoOffice("") },
        new("GET /api/people/{school}/classes/{class}", Audience.Some)
        {
            Yours = Offices($"/{Class}"),
            NotYours = [.. OfNoOffice($"/{Class}"), ("administrator", "s01/9-9"), ("administrator", "s01/nonsense")],
        },
        new("POST /api/people/{school}/imports", Audience.Some) { NotYours = ForAdministratorsOnly("") },
        new("GET /api/people/{school}/imports", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },
        new("GET /api/people/{school}/imports/{import}", Audience.Some) { NotYours = OfNoImport },
        new("GET /api/people/{school}/imports/{import}/changes?kind=added", Audience.Some) { NotYours = OfNoImport },
        new("POST /api/people/{school}/imports/{import}/confirm", Audience.Some, new { removals = (int?)null }) { NotYours = OfNoImport },
        new("POST /api/people/{school}/imports/{import}/drop", Audience.Some) { NotYours = OfNoImport },
        new("POST /api/people/{school}/imports/{import}/undo", Audience.Some) { NotYours = OfNoImport },
        new("GET /api/people/{school}/roster.xlsx", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },
        new("GET /api/people/{school}/students.csv", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },
        new("GET /api/people/{school}/staff.csv", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },
        new("GET /api/people/roster-template.xlsx", Audience.SignedIn),
        new("POST /api/people/{school}/classes", Audience.Some, new { grade = 3, number = 98 }) { NotYours = ForAdministratorsOnly("") },
        new("PUT /api/people/{school}/classes/{class}", Audience.Some, new { grade = 3, number = 98, name = "三年级98班" })
        {
            NotYours = [.. ForAdministratorsOnly($"/{Class}"), ("administrator", "s01/9-9"), ("administrator", "s01/nonsense!")],
        },
        new("POST /api/people/{school}/classes/{class}/remove", Audience.Some) { NotYours = [.. ForAdministratorsOnly($"/{Class}"), ("administrator", "s01/nonsense!")] },
        new("GET /api/people/{school}/students/{student}", Audience.Some)
        {
            Yours = Offices($"/{DemoSchool.Child}"),
            NotYours = [.. OfNoOffice($"/{DemoSchool.Child}"), ("administrator", "s01/1999999999"), ("subject-teacher", "s01/1999999999"), ("administrator", "s01/a-b")],
        },
        new("POST /api/people/{school}/students", Audience.Some, new { student = "2026399999", name = "没有人", @class = Class }) { NotYours = ForAdministratorsOnly("") },
        new("PUT /api/people/{school}/students/{student}", Audience.Some, new { name = "没有人" }) { NotYours = OfAStudent("") },
        new("POST /api/people/{school}/students/{student}/move", Audience.Some, new { @class = Class }) { NotYours = OfAStudent("") },
        new("POST /api/people/{school}/students/{student}/leave", Audience.Some, new { reason = "转学" }) { NotYours = OfAStudent("") },
        new("POST /api/people/{school}/students/{student}/return", Audience.Some, new { @class = Class }) { NotYours = OfAStudent("") },
        new("GET /api/people/{school}/students/{student}/history", Audience.Some) { Yours = [("administrator", $"s01/{DemoSchool.Child}")], NotYours = OfAStudent("") },
        new("POST /api/people/{school}/students/{student}/guardians", Audience.Some, new { name = "没有人", relation = "other" }) { NotYours = OfAStudent("") },
        new("PUT /api/people/{school}/students/{student}/guardians/{entry}", Audience.Some, new { name = "没有人", relation = "other" }) { NotYours = OfAGuardian() },
        new("PUT /api/people/{school}/students/{student}/guardian-order", Audience.Some, new { entries = Array.Empty<string>() }) { NotYours = OfAStudent("") },
        new("POST /api/people/{school}/students/{student}/guardians/{entry}/remove", Audience.Some) { NotYours = OfAStudent("/g1") },
        new("POST /api/people/{school}/students/{student}/guardians/{entry}/restrict", Audience.Some, new { restriction = "noAccess", reason = "法院判决" }) { NotYours = OfAGuardian() },
        new("POST /api/people/{school}/students/{student}/guardians/{entry}/end-access", Audience.Some) { NotYours = OfAGuardian() },
        new("GET /api/people/{school}/staff", Audience.Some) { Yours = Offices(""), NotYours = OfNoOffice("") },
        new("GET /api/people/{school}/staff/{teacher}", Audience.Some) { Yours = Offices("/t031"), NotYours = [.. OfNoOffice("/t031"), ("administrator", "s01/t999"), ("subject-teacher", "s01/t999")] },
        new("POST /api/people/{school}/staff", Audience.Some, new { teacher = "t999", name = "没有人" }) { NotYours = ForAdministratorsOnly("") },
        new("PUT /api/people/{school}/staff/{teacher}", Audience.Some, new { name = "没有人" }) { NotYours = OfATeacher("") },
        new("PUT /api/people/{school}/staff/{teacher}/offices", Audience.Some, new { offices = new[] { "administrator" } }) { NotYours = OfATeacher("") },
        new("PUT /api/people/{school}/staff/{teacher}/duties/{class}", Audience.Some, new { kind = "counsellor" })
        {
            NotYours = [.. OfATeacher($"/{Class}"), ("administrator", "s01/t031/9-9"), ("administrator", "s01/t031/nonsense!")],
        },
        new("POST /api/people/{school}/staff/{teacher}/duties/{class}/end", Audience.Some) { NotYours = OfATeacher($"/{Class}") },
        new("POST /api/people/{school}/staff/{teacher}/take-over", Audience.Some, new { @class = Class, from = "t031" }) { NotYours = OfATeacher("") },
        new("POST /api/people/{school}/staff/{teacher}/leave", Audience.Some, new { reason = "调动" }) { NotYours = OfATeacher("") },
        new("POST /api/people/{school}/staff/{teacher}/return", Audience.Some) { NotYours = OfATeacher("") },
        new("GET /api/people/{school}/staff/{teacher}/history", Audience.Some) { Yours = [("administrator", "s01/t031")], NotYours = OfATeacher("") },
        new("POST /api/people/{school}/accounts", Audience.Some, new { teacher = "t031" }) { NotYours = ForAdministratorsOnly("") },
        new("GET /api/people/{school}/classes/{class}/families", Audience.Some)
        {
            Yours = [("administrator", $"s01/{Class}"), ("class-teacher", $"s01/{Class}")],
            NotYours = [.. NotInCharge($"/{Class}"), ("class-teacher", $"s01/{BesideClass}"), ("administrator", "s01/9-9"), ("class-teacher", "s01/9-9")],
        },
        new("POST /api/people/{school}/classes/{class}/slips", Audience.Some, new { people = Array.Empty<object>() })
        {
            NotYours = [.. NotInCharge($"/{Class}"), ("class-teacher", $"s01/{BesideClass}"), ("administrator", "s01/9-9"), ("class-teacher", "s01/9-9")],
        },
        new("POST /api/people/{school}/students/{student}/guardians/{entry}/slip/revoke", Audience.Some)
        {
            NotYours =
            [
                .. NotInCharge($"/{DemoSchool.Child}/g1"), ("class-teacher", $"s01/{ChildOfAnotherClass}/g1"), ("class-teacher", "s01/1999999999/g1"), ("administrator", "s01/1999999999/g1"),
                ("administrator", $"s01/{DemoSchool.Child}/g99"), ("class-teacher", $"s01/{DemoSchool.Child}/g99"),
            ],
        },
        new("GET /api/people/{school}/audit", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },

        // The school and the district.
        new("GET /api/schools/{school}", Audience.Some) { Yours = Offices(""), NotYours = OfNoOffice("") },
        new("PUT /api/schools/{school}", Audience.Some, new { name = "", timeZone = "" }) { NotYours = ForAdministratorsOnly("") },
        new("GET /api/schools/{school}/promotion", Audience.Some) { Yours = [("administrator", "s01")], NotYours = ForAdministratorsOnly("") },
        new("POST /api/schools/{school}/promotion", Audience.Some) { NotYours = ForAdministratorsOnly("") },
        new("POST /api/schools/{school}/promotion/undo", Audience.Some) { NotYours = ForAdministratorsOnly("") },
        new("GET /api/district", Audience.Some) { Yours = [("administrator", "")], NotYours = NoDistrictAdministrator },
        new("PUT /api/district", Audience.Some, new { name = "" }) { NotYours = NoDistrictAdministrator },
        new("POST /api/district/schools", Audience.Some, new { name = "" }) { NotYours = NoDistrictAdministrator },
        new("POST /api/district/administrators", Audience.Some, new { school = "s01", teacher = "t001" }) { NotYours = NoDistrictAdministrator },
        new("POST /api/district/administrators/remove", Audience.Some, new { school = "s01", teacher = "t001" }) { NotYours = NoDistrictAdministrator },
    ];

    private enum Audience
    {
        Anybody,
        SignedIn,
        Some,
    }

    [Fact]
    public async Task Every_endpoint_has_a_row_in_this_table()
    {
        using var visitor = await school.Visit();

        var paths = (await visitor.Get("/openapi.json")).Is(HttpStatusCode.OK).Json["paths"]!.AsObject();

        var served = paths.SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).Order();
        Assert.Equal(served, Table.Select(row => row.Name.Split('?')[0]).Order());
    }

    [Fact]
    public async Task Nobody_gets_in_without_signing_in()
    {
        using var visitor = await school.Visit();
        foreach (var row in Table)
        {
            var reply = await row.Ask(visitor, row.Yours.Concat(row.NotYours).Select(one => one.Path).FirstOrDefault() ?? "", school.Today);
            if (row.Audience is Audience.Anybody)
                Assert.True(reply.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{row.Name}: {reply.Text}");
            else
                Assert.True(reply.Status is HttpStatusCode.Unauthorized && reply.Code == "signed-out", $"{row.Name}: {reply.Status} {reply.Text}");
        }
    }

    [Fact]
    public async Task What_is_yours_opens()
    {
        foreach (var row in Table)
        {
            foreach (var (card, path) in row.Yours)
            {
                using var person = await school.SignInAs(card);
                var reply = await row.Ask(person, path, school.Today);
                Assert.True(reply.Status is HttpStatusCode.OK, $"{card}, {row.Name}, {path}: {reply.Status} {reply.Text}");
            }
        }
    }

    [Fact]
    public async Task What_is_not_yours_is_not_found_whether_it_exists_or_not()
    {
        var answers = new HashSet<string>();
        foreach (var row in Table)
        {
            foreach (var (card, path) in row.NotYours)
            {
                using var person = await school.SignInAs(card);
                var reply = await row.Ask(person, path, school.Today);
                Assert.True(reply.Status is HttpStatusCode.NotFound, $"{card}, {row.Name}, {path}: {reply.Status} {reply.Text}");
                answers.Add(WithoutTrace(reply));
            }
        }

        // One and the same answer: nobody learns from it what there is.
        Assert.Single(answers);
    }

    [Fact]
    public async Task A_topic_of_the_hub_opens_to_those_who_may_read_it_over_HTTP_and_to_nobody_else()
    {
        (string Endpoint, string Kind)[] topics =
        [
            ("GET /api/book/sheets/{school}/{class}/{date}", "sheet"), ("GET /api/book/pages/{school}/{student}/{date}", "page"), ("GET /api/book/days/{school}/{class}/{date}", "class-day"),
            ("GET /api/book/drafts/{school}/{class}/{date}", "sheet-draft"),
        ];
        var refusals = new HashSet<string>();
        foreach (var (endpoint, kind) in topics)
        {
            var row = Table.Single(one => one.Name == endpoint);
            foreach (var (card, path) in row.Yours.Concat(row.NotYours))
            {
                using var person = await school.SignInAs(card);
                await using var live = await person.ConnectLive();
                var joined = await live.Join($"{kind}/{path.Replace("{today}", DemoSchool.Written(school.Today), StringComparison.Ordinal)}");
                Assert.True((bool)joined["ok"]! == row.Yours.Contains((card, path)), $"{card}, {kind}, {path}: {joined.ToJsonString()}");
                if (!(bool)joined["ok"]!)
                    refusals.Add(joined.ToJsonString());
            }
        }

        // One and the same answer, and nothing in it but the code.
        var refusal = JsonNode.Parse(Assert.Single(refusals))!.AsObject();
        Assert.Equal("not-found", (string?)refusal["code"]);
        Assert.All(refusal.Where(part => part.Key is not ("ok" or "code")), part => Assert.Null(part.Value));
    }

    [Fact]
    public async Task The_topic_of_a_class_is_for_its_teachers_and_the_offices_and_that_of_an_import_for_administrators()
    {
        var (of, nobodys) = ($"class/s01/{Class}", $"import/s01/{new string('0', 32)}");
        (string Card, string Topic, bool Opens)[] table =
        [
            ("class-teacher", of, true), ("subject-teacher", of, true), ("administrator", of, true), ("mother", of, false), ("student", of, false),
            ("class-teacher", $"class/s01/{BesideClass}", false), ("subject-teacher", $"class/s01/{OtherGrade}", true), ("administrator", $"class/s02/{Class}", false), ("administrator", "class/s01/9-9", false),
            ("class-teacher", nobodys, false), ("subject-teacher", nobodys, false), ("mother", nobodys, false), ("administrator", $"import/s02/{new string('0', 32)}", false),
        ];
        foreach (var (card, topic, opens) in table)
        {
            using var person = await school.SignInAs(card);
            await using var live = await person.ConnectLive();
            var joined = await live.Join(topic);
            Assert.True((bool)joined["ok"]! == opens && (opens || (string?)joined["code"] == "not-found"), $"{card}, {topic}: {joined.ToJsonString()}");
        }
    }

    // Of another class, for an office, in another school, outside the term, of no class.
    private static (string Card, string Path)[] OfNobodysSheet(string rest) =>
    [
        ("mother", $"s01/{BesideClass}/{{today}}{rest}"), ("student", $"s01/{BesideClass}/{{today}}{rest}"), ("class-teacher", $"s01/{BesideClass}/{{today}}{rest}"),
        ("subject-teacher", $"s01/{OtherGrade}/{{today}}{rest}"), ("administrator", $"s01/{Class}/{{today}}{rest}"), ("class-teacher", $"s02/{Class}/{{today}}{rest}"),
        ("class-teacher", $"s01/{Class}/2000-01-01{rest}"), ("class-teacher", $"s01/{Class}/today{rest}"), ("class-teacher", $"s01/3-99/{{today}}{rest}"),
    ];

    private static (string Card, string Path)[] OfNobodysDraft(string rest) => [.. OfNobodysSheet(rest), ("mother", $"s01/{Class}/{{today}}{rest}"), ("student", $"s01/{Class}/{{today}}{rest}")];

    // Templates are a teacher's own: there is no path to another's.
    private static (string Card, string Path)[] OfNoTeacher(string rest) =>
        [("mother", $"s01{rest}"), ("student", $"s01{rest}"), ("other-father", $"s01{rest}"), ("class-teacher", $"s02{rest}"), ("class-teacher", $"S 01{rest}")];

    private static (string Card, string Path)[] Offices(string rest) => [("administrator", $"s01{rest}"), ("subject-teacher", $"s01{rest}")];

    private static (string Card, string Path)[] OfNoOffice(string rest) =>
    [
        ("class-teacher", $"s01{rest}"), ("mother", $"s01{rest}"), ("student", $"s01{rest}"), ("administrator", $"s02{rest}"), ("subject-teacher", $"s02{rest}"), ("administrator", $"S 01{rest}"),
    ];

    private static (string Card, string Path)[] ForAdministratorsOnly(string rest) => [.. OfNoOffice(rest), ("subject-teacher", $"s01{rest}")];

    // What is for the class teacher and the administrators: other teachers of the class are not in charge of it.
    private static (string Card, string Path)[] NotInCharge(string rest) =>
    [
        ("subject-teacher", $"s01{rest}"), ("mother", $"s01{rest}"), ("student", $"s01{rest}"), ("administrator", $"s02{rest}"), ("class-teacher", $"s02{rest}"), ("administrator", $"S 01{rest}"),
    ];

    private static (string Card, string Path)[] OfAStudent(string rest) =>
        [.. ForAdministratorsOnly($"/{DemoSchool.Child}{rest}"), ("administrator", $"s01/1999999999{rest}"), ("administrator", $"s01/a-b{rest}")];

    private static (string Card, string Path)[] OfAGuardian() => [.. OfAStudent("/g1"), ("administrator", $"s01/{DemoSchool.Child}/g99")];

    private static (string Card, string Path)[] OfATeacher(string rest) => [.. ForAdministratorsOnly($"/t031{rest}"), ("administrator", $"s01/t999{rest}"), ("administrator", $"s01/t-9{rest}")];

    private static (string Card, string Path)[] OfAChild(string rest) =>
    [
        ("mother", $"s01/{DemoSchool.Child}{rest}"), ("student", $"s01/{DemoSchool.Child}{rest}"), ("class-teacher", $"s01/{DemoSchool.OtherChild}{rest}"), ("subject-teacher", $"s01/{ChildOfAnotherClass}{rest}"),
    ];

    // Neither family nor teachers of the child; offices have no part in a child's book.
    private static (string Card, string Path)[] OfNoChild(string rest) =>
    [
        ("mother", $"s01/{DemoSchool.OtherChild}{rest}"), ("other-father", $"s01/{DemoSchool.Child}{rest}"), ("two-children", $"s01/{DemoSchool.Child}{rest}"), ("student", $"s01/{DemoSchool.OtherChild}{rest}"),
        ("class-teacher", $"s01/{ChildOfAnotherClass}{rest}"), ("administrator", $"s01/{DemoSchool.Child}{rest}"), ("mother", $"s02/{DemoSchool.Child}{rest}"), ("mother", $"s01/1999999999{rest}"),
        ("mother", $"s01/a-b{rest}"),
    ];

    private static (string Card, string Path)[] OfNoPage(string rest) =>
        [.. OfNoChild($"/{{today}}{rest}"), ("mother", $"s01/{DemoSchool.Child}/2000-01-01{rest}"), ("mother", $"s01/{DemoSchool.Child}/2026-2-30{rest}")];

    private static string WithoutTrace(Reply reply)
    {
        var problem = reply.Json.AsObject();
        _ = problem.Remove("traceId");
        return problem.ToJsonString();
    }

    /// <param name="Name">Method and path as in openapi.json.</param>
    /// <param name="Audience">Whose it is.</param>
    /// <param name="Body">A body that is well-formed.</param>
    private sealed record Endpoint(string Name, Audience Audience, object? Body = null)
    {
        /// <summary>Who may, and where: a card, and the values of the path's parameters.</summary>
        public (string Card, string Path)[] Yours { get; init; } = [];

        /// <summary>Who may not, and where.</summary>
        public (string Card, string Path)[] NotYours { get; init; } = [];

        public async Task<Reply> Ask(Person person, string values, DateOnly today)
        {
            var (method, template) = (Name.Split(' ')[0], Name.Split(' ')[1]);
            var path = string.Join('/', Fill(template.Split('/'), values.Replace("{today}", DemoSchool.Written(today), StringComparison.Ordinal).Split('/')));
            return method switch
            {
                "GET" => await person.Get(path),
                "PUT" => await person.Put(path, Body),
                "DELETE" => await person.Send(HttpMethod.Delete, path, null),
                _ when path.EndsWith("/imports", StringComparison.Ordinal) => await person.Upload(path, Workbook.Faulty),
                _ => await person.Post(path, Body),
            };
        }

        private static IEnumerable<string> Fill(string[] template, string[] values)
        {
            var next = 0;
            foreach (var part in template)
                yield return part.StartsWith('{') ? values[next++] : part;
        }
    }
}
