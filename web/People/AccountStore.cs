using SchoolHome.People;

namespace SchoolHome.Web.People;

/// <summary>An account as the sign-in sees it. Its truth is an <see cref="IAccountGrain"/>.</summary>
/// <param name="Id">The account.</param>
/// <param name="Credentials">What it proves itself with.</param>
internal sealed record SignInAccount(AccountId Id, AccountCredentials Credentials);

/// <summary>Finds accounts by what people sign in with.</summary>
internal sealed class AccountStore(IGrainFactory actors)
{
    /// <summary>The account that signs in by a name; null when none does.</summary>
    public async Task<SignInAccount?> Find(LoginNameId name) =>
        await actors.GetGrain<ILoginNameGrain>(name.ToString()).Account() is { } account ? await Find(account) : null;

    public async Task<SignInAccount?> Find(AccountId account) =>
        await actors.GetGrain<IAccountGrain>(account.ToString()).Credentials() is { } credentials ? new SignInAccount(account, credentials) : null;
}
