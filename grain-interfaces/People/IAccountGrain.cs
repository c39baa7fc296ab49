using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>
/// An account: how somebody signs in, and as whom. Its key is opaque; the names to sign in with are <see cref="ILoginNameGrain"/> actors. Its topic tells web processes when what it may
/// do has changed (L2).
/// </summary>
[GrainInterfaceType("schoolhome.account")]
[Alias("schoolhome.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey, ITakesFactsGrain, IOutboxGrain, Live.ILiveTopicGrain
{
    /// <summary>The account with its credentials; null when it was never opened. For the sign-in of the edge only.</summary>
    [Alias("Credentials")]
    Task<AccountCredentials?> Credentials();

    /// <summary>Who this account is; null when it was never opened.</summary>
    [Alias("Standing")]
    Task<AccountStanding?> Standing();

    /// <summary>Opens the account, or gives it a further link. Repeating it changes nothing. Refused with <c>account-open</c> when it was opened as somebody else.</summary>
    [Alias("Open")]
    Task<Answer<Done>> Open(OpenAccount command);

    /// <summary>
    /// Counts a try to sign in, before the password is looked at, so that many tries at once are no more than as many one after the other. Tries are counted by where they come from: five wrong ones
    /// in a row from one place lock the account <em>for that place</em>, for five minutes, then longer. Nobody can lock somebody else out: a device that has signed in before is a place of its own.
    /// Refused with <c>locked-out</c>, or <c>not-found</c> when there is no such account.
    /// </summary>
    [Alias("BeginTry")]
    Task<Answer<Done>> BeginTry(TryFrom from);

    /// <summary>
    /// The try was right: the count of that place begins anew, and the device is entered as signed in. Entering a device again changes nothing but when it was seen. The device that was used least
    /// recently is forgotten when there are more than <see cref="AccountLimits.MostDevices"/>, one that is signed out before one that is in use. Field refused: <c>device</c> (<c>malformed</c>).
    /// </summary>
    [Alias("SignedIn")]
    Task<Answer<Done>> SignedIn(SignInDevice device, TryFrom from);

    /// <summary>The devices that know this account, those in use first.</summary>
    [Alias("Devices")]
    Task<ImmutableArray<AccountDevice>> Devices();

    /// <summary>A device is in use. Kept by the day, so that reading writes little.</summary>
    [Alias("Seen")]
    Task Seen(string device);

    /// <summary>Signs one device out, on its live connections too (L2). Repeating it changes nothing. Refused with <c>not-found</c>; to forget a device that is not known is done already.</summary>
    /// <param name="device">The device.</param>
    /// <param name="forget">Whether it is also forgotten, so that tries from it count as anybody's: for a device that was lost.</param>
    [Alias("SignOutDevice")]
    Task<Answer<Done>> SignOutDevice(string device, bool forget);

    /// <summary>Keeps a new password. Every session but one ends, on live connections too, and lock-outs are lifted.</summary>
    /// <param name="passwordHash">ASP.NET Core Identity's format.</param>
    /// <param name="keep">The device that goes on; null when none does.</param>
    /// <param name="notice">What the account's other devices are told.</param>
    [Alias("SetPassword")]
    Task<Answer<Done>> SetPassword(string passwordHash, string? keep, AccountNoticeKind notice);

    /// <summary>
    /// Makes a code that proves that somebody has a phone, and sends it there; for the change of phone where the deployment can send text messages, else refused with <c>no-text-messages</c>. Valid for ten
    /// minutes; the third within ten minutes is refused with <c>too-many-tries</c>. Field refused: <c>phone</c> (<c>phone-malformed</c>).
    /// </summary>
    [Alias("SendPhoneCode")]
    Task<Answer<Done>> SendPhoneCode(string phone);

    /// <summary>
    /// Changes the phone number to sign in with, after the new number's name was claimed. In one write the account switches, and its outbox confirms the new name, releases the old one, and tells the old
    /// number. Refused with <c>code-wrong</c> when the deployment can send text messages and this is not the code that was sent to that number; with <c>login-name-taken</c>. The same number again
    /// changes nothing.
    /// </summary>
    /// <param name="phone">E.164.</param>
    /// <param name="code">The code that was sent to it; null where the deployment cannot send any.</param>
    [Alias("ChangePhone")]
    Task<Answer<Done>> ChangePhone(string phone, string? code);

    /// <summary>Says by which names the account signs in, for showing, and so that a change of phone knows which to give up. One phone at most: a second one changes nothing. Repeating it changes nothing.</summary>
    [Alias("SignsInBy")]
    Task<Answer<Done>> SignsInBy(SignInName name);

    /// <summary>By which names this account signs in.</summary>
    [Alias("SignInNames")]
    Task<ImmutableArray<SignInName>> SignInNames();

    /// <summary>What happened to this account lately (new device, password, phone), the newest first.</summary>
    [Alias("Notices")]
    Task<ImmutableArray<AccountNotice>> Notices();

    /// <summary>The person has read them.</summary>
    [Alias("ReadNotices")]
    Task ReadNotices();

    /// <summary>Sets the language that this account reads, <c>zh-CN</c> or <c>en</c>. Refused: <c>language</c> (<c>unknown</c>).</summary>
    [Alias("SetLanguage")]
    Task<Answer<Done>> SetLanguage(string language);

    /// <summary>Ends every session of this account: the security stamp is drawn anew, every device is signed out, and live connections are closed.</summary>
    [Alias("SignOutEverywhere")]
    Task SignOutEverywhere();
}

/// <summary>Bounds of accounts.</summary>
public static class AccountLimits
{
    /// <summary>Wrong tries in a row from one place before it is locked.</summary>
    public const int MostTries = 5;
    /// <summary>The most devices that an account knows.</summary>
    public const int MostDevices = 20;
    /// <summary>The most notices that it keeps.</summary>
    public const int MostNotices = 20;
    /// <summary>From how many places tries are counted at a time.</summary>
    public const int MostPlaces = 64;
}

/// <summary>Where a try to sign in comes from.</summary>
/// <param name="Device">A device that has signed in to this account before, as its own cookie proves; null when none.</param>
/// <param name="Address">A hash of the network address (an IPv6 address by its first 64 bits), so that no address is kept.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TryFrom")]
public sealed record TryFrom([property: Id(0)] string? Device, [property: Id(1)] string Address);

/// <summary>A device that signs in.</summary>
/// <param name="Device">32 lower-case hexadecimal digits, drawn by the edge and kept in the browser's cookie.</param>
/// <param name="Name">What people call it, e.g. <c>Chrome · Android</c>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SignInDevice")]
public sealed record SignInDevice([property: Id(0)] string Device, [property: Id(1)] string Name);

/// <summary>A device that knows an account.</summary>
/// <param name="Device">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="First">When it first signed in, UTC.</param>
/// <param name="LastSeen">The day on which it was used last, UTC.</param>
/// <param name="SignedIn">Whether it is signed in now.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AccountDevice")]
public sealed record AccountDevice(
    [property: Id(0)] string Device,
    [property: Id(1)] string Name,
    [property: Id(2)] DateTimeOffset First,
    [property: Id(3)] DateOnly LastSeen,
    [property: Id(4)] bool SignedIn);

/// <summary>A name that somebody signs in with, for showing.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Shown">A phone number in E.164 form, a staff, student or made-up number, or the name of the identity provider.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SignInName")]
public sealed record SignInName([property: Id(0)] SignInNameKind Kind, [property: Id(1)] string Shown);

/// <summary>Kinds of names to sign in with.</summary>
[GenerateSerializer, Alias("schoolhome.SignInNameKind")]
public enum SignInNameKind
{
    /// <summary>A phone number.</summary>
    Phone,
    /// <summary>A staff number.</summary>
    Staff,
    /// <summary>A student number.</summary>
    Student,
    /// <summary>A number that we made up.</summary>
    Number,
    /// <summary>The school's identity provider.</summary>
    OpenId,
}

/// <summary>Something that the owner of an account should know.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What.</param>
/// <param name="Detail">The device's name, or the last four digits of the new phone; null when there is nothing more to say.</param>
/// <param name="Read">Whether it was read.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AccountNotice")]
public sealed record AccountNotice([property: Id(0)] DateTimeOffset At, [property: Id(1)] AccountNoticeKind Kind, [property: Id(2)] string? Detail, [property: Id(3)] bool Read);

/// <summary>Kinds of notices.</summary>
[GenerateSerializer, Alias("schoolhome.AccountNoticeKind")]
public enum AccountNoticeKind
{
    /// <summary>A device signed in that had not before.</summary>
    NewDevice,
    /// <summary>The password was changed by its owner.</summary>
    PasswordChanged,
    /// <summary>The password was set anew by a slip, or by the office.</summary>
    PasswordReset,
    /// <summary>Another phone number signs in now.</summary>
    PhoneChanged,
    /// <summary>An identity provider signs in now.</summary>
    OpenIdLinked,
}

/// <summary>What an account proves itself with.</summary>
/// <param name="Name">Whose it is, for showing.</param>
/// <param name="PasswordHash">ASP.NET Core Identity's format; null when there is no password.</param>
/// <param name="SecurityStamp">Changes whenever sessions must end.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AccountCredentials")]
public sealed record AccountCredentials(
    [property: Id(0)] string Name,
    [property: Id(1)] string? PasswordHash,
    [property: Id(2)] string SecurityStamp);

/// <summary>Who an account is. One person may be several: a teacher with a child at the school.</summary>
/// <param name="Name">For showing.</param>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
/// <param name="SecurityStamp">A session that was begun under another stamp is over.</param>
/// <param name="Guardian">As which guardian; null when none.</param>
/// <param name="Teachers">As which teachers; usually one or none.</param>
/// <param name="Student">As which student; null when none.</param>
/// <param name="Devices">The devices that are signed in; the session of any other is over.</param>
/// <param name="Unread">How many notices were not read.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AccountStanding")]
public sealed record AccountStanding(
    [property: Id(0)] string Name,
    [property: Id(1)] string Language,
    [property: Id(2)] string SecurityStamp,
    [property: Id(3)] GuardianId? Guardian,
    [property: Id(4)] ImmutableArray<TeacherId> Teachers,
    [property: Id(5)] StudentId? Student,
    [property: Id(6)] ImmutableArray<string> Devices,
    [property: Id(7)] int Unread);

/// <summary>Opens an account. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>).</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="PasswordHash">ASP.NET Core Identity's format.</param>
/// <param name="Guardian">As which guardian; null when none.</param>
/// <param name="Teacher">As which teacher; null when none.</param>
/// <param name="Student">As which student; null when none.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.OpenAccount")]
public sealed record OpenAccount(
    [property: Id(0)] string Name,
    [property: Id(1)] string? PasswordHash,
    [property: Id(2)] GuardianId? Guardian,
    [property: Id(3)] TeacherId? Teacher,
    [property: Id(4)] StudentId? Student);

/// <summary>A name that somebody signs in with: claimed by one account at a time, so that names are unique.</summary>
[GrainInterfaceType("schoolhome.login-name")]
[Alias("schoolhome.ILoginNameGrain")]
public interface ILoginNameGrain : IGrainWithStringKey, ITakesFactsGrain
{
    /// <summary>The account that signs in by this name; null when none does.</summary>
    [Alias("Account")]
    Task<AccountId?> Account();

    /// <summary>
    /// Claims the name for an account that is about to be opened. Refused with <c>login-name-taken</c>. A claim that is not confirmed lapses after ten minutes, so that a crash between
    /// the two blocks nobody.
    /// </summary>
    [Alias("Claim")]
    Task<Answer<Done>> Claim(AccountId account);

    /// <summary>Confirms the claim: the account can sign in by this name. Refused with <c>login-name-taken</c> when the claim has lapsed and another holds it.</summary>
    [Alias("Confirm")]
    Task<Answer<Done>> Confirm(AccountId account);

    /// <summary>Gives the name up. Does nothing when another account holds it.</summary>
    [Alias("Release")]
    Task Release(AccountId account);
}
