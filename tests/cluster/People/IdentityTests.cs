using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>Who somebody is, and whose children they see.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class IdentityTests(SchoolCluster cluster)
{
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(10);

    private ILoginNameGrain AName() => cluster.Actors.GetGrain<ILoginNameGrain>($"{KeyKinds.Login}/staff/test/{Guid.NewGuid():N}");

    [Fact]
    public async Task A_claimed_name_is_taken_for_others_and_signs_nobody_in_until_it_is_confirmed()
    {
        var (name, mine, yours) = (AName(), AccountId.New(), AccountId.New());

        Assert.True((await name.Claim(mine)).IsDone);

        Assert.Equal("login-name-taken", (await name.Claim(yours)).Refusal!.Code);
        Assert.Equal("login-name-taken", (await name.Confirm(yours)).Refusal!.Code);
        Assert.Null(await name.Account());
        Assert.True((await name.Confirm(mine)).IsDone);
        Assert.Equal(mine, await name.Account());
        Assert.Equal("login-name-taken", (await name.Claim(yours)).Refusal!.Code);
    }

    [Fact]
    public async Task A_claim_lapses_after_ten_minutes_and_its_confirmation_is_refused_when_another_has_the_name()
    {
        var (name, mine, yours) = (AName(), AccountId.New(), AccountId.New());
        Assert.True((await name.Claim(mine)).IsDone);
        cluster.Clock.Advance(ClaimLasts - TimeSpan.FromSeconds(1));
        Assert.Equal("login-name-taken", (await name.Claim(yours)).Refusal!.Code);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True((await name.Claim(yours)).IsDone);

        Assert.Equal("login-name-taken", (await name.Confirm(mine)).Refusal!.Code);
        Assert.True((await name.Confirm(yours)).IsDone);
        Assert.Equal(yours, await name.Account());
    }

    [Fact]
    public async Task A_confirmed_name_never_lapses_and_is_free_when_its_account_gives_it_up()
    {
        var (name, mine, yours) = (AName(), AccountId.New(), AccountId.New());
        Assert.True((await name.Claim(mine)).IsDone);
        Assert.True((await name.Confirm(mine)).IsDone);
        cluster.Clock.Advance(ClaimLasts * 2);
        Assert.Equal("login-name-taken", (await name.Claim(yours)).Refusal!.Code);

        await name.Release(yours);
        Assert.Equal(mine, await name.Account());
        await name.Release(mine);
        Assert.Null(await name.Account());
        Assert.True((await name.Claim(yours)).IsDone);
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring), false)]
    [InlineData(nameof(Failure.AfterStoring), true)]
    public async Task A_name_whose_write_failed_has_what_is_stored(string failure, bool stored)
    {
        var (name, mine) = (AName(), AccountId.New());
        Assert.True((await name.Claim(mine)).IsDone);
        cluster.Storage.FailWrites(name.GetPrimaryKeyString(), Enum.Parse<Failure>(failure));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => name.Confirm(mine));

        Assert.Equal(stored ? mine : null, await Patiently.Ask(name.Account));
        Assert.True((await name.Confirm(mine)).IsDone);
        Assert.Equal(mine, await name.Account());
    }

    [Fact]
    public async Task L2_a_guardian_whose_access_ended_has_that_child_no_more_and_the_accounts_topic_says_so()
    {
        var school = await cluster.ASchool();
        var (child, other) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-1"));
        var mother = await school.AGuardianOf(child);
        await school.Bind(other, "g1", mother.Guardian);
        await Quiet(school, mother);
        Assert.Equal([child, other], (await school.Guardian(mother.Guardian).Children()).Select(one => one.Student).Order(ByNumber));
        var watcher = cluster.AWatcher();
        var position = await school.Account(mother.Account).Watch(watcher.Feed);

        Assert.True((await school.Student(child).EndGuardianAccess("g1", TestSchool.By)).IsDone);
        Assert.Null((await school.Student(child).Profile())!.AccessOf(mother.Guardian));
        await watcher.HasHeard(position.N + 1, from: position.N + 1);

        Assert.Equal([other], (await school.Guardian(mother.Guardian).Children()).Select(one => one.Student));
        Assert.Equal(["standing"], watcher.Kinds());
    }

    [Fact]
    public async Task L2_a_teacher_who_no_longer_teaches_a_class_is_told_to_ask_anew()
    {
        var school = await cluster.ASchool();
        var teacher = await school.ATeacherOf("3-2");
        await TestSchool.Delivered(school.OutboxOfStaff());
        var watcher = cluster.AWatcher();
        var position = await school.Account(teacher.Account).Watch(watcher.Feed);

        Assert.True((await school.Teacher(teacher.Teacher).Put(new PutTeacher("陈老师", null, [], []), TestSchool.By)).IsDone);
        await watcher.HasHeard(position.N + 1, from: position.N + 1);
        await TestSchool.Delivered(school.OutboxOfStaff());

        Assert.Equal(["standing"], watcher.Kinds());
        Assert.Empty((await school.ClassOf("3-2").Roster())!.Teachers);
    }

    [Fact]
    public async Task An_account_that_was_opened_as_one_guardian_is_not_opened_as_another()
    {
        var school = await cluster.ASchool();
        var mother = await school.AGuardianOf(await school.AStudentIn("3-2"));

        Assert.Equal("account-open", (await school.Account(mother.Account).Open(new OpenAccount("李梅", "hash", GuardianId.New(), null, null))).Refusal!.Code);
        Assert.Equal("guardian-has-account", (await school.Guardian(mother.Guardian).BindAccount(AccountId.New())).Refusal!.Code);
        Assert.Equal(mother.Guardian, (await school.Account(mother.Account).Standing())!.Guardian);
    }

    [Fact]
    public async Task A_phone_that_is_the_same_on_two_children_binds_nobody_until_each_childs_slip_is_redeemed()
    {
        var school = await cluster.ASchool();
        var (child, sibling) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-1"));
        var (first, second, guardian) = (await ASlip(school, child, "g1"), await ASlip(school, sibling, "g1"), GuardianId.New());

        Assert.True((await first.Redeem("0001", guardian, Mother)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")), school.OutboxOf(school.Class("3-1")));
        Assert.Equal([child], (await school.Guardian(guardian).Children()).Select(one => one.Student));

        Assert.True((await second.Redeem("0001", guardian, Mother)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-1")));
        Assert.Equal([child, sibling], (await school.Guardian(guardian).Children()).Select(one => one.Student).Order(ByNumber));
    }

    [Fact]
    public async Task Two_parents_with_one_phone_are_two_guardians_each_by_their_own_slip()
    {
        var school = await cluster.ASchool();
        var child = school.NewStudent();
        Assert.True((await school.Student(child).Put(school.Pupil("3-2", "王小雨", TestSchool.Mother, TestSchool.Father with { Phone = TestSchool.Mother.Phone }), TestSchool.By)).IsDone);
        var (hers, his) = (await ASlip(school, child, "g1"), await ASlip(school, child, "g2"));
        var (mother, father) = (GuardianId.New(), GuardianId.New());

        Assert.True((await hers.Redeem("0001", mother, Mother)).IsDone);
        Assert.Equal("slip-used", (await hers.Redeem("0001", father, Mother)).Refusal!.Code);
        Assert.True((await his.Redeem("0001", father, Mother)).IsDone);

        Assert.Equal([mother, father], (await school.Student(child).Profile())!.Guardians.Select(entry => entry.Guardian!.Value));
        // One of them is kept from the child; the other is not.
        Assert.True((await school.Student(child).RestrictGuardian("g2", CustodyRestriction.NoAccess, "判决书", TestSchool.By)).IsDone);
        var profile = (await school.Student(child).Profile())!;
        Assert.NotNull(profile.AccessOf(mother));
        Assert.Null(profile.AccessOf(father));
    }

    [Fact]
    public async Task Whoever_gets_a_recycled_number_gets_a_name_to_sign_in_with_and_no_child()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var mother = await school.AGuardianOf(child);
        var (old, phone) = ("+8613710000001", "+8613710000002");
        var name = cluster.Actors.GetGrain<ILoginNameGrain>(LoginNameId.Phone(old).ToString());
        Assert.True((await name.Claim(mother.Account)).IsDone);
        Assert.True((await name.Confirm(mother.Account)).IsDone);
        Assert.True((await school.Account(mother.Account).SignsInBy(new SignInName(SignInNameKind.Phone, old))).IsDone);
        Assert.True((await school.Account(mother.Account).SendPhoneCode(phone)).IsDone);
        Assert.True((await school.Account(mother.Account).ChangePhone(phone, await cluster.Phones.CodeSentTo(phone))).IsDone);
        await TestSchool.Delivered(school.OutboxOf(mother.Account));

        var (stranger, guardian) = (AccountId.New(), GuardianId.New());
        Assert.True((await name.Claim(stranger)).IsDone);
        Assert.True((await name.Confirm(stranger)).IsDone);
        Assert.True((await school.Account(stranger).Open(new OpenAccount("陌生人", "hash", guardian, null, null))).IsDone);

        Assert.Empty(await school.Guardian(guardian).Children());
        Assert.Null((await school.Student(child).Profile())!.AccessOf(guardian));
        Assert.NotNull((await school.Student(child).Profile())!.AccessOf(mother.Guardian));
    }

    private static readonly ChangedBy Mother = new(null, "李梅", ChangeCapacity.Guardian, null);

    private async Task<IInvitationGrain> ASlip(TestSchool school, StudentId student, string entry)
    {
        var id = InvitationId.OfCode(InvitationId.NewCode())!.Value;
        var slip = cluster.Actors.GetGrain<IInvitationGrain>(id.ToString());
        Assert.True((await slip.Make(new MakeInvitation(student, entry, DateTimeOffset.MaxValue))).IsDone);
        Assert.True((await school.Student(student).IssueSlip(entry, id, DateTimeOffset.MaxValue, TestSchool.By)).IsDone);
        return slip;
    }

    [Fact]
    public async Task The_first_run_is_taken_by_one_browser_and_taken_over_after_ten_minutes()
    {
        var district = cluster.Actors.GetGrain<School.IDistrictGrain>($"{KeyKinds.District}/{Guid.NewGuid():N}");
        var (mine, yours) = (Guid.NewGuid(), Guid.NewGuid());
        await district.OfferSetup("hash");

        Assert.Equal("setup-token-wrong", (await district.BeginSetup(mine, "guess")).Refusal!.Code);
        Assert.True((await district.BeginSetup(mine, "hash")).IsDone);
        Assert.Equal("setup-under-way", (await district.BeginSetup(yours, "hash")).Refusal!.Code);
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await district.BeginSetup(yours, "hash")).IsDone);
        Assert.Equal("setup-under-way", (await district.BeginSetup(mine, "hash")).Refusal!.Code);

        Assert.True((await district.EnterSchool(new SchoolId("s01"))).IsDone);
        Assert.Equal("setup-done", (await district.BeginSetup(Guid.NewGuid(), "hash")).Refusal!.Code);
        Assert.Equal<SchoolId>([new SchoolId("s01")], await district.Schools());
    }

    private static Comparer<StudentId> ByNumber { get; } = Comparer<StudentId>.Create((one, other) => string.CompareOrdinal(one.Number, other.Number));

    private static Task Quiet(TestSchool school, TestPerson guardian) =>
        TestSchool.Delivered(school.OutboxOf(school.Class("3-1")), school.OutboxOf(school.Class("3-2")), school.OutboxOf(guardian.Guardian));
}
