using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>A bearer token of a program of one school. It is good for as long as it has not lapsed, was not revoked, and whoever made it is an administrator.</summary>
[GrainInterfaceType("schoolhome.api-token")]
[Alias("schoolhome.IApiTokenGrain")]
public interface IApiTokenGrain : IGrainWithStringKey
{
    /// <summary>Makes the token. Repeating it changes nothing. Fields refused: <c>name</c> (<c>required</c>, <c>too-long</c>), <c>scopes</c> (<c>required</c>, <c>unknown</c>), <c>expires</c> (<c>in-the-past</c>, <c>too-late</c>: at most a year ahead).</summary>
    [Alias("Make")]
    Task<Answer<Done>> Make(MakeApiToken command);

    /// <summary>What the token may do; null when the secret is wrong, it has lapsed, or was revoked.</summary>
    /// <param name="secretHash">SHA-256 of the secret, lower-case hexadecimal.</param>
    [Alias("Standing")]
    Task<ApiTokenStanding?> Standing(string secretHash);

    /// <summary>The token for the list of the administrators; null when it was never made.</summary>
    [Alias("View")]
    Task<ApiTokenView?> View();

    /// <summary>Ends the token at once. Repeating it changes nothing. Refused with <c>not-found</c>.</summary>
    [Alias("Revoke")]
    Task<Answer<Done>> Revoke();
}

/// <summary>What programs may do. A token has some of these.</summary>
public static class ApiScopes
{
    /// <summary>Read people, classes and the audit log; export the roster.</summary>
    public const string ReadPeople = "people.read";
    /// <summary>Import rosters: dry run, confirm, undo.</summary>
    public const string ImportRoster = "roster.import";

    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<string> All = [ReadPeople, ImportRoster];
}

/// <summary>Makes a bearer token.</summary>
/// <param name="School">The school that it is for.</param>
/// <param name="Name">What it is for, in the administrator's words.</param>
/// <param name="SecretHash">SHA-256 of the secret, lower-case hexadecimal.</param>
/// <param name="Scopes">Some of <see cref="ApiScopes"/>.</param>
/// <param name="Expires">When it lapses, UTC.</param>
/// <param name="MadeBy">The administrator.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.MakeApiToken")]
public sealed record MakeApiToken(
    [property: Id(0)] SchoolId School,
    [property: Id(1)] string Name,
    [property: Id(2)] string SecretHash,
    [property: Id(3)] ImmutableArray<string> Scopes,
    [property: Id(4)] DateTimeOffset Expires,
    [property: Id(5)] AccountId MadeBy);

/// <summary>What a token may do now.</summary>
/// <param name="School">The school that it is for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">Some of <see cref="ApiScopes"/>.</param>
/// <param name="MadeBy">The administrator; the token ends with their office.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ApiTokenStanding")]
public sealed record ApiTokenStanding(
    [property: Id(0)] SchoolId School,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] AccountId MadeBy);

/// <summary>A token in the list. The secret is shown once, when it is made.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">Some of <see cref="ApiScopes"/>.</param>
/// <param name="MadeBy">The administrator.</param>
/// <param name="MadeAt">When, UTC.</param>
/// <param name="Expires">When it lapses, UTC.</param>
/// <param name="Revoked">Whether it was ended.</param>
/// <param name="LastUsed">The day on which it was last used, UTC; null when never. Kept by the day, so that reading writes little.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ApiTokenView")]
public sealed record ApiTokenView(
    [property: Id(0)] ApiTokenId Token,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] AccountId MadeBy,
    [property: Id(4)] DateTimeOffset MadeAt,
    [property: Id(5)] DateTimeOffset Expires,
    [property: Id(6)] bool Revoked,
    [property: Id(7)] DateOnly? LastUsed);
