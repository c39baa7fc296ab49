using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>
/// An account: how somebody signs in, and as whom. Its key is opaque; the names to sign in with are <see cref="ILoginNameGrain"/> actors. Its topic tells web processes when what it may
/// do has changed (L2).
/// </summary>
[GrainInterfaceType("schoolhome.account")]
[Alias("schoolhome.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey, ITakesFactsGrain, Live.ILiveTopicGrain
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
    /// Counts a try to sign in, before the password is looked at, so that many tries at once are no more than as many one after the other. The fifth in a row locks the account for five minutes.
    /// Refused with <c>locked-out</c>, or <c>not-found</c> when there is no such account.
    /// </summary>
    [Alias("BeginTry")]
    Task<Answer<Done>> BeginTry();

    /// <summary>The try was right: the count begins anew.</summary>
    [Alias("SignedIn")]
    Task SignedIn();

    /// <summary>Keeps a new password. Every session ends, on live connections too, for the security stamp is drawn anew. Lifts a lock-out.</summary>
    [Alias("SetPassword")]
    Task<Answer<Done>> SetPassword(string passwordHash);

    /// <summary>Sets the language that this account reads, <c>zh-CN</c> or <c>en</c>. Refused: <c>language</c> (<c>unknown</c>).</summary>
    [Alias("SetLanguage")]
    Task<Answer<Done>> SetLanguage(string language);

    /// <summary>Ends every session of this account: the security stamp is drawn anew, and live connections are closed.</summary>
    [Alias("SignOutEverywhere")]
    Task SignOutEverywhere();
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
[GenerateSerializer, Immutable, Alias("schoolhome.AccountStanding")]
public sealed record AccountStanding(
    [property: Id(0)] string Name,
    [property: Id(1)] string Language,
    [property: Id(2)] string SecurityStamp,
    [property: Id(3)] GuardianId? Guardian,
    [property: Id(4)] ImmutableArray<TeacherId> Teachers,
    [property: Id(5)] StudentId? Student);

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
public interface ILoginNameGrain : IGrainWithStringKey
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
