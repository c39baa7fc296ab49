using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using SchoolHome.People;

namespace SchoolHome.Web.People;

/// <summary>
/// Passwords: ASP.NET Core Identity hashes them, the account's actor counts the tries. Length is what counts in a password; rules about kinds of characters only make people write them down.
/// </summary>
internal sealed class Passwords(IPasswordHasher<SignInAccount> hasher, IGrainFactory actors)
{
    public const int Shortest = 8;
    public const int Longest = 128;

    // Letters and digits that are not mistaken for one another on paper.
    private const string Legible = "abcdefghjkmnpqrstuvwxyz23456789";

    private static readonly SignInAccount Nobody = new(default, new AccountCredentials("", null, ""));

    public static string New() => RandomNumberGenerator.GetString(Legible, 10);

    public static FieldProblem? Check(string field, string? password) =>
        string.IsNullOrEmpty(password) ? new(field, "required")
        : password.Length < Shortest ? new(field, "password-too-short")
        : password.Length > Longest ? new(field, "password-too-long")
        : null;

    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Tries a password. Refused with <c>sign-in-failed</c> or <c>locked-out</c>.</summary>
    public async Task<Answer<Done>> Try(SignInAccount? account, string password)
    {
        if (account is null || password.Length > Longest)
        {
            // As slow as a wrong password, so that nobody learns who has an account.
            Hash("nobody has this account");
            return new Conflict("sign-in-failed");
        }

        var actor = actors.GetGrain<IAccountGrain>(account.Id.ToString());
        var from = new TryFrom(null, "");
        if ((await actor.BeginTry(from)).Refusal is { } locked)
            return locked;
        if (account.Credentials.PasswordHash is not { } hash || hasher.VerifyHashedPassword(account, hash, password) == PasswordVerificationResult.Failed)
            return new Conflict("sign-in-failed");

        await actor.SignedIn(new SignInDevice(new string('0', 32), ""), from);
        return Done.It;
    }
}
