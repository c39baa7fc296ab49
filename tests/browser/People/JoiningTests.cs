using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SchoolHome.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace SchoolHome.Tests.Browser.People;

/// <summary>How families get in: slips, phones that several people share, forgotten passwords, custody.</summary>
public sealed partial class JoiningTests(Chromium chromium, DemoServer demo) : BrowserTest(chromium, demo)
{
    private const string Password = "Regenbogen-im-Hof-7";
    private static readonly string Families = $"/class/{Demo.School}/{Demo.Class}/families";

    [Fact]
    public async Task A_mother_joins_by_her_slip_sees_exactly_that_child_and_the_teacher_sees_the_families_count_up()
    {
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await teacher.Open(Families);
        var student = await NotIn(teacher, 0);
        var (tail, before) = (await teacher.TailOf(student, "g1"), await FamiliesIn(teacher));
        var code = await teacher.IssueSlip(student, "g1");
        await Expect(Row(teacher, student, "g1")).ToHaveAttributeAsync("data-state", "issued");

        var mother = await Visit((await Demonstration.WebAsync()).Address);
        await mother.ShowSlip(code.ToLowerInvariant(), "0000");
        await Expect(mother.Page.GetByTestId("join-problem")).ToHaveAttributeAsync("data-code", "slip-unknown");
        await mother.Page.GetByTestId("join-tail").Locator("input").FillAsync(tail);
        await mother.Page.GetByTestId("join-check").ClickAsync();
        await Expect(mother.Page.GetByTestId("join-offer")).ToHaveAttributeAsync("data-kind", "new");
        await mother.Page.GetByTestId("join-password").Locator("input").FillAsync(Password);
        await mother.Page.GetByTestId("join-submit").ClickAsync();

        await Expect(mother.Page).ToHaveURLAsync(AtToday());
        await Expect(mother.Page.GetByTestId(new Regex("^today-[0-9]+$"))).ToHaveCountAsync(1);
        await Expect(mother.Page.GetByTestId($"today-{student}")).ToBeVisibleAsync();
        await mother.Open(Demo.PagePath(Demo.Child, DemoServer.Today));
        await Expect(mother.Page.GetByTestId("screen-not-found")).ToBeVisibleAsync();

        // Before the teacher's eyes, without a reload.
        await Expect(Row(teacher, student, "g1")).ToHaveAttributeAsync("data-state", "in");
        Assert.Equal(before + 1, await FamiliesIn(teacher));

        // The same slip opens nothing to anybody else.
        var finder = await Visit((await Demonstration.WebAsync()).Address);
        await finder.ShowSlip(code, tail);
        await Expect(finder.Page.GetByTestId("join-problem")).ToHaveAttributeAsync("data-code", "slip-used");
    }

    [Fact]
    public async Task Another_slip_makes_the_earlier_one_void_and_a_revoked_one_opens_nothing()
    {
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await teacher.Open(Families);
        var student = await NotIn(teacher, 1);
        var tail = await teacher.TailOf(student, "g1");
        var first = await teacher.IssueSlip(student, "g1");
        var second = await teacher.IssueSlip(student, "g1");

        var visitor = await Visit((await Demonstration.WebAsync()).Address);
        await visitor.ShowSlip(first, tail);
        await Expect(visitor.Page.GetByTestId("join-problem")).ToHaveAttributeAsync("data-code", "slip-unknown");
        await visitor.ShowSlip(second, tail);
        await Expect(visitor.Page.GetByTestId("join-offer")).ToBeVisibleAsync();

        await teacher.Page.GetByTestId($"revoke-{student}-g1").ClickAsync();
        await teacher.Page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(Row(teacher, student, "g1")).ToHaveAttributeAsync("data-state", "none");
        await visitor.ShowSlip(second, tail);
        await Expect(visitor.Page.GetByTestId("join-problem")).ToHaveAttributeAsync("data-code", "slip-unknown");
    }

    [Fact]
    public async Task Who_has_forgotten_the_password_sets_another_by_a_slip_and_the_other_devices_are_signed_out()
    {
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await teacher.Open(Families);
        var student = await NotIn(teacher, 2);
        var tail = await teacher.TailOf(student, "g1");
        var site = (await Demonstration.WebAsync()).Address;
        var phone = await Visit(site);
        await phone.ShowSlip(await teacher.IssueSlip(student, "g1"), tail);
        await phone.Page.GetByTestId("join-password").Locator("input").FillAsync(Password);
        await phone.Page.GetByTestId("join-submit").ClickAsync();
        await Expect(phone.Page.GetByTestId($"today-{student}")).ToBeVisibleAsync();

        await Expect(Row(teacher, student, "g1")).ToHaveAttributeAsync("data-state", "in");
        await teacher.Page.GetByTestId($"forgotten-{student}-g1").ClickAsync();
        await teacher.Page.GetByTestId("confirm-yes").ClickAsync();
        var again = await Visit(site);
        await again.ShowSlip(await teacher.TakeSlip(student), tail);
        await Expect(again.Page.GetByTestId("join-offer")).ToHaveAttributeAsync("data-kind", "recover");
        await again.Page.GetByTestId("join-password").Locator("input").FillAsync("Ein-neuer-Morgen-9");
        await again.Page.GetByTestId("join-submit").ClickAsync();
        await Expect(again.Page.GetByTestId($"today-{student}")).ToBeVisibleAsync();

        // On the first phone the session is over by itself.
        await Expect(phone.Page).ToHaveURLAsync(AtSignIn());
        // And what happened is told to the owner of the account.
        await again.Open("/me");
        await Expect(again.Page.GetByTestId("notices")).ToContainTextAsync("密码");
    }

