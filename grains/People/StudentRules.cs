using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>
/// What may be done to a student's record. State and command in; the new state, or a refusal, out. Each command only says what shall be so; what that has to tell whom, the entry of the history, and what
/// an undo needs follow from the difference (<see cref="Changed"/>). The same record comes out where nothing changes.
/// </summary>
internal static class StudentRules
{
    /// <summary>How many commands that added a guardian are remembered.</summary>
    public const int MostRemembered = 16;

    /// <summary>Why somebody left whom a roster marks as gone; rosters give no reason.</summary>
    public const string GoneFromRoster = "名单中已离校";

    private static readonly string[] Genders = ["男", "女"];

    /// <summary>What the record's revision is to others: 0 where nobody is. Records that are older than revisions begin with 1.</summary>
    public static long RevisionOf(StudentState state) => state.Name.Length == 0 ? 0 : Math.Max(1, state.Revision);

    public static ImmutableArray<FieldProblem> Check(StudentId id, PutStudent command)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        CheckPerson(problems, command.Name, command.Gender, command.SpecialStatus);
        if (command.Class is { } @class && @class.School != id.School)
            problems.Add(new("class", "other-school"));
        if (command.Guardians.Length > PeopleLimits.MostGuardians)
            problems.Add(new("guardians", "too-many"));
        if (command.Guardians.Any(guardian => PeopleRules.NameProblem(guardian.Name) is not null))
            problems.Add(new("guardians", "name-required"));

