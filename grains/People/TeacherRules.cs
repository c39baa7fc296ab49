using System.Collections.Immutable;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>What may be done to a teacher's record. Each command only says what shall be so; what that has to tell whom follows from the difference (<see cref="Changed"/>).</summary>
internal static class TeacherRules
{
    public const int MostSubjects = 20;
    public const int LongestSubject = 30;

    private const string Returned = "teacher-returned";

    /// <summary>What the record's revision is to others: 0 where nobody is. Records that are older than revisions begin with 1.</summary>
    public static long RevisionOf(TeacherState state) => state.Name.Length == 0 ? 0 : Math.Max(1, state.Revision);

    /// <summary>The teacher as the roster has them.</summary>
    public static Answer<TeacherState> Put(TeacherState state, TeacherId id, PutTeacher command, ChangeMade change)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (PeopleRules.NameProblem(command.Name) is { } problem)
            problems.Add(new("name", problem));
        if (command.Duties.Any(duty => duty.Class.School != id.School))
            problems.Add(new("duties", "other-school"));
        if (problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());

        var next = state with
        {
            Name = command.Name,
            Phone = command.Phone,
            Duties = OnePerClass(command.Duties, state.Duties),
            Offices = Offices(state, command, change),
            External = command.External ?? state.External,
            Left = null,
        };
        if (Same(state, next))
            return state;
        // A number that is given to somebody else after its owner has left would hand their account over.
        if (state.Left is not null && state.Name != command.Name)
            return new Conflict("number-taken");
        if (command.ExpectedRevision is { } expected && expected != RevisionOf(state))
            return new Conflict("changed-meanwhile");

