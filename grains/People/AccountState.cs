using System.Collections.Immutable;
using SchoolHome.Grains.Live;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

internal sealed record AccountState : LiveRecord
{
    public string Name { get; init; } = "";

    public string Language { get; init; } = "zh-CN";

    public string? PasswordHash { get; init; }

    public string SecurityStamp { get; init; } = "";

    /// <summary>Of records from before tries were counted by place: read, and of no effect any more.</summary>
    public int? FailedTries { get; init; }

    /// <summary>As <see cref="FailedTries"/>.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    public GuardianId? Guardian { get; init; }

    public ImmutableArray<TeacherId> Teachers { get; init; } = [];

    public StudentId? Student { get; init; }

    /// <summary>From where tries were made that were not right, or are not known to be yet; at most <see cref="AccountLimits.MostPlaces"/>.</summary>
    public ImmutableArray<TryPlace> Places { get; init; } = [];

    /// <summary>The device that was used last comes first; at most <see cref="AccountLimits.MostDevices"/>.</summary>
    public ImmutableArray<AccountDevice> Devices { get; init; } = [];

    /// <summary>The newest first; at most <see cref="AccountLimits.MostNotices"/>.</summary>
    public ImmutableArray<AccountNotice> Notices { get; init; } = [];

    /// <summary>For showing, and so that a change of phone knows which name to give up. One phone at most.</summary>
    public ImmutableArray<SignInName> SignInNames { get; init; } = [];

    /// <summary>The code that was sent last to prove that somebody has a phone; null when it was used, or none ever was.</summary>
    public PhoneCode? PhoneCode { get; init; }

    /// <summary>When codes were sent lately.</summary>
    public ImmutableArray<DateTimeOffset> PhoneCodesSent { get; init; } = [];
}

/// <summary>Tries to sign in from one place.</summary>
/// <param name="Place">A device that is known, or the hash of an address; see <see cref="AccountRules.PlaceOf"/>.</param>
/// <param name="Failed">Wrong tries in a row since the last lock-out.</param>
/// <param name="Locks">How often this place was locked out in a row.</param>
/// <param name="LockedUntil">Null when it is not.</param>
/// <param name="Last">The last try.</param>
internal sealed record TryPlace(string Place, int Failed, int Locks, DateTimeOffset? LockedUntil, DateTimeOffset Last);

/// <summary>A code that was sent to a phone.</summary>
/// <param name="Phone">Which, E.164.</param>
/// <param name="Salt">Drawn with the code.</param>
/// <param name="Hash">Of salt and code.</param>
/// <param name="Until">It is good until then.</param>
/// <param name="WrongTries">So far.</param>
internal sealed record PhoneCode(string Phone, string Salt, string Hash, DateTimeOffset Until, int WrongTries);
