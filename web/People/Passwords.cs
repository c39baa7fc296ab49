using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using SchoolHome.People;

namespace SchoolHome.Web.People;

/// <summary>
/// Passwords: ASP.NET Core Identity hashes them, the account's actor counts the tries, zxcvbn judges how soon one would be guessed. Rules about kinds of characters only make people write them down.
/// </summary>
internal sealed class Passwords(IPasswordHasher<SignInAccount> hasher, IGrainFactory actors)
{
    public const int Shortest = 8;
    public const int Longest = 128;
    private const int LowestScore = 2;

    // Judging takes some milliseconds for 64 characters and eight times as long for twice as many; who has got so far has a good password.
    private const int Judged = 64;

    // A part of a sign-in name shorter than this is in many a good password.
    private const int ShortestName = 4;

    // Letters and digits that are not mistaken for one another on paper.
    private const string Legible = "abcdefghjkmnpqrstuvwxyz23456789";

    private static readonly SignInAccount Nobody = new(default, new AccountCredentials("", null, ""));

    // Its word lists are read once. It promises nothing about several threads, so they take turns; that also keeps judging to one core.
    private static readonly Zxcvbn.Zxcvbn Judge = new();
    private static readonly Lock Turn = new();

    public static string New() => RandomNumberGenerator.GetString(Legible, 10);

    /// <summary>The one rule for passwords that people choose; null when a password keeps it.</summary>
    /// <param name="field">The field to blame.</param>
    /// <param name="password">The password.</param>
    /// <param name="names">What its owner signs in with.</param>
    public static FieldProblem? Check(string field, string? password, params IEnumerable<string?> names) =>
        string.IsNullOrEmpty(password) ? new(field, "required") : Weigh(password, names) is { Acceptable: false } weak ? new(field, weak.Code) : null;

    /// <summary>How good a password is, and why it is no better.</summary>
    public static PasswordVerdict Weigh(string password, params IEnumerable<string?> names)
    {
        if (password.Length > Longest)
            return new(0, "password-too-long");

        var (score, reason) = Score(password.Length > Judged ? password[..Judged] : password);
        return password.Length < Shortest ? new(Math.Min(score, LowestScore - 1), "password-too-short")
            : names.Any(name => Resembles(password, name)) ? new(Math.Min(score, LowestScore - 1), "password-has-name")
            : score < LowestScore ? new(score, reason)
            : new(score, score == LowestScore ? "password-fair" : "password-good");
    }

    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Tries a password. Refused with <c>sign-in-failed</c> or <c>locked-out</c>. Whoever lets somebody in for it says so with <see cref="SignIn.Proved"/>.</summary>
    public async Task<Answer<Done>> Try(SignInAccount? account, string password, TryFrom from)
    {
        if (account is null || password.Length > Longest)
        {
            // As slow as a wrong password, so that nobody learns who has an account.
            Hash("nobody has this account");
            return new Conflict("sign-in-failed");
        }

        var actor = actors.GetGrain<IAccountGrain>(account.Id.ToString());
        if ((await actor.BeginTry(from)).Refusal is { } locked)
            return locked;
        if (account.Credentials.PasswordHash is not { } hash || hasher.VerifyHashedPassword(account, hash, password) == PasswordVerificationResult.Failed)
            return new Conflict("sign-in-failed");

        return Done.It;
    }

    /// <summary>Tries a password for each of the accounts that somebody may mean. Answers which one it is.</summary>
    public async Task<Answer<AccountId>> TryAny(ImmutableArray<SignInAccount> meant, string password, Func<AccountId, TryFrom> from)
    {
        if (meant.IsEmpty)
            return (await Try(null, password, new TryFrom(null, ""))).Refusal!;

        Refusal? first = null;
        foreach (var account in meant)
        {
            if ((await Try(account, password, from(account.Id))).Refusal is not { } refusal)
                return account.Id;

            first ??= refusal;
        }

        return first!;
    }

    private static (int Score, string Reason) Score(string password)
    {
        Zxcvbn.Result result;
        lock (Turn)
            result = Judge.EvaluatePassword(password);

        // What takes up most of it is what makes it easy.
        var easy = result.MatchSequence.Where(match => match.Pattern != "bruteforce").MaxBy(match => match.Token.Length)?.Pattern;
        return (result.Score, easy switch
        {
            "repeat" => "password-repeats",
            "sequence" or "spatial" => "password-sequence",
            "date" or "year" or "digits" => "password-number",
            "dictionary" => "password-common",
            _ => "password-weak",
        });
    }

    // The name in the password, or the password a part of the name: the last eight digits of one's phone.
    private static bool Resembles(string password, string? name) =>
        name?.TrimStart('+') is { Length: >= ShortestName } bare
        && (password.Contains(bare, StringComparison.OrdinalIgnoreCase) || bare.Contains(password, StringComparison.OrdinalIgnoreCase)
            || (bare.StartsWith("86", StringComparison.Ordinal) && bare.Length == 13 && password.Contains(bare[2..], StringComparison.Ordinal)));
}

/// <param name="Score">From 0, guessed at once, to 4, as good as never.</param>
/// <param name="Code">Why it is no better, or that it is good.</param>
internal sealed record PasswordVerdict(int Score, string Code)
{
    public bool Acceptable => Code is "password-fair" or "password-good";
}
