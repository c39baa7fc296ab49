using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>An account as the sign-in sees it. Its truth is an <see cref="IAccountGrain"/>.</summary>
/// <param name="Id">The account.</param>
/// <param name="Credentials">What it proves itself with.</param>
internal sealed record SignInAccount(AccountId Id, AccountCredentials Credentials);

/// <summary>Finds accounts by what people sign in with.</summary>
internal sealed class AccountStore(IGrainFactory actors)
{
    private const int MadeUpLength = 8;

    /// <summary>The account that signs in by a name; null when none does.</summary>
    public async Task<SignInAccount?> Find(LoginNameId name) =>
        await actors.GetGrain<ILoginNameGrain>(name.ToString()).Account() is { } account ? await Find(account) : null;

    public async Task<SignInAccount?> Find(AccountId account) =>
        await actors.GetGrain<IAccountGrain>(account.ToString()).Credentials() is { } credentials ? new SignInAccount(account, credentials) : null;

    /// <summary>
    /// The accounts that somebody may mean by what they have typed, the likeliest first: nearly always one or none. Refused with <c>choose-school</c> when it may be a staff or student number, which repeat
    /// across schools, and there are several schools.
    /// </summary>
    /// <param name="login">Mobile number, staff number, student number, or a number that we made up.</param>
    /// <param name="school">The school's id; null when it was not named.</param>
    public async Task<Answer<ImmutableArray<SignInAccount>>> FindByLogin(string login, string? school)
    {
        var names = new List<LoginNameId>();
        var number = login.Trim().ToLowerInvariant();
        var phone = Phones.Normalize(login);
        if (phone is not null)
            names.Add(LoginNameId.Phone(phone));
        if (number.Length == MadeUpLength && number[0] != '0' && number.All(char.IsAsciiDigit))
            names.Add(LoginNameId.Number(number));

        var named = SchoolId.TryCreate(school, out var one);
        var schools = named ? [one] : await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Schools();
        if (schools is [var only])
        {
            if (TeacherId.TryCreate(only.School, number, out var teacher))
                names.Add(LoginNameId.Staff(teacher));
            if (StudentId.TryCreate(only.School, number, out var student))
                names.Add(LoginNameId.Student(student));
        }

        var found = ImmutableArray.CreateBuilder<SignInAccount>();
        foreach (var name in names)
        {
            if (await Find(name) is { } account && found.All(other => other.Id != account.Id))
                found.Add(account);
        }

        // Asked whether or not there is such an account; of a mobile number nobody is asked, so that the question does not tell who has one.
        return found.Count == 0 && schools.Length > 1 && (phone is null || !Phones.IsMobile(phone)) && TeacherId.TryCreate(schools[0].School, number, out _)
            ? new Conflict("choose-school")
            : found.DrainToImmutable();
    }
}
