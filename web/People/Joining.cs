using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>
/// Joining: a guardian redeems the slip of one child. The only way in which a child is ever bound to an account. Every step can be repeated, and a repeated command (same operation, same slip) goes on
/// with the account that the first one has begun: the ids are drawn from both. The slip is used up late, the sign-in name confirmed last: a crash in between leaves a claim that lapses, or a
/// guardian without a name to sign in with, whom a repetition or another slip gives one.
/// </summary>
internal sealed class Joining(IGrainFactory actors, AccountStore accounts, Passwords passwords, TimeProvider clock)
{
    private const int TailLength = 4;
    private const int MostDraws = 20;
    private const int MostLooks = 50;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>What a slip opens, told only to whoever has the code and knows the digits.</summary>
    /// <param name="code">As typed.</param>
    /// <param name="phoneTail">The last four digits of the guardian's phone, or the child's birthday where there is none.</param>
    /// <param name="signedIn">Who is signed in; null when nobody is.</param>
    public async Task<Answer<JoinCheckView>> Check(string? code, string? phoneTail, AccountId? signedIn)
    {
        var read = await Read(code, phoneTail);
        if (read.Refusal is { } refusal)
            return refusal;

        var slip = read.Value!.View;
        var school = actors.GetGrain<ISchoolGrain>(slip.Student.SchoolId.ToString());
        var named = slip.Class is { } @class ? await school.Class(@class) : null;
        var (kind, account) = await KindOf(slip.Guardian, signedIn);
        return new JoinCheckView(
            (await school.Profile())?.Name ?? "", named?.Name ?? "", slip.StudentName, slip.Guardian.Name, slip.Guardian.Relation, kind, Phones.Masked(slip.Guardian.Phone), account);
    }

    /// <summary>Redeems a slip. Answers which account it is now, and by what it signs in.</summary>
    /// <param name="command">What the guardian wants.</param>
    /// <param name="operation">Its operation id.</param>
    /// <param name="signedIn">Who is signed in; null when nobody is.</param>
    /// <param name="from">Where tries of an account come from.</param>
    public async Task<Answer<Joined>> Join(JoinCommand command, Guid operation, AccountId? signedIn, Func<AccountId, TryFrom> from)
    {
        var read = await Read(command.Code, command.PhoneTail);
        if (read.Refusal is Conflict { Code: "slip-used" } && InvitationId.OfCode(command.Code) is { } used)
            return await Again(used, command, operation, signedIn, from) is { IsDone: true } again ? again : read.Refusal;
        if (read.Refusal is { } refusal)
            return refusal;

        var slip = read.Value!;
        var entry = slip.View.Guardian;
        var bound = await BoundTo(entry);
        if (command.As == JoinAs.Account)
        {
            var account = await Prove(signedIn, command, entry, from);
            if (account.Refusal is { } unproved)
                return unproved;
            // Somebody else is this guardian: nothing of theirs may become this account's, not even for a moment.
            if (bound is { } other && other != account.Value)
                return new Conflict("entry-bound-to-another");

            return await Add(slip, account.Value, operation);
        }

        return bound is { } present ? await Recover(slip, present, command, operation) : await Open(slip, command, operation);
    }

    /// <summary>
    /// Issues a slip and redeems it at once, for people who are made up: the demo's and those of tests. With <paramref name="to"/> the child is added to that account; else one is opened by the phone of
    /// the entry. Who has access already keeps it, and their password.
    /// </summary>
    public async Task<Answer<AccountId>> AtOnce(StudentId student, string entry, string? password, AccountId? to = null)
    {
        var child = actors.GetGrain<IStudentGrain>(student.ToString());
        if (await child.Profile() is not { } profile || profile.Guardians.FirstOrDefault(one => one.Entry == entry) is not { } named)
            return new NotFound();
        if (named.HasAccess && await BoundTo(named) is { } present && !(await actors.GetGrain<IAccountGrain>(present.ToString()).SignInNames()).IsEmpty)
            return present;

        var code = InvitationId.NewCode();
        var id = InvitationId.OfCode(code)!.Value;
        var expires = clock.GetUtcNow().AddDays(1);
        if ((await actors.GetGrain<IInvitationGrain>(id.ToString()).Make(new MakeInvitation(student, entry, expires))).Refusal is { } unmade)
            return unmade;
        if ((await child.IssueSlip(entry, id, expires, ChangedBy.Software)).Refusal is { } unissued)
            return unissued;

        // Whom the roster gives no phone has the child's birthday for it.
        var digits = named.Phone.Length > TailLength ? named.Phone[^TailLength..] : profile.BirthDate?.ToString("MMdd", CultureInfo.InvariantCulture);
        var read = await Read(code, digits);
        if (read.Refusal is { } refusal)
            return refusal;

        var operation = Guid.NewGuid();
        var joined = to is { } account
            ? await Add(read.Value!, account, operation)
            : await Open(read.Value!, new JoinCommand(code, digits!, JoinAs.Phone, null, password), operation);
        return joined.Refusal is { } refused ? refused : joined.Value!.Account;
    }

