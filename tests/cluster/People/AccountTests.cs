using SchoolHome.Grains.Durability;
using SchoolHome.People;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.People;

/// <summary>How somebody gets in, and how nobody keeps them out.</summary>
[Collection(SchoolClusterCollection.Name)]
public sealed class AccountTests(SchoolCluster cluster)
{
    private static readonly TryFrom Cafe = new(null, "cafe");
    private static readonly TryFrom Home = new(null, "home");
    private static readonly SignInDevice Phone = new(new string('1', 32), "Chrome · Android");
    private static readonly SignInDevice Laptop = new(new string('2', 32), "Firefox · Linux");
    private static int _phones;

    private readonly AccountId _id = AccountId.New();

    private IAccountGrain Account => cluster.Actors.GetGrain<IAccountGrain>(_id.ToString());

    private IOutboxWatchGrain Watch => cluster.Actors.GetGrain<IOutboxWatchGrain>(OutboxWatches.OfAccounts(_id));

    private static string APhone() => $"+86199{Interlocked.Increment(ref _phones):00000000}";

    private ILoginNameGrain Name(string phone) => cluster.Actors.GetGrain<ILoginNameGrain>(LoginNameId.Phone(phone).ToString());

    private async Task Open() => Assert.True((await Account.Open(new OpenAccount("李梅", "hash", GuardianId.New(), null, null))).IsDone);

    private async Task OpenWith(string phone)
    {
        Assert.True((await Name(phone).Claim(_id)).IsDone);
        await Open();
        Assert.True((await Name(phone).Confirm(_id)).IsDone);
        Assert.True((await Account.SignsInBy(new SignInName(SignInNameKind.Phone, phone))).IsDone);
    }

    private async Task<string> CodeFor(string phone)
    {
        Assert.True((await Account.SendPhoneCode(phone)).IsDone);
        return await cluster.Phones.CodeSentTo(phone);
    }

