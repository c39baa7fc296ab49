using CsCheck;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.People;

public sealed class AccountRulesTests
{
    private static readonly GuardianId Guardian = new(new string('a', 32));
    private static readonly TeacherId Teacher = new("s01", "t017");
    private static readonly StudentId Student = new("s01", "0042");

    private static OpenAccount As(GuardianId? guardian = null, TeacherId? teacher = null, StudentId? student = null) => new("李梅", "hash", guardian, teacher, student);

    private static AccountState Opened(OpenAccount command) => AccountRules.Open(new AccountState(), command, "stamp").Value!;

    [Theory]
    [InlineData("", "required")]
    [InlineData("  ", "required")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890", "too-long")]
    public void An_account_has_somebodys_name(string name, string problem)
    {
        var refusal = Assert.IsType<Invalid>(AccountRules.Open(new AccountState(), As() with { Name = name }, "stamp").Refusal);
        Assert.Equal<FieldProblem>([new("name", problem)], refusal.Problems);
    }

    [Fact]
    public void The_first_opening_sets_name_password_and_stamp_and_no_later_one_does()
    {
        var state = Opened(As(Guardian));
        Assert.Equal(("李梅", "hash", "stamp", "zh-CN"), (state.Name, state.PasswordHash, state.SecurityStamp, state.Language));

        var again = AccountRules.Open(state, new OpenAccount("别人", "other", Guardian, null, null), "another").Value!;

        Assert.Equal(state, again);
    }

    [Fact]
    public void One_person_may_be_guardian_teacher_and_student_and_teach_at_two_schools()
    {
        var state = Opened(As(Guardian));
        state = AccountRules.Open(state, As(teacher: Teacher), "x").Value!;
        state = AccountRules.Open(state, As(teacher: Teacher), "x").Value!;
        state = AccountRules.Open(state, As(teacher: new TeacherId("s02", "t017")), "x").Value!;
        state = AccountRules.Open(state, As(student: Student), "x").Value!;

        Assert.Equal((Guardian, Student), (state.Guardian, state.Student));
        Assert.Equal<TeacherId>([Teacher, new("s02", "t017")], state.Teachers);
    }

    [Fact]
    public void An_account_never_becomes_another_guardians_or_students()
    {
        var state = Opened(As(Guardian, student: Student));

        Assert.Equal(new Conflict("account-open"), AccountRules.Open(state, As(new GuardianId(new string('b', 32))), "x").Refusal);
        Assert.Equal(new Conflict("account-open"), AccountRules.Open(state, As(student: new StudentId("s01", "42")), "x").Refusal);
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly AccountId Account = new(new string('c', 32));
    private static readonly TryFrom Cafe = new(null, "cafe");
    private static readonly TryFrom Home = new(null, "home");
    private static readonly SignInDevice Phone = new(new string('1', 32), "Chrome · Android");
    private static readonly SignInDevice Laptop = new(new string('2', 32), "Firefox · Linux");

    private static AccountState Account1 => Opened(As(Guardian));

    private static AccountState Tried(AccountState state, TryFrom from, int times, DateTimeOffset now)
    {
        for (var i = 0; i < times; i++)
            state = AccountRules.BeginTry(state, from, now).Value!;

        return state;
    }

    private static bool IsLocked(AccountState state, TryFrom from, DateTimeOffset now) => AccountRules.BeginTry(state, from, now).Refusal == new Conflict("locked-out");

    private static AccountState SignedIn(AccountState state, SignInDevice device, TryFrom from, DateTimeOffset now) => AccountRules.SignedIn(state, device, from, now).Value!;

    [Fact]
    public void Nobody_tries_an_account_that_there_is_not()
    {
        Assert.IsType<NotFound>(AccountRules.BeginTry(new AccountState(), Cafe, Now).Refusal);
        Assert.IsType<NotFound>(AccountRules.SignedIn(new AccountState(), Phone, Cafe, Now).Refusal);
        Assert.IsType<NotFound>(AccountRules.SetPassword(new AccountState(), "hash", null, AccountNoticeKind.PasswordReset, "stamp", Now).Refusal);
        Assert.IsType<NotFound>(AccountRules.SendCode(new AccountState(), Account, "+8619910000001", "123456", "salt", Guid.NewGuid(), Now).Refusal);
    }

    [Fact]
    public void Five_wrong_tries_lock_the_place_that_they_came_from_and_no_other()
    {
        var state = Tried(Account1, Cafe, 4, Now);
        Assert.False(IsLocked(state, Cafe, Now));
        state = Tried(state, Cafe, 1, Now);

        Assert.True(IsLocked(state, Cafe, Now));
        Assert.True(IsLocked(state, Cafe, Now + TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1)));
        Assert.False(IsLocked(state, Cafe, Now + TimeSpan.FromMinutes(5)));
        Assert.False(IsLocked(state, Home, Now));
    }

    [Fact]
    public void A_place_that_goes_on_guessing_waits_longer_each_time()
    {
        var (state, now) = (Account1, Now);
        foreach (var minutes in new[] { 5, 15, 60, 240, 240 })
        {
            state = Tried(state, Cafe, 5, now);
            Assert.True(IsLocked(state, Cafe, now + TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1)));
            now += TimeSpan.FromMinutes(minutes);
            Assert.False(IsLocked(state, Cafe, now));
        }

        // After a day in peace the place is like any other.
        now += AccountRules.TriesLast;
        state = Tried(state, Cafe, 5, now);
        Assert.False(IsLocked(state, Cafe, now + TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void A_device_that_has_signed_in_before_is_a_place_of_its_own_whatever_comes_from_its_address()
    {
        var state = SignedIn(Account1, Phone, Cafe, Now);
        state = Tried(state, Cafe, 5, Now);

        Assert.True(IsLocked(state, Cafe, Now));
        Assert.False(IsLocked(state, Cafe with { Device = Phone.Device }, Now));
        // Somebody else's device, or an invented one, is only an address.
        Assert.True(IsLocked(state, Cafe with { Device = Laptop.Device }, Now));
        // Once forgotten it counts as anybody's.
        Assert.True(IsLocked(AccountRules.SignOutDevice(state, Phone.Device, forget: true).Value!, Cafe with { Device = Phone.Device }, Now));
        // A device that was only signed out is still known.
        Assert.False(IsLocked(AccountRules.SignOutDevice(state, Phone.Device, forget: false).Value!, Cafe with { Device = Phone.Device }, Now));
    }

    [Fact]
    public void A_right_try_begins_the_count_of_its_place_anew_and_of_no_other()
    {
        var state = Tried(Tried(Account1, Cafe, 4, Now), Home, 4, Now);
        state = SignedIn(state, Phone, Home, Now);

        Assert.True(IsLocked(Tried(state, Cafe, 1, Now), Cafe, Now));
        Assert.False(IsLocked(Tried(state, Home, 4, Now), Home, Now));
    }

    [Fact]
    public void Tries_from_many_addresses_free_no_place_that_is_locked_and_no_device()
    {
        var state = SignedIn(Account1, Phone, Home, Now);
        state = Tried(state, Home with { Device = Phone.Device }, 3, Now);
        state = Tried(state, Cafe, 5, Now);
        for (var i = 0; i < 1_000; i++)
            state = Tried(state, new TryFrom(null, $"address {i}"), 1, Now.AddMilliseconds(i));

        Assert.Equal(AccountLimits.MostPlaces, state.Places.Length);
        Assert.True(IsLocked(state, Cafe, Now.AddSeconds(2)));
        Assert.True(IsLocked(Tried(state, Home with { Device = Phone.Device }, 2, Now.AddSeconds(2)), Home with { Device = Phone.Device }, Now.AddSeconds(2)));
    }

    [Fact]
    public void When_every_place_is_locked_the_one_goes_that_was_locked_longest_ago()
    {
        var state = Account1;
        for (var i = 0; i < AccountLimits.MostPlaces; i++)
            state = Tried(state, new TryFrom(null, $"address {i}"), 5, Now.AddSeconds(i));

        state = Tried(state, Home, 1, Now.AddSeconds(100));

        Assert.Equal(AccountLimits.MostPlaces, state.Places.Length);
        Assert.False(IsLocked(state, new TryFrom(null, "address 0"), Now.AddSeconds(100)));
        Assert.True(IsLocked(state, new TryFrom(null, "address 1"), Now.AddSeconds(100)));
    }

    private static readonly Gen<(int Place, int Seconds)[]> Guesses = Gen.Select(Gen.Int[0, 90], Gen.Int[0, 400], (place, seconds) => (place, seconds)).Array[1, 300];

    [Fact]
    public void However_guesses_come_a_place_gets_five_before_it_waits_and_nobody_elses_count_grows() =>
        Fixed.Holds(Guesses, 300, guesses =>
        {
            var (state, now) = (Account1, Now);
            foreach (var (place, seconds) in guesses)
            {
                now += TimeSpan.FromSeconds(seconds);
                var from = new TryFrom(null, $"address {place}");
                var before = state;
                if (AccountRules.BeginTry(state, from, now) is not { IsDone: true } tried)
                    continue;

                state = tried.Value!;
                Assert.True(state.Places.Length <= AccountLimits.MostPlaces);
                Assert.All(state.Places, one => Assert.InRange(one.Failed, 0, AccountLimits.MostTries - 1));
                Assert.All(state.Places.Where(one => one.Place != AccountRules.PlaceOf(state, from)), one => Assert.Contains(one, before.Places));
            }
        });

    [Fact]
    public void The_first_device_is_entered_quietly_and_every_new_one_after_it_is_told()
    {
        var state = SignedIn(Account1, Phone, Home, Now);
        Assert.Equal<AccountDevice>([new AccountDevice(Phone.Device, Phone.Name, Now, new DateOnly(2026, 11, 23), SignedIn: true)], state.Devices);
        Assert.Empty(state.Notices);

        state = SignedIn(state, Laptop, Home, Now.AddHours(1));
        Assert.Equal([Laptop.Device, Phone.Device], state.Devices.Select(device => device.Device));
        Assert.Equal<AccountNotice>([new AccountNotice(Now.AddHours(1), AccountNoticeKind.NewDevice, Laptop.Name, Read: false)], state.Notices);
    }

    [Fact]
    public void A_device_that_signs_in_again_is_no_other_and_changes_only_when_it_was_seen()
    {
        var state = SignedIn(SignedIn(Account1, Phone, Home, Now), Laptop, Home, Now);
        Assert.Same(state, SignedIn(state, Laptop, Home, Now.AddHours(2)));

        var later = SignedIn(state, Phone, Home, Now.AddDays(3));
        Assert.Equal([Phone.Device, Laptop.Device], later.Devices.Select(device => device.Device));
        Assert.Equal((Now, new DateOnly(2026, 11, 26)), (later.Devices[0].First, later.Devices[0].LastSeen));
        Assert.Equal(state.Notices, later.Notices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcde\n")]
    public void A_device_has_an_id_of_the_usual_form(string device) =>
        Assert.Equal<FieldProblem>([new FieldProblem("device", "malformed")], Assert.IsType<Invalid>(AccountRules.SignedIn(Account1, new SignInDevice(device, "x"), Home, Now).Refusal).Problems);

    [Fact]
    public void Of_more_than_twenty_devices_the_one_goes_that_was_used_longest_ago_and_one_that_is_signed_out_first()
    {
        var state = Account1;
        for (var i = 0; i < AccountLimits.MostDevices; i++)
            state = SignedIn(state, new SignInDevice($"{i:x32}", $"device {i}"), Home, Now.AddMinutes(i));
        state = AccountRules.SignOutDevice(state, $"{7:x32}", forget: false).Value!;

        state = SignedIn(state, Phone, Home, Now.AddHours(1));
        Assert.DoesNotContain(state.Devices, device => device.Device == $"{7:x32}");
        Assert.Contains(state.Devices, device => device.Device == $"{0:x32}");

        state = SignedIn(state, Laptop, Home, Now.AddHours(2));
        Assert.DoesNotContain(state.Devices, device => device.Device == $"{0:x32}");
        Assert.Equal(AccountLimits.MostDevices, state.Devices.Length);
    }

    [Fact]
    public void That_a_device_is_in_use_is_kept_by_the_day()
    {
        var state = SignedIn(SignedIn(Account1, Phone, Home, Now), Laptop, Home, Now);
        Assert.Same(state, AccountRules.Seen(state, Phone.Device, new DateOnly(2026, 11, 23)));
        Assert.Same(state, AccountRules.Seen(state, new string('9', 32), new DateOnly(2026, 11, 24)));
        Assert.Same(state, AccountRules.Seen(state, Phone.Device, new DateOnly(2026, 11, 22)));

        var seen = AccountRules.Seen(state, Phone.Device, new DateOnly(2026, 11, 24));
        Assert.Equal([(Phone.Device, new DateOnly(2026, 11, 24)), (Laptop.Device, new DateOnly(2026, 11, 23))], seen.Devices.Select(device => (device.Device, device.LastSeen)));

        var signedOut = AccountRules.SignOutDevice(state, Phone.Device, forget: false).Value!;
        Assert.Same(signedOut, AccountRules.Seen(signedOut, Phone.Device, new DateOnly(2026, 11, 24)));
    }

    [Fact]
    public void Signing_a_device_out_leaves_it_known_and_forgetting_it_does_not()
    {
        var state = SignedIn(SignedIn(Account1, Phone, Home, Now), Laptop, Home, Now);

        var signedOut = AccountRules.SignOutDevice(state, Phone.Device, forget: false).Value!;
        Assert.Equal([(Laptop.Device, true), (Phone.Device, false)], signedOut.Devices.Select(device => (device.Device, device.SignedIn)));
        Assert.Same(signedOut, AccountRules.SignOutDevice(signedOut, Phone.Device, forget: false).Value);

        var forgotten = AccountRules.SignOutDevice(state, Phone.Device, forget: true).Value!;
        Assert.Equal([Laptop.Device], forgotten.Devices.Select(device => device.Device));
        Assert.Same(forgotten, AccountRules.SignOutDevice(forgotten, Phone.Device, forget: true).Value);
        Assert.IsType<NotFound>(AccountRules.SignOutDevice(forgotten, Phone.Device, forget: false).Refusal);
    }

    [Fact]
    public void A_new_password_ends_every_session_but_one_lifts_lock_outs_and_is_told()
    {
        var state = Tried(SignedIn(SignedIn(Account1, Phone, Home, Now), Laptop, Home, Now), Cafe, 5, Now);

        var next = AccountRules.SetPassword(state, "hash2", Laptop.Device, AccountNoticeKind.PasswordChanged, "stamp2", Now.AddMinutes(1)).Value!;

        Assert.Equal(("hash2", "stamp2"), (next.PasswordHash, next.SecurityStamp));
        Assert.Equal([(Laptop.Device, true), (Phone.Device, false)], next.Devices.Select(device => (device.Device, device.SignedIn)));
        Assert.False(IsLocked(next, Cafe, Now.AddMinutes(1)));
        Assert.Equal(new AccountNotice(Now.AddMinutes(1), AccountNoticeKind.PasswordChanged, null, Read: false), next.Notices[0]);
        Assert.Same(next, AccountRules.SetPassword(next, "hash2", null, AccountNoticeKind.PasswordReset, "stamp3", Now.AddMinutes(2)).Value);
        Assert.DoesNotContain(AccountRules.SetPassword(state, "hash2", null, AccountNoticeKind.PasswordReset, "stamp2", Now).Value!.Devices, device => device.SignedIn);
    }

    [Fact]
    public void Notices_are_the_newest_twenty_and_are_read_together()
    {
        var state = Account1;
        for (var i = 0; i < AccountLimits.MostNotices + 3; i++)
            state = AccountRules.Notify(state, AccountNoticeKind.NewDevice, $"device {i}", Now.AddMinutes(i));

        Assert.Equal(AccountLimits.MostNotices, state.Notices.Length);
        Assert.Equal("device 22", state.Notices[0].Detail);
        var read = AccountRules.ReadNotices(state);
        Assert.All(read.Notices, notice => Assert.True(notice.Read));
        Assert.Same(read, AccountRules.ReadNotices(read));
    }

    private const string OldPhone = "+8619910000001";
    private const string NewPhone = "+8619910000009";

    private static AccountState WithPhone => AccountRules.SignsInBy(Account1, new SignInName(SignInNameKind.Phone, OldPhone), Now).Value!;

    [Fact]
    public void Names_to_sign_in_with_are_noted_once_and_one_phone_at_most()
    {
        var state = WithPhone;
        Assert.Same(state, AccountRules.SignsInBy(state, new SignInName(SignInNameKind.Phone, OldPhone), Now).Value);
        Assert.Same(state, AccountRules.SignsInBy(state, new SignInName(SignInNameKind.Phone, NewPhone), Now).Value);

        state = AccountRules.SignsInBy(state, new SignInName(SignInNameKind.OpenId, "区教育云"), Now).Value!;
        Assert.Equal([OldPhone, "区教育云"], state.SignInNames.Select(name => name.Shown));
        Assert.Equal([AccountNoticeKind.OpenIdLinked], state.Notices.Select(notice => notice.Kind));
    }

    [Fact]
    public void A_change_of_phone_confirms_the_new_name_gives_up_the_old_one_and_tells_its_phone_in_one_record()
    {
        var message = Guid.NewGuid();
        var state = AccountRules.ChangePhone(WithPhone, Account, NewPhone, message, Now);

        Assert.Equal<SignInName>([new SignInName(SignInNameKind.Phone, NewPhone)], state.SignInNames);
        Assert.Equal(new AccountNotice(Now, AccountNoticeKind.PhoneChanged, "0009", Read: false), state.Notices[0]);
        Assert.Equal(
            [(LoginNameId.Phone(NewPhone).ToString(), (Fact)new LoginIs(true)), (LoginNameId.Phone(OldPhone).ToString(), new LoginIs(false))],
            state.Outbox.Where(entry => entry.Fact is LoginIs).Select(entry => (entry.To, entry.Fact)));
        var told = Assert.Single(Assert.IsType<MessagesAre>(state.Outbox.Single(entry => entry.Fact is MessagesAre).Fact).Messages);
        Assert.Equal((message, OldPhone, Now), (told.Id, told.Phone, told.At));
        Assert.Contains("0009", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(NewPhone, told.Text, StringComparison.Ordinal);
        Assert.Same(state, AccountRules.ChangePhone(state, Account, NewPhone, Guid.NewGuid(), Now.AddMinutes(1)));
    }

    [Fact]
    public void Somebody_without_a_phone_gets_one_and_nobody_is_told()
    {
        var state = AccountRules.ChangePhone(AccountRules.SignsInBy(Account1, new SignInName(SignInNameKind.Staff, "t017"), Now).Value!, Account, NewPhone, Guid.NewGuid(), Now);

        Assert.Equal([NewPhone, "t017"], state.SignInNames.Select(name => name.Shown));
        Assert.Equal([new LoginIs(true)], state.Outbox.Select(entry => entry.Fact));
    }

    [Fact]
    public void Changing_there_and_back_tells_each_name_what_is_so_in_the_end()
    {
        var state = AccountRules.ChangePhone(AccountRules.ChangePhone(WithPhone, Account, NewPhone, Guid.NewGuid(), Now), Account, OldPhone, Guid.NewGuid(), Now);

        Assert.Equal([(LoginNameId.Phone(OldPhone).ToString(), true), (LoginNameId.Phone(NewPhone).ToString(), false)],
            state.Outbox.Where(entry => entry.Fact is LoginIs).Select(entry => (entry.To, ((LoginIs)entry.Fact).IsMine)));
        // Both messages wait: the second fact holds the first one's, too.
        Assert.Equal([OldPhone, NewPhone], ((MessagesAre)state.Outbox.Single(entry => entry.Fact is MessagesAre).Fact).Messages.Select(message => message.Phone));
    }

    private static AccountState Sent(AccountState state, DateTimeOffset now, string code = "123456") => AccountRules.SendCode(state, Account, NewPhone, code, "salt", Guid.NewGuid(), now).Value!;

    [Fact]
    public void A_code_is_good_for_its_phone_for_ten_minutes_and_is_kept_hashed()
    {
        var state = Sent(Account1, Now);

        Assert.DoesNotContain("123456", state.PhoneCode!.Hash, StringComparison.Ordinal);
        Assert.Contains("123456", ((MessagesAre)state.Outbox.Single().Fact).Messages.Single().Text, StringComparison.Ordinal);
        Assert.True(AccountRules.TryCode(state, NewPhone, "123456", Now + AccountRules.CodeLasts - TimeSpan.FromTicks(1)).Right);
        Assert.False(AccountRules.TryCode(state, NewPhone, "123456", Now + AccountRules.CodeLasts).Right);
        Assert.False(AccountRules.TryCode(state, OldPhone, "123456", Now).Right);
        Assert.Equal((state, false), AccountRules.TryCode(state, NewPhone, null, Now));
        Assert.False(AccountRules.TryCode(Account1, NewPhone, "123456", Now).Right);
        Assert.False(AccountRules.TryCode(AccountRules.ChangePhone(state, Account, NewPhone, Guid.NewGuid(), Now), NewPhone, "123456", Now).Right);
    }

    [Fact]
    public void Five_wrong_tries_void_a_code()
    {
        var state = Sent(Account1, Now);
        for (var i = 0; i < AccountRules.MostCodeTries; i++)
        {
            Assert.True(AccountRules.TryCode(state, NewPhone, "123456", Now).Right);
            state = AccountRules.TryCode(state, NewPhone, "654321", Now).State;
        }

        Assert.False(AccountRules.TryCode(state, NewPhone, "123456", Now).Right);
    }

    [Fact]
    public void Two_codes_in_ten_minutes_are_enough_and_the_second_voids_the_first()
    {
        var state = Sent(Sent(Account1, Now), Now.AddMinutes(9), "222222");

        Assert.Equal(new Conflict("too-many-tries"), AccountRules.SendCode(state, Account, NewPhone, "333333", "salt", Guid.NewGuid(), Now.AddMinutes(9)).Refusal);
        Assert.False(AccountRules.TryCode(state, NewPhone, "123456", Now.AddMinutes(9)).Right);
        Assert.True(AccountRules.TryCode(state, NewPhone, "222222", Now.AddMinutes(9)).Right);
        Assert.True(AccountRules.SendCode(state, Account, NewPhone, "333333", "salt", Guid.NewGuid(), Now.AddMinutes(10)).IsDone);
    }

    [Fact]
    public void A_code_goes_to_a_number_that_can_be_one() =>
        Assert.Equal<FieldProblem>([new FieldProblem("phone", "phone-malformed")], Assert.IsType<Invalid>(AccountRules.SendCode(Account1, Account, "19910000001", "123456", "salt", Guid.NewGuid(), Now).Refusal).Problems);
}
