using SchoolHome.People;

namespace SchoolHome.Web.People;

/// <summary>
/// Opens accounts: claims the name, opens the account, binds it to the person, confirms the name. A crash before the binding leaves a claim that lapses; after it, the person's record names the
/// account, and opening it again finishes what was begun.
/// </summary>
internal sealed class AccountOpening(IGrainFactory actors, Passwords passwords)
{
    /// <summary>Opens an account for a teacher, under their staff number and, if it is free, their phone. For one who has an account, sets its password.</summary>
    public async Task<Answer<AccountId>> ForTeacher(TeacherId teacher, string? password, ChangedBy by)
    {
        var actor = actors.GetGrain<ITeacherGrain>(teacher.ToString());
        if (await actor.Profile() is not { } profile)
            return new NotFound();

        var staff = LoginNameId.Staff(teacher);
        var account = profile.Account ?? AccountId.New();
        var opened = profile.Account is { } present
            ? await Finish(present, staff, password)
            : await Open(account, staff, new OpenAccount(profile.Name, Hash(password), null, teacher, null), () => actor.BindAccount(account, by));
        if (opened.IsDone && profile.Phone is { } phone)
            await AlsoBy(LoginNameId.Phone(phone), account);

        return opened;
    }

    /// <summary>
    /// Opens an account for a guardian of a child, under their phone number, and binds the child to it. A number that has an account already is refused with <c>login-name-taken</c>,
    /// unless the office says that it is the same person: the number alone never binds a child to anybody.
    /// </summary>
    public async Task<Answer<AccountId>> ForGuardian(StudentId student, string entry, bool samePerson, string? password)
    {
        var actor = actors.GetGrain<IStudentGrain>(student.ToString());
        if ((await actor.Profile())?.Guardians.FirstOrDefault(one => one.Entry == entry) is not { } named)
            return new NotFound();
        if (named.AccessEnded)
            return new Conflict("access-ended");

        var phone = LoginNameId.Phone(named.Phone);
        var present = await actors.GetGrain<ILoginNameGrain>(phone.ToString()).Account();
        if (present is { } known)
        {
            var guardian = (await actors.GetGrain<IAccountGrain>(known.ToString()).Standing())?.Guardian;
            // A repetition of "it is the same person" has nothing left to do; their password is theirs.
            if (named.Guardian is { } bound && bound == guardian)
                return samePerson ? known : await SetPassword(known, password);
            if (!samePerson)
                return new Conflict("login-name-taken");

            var follows = guardian ?? GuardianId.New();
            return await Follow(known, follows, new OpenAccount(named.Name, null, follows, null, null), actor, entry);
        }

        if (named.Guardian is { } follower && await actors.GetGrain<IGuardianGrain>(follower.ToString()).Account() is { } theirs)
            return await Finish(theirs, phone, password);

        var fresh = named.Guardian ?? GuardianId.New();
        var account = AccountId.New();
        return await Open(account, phone, new OpenAccount(named.Name, Hash(password), fresh, null, null),
            async () => (await Follow(account, fresh, null, actor, entry)).Refusal is { } refusal ? refusal : Done.It);
    }

    /// <summary>Opens an account for a student, under the student number.</summary>
    public async Task<Answer<AccountId>> ForStudent(StudentId student, string? password, ChangedBy by)
    {
        var actor = actors.GetGrain<IStudentGrain>(student.ToString());
        if (await actor.Profile() is not { } profile)
            return new NotFound();

        var name = LoginNameId.Student(student);
        if (profile.Account is { } present)
            return await Finish(present, name, password);

        var account = AccountId.New();
        return await Open(account, name, new OpenAccount(profile.Name, Hash(password), null, null, student), () => actor.BindAccount(account, by));
    }

    private async Task<Answer<AccountId>> Open(AccountId account, LoginNameId name, OpenAccount command, Func<Task<Answer<Done>>> bind)
    {
        var login = actors.GetGrain<ILoginNameGrain>(name.ToString());
        if ((await login.Claim(account)).Refusal is { } taken)
            return taken;

        if ((await actors.GetGrain<IAccountGrain>(account.ToString()).Open(command)).Refusal is { } refused)
        {
            await login.Release(account);
            return refused;
        }

        if ((await bind()).Refusal is { } unbound)
        {
            await login.Release(account);
            return unbound;
        }

        return (await login.Confirm(account)).Refusal is { } lapsed ? lapsed : account;
    }

    /// <summary>Gives an account that is bound to its person the name that it is to sign in by, and a new password.</summary>
    private async Task<Answer<AccountId>> Finish(AccountId account, LoginNameId name, string? password)
    {
        var login = actors.GetGrain<ILoginNameGrain>(name.ToString());
        if (await login.Account() != account)
        {
            if ((await login.Claim(account)).Refusal is { } taken)
                return taken;
            if ((await login.Confirm(account)).Refusal is { } lapsed)
                return lapsed;
        }

        return await SetPassword(account, password);
    }

    private async Task<Answer<AccountId>> Follow(AccountId account, GuardianId guardian, OpenAccount? link, IStudentGrain child, string entry)
    {
        if (link is not null && (await actors.GetGrain<IAccountGrain>(account.ToString()).Open(link)).Refusal is { } refused)
            return refused;
        if ((await actors.GetGrain<IGuardianGrain>(guardian.ToString()).BindAccount(account)).Refusal is { } other)
            return other;

        // The command that slips have replaced, until the office has them: bound as by a slip that was issued and redeemed at once.
        var slip = InvitationId.OfCode(InvitationId.NewCode())!.Value;
        if ((await child.IssueSlip(entry, slip, DateTimeOffset.MaxValue, ChangedBy.Software)).Refusal is { } unissued)
            return unissued;

        return (await child.RedeemSlip(entry, slip, guardian, ChangedBy.Software)).Refusal is { } unbound ? unbound : account;
    }

    private async Task AlsoBy(LoginNameId name, AccountId account)
    {
        // A phone that somebody else signs in with is no reason to refuse: the staff number suffices.
        var login = actors.GetGrain<ILoginNameGrain>(name.ToString());
        if ((await login.Claim(account)).IsDone)
            await login.Confirm(account);
    }

    private async Task<Answer<AccountId>> SetPassword(AccountId account, string? password)
    {
        if (password is not null && (await actors.GetGrain<IAccountGrain>(account.ToString()).SetPassword(passwords.Hash(password), null, AccountNoticeKind.PasswordReset)).Refusal is { } refused)
            return refused;

        return account;
    }

    private string? Hash(string? password) => password is null ? null : passwords.Hash(password);
}
