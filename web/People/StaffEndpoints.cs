using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Teachers and other staff: what they do for the school and in its classes, and who signs in.</summary>
internal static class StaffEndpoints
{
    public static void Map(IEndpointRouteBuilder reading, IEndpointRouteBuilder administration)
    {
        reading.MapGet("/staff", List).WithName("GetStaff");
        reading.MapGet("/staff/{teacher}", Get).WithName("GetTeacher");
        administration.MapPost("/staff", Add).WithName("AddTeacher");
        administration.MapPut("/staff/{teacher}", Correct).WithName("CorrectTeacher");
        administration.MapPut("/staff/{teacher}/offices", SetOffices).WithName("SetOffices");
        administration.MapPut("/staff/{teacher}/duties/{class}", SetDuty).WithName("SetDuty");
        administration.MapPost("/staff/{teacher}/duties/{class}/end", EndDuty).WithName("EndDuty");
        administration.MapPost("/staff/{teacher}/take-over", TakeOver).WithName("TakeOverClass");
        administration.MapPost("/staff/{teacher}/leave", Leave).WithName("TeacherLeaves");
        administration.MapPost("/staff/{teacher}/return", Return).WithName("TeacherReturns");
        administration.MapPost("/accounts", OpenAccount).WithName("OpenAccount");
    }