        return problems.DrainToImmutable();
    }

    /// <summary>The student as the roster has it.</summary>
    public static Answer<StudentState> Put(StudentState state, StudentId id, PutStudent command, ChangeMade change)
    {
        // Nobody who leaves is nobody.
        if (state.Name.Length == 0 && command.Class is null)
            return state;

        var (guardians, last) = Guardians(state, command);
        if (guardians.Length > PeopleLimits.MostGuardians)
            return Invalid.Field("guardians", "too-many");

        var next = state with
        {
            Name = command.Name,
            Class = command.Class,
            Gender = Given(command.Gender),
            BirthDate = command.BirthDate,
            SpecialStatus = Given(command.SpecialStatus),
            Guardians = guardians,
            LastEntry = last,
            External = command.External ?? state.External,
            Left = command.Class is null ? state.Left ?? new StudentLeft(change.Day, GoneFromRoster, state.Class) : null,
        };
        if (Same(state, next))
            return state;
        // A number that is given to another child after somebody has left would hand that family's books over, in both directions.
        if (state.Left is not null && command.Class is not null && state.Name != command.Name)
            return new Conflict("number-taken");
        if (command.ExpectedRevision is { } expected && expected != RevisionOf(state))
            return new Conflict("changed-meanwhile");

        return Changed(state, next, id, state.Name.Length == 0 ? "student-entered" : "student-changed", change);
    }

    public static Answer<StudentState> Correct(StudentState state, StudentId id, CorrectStudent command, ChangeMade change)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        CheckPerson(problems, command.Name, command.Gender, command.SpecialStatus);
        if (problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());

        var next = state with { Name = command.Name, Gender = Given(command.Gender), BirthDate = command.BirthDate, SpecialStatus = Given(command.SpecialStatus) };
        return Changed(state, next, id, "student-corrected", change);
    }

    public static Answer<StudentState> Move(StudentState state, StudentId id, ClassId to, ChangeMade change) =>
        to.School != id.School ? Invalid.Field("class", "other-school")
        : state.Left is not null ? new Conflict("student-has-left")
        : Changed(state, state with { Class = to }, id, "student-moved", change);

    public static Answer<StudentState> Leave(StudentState state, StudentId id, LeaveSchool command, ChangeMade change)
    {
        if (PeopleRules.ReasonProblem(command.Reason) is { } problem)
            return Invalid.Field("reason", problem);

        // Who has left already gets another day or reason: a correction.
        var left = new StudentLeft(command.On, command.Reason, state.Left is null ? state.Class : state.Left.Class);
        // Nobody gets in by a slip of a child that is gone.
        ImmutableArray<GuardianEntry> guardians = [.. state.Guardians.Select(entry => entry.Slip is { Used: null } ? entry with { Slip = null } : entry)];
        return Changed(state, state with { Class = null, Left = left, Guardians = guardians }, id, "student-left", change, command.Reason);
    }

    public static Answer<StudentState> Return(StudentState state, StudentId id, ClassId to, ChangeMade change)
    {
        if (to.School != id.School)
            return Invalid.Field("class", "other-school");
        if (state.Left is null)
            return state.Class == to ? state : new Conflict("student-has-not-left");

        return Changed(state, state with { Class = to, Left = null }, id, "student-returned", change);
    }

    /// <summary>The entry that a command made; null when it is not remembered.</summary>
    public static string? EntryOf(StudentState state, Guid operation) => state.Added.FirstOrDefault(one => one.Operation == operation)?.Entry;

    public static Answer<StudentState> AddGuardian(StudentState state, StudentId id, Guid operation, GuardianDetails details, ChangeMade change)
    {
        if (EntryOf(state, operation) is not null)
            return state;
        if (Check(details) is { IsEmpty: false } problems)
            return new Invalid(problems);
        if (state.Guardians.Length >= PeopleLimits.MostGuardians)
            return Invalid.Field("guardians", "too-many");

        var last = LastEntry(state) + 1;
        var entry = Entry(last);
        var added = state.Added.Add(new AddedGuardian(operation, entry));
        var next = state with
        {
            Guardians = state.Guardians.Add(new GuardianEntry(entry, details.Name, details.Relation, details.Phone, null, AccessEnded: false, details.Household)),
            LastEntry = last,
            Added = added.Length > MostRemembered ? added[^MostRemembered..] : added,
        };
        return Changed(state, next, id, "guardian-added", change);
    }

    public static Answer<StudentState> CorrectGuardian(StudentState state, StudentId id, string entry, GuardianDetails details, ChangeMade change) =>
        Check(details) is { IsEmpty: false } problems
            ? new Invalid(problems)
            : With(state, id, entry, "guardian-corrected", change, one => one with
            {
                Name = details.Name,
                Relation = details.Relation,
                Phone = details.Phone,
                Household = details.Household,
            });

    public static Answer<StudentState> OrderGuardians(StudentState state, StudentId id, ImmutableArray<string> entries, ChangeMade change)
    {
        if (entries.IsDefault || !entries.Order(StringComparer.Ordinal).SequenceEqual(state.Guardians.Select(one => one.Entry).Order(StringComparer.Ordinal)))
            return Invalid.Field("entries", "not-all");

        return Changed(state, state with { Guardians = [.. entries.Select(entry => state.Guardians[Find(state, entry)])] }, id, "guardians-ordered", change);
    }

    public static Answer<StudentState> RemoveGuardian(StudentState state, StudentId id, string entry, ChangeMade change)
    {
        var at = Find(state, entry);
        if (at < 0)
            return state;
        if (state.Guardians[at].Guardian is not null)
            return new Conflict("guardian-was-bound");

        return Changed(state, state with { Guardians = state.Guardians.RemoveAt(at), LastEntry = LastEntry(state) }, id, "guardian-removed", change);
    }

    public static Answer<StudentState> Restrict(StudentState state, StudentId id, string entry, CustodyRestriction restriction, string reason, ChangeMade change) =>
        PeopleRules.ReasonProblem(reason) is { } problem
            ? Invalid.Field("reason", problem)
            : With(
                state, id, entry, "guardian-restricted", change,
                one => one with
                {
                    Custody = restriction,
                    CustodyReason = restriction is CustodyRestriction.None ? null : reason,
                    Slip = restriction is CustodyRestriction.NoAccess ? null : one.Slip,
                },
                reason);

    // The slip goes, used or not: who has lost access must not get it back by redeeming once more.
    public static Answer<StudentState> EndAccess(StudentState state, StudentId id, string entry, ChangeMade change) =>
        With(state, id, entry, "guardian-access-ended", change, one => one with { AccessEnded = true, Slip = null });

    public static Answer<StudentState> IssueSlip(StudentState state, StudentId id, string entry, InvitationId slip, DateTimeOffset expires, ChangeMade change)
    {
        var at = Find(state, entry);
        if (at < 0)
            return new NotFound();
        if (state.Guardians[at].Slip?.Slip == slip)
            return state;
        if (state.Left is not null)
            return new Conflict("student-has-left");
        if (state.Guardians[at].Custody is CustodyRestriction.NoAccess)
            return new Conflict("access-restricted");
        // What the office has ended, only the office gives back.
        if (state.Guardians[at].AccessEnded && change.By.Capacity is ChangeCapacity.ClassTeacher)
            return new Conflict("access-ended");

        return With(state, id, entry, "slip-issued", change, one => one with { Slip = new GuardianSlip(slip, change.At, expires, null) });
    }

    public static Answer<StudentState> RevokeSlip(StudentState state, StudentId id, string entry, ChangeMade change) =>
        With(state, id, entry, "slip-revoked", change, one => one.Slip is { Used: null } ? one with { Slip = null } : one);

    public static Answer<StudentState> RedeemSlip(StudentState state, StudentId id, string entry, InvitationId slip, GuardianId guardian, ChangeMade change)
    {
        var at = Find(state, entry);
        if (at < 0 || state.Guardians[at] is not { Slip: { } counts } known || counts.Slip != slip)
            return new Conflict("slip-unknown");
        if (known.Custody is CustodyRestriction.NoAccess)
            return new Conflict("access-restricted");
        if (known.Guardian is { } bound && bound != guardian)
            return new Conflict("entry-bound-to-another");
        if (counts.Used is not null)
            return state;
        if (state.Left is not null)
            return new Conflict("student-has-left");

        return With(state, id, entry, "slip-redeemed", change, one => one with { Guardian = guardian, AccessEnded = false, Slip = counts with { Used = change.At } });
    }

    public static Answer<StudentState> BindAccount(StudentState state, StudentId id, AccountId account, ChangeMade change)
    {
        if (state.Account is { } bound && bound != account)
            return new Conflict("student-has-account");

        return Changed(state, state with { Account = account }, id, "account-opened", change);
    }

    /// <summary>Why what an import did cannot be undone; null when it can, or is.</summary>
    public static Refusal? CanUndoImport(StudentState state, ImportId import)
    {
        if (state.LastImport is not { } last || last.Import != import)
            return new NotFound();
        if (last.Undone || last.Revision == state.Revision)
            return null;

        var boundSince = state.Guardians.Any(entry => entry.Guardian is not null && last.Before?.Guardians.Any(one => one.Entry == entry.Entry && one.Guardian == entry.Guardian) != true);
        return new Conflict(boundSince || (state.Account is not null && last.Before is null) ? "account-since-import" : "changed-since-import");
    }

    public static Answer<StudentState> UndoImport(StudentState state, StudentId id, ImportId import, ChangeMade change)
    {
        if (CanUndoImport(state, import) is { } refusal)
            return refusal;
        if (state.LastImport is not { Undone: false } last)
            return state;

        var next = last.Before is { } before
            ? state with
            {
                Name = before.Name,
                Class = before.Class,
                Gender = before.Gender,
                BirthDate = before.BirthDate,
                SpecialStatus = before.SpecialStatus,
                Guardians = before.Guardians,
                Left = before.Left,
                External = before.External,
            }
            : state with { Name = "", Class = null, Gender = null, BirthDate = null, SpecialStatus = null, Guardians = [], Added = [], Left = null, External = null };
        var undone = Changed(state, next with { LastEntry = LastEntry(state) }, id, "import-undone", change);
        return undone with
        {
            // What was before is not needed any more: people's data must not lie about.
            LastImport = new StudentImport(import, undone.Revision, null, Undone: true),
            // Somebody who is no more has no history that names them.
            History = last.Before is null ? [] : undone.History,
        };
    }

    /// <summary>Whether two records say the same of the student.</summary>
    public static bool Same(StudentState one, StudentState other) =>
        one.Name == other.Name && one.Class == other.Class && one.Gender == other.Gender && one.BirthDate == other.BirthDate && one.SpecialStatus == other.SpecialStatus
        && one.Account == other.Account && one.Left == other.Left && one.External == other.External && one.Guardians.SequenceEqual(other.Guardians);

    /// <summary>The record after a change, with all that follows from it. The record before, when nothing differs.</summary>
    private static StudentState Changed(StudentState before, StudentState after, StudentId id, string what, ChangeMade change, string? reason = null)
    {
        if (Same(before, after))
            return before;

        var told = TellAccount(before, TellGuardians(before, TellLeavers(before, TellClasses(before, after), id)));
        var entry = new AuditEntry(change.At, change.By, id.ToString(), after.Name.Length > 0 ? after.Name : before.Name, what, Differences(before, after), reason, 0);
        return Imported(before, told.Note(entry, id.School, change.Day), change);
    }

    private static Answer<StudentState> With(
        StudentState state, StudentId id, string entry, string what, ChangeMade change, Func<GuardianEntry, GuardianEntry> correct, string? reason = null)
    {
        var at = Find(state, entry);
        return at < 0 ? new NotFound() : Changed(state, state with { Guardians = state.Guardians.SetItem(at, correct(state.Guardians[at])) }, id, what, change, reason);
    }

    /// <summary>Keeps what was before the import, for as long as nobody else has changed it.</summary>
    private static StudentState Imported(StudentState before, StudentState after, ChangeMade change)
    {
        if (change.By.Import is not { } import)
            return after;

        // An import that changes somebody twice is undone to what was before the first time.
        var earlier = before.LastImport is { Undone: false } last && last.Import == import && last.Revision == before.Revision ? last : null;
        var was = earlier is not null ? earlier.Before : before.Name.Length == 0 ? null : StudentSnapshot.Of(before);
        return after with { LastImport = new StudentImport(import, after.Revision, was, Undone: false) };
    }

    private static StudentState TellClasses(StudentState before, StudentState after)
    {
        var told = after;
        if (before.Class is { } left && left != after.Class)
            told = told.Post(left.ToString(), new MembershipIs(after.Name.Length > 0 ? after.Name : before.Name, IsMember: false, [], 0));
        if (after.Class is { } @class && !(before.Class == @class && before.Name == after.Name && Joined(before) == Joined(after) && Names(before).SequenceEqual(Names(after))))
            told = told.Post(@class.ToString(), new MembershipIs(after.Name, IsMember: true, [.. Names(after)], Joined(after)));

        return told;
    }

    private static StudentState TellLeavers(StudentState before, StudentState after, StudentId id)
    {
        var (was, now) = (LeaverOf(before, id), LeaverOf(after, id));
        if (was == now)
            return after;

        var told = after;
        if (was is not null && was.On.Year != now?.On.Year)
            told = told.Post(new LeaversId(id.School, was.On.Year).ToString(), new LeaverIs(null));
        return now is null ? told : told.Post(new LeaversId(id.School, now.On.Year).ToString(), new LeaverIs(now));
    }

    // Somebody may be bound by two entries of one child: the first that gives access counts, and access ends when none is left. With the class, the right to its sheets changes (L2).
    private static StudentState TellGuardians(StudentState before, StudentState after)
    {
        var told = after;
        foreach (var guardian in before.Guardians.Concat(after.Guardians).Select(entry => entry.Guardian).OfType<GuardianId>().Distinct())
        {
            var (was, now) = (AccessOf(before, guardian), AccessOf(after, guardian));
            if (was?.Relation != now?.Relation || was?.Custody != now?.Custody || (now is not null && before.Class != after.Class))
                told = told.Post(guardian.ToString(), new AccessIs(now?.Relation));
        }

        return told;
    }

    private static StudentState TellAccount(StudentState before, StudentState after) =>
        after.Account is { } account && (before.Account != account || before.Class != after.Class) ? after.Post(account.ToString(), new StandingIs()) : after;

    private static ImmutableArray<FieldChange> Differences(StudentState before, StudentState after)
    {
        var changes = ImmutableArray.CreateBuilder<FieldChange>();
        changes.Add("name", Given(before.Name), Given(after.Name));
        changes.Add("class", before.Class?.Class, after.Class?.Class);
        changes.Add("gender", before.Gender, after.Gender);
        changes.Add("birthDate", AuditRules.Text(before.BirthDate), AuditRules.Text(after.BirthDate));
        changes.Add("specialStatus", before.SpecialStatus, after.SpecialStatus);
        changes.Add("left", AuditRules.Text(before.Left?.On), AuditRules.Text(after.Left?.On));
        changes.Add("leftReason", before.Left?.Reason, after.Left?.Reason);
        changes.Add("external", before.External, after.External);
        changes.Add("account", before.Account is null ? null : "open", after.Account is null ? null : "open");
        foreach (var was in before.Guardians.Where(one => Find(after, one.Entry) < 0))
            changes.Add(new FieldChange($"guardian.{was.Entry}", Line(was), null));
        foreach (var now in after.Guardians)
        {
            var at = Find(before, now.Entry);
            if (at < 0)
                changes.Add(new FieldChange($"guardian.{now.Entry}", null, Line(now)));
            else if (before.Guardians[at] is var was && was != now)
                Compare(changes, was, now);
        }

        var order = before.Guardians.Select(one => one.Entry).Intersect(after.Guardians.Select(one => one.Entry)).ToArray();
        var reordered = after.Guardians.Select(one => one.Entry).Intersect(order).ToArray();
        if (!order.SequenceEqual(reordered))
            changes.Add(new FieldChange("guardianOrder", string.Join(' ', order), string.Join(' ', reordered)));
        return changes.DrainToImmutable();
    }

    private static void Compare(ImmutableArray<FieldChange>.Builder changes, GuardianEntry was, GuardianEntry now)
    {
        var field = $"guardian.{now.Entry}";
        changes.Add($"{field}.name", was.Name, now.Name);
        changes.Add($"{field}.relation", AuditRules.Word(was.Relation), AuditRules.Word(now.Relation));
        changes.Add($"{field}.phone", Given(was.Phone), Given(now.Phone));
        changes.Add($"{field}.household", Text(was.Household), Text(now.Household));
        changes.Add($"{field}.custody", AuditRules.Word(was.Custody), AuditRules.Word(now.Custody));
        changes.Add($"{field}.access", Access(was), Access(now));
        changes.Add($"{field}.slip", Slip(was), Slip(now));
        changes.Add($"{field}.external", was.External, now.External);
    }

    // Who they are as an account is nobody's business here: only whether there is somebody.
    private static string Access(GuardianEntry entry) => entry.AccessEnded ? "ended" : entry.Guardian is null ? "none" : "given";

    private static string? Slip(GuardianEntry entry) => entry.Slip switch
    {
        null => null,
        { Used: null } slip => $"issued {slip.Issued.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
        { Used: { } used } => $"used {used.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
    };

    private static string Line(GuardianEntry entry) => string.Join(' ', new[] { entry.Name, AuditRules.Word(entry.Relation), entry.Phone }.Where(one => one.Length > 0));

    /// <summary>
    /// The guardians as the roster has them, on the entries that there are. Somebody is the same person by name and relation, else by the id of the system that the roster comes from, else by relation and
    /// phone. New ones come last: the order in which they are contacted is the office's. One who is not listed goes if nobody was ever bound by the entry; but one with a custody restriction stays,
    /// or the restriction would be forgotten by a roster that lists them again.
    /// </summary>
    private static (ImmutableArray<GuardianEntry> Guardians, int LastEntry) Guardians(StudentState state, PutStudent command)
    {
        var known = state.Guardians.ToList();
        var free = Enumerable.Range(0, known.Count).ToHashSet();
        var found = new int[command.Guardians.Length];
        Array.Fill(found, -1);
        // Surest first, for all of them: a weaker likeness of one must not take the entry of another.
        Match((entry, named) => entry.Name == named.Name && entry.Relation == named.Relation);
        Match((entry, named) => named.External is not null && entry.External == named.External);
        // A phone is no proof: it never carries somebody's access over to another name. A restricted entry is found all the same, or a corrected name would make an unrestricted twin of it.
        Match((entry, named) =>
            named.Phone.Length > 0 && entry.Relation == named.Relation && entry.Phone == named.Phone && (entry.Guardian is null || entry.Custody is not CustodyRestriction.None));

        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] >= 0)
            {
                var named = command.Guardians[i];
                known[found[i]] = known[found[i]] with { Name = named.Name, Relation = named.Relation, Phone = named.Phone, External = named.External ?? known[found[i]].External };
            }
        }

        var kept = known.Where((entry, i) => !free.Contains(i) || command.KeepUnlisted || entry.Guardian is not null || entry.Custody is not CustodyRestriction.None).ToList();
        var last = LastEntry(state);
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] < 0)
            {
                var named = command.Guardians[i];
                kept.Add(new GuardianEntry(Entry(++last), named.Name, named.Relation, named.Phone, null, AccessEnded: false, External: named.External));
            }
        }

        return ([.. kept], last);

        void Match(Func<GuardianEntry, RosterGuardian, bool> like)
        {
            for (var i = 0; i < found.Length; i++)
            {
                if (found[i] < 0 && free.Order().FirstOrDefault(at => like(known[at], command.Guardians[i]), -1) is var at and >= 0)
                {
                    found[i] = at;
                    free.Remove(at);
                }
            }
        }
    }

    private static void CheckPerson(ImmutableArray<FieldProblem>.Builder problems, string name, string? gender, string? specialStatus)
    {
        if (PeopleRules.NameProblem(name) is { } problem)
            problems.Add(new("name", problem));
        if (Given(gender) is { } given && !Genders.Contains(given))
            problems.Add(new("gender", "unknown"));
        if (specialStatus?.Length > PeopleLimits.LongestReason)
            problems.Add(new("specialStatus", "too-long"));
    }

    private static ImmutableArray<FieldProblem> Check(GuardianDetails details)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (PeopleRules.NameProblem(details.Name) is { } problem)
            problems.Add(new("name", problem));
        if (details.Phone.Length > 0 && !PeopleRules.IsPhone(details.Phone))
            problems.Add(new("phone", "phone-malformed"));
        if (details.Household is < 1 or > 4)
            problems.Add(new("household", "unknown"));

        return problems.DrainToImmutable();
    }

    private static Leaver? LeaverOf(StudentState state, StudentId id) =>
        state.Left is { } left ? new Leaver(id, state.Name, left.Class, left.On, left.Reason, state.External) : null;

    private static GuardianEntry? AccessOf(StudentState state, GuardianId guardian) => state.Guardians.FirstOrDefault(entry => entry.HasAccess && entry.Guardian == guardian);

    private static IEnumerable<string> Names(StudentState state) => state.Guardians.Select(entry => entry.Name);

    private static int Joined(StudentState state) => state.Guardians.Count(entry => entry.HasAccess);

    private static int Find(StudentState state, string entry)
    {
        for (var i = 0; i < state.Guardians.Length; i++)
        {
            if (state.Guardians[i].Entry == entry)
                return i;
        }

        return -1;
    }

    // Records from before the number was kept have it in their entries.
    private static int LastEntry(StudentState state) =>
        state.Guardians.Select(entry => int.Parse(entry.Entry.AsSpan(1), CultureInfo.InvariantCulture)).Append(state.LastEntry).Max();

    private static string Entry(int number) => string.Create(CultureInfo.InvariantCulture, $"g{number}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
