using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>
/// Opens accounts for teachers and students: claims the name, opens the account, binds it to the person, confirms the name. A crash before the binding leaves a claim that lapses; after it, the
/// person's record names the account, and opening it again finishes what was begun. Guardians open theirs with a slip (<see cref="Joining"/>).
/// </summary>
internal sealed class AccountOpening(IGrainFactory actors, Passwords passwords)
{
    /// <summary>Opens an account for a teacher, under their staff number and, if it is free, their phone. For one who has an account, sets its password.</summary>
    public async Task<Answer<AccountId>> ForTeacher(TeacherId teacher, string? password, ChangedBy by)
    {
        var actor = actors.GetGrain<ITeacherGrain>(teacher.ToString());
        if (await actor.Profile() is not { } profile)
            return new NotFound();
        if (profile.Left is not null)
            return new Conflict("teacher-has-left");

        var staff = LoginNameId.Staff(teacher);
        var shown = new SignInName(SignInNameKind.Staff, teacher.Number);
        var account = profile.Account ?? AccountId.New();
        var opened = profile.Account is { } present
            ? await Finish(present, staff, shown, password)
            : await Open(account, staff, shown, new OpenAccount(profile.Name, Hash(password), null, teacher, null), () => actor.BindAccount(account, by));
        if (opened.IsDone && profile.Phone is { Length: > 0 } phone)
            await AlsoBy(phone, account);

        return opened;
    }

    /// <summary>Opens an account for a student, under the student number. Refused with <c>no-student-accounts</c> where the school does not want any.</summary>
    public async Task<Answer<AccountId>> ForStudent(StudentId student, string? password, ChangedBy by)
    {
        var actor = actors.GetGrain<IStudentGrain>(student.ToString());
        if (await actor.Profile() is not { } profile)
            return new NotFound();
        if (profile.Left is not null)
            return new Conflict("student-has-left");
        if (await actors.GetGrain<ISchoolGrain>(student.SchoolId.ToString()).Profile() is not { StudentAccounts: true })
            return new Conflict("no-student-accounts");

        var name = LoginNameId.Student(student);
        var shown = new SignInName(SignInNameKind.Student, student.Number);
        if (profile.Account is { } present)
            return await Finish(present, name, shown, password);

        var account = AccountId.New();
        return await Open(account, name, shown, new OpenAccount(profile.Name, Hash(password), null, null, student), () => actor.BindAccount(account, by));
    }

    private async Task<Answer<AccountId>> Open(AccountId account, LoginNameId name, SignInName shown, OpenAccount command, Func<Task<Answer<Done>>> bind)
    {
        var login = actors.GetGrain<ILoginNameGrain>(name.ToString());
        if ((await login.Claim(account)).Refusal is { } taken)
            return taken;

        var actor = actors.GetGrain<IAccountGrain>(account.ToString());
        if ((await actor.Open(command)).Refusal is { } refused)
        {
            await login.Release(account);
            return refused;
        }

        if ((await bind()).Refusal is { } unbound)
        {
            await login.Release(account);
            return unbound;
        }

        return await Confirm(account, login, shown);
    }

    /// <summary>Gives an account that is bound to its person the name that it is to sign in by, and a new password.</summary>
    private async Task<Answer<AccountId>> Finish(AccountId account, LoginNameId name, SignInName shown, string? password)
    {
        var login = actors.GetGrain<ILoginNameGrain>(name.ToString());
        if (await login.Account() != account && (await login.Claim(account)).Refusal is { } taken)
            return taken;
        if ((await Confirm(account, login, shown)).Refusal is { } lapsed)
            return lapsed;

        return await SetPassword(account, password);
    }

    private async Task<Answer<AccountId>> Confirm(AccountId account, ILoginNameGrain login, SignInName shown)
    {
        if ((await login.Confirm(account)).Refusal is { } lapsed)
            return lapsed;

        return (await actors.GetGrain<IAccountGrain>(account.ToString()).SignsInBy(shown)).Refusal is { } refusal ? refusal : account;
    }

    private async Task AlsoBy(string phone, AccountId account)
    {
        // Who signs in by another phone already has chosen it. A phone that somebody else signs in with is no reason to refuse: the staff number suffices.
        if ((await actors.GetGrain<IAccountGrain>(account.ToString()).SignInNames()).Any(name => name.Kind == SignInNameKind.Phone))
            return;

        var login = actors.GetGrain<ILoginNameGrain>(LoginNameId.Phone(phone).ToString());
        if ((await login.Claim(account)).IsDone)
            await Confirm(account, login, new SignInName(SignInNameKind.Phone, phone));
    }

    private async Task<Answer<AccountId>> SetPassword(AccountId account, string? password)
    {
        if (password is not null
            && (await actors.GetGrain<IAccountGrain>(account.ToString()).SetPassword(passwords.Hash(password), null, AccountNoticeKind.PasswordReset)).Refusal is { } refused)
            return refused;

        return account;
    }

    private string? Hash(string? password) => password is null ? null : passwords.Hash(password);
}
