using Microsoft.AspNetCore.Identity;
using SchoolHome.People;

namespace SchoolHome.Web.People;

/// <summary>An account as ASP.NET Core Identity works on it. Its truth is an <see cref="IAccountGrain"/>.</summary>
internal sealed class SignInAccount
{
    public required AccountId Id { get; init; }

    public required string Name { get; init; }

    public string? PasswordHash { get; set; }

    public string SecurityStamp { get; set; } = "";

    public int FailedTries { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public AccountCredentials Credentials => new(Name, PasswordHash, SecurityStamp, FailedTries, LockedUntil);
}

/// <summary>Identity's store over the account actors: Identity hashes, locks out and stamps; the actors keep.</summary>
internal sealed class AccountStore(IGrainFactory actors)
    : IUserPasswordStore<SignInAccount>, IUserSecurityStampStore<SignInAccount>, IUserLockoutStore<SignInAccount>
{
    /// <summary>The account that signs in by a name; null when none does.</summary>
    public async Task<SignInAccount?> Find(LoginNameId name) =>
        await actors.GetGrain<ILoginNameGrain>(name.ToString()).Account() is { } account ? await Find(account) : null;

    public async Task<SignInAccount?> Find(AccountId account) =>
        await actors.GetGrain<IAccountGrain>(account.ToString()).Credentials() is { } kept
            ? new SignInAccount
            {
                Id = account,
                Name = kept.Name,
                PasswordHash = kept.PasswordHash,
                SecurityStamp = kept.SecurityStamp,
                FailedTries = kept.FailedTries,
                LockedUntil = kept.LockedUntil,
            }
            : null;

    public Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        AccountId.TryCreate(userId, out var id) ? Find(id) : Task.FromResult<SignInAccount?>(null);

    // Names to sign in with have kinds (phone, staff number); they are looked up by Find above.
    public Task<SignInAccount?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByIdAsync(normalizedUserName, cancellationToken);

    public async Task<IdentityResult> UpdateAsync(SignInAccount user, CancellationToken cancellationToken)
    {
        await actors.GetGrain<IAccountGrain>(user.Id.ToString()).Keep(user.Credentials);
        return IdentityResult.Success;
    }

    // Accounts are opened by AccountOpening, with the person they belong to, and never deleted.
    public Task<IdentityResult> CreateAsync(SignInAccount user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(SignInAccount user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetUserIdAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.Id.Opaque);

    public Task<string?> GetUserNameAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id.Opaque);

    public Task SetUserNameAsync(SignInAccount user, string? userName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetNormalizedUserNameAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id.Opaque);

    public Task SetNormalizedUserNameAsync(SignInAccount user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetPasswordHashAsync(SignInAccount user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(SignInAccount user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    public Task SetLockoutEndDateAsync(SignInAccount user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedTries);

    public Task ResetAccessFailedCountAsync(SignInAccount user, CancellationToken cancellationToken)
    {
        user.FailedTries = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(user.FailedTries);

    public Task<bool> GetLockoutEnabledAsync(SignInAccount user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(SignInAccount user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }
}