    [Fact]
    public async Task A_teacher_adds_the_own_child_to_the_account_by_a_slip_and_switches_between_school_and_family()
    {
        // 英语老师 teaches 三年级2班 too; the child here is of that class.
        var teacher = await SignedIn("class-teacher", Device.Desktop);
        await teacher.Open(Families);
        var student = await NotIn(teacher, 3);
        var tail = await teacher.TailOf(student, "g1");
        var code = await teacher.IssueSlip(student, "g1");

        var parent = await SignedIn("subject-teacher");
        await parent.ShowSlip(code, tail);
        await Expect(parent.Page.GetByTestId("join-offer")).ToHaveAttributeAsync("data-kind", "add");
        await parent.Page.GetByTestId("join-submit").ClickAsync();
        await parent.Page.GetByTestId("role-switch").ClickAsync();
        await parent.Page.GetByTestId("role-family").ClickAsync();
        await Expect(parent.Page.GetByTestId($"today-{student}")).ToBeVisibleAsync();
        await Expect(parent.Page.GetByTestId("nav-class")).ToHaveCountAsync(0);

        await parent.Page.GetByTestId("role-switch").ClickAsync();
        await parent.Page.GetByTestId(new Regex("^role-staff")).ClickAsync();
        await Expect(parent.Page.GetByTestId("nav-class")).ToBeVisibleAsync();
        await Expect(parent.Page.GetByTestId("nav-today")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task L2_A_custody_restriction_empties_the_page_before_the_guardians_eyes()
    {
        var day = Demonstration.NewDay();
        var (grandfather, mother) = (await SignedIn("grandfather"), await SignedIn("mother"));
        var office = await SignedIn("administrator", Device.Desktop);
        var byGrandfather = await grandfather.OpenPage(Demo.Child, day, "words");
        var byMother = await mother.OpenPage(Demo.Child, day, "words");
        await byMother.Type("外公看得到");
        await byGrandfather.Shows("外公看得到");

        await Restrict(office, "noAccess", "法院裁定 2026-117");
        await Expect(grandfather.Page.GetByTestId("screen-not-found")).ToContainTextAsync("这一页您不能再看了");
        await Expect(grandfather.Page.Locator(".shared-field-editor")).ToHaveCountAsync(0);
        await Expect(grandfather.Page.GetByText("外公看得到")).ToHaveCountAsync(0);
        await Expect(grandfather.Page.GetByText("许建萱")).ToHaveCountAsync(0);

        // What is written afterwards does not come any more, while the others go on.
        var before = grandfather.Received.Length;
        await byMother.GoToEnd();
        await byMother.Type("，看不到了");
        await byMother.IsDelivered();
        await grandfather.Open(Demo.PagePath(Demo.Child, day));
        await Expect(grandfather.Page.GetByTestId("screen-not-found")).ToBeVisibleAsync();
        Assert.DoesNotContain(grandfather.Received[before..], frame => frame.Contains(Demo.PageTopic(Demo.Child, day), StringComparison.Ordinal));

        // Lifted, he reads again; with the milder one he reads and does not write.
        await Restrict(office, "readOnly", "探视权");
        await grandfather.Open(Demo.PagePath(Demo.Child, day));
        await Expect(grandfather.TextOf("words")).ToHaveTextAsync("外公看得到，看不到了");
        await Expect(grandfather.Page.Locator(".shared-field-editor")).ToHaveCountAsync(0);
        await Restrict(office, "none", "裁定已撤销");
        await grandfather.OpenPage(Demo.Child, day, "words");

        // The administrator finds who did what, with what was and what is.
        await office.Open($"/office/{Demo.School}/students/{Demo.Child}");
        await office.Page.GetByTestId("show-history").ClickAsync();
        await Expect(office.Page.GetByTestId("history")).ToContainTextAsync("系统管理员");
    }

    private static async Task Restrict(Visitor office, string custody, string reason)
    {
        await office.Open($"/office/{Demo.School}/students/{Demo.Child}");
        await office.Page.GetByTestId("more-g3").ClickAsync();
        await office.Page.GetByTestId("act-restrict").ClickAsync();
        await office.Page.GetByTestId($"custody-{custody}").GetByRole(AriaRole.Radio).Or(office.Page.Locator($"input[value={custody}]")).First.CheckAsync();
        await office.Page.GetByTestId("custody-reason").Locator("input").FillAsync(reason);
        await office.Page.GetByTestId("form-save").ClickAsync();
        await Expect(office.Page.GetByTestId("form-save")).ToHaveCountAsync(0);
    }

    private static ILocator Row(Visitor teacher, string student, string entry) => teacher.Page.GetByTestId($"guardian-{student}-{entry}");

    /// <summary>A child of whom nobody is in yet, whose first guardian's phone no other guardian of the school has; each test takes another.</summary>
    private static async Task<string> NotIn(Visitor teacher, int which)
    {
        await Expect(teacher.Page.GetByTestId(new Regex("^family-")).First).ToBeVisibleAsync();
        var families = teacher.Page.Locator("[data-testid^=family-][data-in=false]");
        var students = await families.EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.testid.slice('family-'.length))");
        return students.Where(student => !Shared.Contains(student)).ElementAt(which);
    }

    /// <summary>Children of the demo class whose guardians' phones are in another child's record as well, or who belong to the cards.</summary>
    private static readonly HashSet<string> Shared = [Demo.Brother, Demo.Sister, Demo.Child, Demo.OtherChild];

    private static async Task<int> FamiliesIn(Visitor teacher) =>
        int.Parse(FirstNumber().Match(await teacher.Page.GetByTestId("families-count").InnerTextAsync()).Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex FirstNumber();

    [GeneratedRegex("/today$")]
    private static partial Regex AtToday();

    [GeneratedRegex("/sign-in(\\?.*)?$")]
    private static partial Regex AtSignIn();
}
