using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Which families of a class are in, and the slips that let the others in: for the class teacher, the counsellors and the administrators.</summary>
internal static class FamilyEndpoints
{
    public static void Map(IEndpointRouteBuilder school)
    {
        var @class = school.MapGroup("/classes/{class}").ForThoseInCharge();
        @class.MapGet("/families", Get).WithName("GetFamilies").AllowPrograms(ApiScopes.ReadPeople);
        @class.MapPost("/slips", Issue).WithName("IssueSlips");
        school.MapGroup("/students/{student}").ForThoseInChargeOfTheChild().MapPost("/guardians/{entry}/slip/revoke", Revoke).WithName("RevokeSlip");
    }

    private static async Task<Results<Ok<FamiliesView>, ProblemHttpResult>> Get(string school, string @class, HttpContext context, IGrainFactory actors, PeopleNames names, Families families)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await names.Class(id) is not { } known)
            return Problems.Missing(context);

        var language = Texts.LanguageOf(context);
        var lines = await Task.WhenAll((await Children(id, actors)).Select(async child =>
            new FamilyView(child.Student.Number, child.Profile.Name, [.. await families.Guardians(child.Profile, language)])));
        return TypedResults.Ok(new FamiliesView(id.Class, known.Name, lines.Length, lines.Count(line => line.Guardians.Any(guardian => guardian.State is AccessState.In)), [.. lines]));
    }

    /// <summary>
    /// Issues slips: for everybody who is not in yet (and is kept from nothing), or for those who are named. A slip for somebody who is in lets them set a new password. Each slip voids the one before;
    /// the codes are told this once. Issued again, there are other codes, and the last ones count.
    /// </summary>
    private static async Task<Results<Ok<SlipsView>, ProblemHttpResult>> Issue(
        string school, string @class, IssueSlipsCommand command, HttpContext context, IGrainFactory actors, PeopleNames names, Families families)
    {
        if (!ClassId.TryCreate(school, @class, out var id) || await names.Class(id) is not { Graduated: null } known
            || await actors.GetGrain<ISchoolGrain>(id.SchoolId.ToString()).Profile() is not { } profile)
            return Problems.Missing(context);

        var everybody = (await Children(id, actors)).SelectMany(child => child.Profile.Guardians.Select(entry => (child.Student, child.Profile, Entry: entry))).ToArray();
        var chosen = command.People is not { } people
            ? everybody.Where(one => one.Entry is { HasAccess: false, AccessEnded: false, Custody: not CustodyRestriction.NoAccess }).ToArray()
            : [.. people.Distinct().SelectMany(named => everybody.Where(one => one.Student.Number == named.Student && one.Entry.Entry == named.Entry))];

        var fields = new Fields();
        if (command.People is { } wanted)
        {
            fields.AddIf(wanted.IsEmpty, "people", "required");
            fields.AddIf(chosen.Length < wanted.Distinct().Count(), "people", "person-unknown");
            fields.AddIf(chosen.Any(one => one.Entry.Custody is CustodyRestriction.NoAccess), "people", "access-restricted");
            fields.AddIf(chosen.Any(one => !HasDigits(one.Profile, one.Entry)), "people", "no-phone");
        }

        if (fields.AreWrong)
            return fields.Problem(context);

        var language = Texts.LanguageOf(context);
        var expires = families.Expiry(profile);
        var slips = await families.Issue([.. chosen.Where(one => HasDigits(one.Profile, one.Entry))], expires, context.By(), language);
        return TypedResults.Ok(new SlipsView(profile.Name, id.Class, known.Name, expires, slips,
            [.. chosen.Where(one => !HasDigits(one.Profile, one.Entry)).Select(one => new WithoutPhone(one.Student.Number, one.Profile.Name, one.Entry.Name))]));
    }

    /// <summary>Voids a guardian's slip.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(string school, string student, string entry, HttpContext context, IGrainFactory actors) =>
        StudentId.TryCreate(school, student, out var id)
            ? (await actors.GetGrain<IStudentGrain>(id.ToString()).RevokeSlip(entry, context.By())).NoContent(context)
            : Problems.Missing(context);

    // A slip asks for the last digits of the phone, or for the child's birthday where there is no number; without either nobody could use it.
    private static bool HasDigits(StudentProfile child, GuardianEntry entry) => entry.Phone.Length > 0 || child.BirthDate is not null;

    // The class's list is a projection; whose guardian somebody is, and whether the child is still in this class, its own record says.
    private static async Task<ImmutableArray<(StudentId Student, StudentProfile Profile)>> Children(ClassId @class, IGrainFactory actors)
    {
        var students = (await actors.GetGrain<IClassGrain>(@class.ToString()).Roster())?.Students ?? [];
        var profiles = await Task.WhenAll(students.Select(student => actors.GetGrain<IStudentGrain>(student.Student.ToString()).Profile()));
        return [.. students.Zip(profiles).Where(one => one.Second?.Class == @class).Select(one => (one.First.Student, one.Second!))];
    }
}

/// <param name="Class">The class's id.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Families">How many children.</param>
/// <param name="FamiliesIn">Of how many of them at least one guardian is in.</param>
/// <param name="Students">By student number.</param>
internal sealed record FamiliesView(string Class, string ClassName, int Families, int FamiliesIn, ImmutableArray<FamilyView> Students);

/// <param name="Student">The student number.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Guardians">In the order in which they are to be contacted.</param>
internal sealed record FamilyView(string Student, string Name, ImmutableArray<FamilyGuardian> Guardians);

/// <param name="People">For whom; null for everybody who is not in yet.</param>
internal sealed record IssueSlipsCommand(ImmutableArray<SlipFor>? People);

/// <param name="Student">The student number.</param>
/// <param name="Entry">The guardian's entry.</param>
internal sealed record SlipFor(string Student, string Entry);

/// <param name="School">The school's name.</param>
/// <param name="Class">The class's id.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Expires">When the slips lapse, UTC: at the end of a day of the school's.</param>
/// <param name="Slips">By student number, in the order in which guardians are to be contacted.</param>
/// <param name="WithoutPhone">Who got no slip, because neither their phone number nor the child's birth date is known, whose digits a slip asks for.</param>
internal sealed record SlipsView(string School, string Class, string ClassName, DateTimeOffset Expires, ImmutableArray<SlipView> Slips, ImmutableArray<WithoutPhone> WithoutPhone);

/// <param name="Student">The student number.</param>
/// <param name="StudentName">The child's name.</param>
/// <param name="Guardian">The guardian's name.</param>
internal sealed record WithoutPhone(string Student, string StudentName, string Guardian);
