using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>What may be done to an account. State and command in; the new state, or a refusal, out. The same state when nothing changes.</summary>
internal static partial class AccountRules
{
    public const int MostSignInNames = 10;
    public const int MostCodes = 2;
    public const int MostCodeTries = 5;
    public const int MostMessages = 10;
    public static readonly TimeSpan CodeLasts = TimeSpan.FromMinutes(10);
    /// <summary>How long tries are remembered that nobody has repeated.</summary>
    public static readonly TimeSpan TriesLast = TimeSpan.FromDays(1);

    private static readonly ImmutableArray<TimeSpan> Waits = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    /// <summary>The account with the links of the command. The same state when it has them; refused when it is somebody else's.</summary>
    public static Answer<AccountState> Open(AccountState state, OpenAccount command, string newStamp)
    {
        if (string.IsNullOrWhiteSpace(command.Name))
            return Invalid.Field("name", "required");
        if (command.Name.Length > PeopleLimits.LongestName)
            return Invalid.Field("name", "too-long");
        if ((state.Guardian is { } guardian && command.Guardian is { } other && guardian != other)
            || (state.Student is { } student && command.Student is { } another && student != another))
            return new Conflict("account-open");

        var next = state.Name.Length > 0
            ? state
            : state with { Name = command.Name, PasswordHash = command.PasswordHash, SecurityStamp = newStamp };
        return next with
        {
            Guardian = next.Guardian ?? command.Guardian,
            Student = next.Student ?? command.Student,
            Teachers = command.Teacher is { } teacher && !next.Teachers.Contains(teacher) ? next.Teachers.Add(teacher) : next.Teachers,
        };
    }

    /// <summary>
    /// Where a try counts. A device counts for itself only when it has signed in to this very account: so whoever tries a stranger's number from a café's address never locks that person's own
    /// phone out, and a device that was forgotten is anybody's again.
    /// </summary>
    public static string PlaceOf(AccountState state, TryFrom from) =>
        from.Device is { } device && state.Devices.Any(one => one.Device == device) ? $"device:{device}" : $"address:{from.Address}";

    /// <summary>Counts a try; the last one that is allowed locks the place behind it.</summary>
    public static Answer<AccountState> BeginTry(AccountState state, TryFrom from, DateTimeOffset now)
    {
        if (state.Name.Length == 0)
            return new NotFound();

        var key = PlaceOf(state, from);
        // What nobody has repeated for a day is forgotten, lock-outs in a row too.
        var places = state.Places.RemoveAll(one => one.Last + TriesLast <= now && !(one.LockedUntil > now));
        var place = places.FirstOrDefault(one => one.Place == key) ?? new TryPlace(key, 0, 0, null, now);
        if (place.LockedUntil > now)
            return new Conflict("locked-out");

        var failed = place.Failed + 1;
        var counted = failed < AccountLimits.MostTries
            ? place with { Failed = failed, LockedUntil = null, Last = now }
            : place with { Failed = 0, Locks = place.Locks + 1, LockedUntil = now + Waits[Math.Min(place.Locks, Waits.Length - 1)], Last = now };
        return state with { Places = Bounded(places.RemoveAll(one => one.Place == key), now).Add(counted) };
    }

    /// <summary>The try was right, by this device.</summary>
    public static Answer<AccountState> SignedIn(AccountState state, SignInDevice device, TryFrom from, DateTimeOffset now)
    {
        if (state.Name.Length == 0)
            return new NotFound();
        if (!OpaqueId().IsMatch(device.Device))
            return Invalid.Field("device", "malformed");

        var place = PlaceOf(state, from);
        var next = state.Places.Any(one => one.Place == place) ? state with { Places = state.Places.RemoveAll(one => one.Place == place) } : state;

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var name = device.Name.Length > PeopleLimits.LongestName ? device.Name[..PeopleLimits.LongestName] : device.Name;
        var known = state.Devices.FirstOrDefault(one => one.Device == device.Device);
        var entered = new AccountDevice(device.Device, name, known?.First ?? now, today, SignedIn: true);
        if (known == entered)
            return next;

        if (known is null && !state.Devices.IsEmpty)
            next = Notify(next, AccountNoticeKind.NewDevice, name, now);
        return next with { Devices = Bounded(state.Devices.RemoveAll(one => one.Device == device.Device).Insert(0, entered)) };
    }

