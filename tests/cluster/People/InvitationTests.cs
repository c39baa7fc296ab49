using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>How a guardian gets access to a child, and nobody else does.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class InvitationTests(SchoolCluster cluster)
{
    private static readonly ChangedBy Mother = new(null, "李梅", ChangeCapacity.Guardian, null);

    private async Task<(IInvitationGrain Slip, InvitationId Id)> ASlip(TestSchool school, StudentId student, string entry = "g1", TimeSpan? good = null)
    {
        var id = InvitationId.OfCode(InvitationId.NewCode())!.Value;
        var slip = cluster.Actors.GetGrain<IInvitationGrain>(id.ToString());
        var expires = cluster.Clock.GetUtcNow() + (good ?? TimeSpan.FromDays(30));
        Assert.True((await slip.Make(new MakeInvitation(student, entry, expires))).IsDone);
        Assert.True((await school.Student(student).IssueSlip(entry, id, expires, TestSchool.By)).IsDone);
        return (slip, id);
    }

    [Fact]
    public async Task A_guardian_who_knows_code_and_digits_learns_whose_slip_it_is_and_gets_access_to_that_child_alone()
    {
        var school = await cluster.ASchool();
        var (child, other) = (await school.AStudentIn("3-2"), await school.AStudentIn("3-2", "李小明"));
        var (slip, id) = await ASlip(school, child);
        var guardian = GuardianId.New();

        var view = (await slip.Try("0001")).Value!;
        Assert.Equal((child, "王小雨", "g1"), (view.Student, view.StudentName, view.Guardian.Entry));
        Assert.True((await slip.Redeem("0001", guardian, Mother)).IsDone);
        await TestSchool.Delivered(school.OutboxOf(school.Class("3-2")));

        Assert.NotNull((await school.Student(child).Profile())!.AccessOf(guardian));
        Assert.Null((await school.Student(other).Profile())!.AccessOf(guardian));
        Assert.Equal([child], (await school.Guardian(guardian).Children()).Select(one => one.Student));
        Assert.Equal(id, (await school.Student(child).Profile())!.Guardians[0].Slip!.Slip);
        Assert.NotNull((await school.Student(child).Profile())!.Guardians[0].Slip!.Used);
        // Again, by the same guardian: done. By anybody else: used.
        Assert.True((await slip.Redeem("0001", guardian, Mother)).IsDone);
        Assert.Equal("slip-used", (await slip.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);
        Assert.Equal("slip-used", (await slip.Try("0001")).Refusal!.Code);
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_more_than_five_and_the_slip_is_dead_after_them()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var (slip, _) = await ASlip(school, child);

        var guesses = await Task.WhenAll(Enumerable.Range(2, 20).Select(number => slip.Try($"{number:0000}")));

        Assert.Equal(5, guesses.Count(answer => answer.Refusal!.Code == "slip-unknown"));
        Assert.Equal(15, guesses.Count(answer => answer.Refusal!.Code == "slip-tries-used-up"));
        await cluster.Deactivate(slip);
        Assert.Equal("slip-tries-used-up", (await slip.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);
        var standing = (await slip.Standing())!;
        Assert.Equal((child, "g1", 5, true), (standing.Student, standing.Entry, standing.WrongTries, standing.TriesUsedUp));
        // The class teacher issues another.
        var (another, _) = await ASlip(school, child);
        Assert.True((await another.Redeem("0001", GuardianId.New(), Mother)).IsDone);
    }

    [Fact]
    public async Task A_code_that_nobody_made_is_unknown_and_leaves_nothing_behind()
    {
        var id = InvitationId.OfCode(InvitationId.NewCode())!.Value;
        var slip = cluster.Actors.GetGrain<IInvitationGrain>(id.ToString());

        Assert.Equal("slip-unknown", (await slip.Try("0001")).Refusal!.Code);
        Assert.Equal("slip-unknown", (await slip.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);

        Assert.Null(await slip.Standing());
        Assert.Null(cluster.Storage.Json(id.ToString()));
    }

    [Fact]
    public async Task A_slip_is_void_when_another_is_issued_when_it_is_revoked_and_when_access_is_restricted()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var (first, _) = await ASlip(school, child);
        var (second, _) = await ASlip(school, child);
        Assert.Equal("slip-unknown", (await first.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);

        Assert.True((await school.Student(child).RevokeSlip("g1", TestSchool.By)).IsDone);
        Assert.Equal("slip-unknown", (await second.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);

        var (third, _) = await ASlip(school, child);
        Assert.True((await school.Student(child).RestrictGuardian("g1", CustodyRestriction.NoAccess, "(2026)沪0105民初1号", TestSchool.By)).IsDone);
        Assert.Equal("slip-unknown", (await third.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);
        Assert.All((await school.Student(child).Profile())!.Guardians, entry => Assert.False(entry.HasAccess));
    }

    [Fact]
    public async Task A_slip_lapses_by_the_schools_clock()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var (slip, _) = await ASlip(school, child, good: TimeSpan.FromHours(1));
        cluster.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("slip-expired", (await slip.Try("0001")).Refusal!.Code);
        Assert.Equal("slip-expired", (await slip.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);
    }

    [Fact]
    public async Task Correcting_a_mistyped_phone_moves_the_digits_and_binds_nobody()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var (slip, _) = await ASlip(school, child);
        Assert.True((await school.Student(child).CorrectGuardian("g1", new GuardianDetails("李梅", Relation.Mother, "+8619910000077", 1), TestSchool.By)).IsDone);

        // Whoever has the mistyped number can do nothing with it, not even holding the slip.
        Assert.Equal("slip-unknown", (await slip.Redeem("0001", GuardianId.New(), Mother)).Refusal!.Code);
        var guardian = GuardianId.New();
        Assert.True((await slip.Redeem("0077", guardian, Mother)).IsDone);
        Assert.NotNull((await school.Student(child).Profile())!.AccessOf(guardian));
    }

    [Fact]
    public async Task Redeeming_that_was_cut_short_is_finished_by_repeating_it()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var (slip, _) = await ASlip(school, child);
        var guardian = GuardianId.New();
        cluster.Storage.FailWrites(child.ToString(), Failure.AfterStoring);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => slip.Redeem("0001", guardian, Mother));

        Assert.Equal("slip-used", (await Patiently.Ask(() => slip.Redeem("0001", GuardianId.New(), Mother))).Refusal!.Code);
        Assert.True((await Patiently.Ask(() => slip.Redeem("0001", guardian, Mother))).IsDone);
        Assert.NotNull((await school.Student(child).Profile())!.AccessOf(guardian));
    }

    [Fact]
    public async Task A_wrong_try_that_could_not_be_stored_is_not_answered()
    {
        var school = await cluster.ASchool();
        var child = await school.AStudentIn("3-2");
        var (slip, id) = await ASlip(school, child);
        cluster.Storage.FailWrites(id.ToString(), Failure.BeforeStoring);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => slip.Try("9999"));

        Assert.Equal(0, (await Patiently.Ask(slip.Standing))!.WrongTries);
    }

    [Fact]
    public async Task A_token_is_good_until_it_is_revoked_or_lapses_and_remembers_the_day_of_its_use()
    {
        var school = await cluster.ASchool();
        var id = ApiTokenId.New();
        var token = cluster.Actors.GetGrain<IApiTokenGrain>(id.ToString());
        var hash = new string('a', 64);
        Assert.Null(await token.Standing(hash));
        Assert.IsType<NotFound>((await token.Revoke()).Refusal);
        Assert.True((await token.Make(new MakeApiToken(school.Id, "教务系统", hash, [ApiScopes.ReadPeople], cluster.Clock.GetUtcNow().AddDays(30), TestSchool.By.Account!.Value))).IsDone);
        Assert.Null((await token.View())!.LastUsed);

        Assert.Equal(school.Id, (await token.Standing(hash))!.School);
        Assert.Null(await token.Standing(new string('b', 64)));
        Assert.NotNull((await token.View())!.LastUsed);
        var writes = cluster.Storage.Writes(id.ToString());
        Assert.NotNull(await token.Standing(hash));
        Assert.Equal(writes, cluster.Storage.Writes(id.ToString()));

        Assert.True((await token.Revoke()).IsDone);
        await cluster.Deactivate(token);
        Assert.Null(await token.Standing(hash));
        Assert.True((await token.View())!.Revoked);
    }
}