    [Fact]
    public async Task Many_wrong_tries_at_once_from_one_place_are_no_more_than_five_and_lock_nobody_else_out()
    {
        await Open();
        Assert.True((await Account.SignedIn(Phone, Home)).IsDone);

        var tries = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Account.BeginTry(Cafe)));

        Assert.Equal(AccountLimits.MostTries, tries.Count(answer => answer.IsDone));
        Assert.All(tries.Where(answer => !answer.IsDone), answer => Assert.Equal("locked-out", answer.Refusal!.Code));
        Assert.True((await Account.BeginTry(Home)).IsDone);
        Assert.True((await Account.BeginTry(Cafe with { Device = Phone.Device })).IsDone);
        await cluster.Deactivate(Account);
        Assert.Equal("locked-out", (await Account.BeginTry(Cafe)).Refusal!.Code);
    }

    [Fact]
    public async Task L2_a_device_that_is_signed_out_is_no_more_in_the_accounts_standing_and_the_topic_says_so()
    {
        await Open();
        Assert.True((await Account.SignedIn(Phone, Home)).IsDone);
        Assert.True((await Account.SignedIn(Laptop, Home)).IsDone);
        Assert.Equal<string>([Laptop.Device, Phone.Device], (await Account.Standing())!.Devices);
        var watcher = cluster.AWatcher();
        var position = await Account.Watch(watcher.Feed);

        Assert.True((await Account.SignOutDevice(Phone.Device, forget: false)).IsDone);

        await watcher.HasHeard(position.N + 1, from: position.N + 1);
        Assert.Equal(["signed-out"], watcher.Kinds());
        Assert.Equal<string>([Laptop.Device], (await Account.Standing())!.Devices);
        Assert.Equal([(Laptop.Device, true), (Phone.Device, false)], (await Account.Devices()).Select(device => (device.Device, device.SignedIn)));
        Assert.IsType<NotFound>((await Account.SignOutDevice(new string('9', 32), forget: false)).Refusal);
    }

    [Fact]
    public async Task A_new_password_keeps_the_device_that_set_it_and_signs_the_others_out()
    {
        await Open();
        Assert.True((await Account.SignedIn(Phone, Home)).IsDone);
        Assert.True((await Account.SignedIn(Laptop, Home)).IsDone);
        var stamp = (await Account.Standing())!.SecurityStamp;
        var watcher = cluster.AWatcher();
        var position = await Account.Watch(watcher.Feed);

        Assert.True((await Account.SetPassword("hash2", Laptop.Device, AccountNoticeKind.PasswordChanged)).IsDone);

        await watcher.HasHeard(position.N + 1, from: position.N + 1);
        Assert.Equal(["signed-out"], watcher.Kinds());
        var standing = (await Account.Standing())!;
        Assert.Equal<string>([Laptop.Device], standing.Devices);
        Assert.NotEqual(stamp, standing.SecurityStamp);
        Assert.Equal("hash2", (await Account.Credentials())!.PasswordHash);
        Assert.Equal([AccountNoticeKind.PasswordChanged, AccountNoticeKind.NewDevice], (await Account.Notices()).Select(notice => notice.Kind));
        Assert.Equal(2, standing.Unread);
        await Account.ReadNotices();
        Assert.Equal(0, (await Account.Standing())!.Unread);
    }

    [Fact]
    public async Task Signing_out_everywhere_signs_every_device_out()
    {
        await Open();
        Assert.True((await Account.SignedIn(Phone, Home)).IsDone);
        Assert.True((await Account.SignedIn(Laptop, Home)).IsDone);

        await Account.SignOutEverywhere();

        Assert.Empty((await Account.Standing())!.Devices);
        Assert.Equal(2, (await Account.Devices()).Length);
        Assert.True((await Account.SignedIn(Phone, Home)).IsDone);
        Assert.Equal<string>([Phone.Device], (await Account.Standing())!.Devices);
    }

    [Fact]
    public async Task A_change_of_phone_claims_switches_releases_and_tells_the_old_number()
    {
        var (old, phone) = (APhone(), APhone());
        await OpenWith(old);
        Assert.True((await Name(phone).Claim(_id)).IsDone);

        Assert.True((await Account.ChangePhone(phone, await CodeFor(phone))).IsDone);
        await TestSchool.Delivered(Watch);

        Assert.Equal(_id, await Name(phone).Account());
        Assert.Null(await Name(old).Account());
        Assert.Equal<SignInName>([new SignInName(SignInNameKind.Phone, phone)], await Account.SignInNames());
        Assert.Contains(phone[^4..], Assert.Single(cluster.Phones.Got(old)).Text, StringComparison.Ordinal);
        Assert.Equal(AccountNoticeKind.PhoneChanged, (await Account.Notices())[0].Kind);

        // Once more, as after a lost answer: the code is used up, and nothing changes.
        Assert.True((await Account.ChangePhone(phone, null)).IsDone);
        await TestSchool.Delivered(Watch);
        Assert.Single(cluster.Phones.Got(old));
        // The old number is free for whoever has it now.
        Assert.True((await Name(old).Claim(AccountId.New())).IsDone);
    }

    [Theory]
    [InlineData(nameof(Failure.BeforeStoring))]
    [InlineData(nameof(Failure.AfterStoring))]
    public async Task A_change_of_phone_whose_write_failed_is_finished_by_asking_again(string failure)
    {
        var (old, phone) = (APhone(), APhone());
        await OpenWith(old);
        var code = await CodeFor(phone);
        await TestSchool.Delivered(Watch);
        cluster.Storage.FailWrites(_id.ToString(), Enum.Parse<Failure>(failure));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => Account.ChangePhone(phone, code));

        Assert.True((await Patiently.Ask(() => Account.ChangePhone(phone, code))).IsDone);
        await TestSchool.Delivered(Watch);
        Assert.Equal((_id, null), (await Name(phone).Account(), await Name(old).Account()));
        Assert.Single(cluster.Phones.Got(old));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_of_phone_is_told_to_both_names_also_when_one_of_them_could_not_be_written_at_first(bool theNewOne)
    {
        var (old, phone) = (APhone(), APhone());
        await OpenWith(old);
        var code = await CodeFor(phone);
        Assert.True((await Name(phone).Claim(_id)).IsDone);
        using (cluster.Storage.FailWritesUntilDisposed(LoginNameId.Phone(theNewOne ? phone : old).ToString(), Failure.BeforeStoring))
        {
            // The name was claimed before, and claiming it again writes its ten minutes anew: that is what fails here, and it is asked again.
            if (theNewOne)
                await Assert.ThrowsAsync<OutcomeUnknownException>(() => Account.ChangePhone(phone, code));
            else
                Assert.True((await Account.ChangePhone(phone, code)).IsDone);
        }

        Assert.True((await Patiently.Ask(() => Account.ChangePhone(phone, code))).IsDone);
        // A crash of the account's activation in between changes nothing: what is to be told is in its record.
        await cluster.Deactivate(Account);
        await TestSchool.Delivered(Watch);

        Assert.Equal((_id, null), (await Name(phone).Account(), await Name(old).Account()));
    }

    [Fact]
    public async Task A_phone_that_signs_in_somebody_else_is_refused_and_so_is_a_wrong_code()
    {
        var (old, phone, taken) = (APhone(), APhone(), APhone());
        await OpenWith(old);
        var other = AccountId.New();
        Assert.True((await Name(taken).Claim(other)).IsDone);
        Assert.True((await Name(taken).Confirm(other)).IsDone);

        Assert.Equal("login-name-taken", (await Account.ChangePhone(taken, await CodeFor(taken))).Refusal!.Code);
        var code = await CodeFor(phone);
        Assert.Equal("code-wrong", (await Account.ChangePhone(phone, code == "000000" ? "000001" : "000000")).Refusal!.Code);
        Assert.Equal("code-wrong", (await Account.ChangePhone(phone, null)).Refusal!.Code);
        Assert.Equal("too-many-tries", (await Account.SendPhoneCode(phone)).Refusal!.Code);
        await TestSchool.Delivered(Watch);

        Assert.Equal(_id, await Name(old).Account());
        Assert.Equal(other, await Name(taken).Account());
        Assert.Empty(cluster.Phones.Got(old));
    }

    [Fact]
    public async Task A_late_or_repeated_delivery_to_a_login_name_changes_nothing()
    {
        var (name, mine, yours) = (Name(APhone()), AccountId.New(), AccountId.New());
        await name.Take(new Delivery(mine.ToString(), 5, new LoginIs(IsMine: true)));
        await name.Take(new Delivery(mine.ToString(), 7, new LoginIs(IsMine: false)));

        await name.Take(new Delivery(mine.ToString(), 5, new LoginIs(IsMine: true)));
        await cluster.Deactivate(name);
        await name.Take(new Delivery(mine.ToString(), 6, new LoginIs(IsMine: true)));
        Assert.Null(await name.Account());

        Assert.True((await name.Claim(yours)).IsDone);
        Assert.True((await name.Confirm(yours)).IsDone);
        await name.Take(new Delivery(mine.ToString(), 9, new LoginIs(IsMine: true)));
        await name.Take(new Delivery(mine.ToString(), 10, new LoginIs(IsMine: false)));
        Assert.Equal(yours, await name.Account());
    }

    [Fact]
    public async Task A_text_message_is_repeated_until_the_gateway_takes_it_and_is_not_sent_twice_for_another_that_failed()
    {
        var (sender, phone) = (cluster.Actors.GetGrain<ITextMessageGrain>($"{KeyKinds.TextMessage}/{Guid.NewGuid():N}"), APhone());
        var (first, second) = (new PhoneMessage(Guid.NewGuid(), phone, "一", cluster.Clock.GetUtcNow()), new PhoneMessage(Guid.NewGuid(), phone, "二", cluster.Clock.GetUtcNow()));
        var old = new PhoneMessage(Guid.NewGuid(), phone, "昨天", cluster.Clock.GetUtcNow().AddDays(-1));
        await sender.Take(new Delivery(_id.ToString(), 1, new MessagesAre([first])));
        cluster.Phones.FailFor(phone, 1);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => sender.Take(new Delivery(_id.ToString(), 2, new MessagesAre([old, first, second]))));
        await sender.Take(new Delivery(_id.ToString(), 2, new MessagesAre([old, first, second])));

        Assert.Equal([first, second], cluster.Phones.Got(phone));
    }
}