    /// <summary>A signed-in device is in use on a day.</summary>
    public static AccountState Seen(AccountState state, string device, DateOnly today) =>
        state.Devices.FirstOrDefault(one => one.Device == device) is { SignedIn: true } known && known.LastSeen < today
            ? state with { Devices = state.Devices.Remove(known).Insert(0, known with { LastSeen = today }) }
            : state;

    /// <summary>Signs a device out. To forget one that is not known is done already.</summary>
    public static Answer<AccountState> SignOutDevice(AccountState state, string device, bool forget)
    {
        if (state.Devices.FirstOrDefault(one => one.Device == device) is not { } known)
            return forget && state.Name.Length > 0 ? state : new NotFound();
        if (forget)
            return state with { Devices = state.Devices.Remove(known), Places = state.Places.RemoveAll(one => one.Place == $"device:{device}") };

        return known.SignedIn ? state with { Devices = state.Devices.Replace(known, known with { SignedIn = false }) } : state;
    }

    /// <summary>A new password. A hash is salted anew each time, so the same one again is a repetition.</summary>
    public static Answer<AccountState> SetPassword(AccountState state, string passwordHash, string? keep, AccountNoticeKind notice, string newStamp, DateTimeOffset now)
    {
        if (state.Name.Length == 0)
            return new NotFound();
        if (state.PasswordHash == passwordHash)
            return state;

        return Notify(SignOut(state, keep, newStamp), notice, null, now) with { PasswordHash = passwordHash, Places = [] };
    }

    /// <summary>Every device but one is signed out, and no session that was begun before is good any more: that one's cookie is issued anew.</summary>
    public static AccountState SignOut(AccountState state, string? keep, string newStamp) => state with
    {
        SecurityStamp = newStamp,
        Devices = [.. state.Devices.Select(device => device.SignedIn && device.Device != keep ? device with { SignedIn = false } : device)],
    };

    /// <summary>Notes a name that the account signs in by. There is one phone: another one comes by a change of phone, which gives up the old one.</summary>
    public static Answer<AccountState> SignsInBy(AccountState state, SignInName name, DateTimeOffset now)
    {
        if (state.Name.Length == 0)
            return new NotFound();
        if (state.SignInNames.Contains(name) || (name.Kind is SignInNameKind.Phone && PhoneOf(state) is not null) || state.SignInNames.Length >= MostSignInNames)
            return state;

        var next = state with { SignInNames = state.SignInNames.Add(name) };
        return name.Kind is SignInNameKind.OpenId ? Notify(next, AccountNoticeKind.OpenIdLinked, name.Shown, now) : next;
    }

    /// <summary>The phone by which the account signs in; null when none.</summary>
    public static string? PhoneOf(AccountState state) => state.SignInNames.FirstOrDefault(name => name.Kind is SignInNameKind.Phone)?.Shown;

    /// <summary>A code is on its way to a phone.</summary>
    public static Answer<AccountState> SendCode(AccountState state, AccountId account, string phone, string code, string salt, Guid message, DateTimeOffset now)
    {
        if (state.Name.Length == 0)
            return new NotFound();
        if (!E164().IsMatch(phone))
            return Invalid.Field("phone", "phone-malformed");

        var sent = state.PhoneCodesSent.RemoveAll(at => at + CodeLasts <= now);
        if (sent.Length >= MostCodes)
            return new Conflict("too-many-tries");

        var next = state with { PhoneCode = new PhoneCode(phone, salt, Hash(salt, code), now + CodeLasts, 0), PhoneCodesSent = sent.Add(now) };
        return Send(next, account, new PhoneMessage(message, phone, AccountMessages.Code(state.Language, code), now));
    }

