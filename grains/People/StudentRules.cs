using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>What may be done to a student's record. State and command in; the new state, or a refusal, out.</summary>
internal static class StudentRules
{
    public const int LongestName = 60;
    public const int MostGuardians = 12;

    public static ImmutableArray<FieldProblem> Check(PutStudent command)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (string.IsNullOrWhiteSpace(command.Name))
            problems.Add(new("name", "required"));
        else if (command.Name.Length > LongestName)
            problems.Add(new("name", "too-long"));

        if (command.Guardians.Length > MostGuardians)
            problems.Add(new("guardians", "too-many"));
        if (command.Guardians.Any(guardian => string.IsNullOrWhiteSpace(guardian.Name) || guardian.Name.Length > LongestName))
            problems.Add(new("guardians", "name-required"));

        return problems.DrainToImmutable();
    }

    /// <summary>The student as the roster has it. Guardians whom the roster no longer names stay: taking access away is a decision of its own.</summary>
    public static StudentState Put(StudentState state, PutStudent command)
    {
        var guardians = state.Guardians.ToList();
        foreach (var named in command.Guardians)
        {
            var known = guardians.FindIndex(entry => entry.Name == named.Name && entry.Relation == named.Relation);
            if (known >= 0)
                guardians[known] = guardians[known] with { Phone = named.Phone };
            else if (guardians.Count < MostGuardians)
                guardians.Add(new GuardianEntry(NextEntry(guardians), named.Name, named.Relation, named.Phone, null, AccessEnded: false));
        }

        return state with
        {
            Name = command.Name,
            Class = command.Class,
            Gender = command.Gender,
            BirthDate = command.BirthDate,
            SpecialStatus = command.SpecialStatus,
            Guardians = state.Guardians.SequenceEqual(guardians) ? state.Guardians : [.. guardians],
        };
    }

    /// <summary>What the change of class, or of name, has to tell which classes.</summary>
    public static StudentState TellClasses(StudentState before, StudentState after)
    {
        if (before.Class == after.Class && before.Name == after.Name)
            return after;

        var told = after;
        if (before.Class is { } left && left != after.Class)
            told = told.Post(left.ToString(), new MembershipIs(after.Name, IsMember: false, [], 0));
        if (after.Class is { } entered)
            told = told.Post(entered.ToString(), new MembershipIs(after.Name, IsMember: true, [.. after.Guardians.Select(one => one.Name)], after.Guardians.Count(one => one.HasAccess)));

        return before.Class == after.Class ? told : TellFamily(told);
    }

    public static Answer<StudentState> BindAccount(StudentState state, AccountId account)
    {
        if (state.Account is { } bound)
            return bound == account ? state : new Conflict("student-has-account");

        return (state with { Account = account }).Post(account.ToString(), new StandingIs());
    }

    // With the class, the family's right to the old class's sheets ends (L2).
    private static StudentState TellFamily(StudentState state)
    {
        foreach (var guardian in state.Guardians.Where(entry => entry.HasAccess).Select(entry => entry.Guardian!.Value).Distinct())
            state = TellGuardian(state, guardian);

        return state.Account is { } account ? state.Post(account.ToString(), new StandingIs()) : state;
    }

    public static Answer<StudentState> Bind(StudentState state, string entry, GuardianId guardian)
    {
        var at = Find(state, entry);
        if (at < 0)
            return new NotFound();

        var known = state.Guardians[at];
        if (known.Guardian is { } bound && bound != guardian)
            return new Conflict("entry-bound-to-another");
        if (known.Guardian == guardian && !known.AccessEnded)
            return state;

        return TellGuardian(state with { Guardians = state.Guardians.SetItem(at, known with { Guardian = guardian, AccessEnded = false }) }, guardian);
    }

    public static Answer<StudentState> EndAccess(StudentState state, string entry)
    {
        var at = Find(state, entry);
        if (at < 0)
            return new NotFound();

        var known = state.Guardians[at];
        if (known.AccessEnded)
            return state;

        var ended = state with { Guardians = state.Guardians.SetItem(at, known with { AccessEnded = true }) };
        return known.Guardian is { } guardian ? TellGuardian(ended, guardian) : ended;
    }

    /// <summary>Somebody may be bound by two entries of one child: the first that gives access counts, and access ends when none is left.</summary>
    private static StudentState TellGuardian(StudentState after, GuardianId guardian) =>
        after.Post(guardian.ToString(), new AccessIs(after.Guardians.FirstOrDefault(entry => entry.HasAccess && entry.Guardian == guardian)?.Relation));

    private static int Find(StudentState state, string entry)
    {
        for (var i = 0; i < state.Guardians.Length; i++)
        {
            if (state.Guardians[i].Entry == entry)
                return i;
        }

        return -1;
    }

    private static string NextEntry(List<GuardianEntry> guardians)
    {
        var last = guardians.Select(entry => int.Parse(entry.Entry.AsSpan(1), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        return string.Create(CultureInfo.InvariantCulture, $"g{last + 1}");
    }
}
