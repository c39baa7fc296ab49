using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>
/// What a browser proves with its device cookie: which accounts have signed in here before, and as which of their devices. It outlives the session and gives no right but one: whoever tries
/// passwords elsewhere cannot lock this browser out (see <see cref="TryFrom"/>).
/// </summary>
internal sealed class Devices(IDataProtectionProvider protection, IGrainFactory actors, TimeProvider clock)
{
    private const string CookieName = "schoolhome-device";
    // A browser of a library or a staff room: the accounts that were used longest ago are forgotten.
    private const int MostAccounts = 8;
    private const int IdBytes = 16;
    private static readonly object Read = new();

    private readonly IDataProtector _protector = protection.CreateProtector("SchoolHome.Device.v1");
    private SeenToday _seen = new(default);

    /// <summary>The browser, for rate limits; null when nobody has signed in here yet.</summary>
    public string? BrowserOf(HttpContext context) => CookieOf(context)?.Browser;

    /// <summary>As which of its devices an account has signed in here before; null when it has not.</summary>
    public string? DeviceOf(HttpContext context, AccountId account) => CookieOf(context)?.Accounts.FirstOrDefault(one => one.Account == account.Opaque)?.Device;

    /// <summary>Where a try of an account comes from.</summary>
    public TryFrom From(HttpContext context, AccountId account) => new(DeviceOf(context, account), AddressOf(context, account));

    /// <summary>The device as which an account signs in here: the one that it was before, else a new one.</summary>
    public SignInDevice For(HttpContext context, AccountId account) =>
        new(DeviceOf(context, account) ?? NewId(), DeviceNames.Of(context.Request.Headers.UserAgent.ToString(), Texts.LanguageOf(context)));

    /// <summary>Lets the browser remember the device.</summary>
    public void Remember(HttpContext context, AccountId account, string device)
    {
        var before = CookieOf(context) ?? new DeviceCookie(NewId(), []);
        Keep(context, before with
        {
            Accounts = [new(account.Opaque, device), .. before.Accounts.Where(one => one.Account != account.Opaque).Take(MostAccounts - 1)],
        });
    }

    /// <summary>A device that signs in anew after it was forgotten is another one.</summary>
    public void Forget(HttpContext context, AccountId account)
    {
        if (CookieOf(context) is { } before)
            Keep(context, before with { Accounts = [.. before.Accounts.Where(one => one.Account != account.Opaque)] });
    }

    /// <summary>Tells the account that a device is in use: once a day, for each of these is a write.</summary>
    public void Seen(AccountId account, string device)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var seen = Volatile.Read(ref _seen);
        if (seen.Day != today)
            Volatile.Write(ref _seen, seen = new SeenToday(today));
        if (seen.Devices.TryAdd(device, true))
            actors.GetGrain<IAccountGrain>(account.ToString()).Seen(device).Ignore();
    }

    // So short that some hundred IPv4 addresses share it: who reads the database does not learn from where somebody has tried. That two who try one account are mistaken for each other is one in 16 million.
    private static string AddressOf(HttpContext context, AccountId account) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Opaque}\n{Limits.PlaceOf(context.Connection.RemoteIpAddress)}")))[..6];

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    private DeviceCookie? CookieOf(HttpContext context)
    {
        if (context.Items.TryGetValue(Read, out var known))
            return (DeviceCookie?)known;

        var cookie = Unprotect(context.Request.Cookies[CookieName]);
        context.Items[Read] = cookie;
        return cookie;
    }

    private DeviceCookie? Unprotect(string? value)
    {
        if (value is null or { Length: > 2000 })
            return null;

        try
        {
            var bytes = _protector.Unprotect(Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(value));
            var ids = bytes.Chunk(IdBytes).Select(Convert.ToHexStringLower).ToArray();
            return new DeviceCookie(ids[0], [.. ids.Skip(1).Chunk(2).Select(pair => new KnownDevice(pair[0], pair[1]))]);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // Of another deployment, or made up: as good as none.
            return null;
        }
    }

    private void Keep(HttpContext context, DeviceCookie cookie)
    {
        context.Items[Read] = cookie;
        byte[] bytes = [.. Convert.FromHexString(cookie.Browser), .. cookie.Accounts.SelectMany(one => Convert.FromHexString(one.Account + one.Device))];
        context.Response.Cookies.Append(CookieName, Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(_protector.Protect(bytes)), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            // As long as browsers keep any.
            MaxAge = TimeSpan.FromDays(400),
            Path = "/api",
            IsEssential = true,
        });
    }

    private sealed record DeviceCookie(string Browser, ImmutableArray<KnownDevice> Accounts);

    private sealed record KnownDevice(string Account, string Device);

    private sealed record SeenToday(DateOnly Day)
    {
        public ConcurrentDictionary<string, bool> Devices { get; } = new(StringComparer.Ordinal);
    }
}

/// <summary>What people call the device that they sign in with: browser · system, as far as it says so itself.</summary>
internal static class DeviceNames
{
    // The first that fits: most browsers also name those that they imitate.
    private static readonly (string Mark, string Chinese, string English)[] Browsers =
    [
        ("MicroMessenger/", "微信", "WeChat"), ("DingTalk/", "钉钉", "DingTalk"), ("MQQBrowser/", "QQ浏览器", "QQ Browser"), ("UCBrowser/", "UC浏览器", "UC Browser"),
        ("HuaweiBrowser/", "华为浏览器", "Huawei Browser"), ("MiuiBrowser/", "小米浏览器", "Mi Browser"), ("SamsungBrowser/", "三星浏览器", "Samsung Internet"), ("Edg", "Edge", "Edge"), ("OPR/", "Opera", "Opera"),
        ("Firefox/", "Firefox", "Firefox"), ("FxiOS/", "Firefox", "Firefox"), ("Chrome/", "Chrome", "Chrome"), ("CriOS/", "Chrome", "Chrome"), ("Safari/", "Safari", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static string Of(string userAgent, string language)
    {
        var english = language == Texts.English;
        var browser = Browsers.Where(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Select(one => english ? one.English : one.Chinese).FirstOrDefault();
        var system = Systems.Where(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Select(one => one.Name).FirstOrDefault();
        return (browser, system) switch
        {
            (null, null) => english ? "Unknown device" : "未知设备",
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser} · {system}",
        };
    }
}