    /// <summary>
    /// Whether a code proves that somebody has a phone. A wrong one counts; five of them void the code. A code is right until the change of phone is stored, so that a repetition of it is right too.
    /// </summary>
    public static (AccountState State, bool Right) TryCode(AccountState state, string phone, string? code, DateTimeOffset now)
    {
        if (state.PhoneCode is not { } sent || sent.Phone != phone || sent.Until <= now || sent.WrongTries >= MostCodeTries)
            return (state, false);
        // Who says none has only asked whether one is needed.
        if (string.IsNullOrEmpty(code))
            return (state, false);
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash(sent.Salt, code)), Encoding.UTF8.GetBytes(sent.Hash)))
            return (state, true);

        return (state with { PhoneCode = sent with { WrongTries = sent.WrongTries + 1 } }, false);
    }

    /// <summary>Another phone signs in from now on: the new name is confirmed, the old one given up and its phone told, all by what is stored in this one write.</summary>
    public static AccountState ChangePhone(AccountState state, AccountId account, string phone, Guid message, DateTimeOffset now)
    {
        var old = PhoneOf(state);
        if (old == phone)
            return state;

        var names = state.SignInNames.RemoveAll(name => name.Kind is SignInNameKind.Phone).Insert(0, new SignInName(SignInNameKind.Phone, phone));
        var next = Notify(state with { SignInNames = names, PhoneCode = null }, AccountNoticeKind.PhoneChanged, phone[^4..], now)
            .Post(LoginNameId.Phone(phone).ToString(), new LoginIs(IsMine: true));
        if (old is null)
            return next;

        next = next.Post(LoginNameId.Phone(old).ToString(), new LoginIs(IsMine: false));
        return Send(next, account, new PhoneMessage(message, old, AccountMessages.PhoneChanged(state.Language, phone[^4..]), now));
    }

    public static AccountState Notify(AccountState state, AccountNoticeKind kind, string? detail, DateTimeOffset now)
    {
        var notices = state.Notices.Insert(0, new AccountNotice(now, kind, detail, Read: false));
        return state with { Notices = notices.Length > AccountLimits.MostNotices ? notices[..AccountLimits.MostNotices] : notices };
    }

    public static AccountState ReadNotices(AccountState state) =>
        state.Notices.Any(notice => !notice.Read) ? state with { Notices = [.. state.Notices.Select(notice => notice.Read ? notice : notice with { Read = true })] } : state;

    /// <summary>Posts a text message together with those that are not known to be sent yet: the newest fact takes the place of the one that waits.</summary>
    public static AccountState Send(AccountState state, AccountId account, PhoneMessage message)
    {
        var gateway = AccountMessages.GatewayOf(account);
        var waiting = state.Outbox.Where(entry => entry.To == gateway).Select(entry => entry.Fact).OfType<MessagesAre>().SelectMany(fact => fact.Messages);
        ImmutableArray<PhoneMessage> messages = [.. waiting, message];
        return state.Post(gateway, new MessagesAre(messages.Length > MostMessages ? messages[^MostMessages..] : messages));
    }

    /// <summary>Makes room for another place. One that is locked out goes last, and a device's after an address's: whoever tries from many addresses frees none of them.</summary>
    private static ImmutableArray<TryPlace> Bounded(ImmutableArray<TryPlace> places, DateTimeOffset now)
    {
        while (places.Length >= AccountLimits.MostPlaces)
        {
            var next = places
                .OrderBy(place => place.LockedUntil > now)
                .ThenBy(place => place.Place.StartsWith("device:", StringComparison.Ordinal))
                .ThenBy(place => place.LockedUntil > now ? place.LockedUntil.Value : place.Last)
                .First();
            places = places.Remove(next);
        }

        return places;
    }

    /// <summary>The least recently used device goes; one that is signed out before one that is in use.</summary>
    private static ImmutableArray<AccountDevice> Bounded(ImmutableArray<AccountDevice> devices)
    {
        while (devices.Length > AccountLimits.MostDevices)
            devices = devices.Remove(devices.LastOrDefault(device => !device.SignedIn) ?? devices[^1]);

        return devices;
    }

    private static string Hash(string salt, string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\n{code}")));

    [GeneratedRegex(@"^[0-9a-f]{32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OpaqueId();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();
}

/// <summary>What accounts write to phones.</summary>
internal static class AccountMessages
{
    /// <summary>Who sends them: 256 actors share them, so that one slow answer of the gateway holds up few.</summary>
    public static string GatewayOf(AccountId account) => $"{KeyKinds.TextMessage}/{account.Opaque[..2]}";

    public static string Code(string language, string code) => language == "en"
        ? $"Your SchoolHome code is {code}. It is good for ten minutes. If you did not ask for it, ignore this message."
        : $"家校联系簿验证码 {code},十分钟内有效。如非本人操作,请忽略此短信。";

    public static string PhoneChanged(string language, string tail) => language == "en"
        ? $"Your SchoolHome account now signs in with the phone number ending in {tail}. If you did not do this, tell your school at once."
        : $"您的家校联系簿账号已改用尾号 {tail} 的手机号登录。如非本人操作,请立即联系学校。";
}