    /// <summary>Everybody who works there now, by staff number.</summary>
    private static async Task<Ok<ImmutableArray<StaffView>>> List(string school, IGrainFactory actors, PeopleNames names)
    {
        var staff = await actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(new(school))).List();
        var classes = await names.NamesOf(staff.SelectMany(one => one.Classes).Select(duty => duty.Class));
        return TypedResults.Ok(staff.Select(one => new StaffView(
            one.Teacher.Number, one.Name, PeopleNames.Ordered(one.Offices), [.. one.Classes.Select(duty => DutyView.Of(duty, classes))], one.HasAccount)).ToImmutableArray());
    }

    /// <summary>One member of staff, also one who has left.</summary>
    private static async Task<Results<Ok<TeacherView>, ProblemHttpResult>> Get(string school, string teacher, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id) || await actors.GetGrain<ITeacherGrain>(id.ToString()).Profile() is not { } profile)
            return Problems.Missing(context);

        var classes = await names.NamesOf(profile.Duties.Select(duty => duty.Class));
        return TypedResults.Ok(new TeacherView(
            id.Number, profile.Name, context.SeesAll() ? profile.Phone : null, PeopleNames.Tail(profile.Phone), PeopleNames.Ordered(profile.Offices),
            [.. profile.Duties.Select(duty => DutyView.Of(duty, classes))], profile.Account is not null, profile.Left is { } left ? new TeacherLeftView(left.On, left.Reason) : null, context.SeesAll()));
    }

    /// <summary>Enters a member of staff by hand. Entering the same again changes nothing; a number that another has is refused.</summary>
    private static async Task<Results<Ok<TeacherAdded>, ProblemHttpResult>> Add(string school, AddTeacherCommand command, HttpContext context, IGrainFactory actors)
    {
        var fields = new Fields();
        var number = fields.Required("teacher", command.Teacher, longest: 24).ToLowerInvariant();
        if (!TeacherId.TryCreate(school, number, out var id) && number.Length > 0)
            fields.Add("teacher", "number-malformed");
        var (name, phone) = (fields.Required("name", command.Name), fields.Phone("phone", command.Phone));
        if (fields.AreWrong)
            return fields.Problem(context);

        var teacher = actors.GetGrain<ITeacherGrain>(id.ToString());
        var offices = PeopleNames.Ordered(command.Offices.IsDefault ? [] : command.Offices);
        // Expected is that nobody has this number; whoever is there exactly so was entered by this very command. An administrator's office is given apart: rosters neither give nor take it.
        var put = new PutTeacher(name, phone.Length > 0 ? phone : null, [], offices.Remove(Office.Administrator), ExpectedRevision: 0);
        if ((await teacher.Put(put, context.By())).Refusal is { } refusal)
            return refusal is Conflict { Code: "changed-meanwhile" } ? Problems.OfFields([new("teacher", "number-taken")], context) : Problems.Of(refusal, context);
        if (offices.Contains(Office.Administrator) && (await teacher.SetOffices(offices, context.By())).Refusal is { } refused)
            return Problems.Of(refused, context);

        return TypedResults.Ok(new TeacherAdded(id.Number));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Correct(string school, string teacher, CorrectTeacherCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var (name, phone) = (fields.Required("name", command.Name), fields.Phone("phone", command.Phone));
        return fields.AreWrong
            ? fields.Problem(context)
            : (await actors.GetGrain<ITeacherGrain>(id.ToString()).Correct(name, phone.Length > 0 ? phone : null, context.By())).NoContent(context);
    }

    /// <summary>Sets what somebody does for the whole school. The last administrator remains one.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SetOffices(
        string school, string teacher, OfficesCommand command, HttpContext context, IGrainFactory actors, Administrators administrators)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id))
            return Problems.Missing(context);
        if (command.Offices.IsDefault)
            return Problems.OfFields([new("offices", "required")], context);

        var offices = PeopleNames.Ordered(command.Offices);
        Task<Answer<Done>> Set() => actors.GetGrain<ITeacherGrain>(id.ToString()).SetOffices(offices, context.By());
        return (await (offices.Contains(Office.Administrator) ? Set() : administrators.Without(id, Set, context.By()))).NoContent(context);
    }

    /// <summary>Sets what somebody does in one class. A class that has a class teacher gets another one by taking over.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SetDuty(
        string school, string teacher, string @class, DutyCommand command, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id) || !ClassId.TryCreate(school, @class, out var of) || await names.Class(of) is not { Graduated: null })
            return Problems.Missing(context);

        var fields = new Fields();
        var kind = fields.Given("kind", command.Kind);
        var subjects = (command.Subjects.IsDefault ? [] : command.Subjects).Select(subject => subject?.Trim() ?? "").Where(subject => subject.Length > 0).Distinct().ToImmutableArray();
        fields.AddIf(subjects.Length > 12, "subjects", "too-many");
        fields.AddIf(subjects.Any(subject => subject.Length > 20), "subjects", "too-long");
        if (fields.AreWrong)
            return fields.Problem(context);
        if (kind is DutyKind.ClassTeacher && await ClassTeacherOf(of, actors) is { } other && other != id)
            return Problems.Of(new Conflict("class-has-teacher"), context);

        return (await actors.GetGrain<ITeacherGrain>(id.ToString()).SetDuty(new ClassDuty(of, kind, subjects), context.By())).NoContent(context);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndDuty(string school, string teacher, string @class, HttpContext context, IGrainFactory actors) =>
        TeacherId.TryCreate(school, teacher, out var id) && ClassId.TryCreate(school, @class, out var of)
            ? (await actors.GetGrain<ITeacherGrain>(id.ToString()).EndDuty(of, context.By())).NoContent(context)
            : Problems.Missing(context);

    /// <summary>Makes somebody the class teacher of a class in place of whoever is.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> TakeOver(
        string school, string teacher, TakeOverCommand command, HttpContext context, IGrainFactory actors, PeopleNames names)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var @class = await names.Enterable(school, command.Class, "class", fields);
        TeacherId? from = null;
        if (!string.IsNullOrWhiteSpace(command.From))
        {
            if (TeacherId.TryCreate(school, command.From.Trim().ToLowerInvariant(), out var named) && named != id)
                from = named;
            else
                fields.Add("from", "person-unknown");
        }

        if (@class is not { } of || fields.AreWrong)
            return fields.Problem(context);

        // Whoever takes over has seen from whom; where that was somebody else by now, nobody is to lose a class unseen. A repetition finds the new one there already.
        // Their own record knows it before the class's list does.
        var isHere = (await actors.GetGrain<ITeacherGrain>(id.ToString()).Profile())?.DutyIn(of)?.Kind is DutyKind.ClassTeacher;
        var now = isHere ? id : await ClassTeacherOf(of, actors);
        if (now != id && now != from)
            return Problems.Of(new Conflict("class-teacher-changed"), context);

        return (await actors.GetGrain<ITeacherGrain>(id.ToString()).TakeOver(of, from, command.StaysAsSubjectTeacher, context.By())).NoContent(context);
    }

    /// <summary>They leave the school: duties, offices and every right end at once. The last administrator cannot.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Leave(
        string school, string teacher, LeaveCommand command, HttpContext context, IGrainFactory actors, Administrators administrators)
    {
        if (!TeacherId.TryCreate(school, teacher, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var leave = await Leaving.Check(command, id.SchoolId, actors, fields);
        return fields.AreWrong
            ? fields.Problem(context)
            : (await administrators.Without(id, () => actors.GetGrain<ITeacherGrain>(id.ToString()).Leave(leave, context.By()), context.By())).NoContent(context);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Return(string school, string teacher, HttpContext context, IGrainFactory actors) =>
        TeacherId.TryCreate(school, teacher, out var id)
            ? (await actors.GetGrain<ITeacherGrain>(id.ToString()).Return(context.By())).NoContent(context)
            : Problems.Missing(context);

    /// <summary>
    /// Opens sign-in for a teacher, or for a student where the school gives students accounts; sets a new initial password for one who has it. The password is shown this once. Guardians get in by slips.
    /// </summary>
    private static async Task<Results<Ok<AccountOpened>, ProblemHttpResult>> OpenAccount(string school, OpenAccountCommand command, HttpContext context, IGrainFactory actors, Rights rights, AccountOpening opening)
    {
        var password = Passwords.New();
        if (!string.IsNullOrWhiteSpace(command.Teacher))
        {
            if (!TeacherId.TryCreate(school, command.Teacher.Trim().ToLowerInvariant(), out var teacher))
                return Problems.Missing(context);

            // Whoever sets the password of a district's administrator is one: only they themselves may, by their own sign-in, or another of them.
            var district = await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Profile();
            if (district.Administrators.Contains(teacher) && await rights.DistrictAdministrator(context.User.Account()) is null)
                return Problems.Of(new Forbidden("district-administrator"), context);

            var opened = await opening.ForTeacher(teacher, password, context.By());
            return opened.Refusal is { } refused ? Problems.Of(refused, context) : TypedResults.Ok(new AccountOpened(teacher.Number, password));
        }

        if (string.IsNullOrWhiteSpace(command.Student))
            return Problems.OfFields([new("student", "required")], context);
        if (!StudentId.TryCreate(school, command.Student.Trim().ToLowerInvariant(), out var student))
            return Problems.Missing(context);

        var made = await opening.ForStudent(student, password, context.By());
        return made.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(new AccountOpened(student.Number, password));
    }

    // The class's list is a projection; the teacher's own record decides.
    private static async Task<TeacherId?> ClassTeacherOf(ClassId @class, IGrainFactory actors)
    {
        foreach (var teacher in ((await actors.GetGrain<IClassGrain>(@class.ToString()).Roster())?.Teachers ?? []).Where(teacher => teacher.Duty == DutyKind.ClassTeacher))
        {
            if ((await actors.GetGrain<ITeacherGrain>(teacher.Teacher.ToString()).Profile())?.DutyIn(@class)?.Kind == DutyKind.ClassTeacher)
                return teacher.Teacher;
        }

        return null;
    }
}

/// <summary>Sees to it that a school is never left without an administrator, nor the district.</summary>
internal sealed class Administrators(IGrainFactory actors)
{
    /// <summary>Does what ends somebody's being an administrator, unless they are the last. Refused with <c>last-administrator</c>, <c>last-district-administrator</c>.</summary>
    public async Task<Answer<Done>> Without(TeacherId teacher, Func<Task<Answer<Done>>> end, ChangedBy by)
    {
        var actor = actors.GetGrain<ITeacherGrain>(teacher.ToString());
        if (await actor.Profile() is not { } before || !before.Offices.Contains(Office.Administrator))
            return await end();
        if (!await AnotherThan(teacher))
            return new Conflict("last-administrator");
        if ((await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Profile()).Administrators is [var last] && last == teacher)
            return new Conflict("last-district-administrator");

        var answer = await end();
        if (!answer.IsDone || await AnotherThan(teacher))
            return answer;

        // Two administrators have taken each other's office away at one moment. One of them, or both, get it back: a school that nobody can administer is worse than an office too many.
        if ((await actor.Profile()) is { Left: not null })
            await actor.Return(by);
        await actor.SetOffices(before.Offices, by);
        return new Conflict("last-administrator");
    }

    // The staff list is a projection; each record says for itself whether it still is an administrator's.
    private async Task<bool> AnotherThan(TeacherId teacher)
    {
        foreach (var one in await actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(teacher.SchoolId)).List())
        {
            if (one.Teacher != teacher && one.Offices.Contains(Office.Administrator)
                && await actors.GetGrain<ITeacherGrain>(one.Teacher.ToString()).Profile() is { Left: null } profile && profile.Offices.Contains(Office.Administrator))
                return true;
        }

        return false;
    }
}

/// <param name="Teacher">The staff number.</param>
/// <param name="Name">Their name.</param>
/// <param name="Offices">What they do for the whole school.</param>
/// <param name="Duties">Class by class.</param>
/// <param name="HasAccount">Whether somebody can sign in as them.</param>
internal sealed record StaffView(string Teacher, string Name, ImmutableArray<Office> Offices, ImmutableArray<DutyView> Duties, bool HasAccount);

/// <param name="Class">The class's id.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Kind">Class teacher, subject teacher or counsellor.</param>
/// <param name="Subjects">What they teach there.</param>
internal sealed record DutyView(string Class, string ClassName, DutyKind Kind, ImmutableArray<string> Subjects)
{
    public static DutyView Of(ClassDuty duty, Dictionary<ClassId, string> names) => new(duty.Class.Class, names[duty.Class], duty.Kind, duty.Subjects);
}

/// <param name="Teacher">The staff number.</param>
/// <param name="Name">Their name.</param>
/// <param name="Phone">E.164; null when there is none, and for readers who are no administrators.</param>
/// <param name="PhoneTail">The last four digits; empty when there is none.</param>
/// <param name="Offices">What they do for the whole school.</param>
/// <param name="Duties">Class by class.</param>
/// <param name="HasAccount">Whether somebody can sign in as them.</param>
/// <param name="Left">Null when they have not left.</param>
/// <param name="MayChange">Whether the reader is an administrator.</param>
internal sealed record TeacherView(
    string Teacher, string Name, string? Phone, string PhoneTail, ImmutableArray<Office> Offices, ImmutableArray<DutyView> Duties, bool HasAccount, TeacherLeftView? Left, bool MayChange);

/// <param name="On">The day.</param>
/// <param name="Reason">In the office's words.</param>
internal sealed record TeacherLeftView(DateOnly On, string Reason);

/// <param name="Teacher">The staff number: letters and digits.</param>
/// <param name="Name">Their name.</param>
/// <param name="Phone">As people write it; null or empty when there is none.</param>
/// <param name="Offices">What they do for the whole school; may be missing.</param>
internal sealed record AddTeacherCommand(string Teacher, string Name, string? Phone, ImmutableArray<Office> Offices);

/// <param name="Teacher">The staff number, as it is kept.</param>
internal sealed record TeacherAdded(string Teacher);

/// <param name="Name">Their name.</param>
/// <param name="Phone">As people write it; null or empty when there is none.</param>
internal sealed record CorrectTeacherCommand(string Name, string? Phone);

/// <param name="Offices">All of them.</param>
internal sealed record OfficesCommand(ImmutableArray<Office> Offices);

/// <param name="Kind">What they do in the class.</param>
/// <param name="Subjects">What they teach there; may be missing.</param>
internal sealed record DutyCommand(DutyKind? Kind, ImmutableArray<string> Subjects);

/// <param name="Class">The class's id.</param>
/// <param name="From">The staff number of its class teacher now; null when it has none.</param>
/// <param name="StaysAsSubjectTeacher">Whether that one goes on teaching their subjects there.</param>
internal sealed record TakeOverCommand(string Class, string? From, bool StaysAsSubjectTeacher);

/// <summary>Name a teacher or a student.</summary>
/// <param name="Teacher">A staff number.</param>
/// <param name="Student">A student number.</param>
internal sealed record OpenAccountCommand(string? Teacher, string? Student);

/// <param name="Login">What to sign in with.</param>
/// <param name="InitialPassword">Shown this once.</param>
internal sealed record AccountOpened(string Login, string InitialPassword);