    private async Task<Answer<Slip>> Read(string? code, string? phoneTail)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(code))
            problems.Add(new("code", "required"));
        var tail = phoneTail?.Trim() ?? "";
        if (tail.Length != TailLength || !tail.All(char.IsAsciiDigit))
            problems.Add(new("phoneTail", "phone-tail-malformed"));
        if (problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());
        // As a slip answers that there is none of: the two are never told apart.
        if (InvitationId.OfCode(code) is not { } id)
            return new Forbidden("slip-unknown");

        var tried = await actors.GetGrain<IInvitationGrain>(id.ToString()).Try(tail);
        return tried.Refusal is { } refusal ? refusal : new Slip(id, tail, tried.Value!);
    }

    private async Task<(JoinKind Kind, string? Account)> KindOf(GuardianEntry entry, AccountId? signedIn)
    {
        var standing = signedIn is { } me ? await actors.GetGrain<IAccountGrain>(me.ToString()).Standing() : null;
        if (await BoundTo(entry) is { } bound)
        {
            return bound == signedIn ? (JoinKind.Add, standing?.Name)
                : await IsStaff(bound) ? (JoinKind.Taken, null)
                : (JoinKind.Recover, (await actors.GetGrain<IAccountGrain>(bound.ToString()).SignInNames()).Select(Shown).FirstOrDefault());
        }

        return standing is { Student: null } ? (JoinKind.Add, (string?)standing.Name)
            : entry.Phone.Length > 0 && await actors.GetGrain<ILoginNameGrain>(LoginNameId.Phone(entry.Phone).ToString()).Account() is not null ? (JoinKind.Taken, null)
            : (JoinKind.New, null);
    }

    /// <summary>The account that the child is to be added to: the one that is signed in, or one that signs in now.</summary>
    private async Task<Answer<AccountId>> Prove(AccountId? signedIn, JoinCommand command, GuardianEntry entry, Func<AccountId, TryFrom> from)
    {
        if (signedIn is { } me)
            return me;
        if (string.IsNullOrEmpty(command.Password))
            return Invalid.Field("password", "required");

        var found = await accounts.FindByLogin(string.IsNullOrWhiteSpace(command.Phone) ? entry.Phone : command.Phone, null);
        if (found.Refusal is { } unclear)
            return unclear;

        return await passwords.TryAny(found.Value, command.Password, from);
    }

    /// <summary>The same person: the child is added to an account.</summary>
    private async Task<Answer<Joined>> Add(Slip slip, AccountId account, Guid operation)
    {
        var actor = actors.GetGrain<IAccountGrain>(account.ToString());
        if (await actor.Standing() is not { } standing)
            return new NotFound();
        if (standing.Student is not null)
            return new Conflict("student-account");

        var guardian = standing.Guardian ?? slip.View.Guardian.Guardian ?? new GuardianId(Drawn("guardian", operation, slip.Id));
        // The guardian's own record says whose they are, before the account says so: what an account is by its own word, its rights follow.
        if ((await actors.GetGrain<IGuardianGrain>(guardian.ToString()).BindAccount(account)).Refusal is { } another)
            return another;
        if ((await actor.Open(new OpenAccount(standing.Name, null, guardian, null, null))).Refusal is { } refused)
            return refused;
        if ((await Redeem(slip, account, guardian)).Refusal is { } refusal)
            return refusal;

        return new Joined(account, await SignsInBy(account));
    }

    /// <summary>A new account, under the phone of the entry, another one, or a number that we make up.</summary>
    private async Task<Answer<Joined>> Open(Slip slip, JoinCommand command, Guid operation)
    {
        var entry = slip.View.Guardian;
        if (NameProblem(command, entry) is { } problem)
            return new Invalid([problem]);
        if (Passwords.Check("password", command.Password, PhoneFor(command, entry)) is { } weak)
            return new Invalid([weak]);

        var account = new AccountId(Drawn("account", operation, slip.Id));
        var guardian = entry.Guardian ?? new GuardianId(Drawn("guardian", operation, slip.Id));
        var claimed = await Claim(command, entry, account, operation, slip.Id);
        if (claimed.Refusal is { } taken)
            return taken;

        var (login, shown) = claimed.Value;
        var opened = await actors.GetGrain<IAccountGrain>(account.ToString()).Open(new OpenAccount(entry.Name, passwords.Hash(command.Password!), guardian, null, null));
        if ((opened.Refusal ?? (await Redeem(slip, account, guardian)).Refusal) is { } refusal)
        {
            await login.Release(account);
            return refusal;
        }

        return await Confirm(account, login, shown);
    }

    /// <summary>A slip for a guardian who has an account is for a forgotten password.</summary>
    private async Task<Answer<Joined>> Recover(Slip slip, AccountId account, JoinCommand command, Guid operation)
    {
        // A class teacher issues slips; what a colleague may do in the school is not theirs to hand out.
        if (await IsStaff(account))
            return new Conflict("staff-account");

        var actor = actors.GetGrain<IAccountGrain>(account.ToString());
        var names = await actor.SignInNames();
        if (Passwords.Check("password", command.Password, [.. names.Select(name => name.Shown), slip.View.Guardian.Phone]) is { } weak)
            return new Invalid([weak]);

        // Before the slip is used up: after a crash in between it is still good, and the new password is set again.
        if ((await actor.SetPassword(passwords.Hash(command.Password!), null, AccountNoticeKind.PasswordReset)).Refusal is { } refused)
            return refused;
        if ((await Redeem(slip, account, slip.View.Guardian.Guardian!.Value)).Refusal is { } refusal)
            return refusal;

        return names.IsEmpty ? await GiveName(account, command, slip.View.Guardian, operation, slip.Id) : new Joined(account, await SignsInBy(account));
    }

    /// <summary>
    /// The slip is used: perhaps by this very command, whose answer was lost. Whoever is signed in to the account, or knows the password that was set, gets the answer, and what was left undone is done.
    /// </summary>
    private async Task<Answer<Joined>> Again(InvitationId slip, JoinCommand command, Guid operation, AccountId? signedIn, Func<AccountId, TryFrom> from)
    {
        if (await actors.GetGrain<IInvitationGrain>(slip.ToString()).Standing() is not { } standing
            || (await actors.GetGrain<IStudentGrain>(standing.Student.ToString()).Profile())?.Guardians.FirstOrDefault(one => one.Entry == standing.Entry) is not { } entry
            || await BoundTo(entry) is not { } account)
            return new Conflict("slip-used");

        if (account != signedIn && (await passwords.Try(await accounts.Find(account), command.Password ?? "", from(account))).Refusal is { } unproved)
            return unproved;

        return command.As != JoinAs.Account && (await actors.GetGrain<IAccountGrain>(account.ToString()).SignInNames()).IsEmpty
            ? await GiveName(account, command, entry, operation, slip)
            : new Joined(account, await SignsInBy(account));
    }

    private async Task<Answer<Joined>> GiveName(AccountId account, JoinCommand command, GuardianEntry entry, Guid operation, InvitationId slip)
    {
        if (NameProblem(command, entry) is { } problem)
            return new Invalid([problem]);

        var claimed = await Claim(command, entry, account, operation, slip);
        return claimed.Refusal is { } taken ? taken : await Confirm(account, claimed.Value.Login, claimed.Value.Shown);
    }

    private static FieldProblem? NameProblem(JoinCommand command, GuardianEntry entry) => command.As switch
    {
        JoinAs.Phone => entry.Phone.Length == 0 ? new("phone", "no-phone") : null,
        JoinAs.OtherPhone => Phones.Normalize(command.Phone) is null ? new("phone", "phone-malformed") : null,
        JoinAs.Number => null,
        JoinAs.Account => null,
    };

    private static string? PhoneFor(JoinCommand command, GuardianEntry entry) => command.As switch
    {
        JoinAs.Phone => entry.Phone,
        JoinAs.OtherPhone => Phones.Normalize(command.Phone),
        JoinAs.Number or JoinAs.Account => null,
    };

    private async Task<Answer<(ILoginNameGrain Login, SignInName Shown)>> Claim(JoinCommand command, GuardianEntry entry, AccountId account, Guid operation, InvitationId slip)
    {
        if (PhoneFor(command, entry) is { } phone)
        {
            var login = actors.GetGrain<ILoginNameGrain>(LoginNameId.Phone(phone).ToString());
            return (await login.Claim(account)).Refusal is { } taken ? taken : (login, new SignInName(SignInNameKind.Phone, phone));
        }

        // The same numbers again for the same command; nearly always the first of them is free.
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"number\n{draw}\n{operation:N}\n{slip.Hash}"));
            var digits = (10_000_000 + (BitConverter.ToUInt32(bytes) % 90_000_000)).ToString(CultureInfo.InvariantCulture);
            var login = actors.GetGrain<ILoginNameGrain>(LoginNameId.Number(digits).ToString());
            if ((await login.Claim(account)).IsDone)
                return (login, new SignInName(SignInNameKind.Number, digits));
        }

        return new Conflict("login-name-taken");
    }

    private async Task<Answer<Done>> Redeem(Slip slip, AccountId account, GuardianId guardian)
    {
        if ((await actors.GetGrain<IGuardianGrain>(guardian.ToString()).BindAccount(account)).Refusal is { } other)
            return other;

        var redeemed = await actors.GetGrain<IInvitationGrain>(slip.Id.ToString()).Redeem(slip.PhoneTail, guardian, new ChangedBy(account, slip.View.Guardian.Name, ChangeCapacity.Guardian, null));
        if (redeemed.IsDone)
            await UntilKnown(guardian, slip.View.Student);
        return redeemed;
    }

    /// <summary>The child's record tells the guardian's in some milliseconds. Who has just joined is not to see a screen without the child; when it takes longer, the next look at it has it.</summary>
    private async Task UntilKnown(GuardianId guardian, StudentId student)
    {
        var actor = actors.GetGrain<IGuardianGrain>(guardian.ToString());
        for (var looks = 0; looks < MostLooks && !(await actor.Children()).Any(child => child.Student == student); looks++)
            await Task.Delay(BetweenLooks, clock);
    }

    private async Task<Answer<Joined>> Confirm(AccountId account, ILoginNameGrain login, SignInName shown)
    {
        if (((await login.Confirm(account)).Refusal ?? (await actors.GetGrain<IAccountGrain>(account.ToString()).SignsInBy(shown)).Refusal) is { } refusal)
            return refusal;

        return new Joined(account, Phones.Shown(shown.Shown));
    }

    private async Task<AccountId?> BoundTo(GuardianEntry entry) => entry.Guardian is { } guardian ? await actors.GetGrain<IGuardianGrain>(guardian.ToString()).Account() : null;

    private async Task<bool> IsStaff(AccountId account) => await actors.GetGrain<IAccountGrain>(account.ToString()).Standing() is { Teachers.IsEmpty: false };

    private async Task<string> SignsInBy(AccountId account) =>
        (await actors.GetGrain<IAccountGrain>(account.ToString()).SignInNames()).Select(name => Phones.Shown(name.Shown)).FirstOrDefault() ?? "";

    private static string Shown(SignInName name) => name.Kind == SignInNameKind.Phone ? Phones.Masked(name.Shown) : name.Shown;

    // Bound to the slip: an operation id is chosen by a browser, and must not name an account of somebody else's.
    private static string Drawn(string what, Guid operation, InvitationId slip) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{operation:N}\n{slip.Hash}")))[..32];

    private sealed record Slip(InvitationId Id, string PhoneTail, InvitationView View);
}

/// <summary>Who has joined.</summary>
/// <param name="Account">Their account.</param>
/// <param name="SignInName">By what they sign in, as people write it.</param>
internal sealed record Joined(AccountId Account, string SignInName);
