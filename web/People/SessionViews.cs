using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Demo;

namespace SchoolHome.Web.People;

/// <param name="SignedIn">Whether anybody is signed in.</param>
/// <param name="SetupNeeded">Whether there is no school yet, and the first-run page is to be shown.</param>
/// <param name="Demo">Whether the demo school's sign-in cards are to be shown.</param>
/// <param name="OpenId">What people call the identity provider by which one can sign in; null when there is none.</param>
/// <param name="Schools">All schools, for those who sign in by a staff or student number; empty when there is but one.</param>
/// <param name="Account">Null when nobody is signed in.</param>
/// <param name="School">The school of the account's first child or class; null when there is none.</param>
/// <param name="TeacherSchools">The schools where the account works.</param>
/// <param name="Children">Whose books may be read: a guardian's children, or a student's own.</param>
/// <param name="Classes">Where the account teaches.</param>
/// <param name="Offices">What it does for whole schools.</param>
/// <param name="IsDistrictAdministrator">Whether it founds schools.</param>
/// <param name="Unread">How many notices about the account were not read.</param>
internal sealed record SessionView(
    bool SignedIn,
    bool SetupNeeded,
    bool Demo,
    string? OpenId,
    ImmutableArray<SessionSchoolName> Schools,
    SessionAccount? Account,
    SessionSchool? School,
    ImmutableArray<SessionSchool> TeacherSchools,
    ImmutableArray<SessionChild> Children,
    ImmutableArray<SessionClass> Classes,
    ImmutableArray<SessionOffice> Offices,
    bool IsDistrictAdministrator,
    int Unread);

/// <param name="Id">The school's id.</param>
/// <param name="Name">The school's name.</param>
internal sealed record SessionSchoolName(string Id, string Name);

/// <param name="School">The school's id.</param>
/// <param name="Office">What the account does for it.</param>
internal sealed record SessionOffice(string School, Office Office);

/// <param name="Id">Opaque.</param>
/// <param name="Name">For showing.</param>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
internal sealed record SessionAccount(string Id, string Name, string Language);

/// <param name="Id">The school's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Today">Today in the school's time zone.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Term">The term that holds today, else the latest one: there is a contact book on its days.</param>
internal sealed record SessionSchool(string Id, string Name, DateOnly Today, string TimeZone, SessionTerm Term);

/// <param name="Name">E.g. 2026–2027学年第一学期.</param>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day, inclusive.</param>
internal sealed record SessionTerm(string Name, DateOnly First, DateOnly Last);

/// <param name="School">The school's id.</param>
/// <param name="Student">The student number.</param>
/// <param name="Name">The child's name.</param>
/// <param name="Class">The class's id, e.g. <c>2024-2</c>.</param>
/// <param name="ClassName">E.g. 三年级2班.</param>
/// <param name="Relation">What the account is to the child, e.g. <c>mother</c>; <c>self</c> for the child itself.</param>
/// <param name="ReadsOnly">Whether the account may read this child's book but not write in it (custody).</param>
internal sealed record SessionChild(string School, string Student, string Name, string Class, string ClassName, string Relation, bool ReadsOnly);

/// <param name="School">The school's id.</param>
/// <param name="Class">The class's id, e.g. <c>2024-2</c>.</param>
/// <param name="Name">E.g. 三年级2班.</param>
/// <param name="Role">Class teacher, subject teacher or counsellor.</param>
/// <param name="Subjects">What the account teaches there.</param>
internal sealed record SessionClass(string School, string Class, string Name, DutyKind Role, ImmutableArray<string> Subjects);

/// <summary>Puts a session's view together from the actors.</summary>
internal sealed class SessionViews(IGrainFactory actors, Rights rights, DemoMode demo, OpenIdOptions openId)
{
    public async Task<SessionView> Of(HttpContext context)
    {
        var district = await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Profile();
        var nobody = new SessionView(
            false, district.Schools.IsEmpty && !demo.IsOn, demo.IsOn, openId.Authority is null ? null : openId.Name, await SchoolNames(district.Schools), null, null, [], [], [], [], false, 0);
        if (context.User.AccountOrNobody() is not { } id || await rights.Standing(id) is not { } standing)
            return nobody;

        var children = await Children(standing);
        var teachers = (await rights.Teachers(standing)).Where(teacher => teacher.Profile.Left is null).ToImmutableArray();
        var classes = new List<SessionClass>();
        foreach (var teacher in teachers)
        {
            var names = await Names(teacher.Id.SchoolId);
            classes.AddRange(teacher.Profile.Duties
                .Where(duty => names.ContainsKey(duty.Class))
                .Select(duty => new SessionClass(duty.Class.School, duty.Class.Class, names[duty.Class], duty.Kind, duty.Subjects)));
        }

        var works = (await Task.WhenAll(teachers.Select(teacher => teacher.Id.SchoolId).Distinct().Select(School))).OfType<SessionSchool>().ToImmutableArray();
        return nobody with
        {
            SignedIn = true,
            Account = new SessionAccount(id.Opaque, standing.Name, standing.Language),
            School = children.Length > 0 ? await School(new SchoolId(children[0].School)) : works.FirstOrDefault(),
            TeacherSchools = works,
            Children = children,
            Classes = [.. classes],
            Offices = [.. teachers.SelectMany(teacher => teacher.Profile.Offices.Select(office => new SessionOffice(teacher.Id.School, office))).Distinct()],
            IsDistrictAdministrator = teachers.Any(teacher => district.Administrators.Contains(teacher.Id)),
            Unread = standing.Unread,
        };
    }

    /// <summary>The children of an account, as the session shows them: those of a class that has graduated have left the school.</summary>
    public async Task<ImmutableArray<SessionChild>> Children(AccountStanding standing)
    {
        var children = new List<SessionChild>();
        foreach (var child in await rights.Children(standing))
        {
            if (child.Profile.Class is { } @class && (await Names(@class.SchoolId)).TryGetValue(@class, out var name))
            {
                var relation = child.Entry is { } entry ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(entry.Relation.ToString()) : "self";
                children.Add(new(child.Student.School, child.Student.Number, child.Profile.Name, @class.Class, name, relation, child.Entry?.Custody is CustodyRestriction.ReadOnly));
            }
        }

        return [.. children];
    }

    private async Task<ImmutableArray<SessionSchoolName>> SchoolNames(ImmutableArray<SchoolId> schools) => schools.Length < 2
        ? []
        : [.. await Task.WhenAll(schools.Select(async school =>
            new SessionSchoolName(school.School, (await actors.GetGrain<ISchoolGrain>(school.ToString()).Profile())?.Name ?? school.School)))];

    private async Task<SessionSchool?> School(SchoolId id)
    {
        var actor = actors.GetGrain<ISchoolGrain>(id.ToString());
        if (await actor.Profile() is not { } profile)
            return null;

        var today = await actor.Today();
        var term = profile.TermOf(today) ?? profile.Terms[^1];
        return new SessionSchool(id.School, profile.Name, today, profile.TimeZone, new SessionTerm(term.Name, term.First, term.Last));
    }

    // Those that have graduated are not among them.
    private async Task<Dictionary<ClassId, string>> Names(SchoolId school) =>
        (await actors.GetGrain<ISchoolGrain>(school.ToString()).Classes()).ToDictionary(one => one.Class, one => one.Name);
}