        return Changed(state, next, id, state.Name.Length == 0 ? "teacher-entered" : "teacher-changed", change);
    }

    public static Answer<TeacherState> Correct(TeacherState state, TeacherId id, string name, string? phone, ChangeMade change)
    {
        var problems = ImmutableArray.CreateBuilder<FieldProblem>();
        if (PeopleRules.NameProblem(name) is { } problem)
            problems.Add(new("name", problem));
        if (!string.IsNullOrEmpty(phone) && !PeopleRules.IsPhone(phone))
            problems.Add(new("phone", "phone-malformed"));
        if (problems.Count > 0)
            return new Invalid(problems.DrainToImmutable());

        return Changed(state, state with { Name = name, Phone = string.IsNullOrEmpty(phone) ? null : phone }, id, "teacher-corrected", change);
    }

    public static Answer<TeacherState> SetOffices(TeacherState state, TeacherId id, ImmutableArray<Office> offices, ChangeMade change) =>
        state.Left is not null && !offices.IsEmpty
            ? new Conflict("teacher-has-left")
            : Changed(state, state with { Offices = InOrder(offices) }, id, "offices-set", change);

    public static Answer<TeacherState> SetDuty(TeacherState state, TeacherId id, ClassDuty duty, ChangeMade change)
    {
        if (duty.Class.School != id.School)
            return Invalid.Field("class", "other-school");
        if (duty.Subjects.Length > MostSubjects)
            return Invalid.Field("subjects", "too-many");
        if (duty.Subjects.Any(subject => subject.Length > LongestSubject))
            return Invalid.Field("subjects", "too-long");
        if (state.Left is not null)
            return new Conflict("teacher-has-left");

        return Changed(state, state with { Duties = With(state.Duties, duty) }, id, "duty-set", change);
    }

    public static Answer<TeacherState> EndDuty(TeacherState state, TeacherId id, ClassId @class, ChangeMade change) =>
        Changed(state, state with { Duties = Without(state.Duties, @class) }, id, "duty-ended", change);

    /// <summary>This teacher becomes the class's teacher. Whoever has the class is told, if they still have it as far as the caller knows: that ends theirs, after this is stored.</summary>
    /// <param name="tell">Who has to give the class up; null when nobody.</param>
    public static Answer<TeacherState> TakeOver(TeacherState state, TeacherId id, ClassId @class, TeacherId? tell, bool staysAsSubjectTeacher, ChangeMade change)
    {
        if (@class.School != id.School)
            return Invalid.Field("class", "other-school");
        if (state.Left is not null)
            return new Conflict("teacher-has-left");

        var duty = new ClassDuty(@class, DutyKind.ClassTeacher, DutyIn(state, @class)?.Subjects ?? []);
        var next = Changed(state, state with { Duties = With(state.Duties, duty) }, id, "class-taken-over", change);
        return tell is { } other && other != id ? next.PostTakenOver(other.ToString(), @class, staysAsSubjectTeacher, change.By) : next;
    }

    /// <summary>Another teacher has taken classes over from this one.</summary>
    public static TeacherState TakenOver(TeacherState state, TeacherId id, TakenOverAre taken, ChangeMade change)
    {
        var duties = state.Duties;
        foreach (var (key, stays) in taken.Classes)
        {
            var @class = ClassId.Parse(key);
            // Only what makes two class teachers of one; somebody who teaches a subject there goes on.
            if (DutyIn(state, @class) is { Kind: DutyKind.ClassTeacher } duty)
                duties = stays ? With(duties, duty with { Kind = DutyKind.SubjectTeacher }) : Without(duties, @class);
        }

        return Changed(state, state with { Duties = duties }, id, "class-handed-over", change);
    }

    public static Answer<TeacherState> Leave(TeacherState state, TeacherId id, LeaveSchool command, ChangeMade change) =>
        PeopleRules.ReasonProblem(command.Reason) is { } problem
            ? Invalid.Field("reason", problem)
            : Changed(state, state with { Left = command, Duties = [], Offices = [] }, id, "teacher-left", change, command.Reason);

    public static Answer<TeacherState> Return(TeacherState state, TeacherId id, ChangeMade change)
    {
        // Whoever asks again after their coming back was all that happened has the same command in hand.
        if (state.Left is null)
            return state.History is [.., { What: Returned }] ? state : new Conflict("teacher-has-not-left");

        return Changed(state, state with { Left = null }, id, Returned, change);
    }

    public static Answer<TeacherState> BindAccount(TeacherState state, TeacherId id, AccountId account, ChangeMade change)
    {
        if (state.Account is { } bound && bound != account)
            return new Conflict("teacher-has-account");
        if (state.Left is not null)
            return new Conflict("teacher-has-left");

        return Changed(state, state with { Account = account }, id, "account-opened", change);
    }

    /// <summary>Why what an import did cannot be undone; null when it can, or is.</summary>
    public static Refusal? CanUndoImport(TeacherState state, ImportId import)
    {
        if (state.LastImport is not { } last || last.Import != import)
            return new NotFound();
        if (last.Undone || last.Revision == state.Revision)
            return null;

        return new Conflict(state.Account is not null && last.Before is null ? "account-since-import" : "changed-since-import");
    }

    public static Answer<TeacherState> UndoImport(TeacherState state, TeacherId id, ImportId import, ChangeMade change)
    {
        if (CanUndoImport(state, import) is { } refusal)
            return refusal;
        if (state.LastImport is not { Undone: false } last)
            return state;

        var next = last.Before is { } before
            ? state with { Name = before.Name, Phone = before.Phone, Duties = before.Duties, Offices = before.Offices, Left = before.Left, External = before.External }
            : state with { Name = "", Phone = null, Duties = [], Offices = [], Left = null, External = null };
        var undone = Changed(state, next, id, "import-undone", change);
        return undone with
        {
            LastImport = new TeacherImport(import, undone.Revision, null, Undone: true),
            // Somebody who is no more has no history that names them.
            History = last.Before is null ? [] : undone.History,
        };
    }

    public static TeacherState TellAccount(TeacherState state) => state.Account is { } account ? state.Post(account.ToString(), new StandingIs()) : state;

    /// <summary>Whether two records say the same of the teacher.</summary>
    public static bool Same(TeacherState one, TeacherState other) =>
        one.Name == other.Name && one.Phone == other.Phone && one.Account == other.Account && one.Left == other.Left && one.External == other.External
        && one.Duties.SequenceEqual(other.Duties) && one.Offices.SequenceEqual(other.Offices);

    private static TeacherState Changed(TeacherState before, TeacherState after, TeacherId id, string what, ChangeMade change, string? reason = null)
    {
        if (Same(before, after))
            return before;

        var told = TellStaff(before, TellClasses(before, after), id);
        if (!SameRights(before, after))
            told = TellAccount(told);
        var entry = new AuditEntry(change.At, change.By, id.ToString(), after.Name.Length > 0 ? after.Name : before.Name, what, Differences(before, after), reason, 0);
        return Imported(before, told.Note(entry, id.School, change.Day), change);
    }

    private static TeacherState Imported(TeacherState before, TeacherState after, ChangeMade change)
    {
        if (change.By.Import is not { } import)
            return after;

        // An import that changes somebody twice is undone to what was before the first time.
        var earlier = before.LastImport is { Undone: false } last && last.Import == import && last.Revision == before.Revision ? last : null;
        var was = earlier is not null ? earlier.Before : before.Name.Length == 0 ? null : TeacherSnapshot.Of(before);
        return after with { LastImport = new TeacherImport(import, after.Revision, was, Undone: false) };
    }

    private static TeacherState TellClasses(TeacherState before, TeacherState after)
    {
        var told = after;
        foreach (var ended in before.Duties.Where(duty => DutyIn(after, duty.Class) is null))
            told = told.Post(ended.Class.ToString(), new DutyIs(after.Name.Length > 0 ? after.Name : before.Name, null));
        foreach (var duty in after.Duties.Where(duty => before.Name != after.Name || DutyIn(before, duty.Class) != duty))
            told = told.Post(duty.Class.ToString(), new DutyIs(after.Name, duty));

        return told;
    }

    private static TeacherState TellStaff(TeacherState before, TeacherState after, TeacherId id) =>
        SameLine(before, after) ? after : after.Post(IStaffGrain.KeyOf(id.SchoolId), new StaffIs(LineOf(after, id)));

    private static StaffLine? LineOf(TeacherState state, TeacherId id) =>
        IsHere(state) ? new StaffLine(id, state.Name, state.Offices, state.Duties, state.Account is not null, state.External) : null;

    private static bool SameLine(TeacherState one, TeacherState other) =>
        IsHere(one) == IsHere(other)
        && (!IsHere(one) || (one.Name == other.Name && one.External == other.External && one.Account is null == other.Account is null
            && one.Offices.SequenceEqual(other.Offices) && one.Duties.SequenceEqual(other.Duties)));

    // The account shows name, classes and offices; a new phone number changes nothing of what it may do.
    private static bool SameRights(TeacherState one, TeacherState other) =>
        one.Name == other.Name && one.Account == other.Account && IsHere(one) == IsHere(other) && one.Offices.SequenceEqual(other.Offices) && one.Duties.SequenceEqual(other.Duties);

    private static bool IsHere(TeacherState state) => state.Name.Length > 0 && state.Left is null;

    private static ImmutableArray<FieldChange> Differences(TeacherState before, TeacherState after)
    {
        var changes = ImmutableArray.CreateBuilder<FieldChange>();
        changes.Add("name", before.Name.Length == 0 ? null : before.Name, after.Name.Length == 0 ? null : after.Name);
        changes.Add("phone", before.Phone, after.Phone);
        changes.Add("offices", Text(before.Offices), Text(after.Offices));
        changes.Add("left", AuditRules.Text(before.Left?.On), AuditRules.Text(after.Left?.On));
        changes.Add("leftReason", before.Left?.Reason, after.Left?.Reason);
        changes.Add("external", before.External, after.External);
        changes.Add("account", before.Account is null ? null : "open", after.Account is null ? null : "open");
        foreach (var @class in before.Duties.Concat(after.Duties).Select(duty => duty.Class).Distinct())
            changes.Add($"duty.{@class.Class}", Text(DutyIn(before, @class)), Text(DutyIn(after, @class)));

        return changes.DrainToImmutable();
    }

    private static string? Text(ImmutableArray<Office> offices) => offices.IsEmpty ? null : string.Join(' ', offices.Select(AuditRules.Word));

    private static string? Text(ClassDuty? duty) => duty is null ? null : string.Join(' ', [AuditRules.Word(duty.Kind), .. duty.Subjects]);

    private static ClassDuty? DutyIn(TeacherState state, ClassId @class) => state.Duties.FirstOrDefault(duty => duty.Class == @class);

    // A roster may name a class twice, once a subject. It neither makes nor unmakes administrators: theirs is the office that lets rosters in.
    private static ImmutableArray<ClassDuty> OnePerClass(ImmutableArray<ClassDuty> named, ImmutableArray<ClassDuty> known)
    {
        var merged = named.GroupBy(duty => duty.Class)
            .Select(group => new ClassDuty(
                group.Key,
                group.Any(duty => duty.Kind is DutyKind.ClassTeacher) ? DutyKind.ClassTeacher : group.Any(duty => duty.Kind is DutyKind.Counsellor) ? DutyKind.Counsellor : DutyKind.SubjectTeacher,
                [.. group.SelectMany(duty => duty.Subjects).Distinct()]))
            .ToImmutableArray();
        // The same duties in another order are the same duties.
        return merged.Length == known.Length && merged.All(known.Contains) ? known : merged;
    }

    private static ImmutableArray<Office> Offices(TeacherState state, PutTeacher command, ChangeMade change)
    {
        var named = command.Offices.Where(office => office is not Office.Administrator || change.By.Import is null);
        var next = InOrder([.. state.Offices.Where(office => office is Office.Administrator), .. named]);
        return next.SequenceEqual(InOrder(state.Offices)) ? state.Offices : next;
    }

    private static ImmutableArray<Office> InOrder(ImmutableArray<Office> offices) => [.. offices.Distinct().Order()];

    private static ImmutableArray<ClassDuty> With(ImmutableArray<ClassDuty> duties, ClassDuty duty)
    {
        for (var i = 0; i < duties.Length; i++)
        {
            if (duties[i].Class == duty.Class)
                return duties.SetItem(i, duty);
        }

        return duties.Add(duty);
    }

    private static ImmutableArray<ClassDuty> Without(ImmutableArray<ClassDuty> duties, ClassId @class) => duties.RemoveAll(duty => duty.Class == @class);
}
