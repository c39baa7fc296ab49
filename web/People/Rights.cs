using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>
/// What an account may see and do: asked of the actors each time, so that nothing here can be out of date. Null or false means that there is no such thing, or that it is not theirs; the two are
/// never told apart (somebody else's child is 404).
/// </summary>
internal sealed class Rights(IGrainFactory actors)
{
    public Task<AccountStanding?> Standing(AccountId account) => actors.GetGrain<IAccountGrain>(account.ToString()).Standing();

    /// <summary>As whom an account takes part in a topic; null when not at all.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="account">The account.</param>
    /// <param name="asFamily">Whether somebody who is both takes part as guardian (or child) rather than as teacher: they say so by the role that they have chosen, and sign for that.</param>
    public async Task<Participant?> On(string topic, AccountId account, bool asFamily = false)
    {
        if (await Standing(account) is not { } standing)
            return null;

        return BookPageId.TryParse(topic, out var page) ? await OnPage(page, account, standing, asFamily)
            : ClassSheetId.TryParse(topic, out var sheet) ? await OnSheet(sheet, account, standing, asFamily)
            : ClassDayId.TryParse(topic, out var day) ? await OnClassDay(day.ClassId, day.Day, account, standing)
            : SheetDraftId.TryParse(topic, out var draft) ? await OnClassDay(draft.ClassId, draft.Day, account, standing)
            : ClassId.TryParse(topic, out var @class) ? await OnClass(@class, account, standing)
            : ImportId.TryParse(topic, out var import) ? await OnImport(import, account, standing)
            : null;
    }

    /// <summary>A teacher of the child's class, a guardian with access, or the child itself.</summary>
    private async Task<Participant?> OnPage(BookPageId page, AccountId account, AccountStanding standing, bool asFamily)
    {
        if (await actors.GetGrain<IStudentGrain>(page.StudentId.ToString()).Profile() is not { Class: { } @class } child || !await IsDayOf(@class, page.Day))
            return null;

        return await OnChild(page.StudentId, child, @class, account, standing, asFamily);
    }

    /// <summary>As whom an account reads a child's book as a whole; null when not at all.</summary>
    public async Task<Participant?> OnChild(StudentId student, AccountId account) =>
        await Standing(account) is { } standing && await actors.GetGrain<IStudentGrain>(student.ToString()).Profile() is { Class: { } @class } child
            ? await OnChild(student, child, @class, account, standing, false)
            : null;

    private async Task<Participant?> OnChild(StudentId student, StudentProfile child, ClassId @class, AccountId account, AccountStanding standing, bool asFamily)
    {
        var family = standing.Guardian is { } guardian && child.AccessOf(guardian) is { } entry ? new Participant(account.Opaque, entry.Name, RoleOf(entry), entry.Relation)
            : standing.Student == student ? new Participant(account.Opaque, child.Name, ParticipantRole.Student, null)
            : null;
        return asFamily && family is not null ? family : await AsTeacher(@class, account, standing) ?? family;
    }

    private async Task<Participant?> OnSheet(ClassSheetId sheet, AccountId account, AccountStanding standing, bool asFamily)
    {
        if (!await IsDayOf(sheet.ClassId, sheet.Day))
            return null;

        var teacher = await AsTeacher(sheet.ClassId, account, standing);
        return asFamily ? await OfFamily(sheet, account, standing) ?? teacher : teacher ?? await OfFamily(sheet, account, standing);
    }

    private async Task<Participant?> OfFamily(ClassSheetId sheet, AccountId account, AccountStanding standing)
    {
        foreach (var child in await Children(standing))
        {
            // A child that has changed its class since keeps the pages that it wrote there, and their sheets.
            if (child.Profile.Class == sheet.ClassId
                || (child.Profile.Class is not null && await actors.GetGrain<IBookPageGrain>(new BookPageId(child.Student.School, child.Student.Number, sheet.Day).ToString()).Class() == sheet.ClassId))
            {
                return child.Entry is { } entry
                    ? new Participant(account.Opaque, entry.Name, RoleOf(entry), null)
                    : new Participant(account.Opaque, child.Profile.Name, ParticipantRole.Student, null);
            }
        }

        return null;
    }

    // A class's day, and what is prepared for its sheet, are the teachers' alone.
    private async Task<Participant?> OnClassDay(ClassId @class, DateOnly day, AccountId account, AccountStanding standing) =>
        await IsDayOf(@class, day) ? await AsTeacher(@class, account, standing) : null;

    private async Task<Participant?> OnClass(ClassId @class, AccountId account, AccountStanding standing)
    {
        if (await actors.GetGrain<ISchoolGrain>(@class.SchoolId.ToString()).Class(@class) is null)
            return null;

        return await AsTeacher(@class, account, standing)
            ?? (await OfficesIn(@class.SchoolId, standing) is { Offices.Length: > 0 } office ? new Participant(account.Opaque, office.Name, ParticipantRole.Office, null) : null);
    }

    private async Task<Participant?> OnImport(ImportId import, AccountId account, AccountStanding standing) =>
        await OfficesIn(import.SchoolId, standing) is { IsAdministrator: true } office ? new Participant(account.Opaque, office.Name, ParticipantRole.Office, null) : null;

    /// <summary>The children whose books an account may read, as their own records say.</summary>
    public async Task<ImmutableArray<AccessibleChild>> Children(AccountStanding standing)
    {
        var children = ImmutableArray.CreateBuilder<AccessibleChild>();
        if (standing.Guardian is { } guardian)
        {
            var claimed = await actors.GetGrain<IGuardianGrain>(guardian.ToString()).Children();
            var profiles = await Task.WhenAll(claimed.Select(child => actors.GetGrain<IStudentGrain>(child.Student.ToString()).Profile()));
            foreach (var (child, profile) in claimed.Zip(profiles))
            {
                // The guardian's list is a projection; the child's record decides.
                if (profile?.AccessOf(guardian) is { } entry)
                    children.Add(new(child.Student, profile, entry));
            }
        }

        if (standing.Student is { } self && await actors.GetGrain<IStudentGrain>(self.ToString()).Profile() is { } own)
            children.Add(new(self, own, null));

        return children.DrainToImmutable();
    }

    /// <summary>The teachers that an account signs in as.</summary>
    public async Task<ImmutableArray<(TeacherId Id, TeacherProfile Profile)>> Teachers(AccountStanding standing)
    {
        var profiles = await Task.WhenAll(standing.Teachers.Select(teacher => actors.GetGrain<ITeacherGrain>(teacher.ToString()).Profile()));
        return [.. standing.Teachers.Zip(profiles).Where(one => one.Second is not null).Select(one => (one.First, one.Second!))];
    }

    /// <summary>Whether an account is an administrator of a school.</summary>
    public async Task<bool> IsAdministrator(SchoolId school, AccountId account) => (await OfficesIn(school, account)).IsAdministrator;

    /// <summary>What an account does for a whole school.</summary>
    public async Task<SchoolOffices> OfficesIn(SchoolId school, AccountId account) =>
        await Standing(account) is { } standing ? await OfficesIn(school, standing) : new("", []);

    /// <summary>The class that an account is in charge of, as its class teacher or counsellor; null when it is not in charge of this one, or the class has graduated.</summary>
    /// <returns>The teacher's name; null when not in charge.</returns>
    public async Task<string?> InChargeOf(ClassId @class, AccountId account)
    {
        if (await Standing(account) is not { } standing
            || await actors.GetGrain<ISchoolGrain>(@class.SchoolId.ToString()).Class(@class) is not { Graduated: null })
            return null;

        foreach (var (_, profile) in await TeachersIn(@class.SchoolId, standing))
        {
            if (profile.DutyIn(@class) is { Kind: DutyKind.ClassTeacher or DutyKind.Counsellor })
                return profile.Name;
        }

        return null;
    }

    /// <summary>What an account teaches in a class; empty when nothing.</summary>
    public async Task<ImmutableArray<string>> SubjectsIn(ClassId @class, AccountId account) =>
        await Standing(account) is { } standing
            ? [.. (await TeachersIn(@class.SchoolId, standing)).SelectMany(teacher => teacher.Profile.DutyIn(@class)?.Subjects ?? []).Distinct(StringComparer.Ordinal)]
            : [];

    /// <summary>The teacher as whom an account works in a school; null when it does not.</summary>
    public async Task<TeacherId?> TeacherIn(SchoolId school, AccountId account) =>
        await Standing(account) is { } standing && await TeachersIn(school, standing) is [var first, ..] ? first.Id : null;

    /// <summary>The teacher as whom an account administers the district; null when it does not.</summary>
    public async Task<TeacherProfile?> DistrictAdministrator(AccountId account)
    {
        if (await Standing(account) is not { Teachers.IsEmpty: false } standing)
            return null;

        var district = await actors.GetGrain<IDistrictGrain>(IDistrictGrain.TheKey).Profile();
        foreach (var (id, profile) in await Teachers(standing))
        {
            if (profile.Left is null && district.Administrators.Contains(id))
                return profile;
        }

        return null;
    }

    private async Task<SchoolOffices> OfficesIn(SchoolId school, AccountStanding standing)
    {
        var teachers = await TeachersIn(school, standing);
        return new(teachers.Length > 0 ? teachers[0].Profile.Name : "", [.. teachers.SelectMany(teacher => teacher.Profile.Offices).Distinct()]);
    }

    private async Task<ImmutableArray<(TeacherId Id, TeacherProfile Profile)>> TeachersIn(SchoolId school, AccountStanding standing) =>
        [.. (await Teachers(standing with { Teachers = [.. standing.Teachers.Where(teacher => teacher.SchoolId == school)] })).Where(teacher => teacher.Profile.Left is null)];

    private async Task<Participant?> AsTeacher(ClassId @class, AccountId account, AccountStanding standing)
    {
        foreach (var (_, profile) in await TeachersIn(@class.SchoolId, standing))
        {
            if (profile.DutyIn(@class) is { } duty)
            {
                var role = duty.Kind switch
                {
                    DutyKind.ClassTeacher => ParticipantRole.ClassTeacher,
                    DutyKind.SubjectTeacher => ParticipantRole.SubjectTeacher,
                    DutyKind.Counsellor => ParticipantRole.Counsellor,
                };
                return new Participant(account.Opaque, profile.Name, role, null);
            }
        }

        return null;
    }

    private static ParticipantRole RoleOf(GuardianEntry entry) => entry.Custody switch
    {
        CustodyRestriction.None => ParticipantRole.Guardian,
        CustodyRestriction.ReadOnly => ParticipantRole.ReadingGuardian,
        CustodyRestriction.NoAccess => throw new System.Diagnostics.UnreachableException("An entry without access takes part in nothing."),
    };

    // There is a contact book on the days of the school's terms, until the class has graduated.
    private async Task<bool> IsDayOf(ClassId @class, DateOnly day)
    {
        var school = actors.GetGrain<ISchoolGrain>(@class.SchoolId.ToString());
        return (await school.Profile())?.TermOf(day) is not null && await school.Class(@class) is { } known && !(known.Graduated < day);
    }
}

/// <summary>A child whose book an account may read.</summary>
/// <param name="Student">The child.</param>
/// <param name="Profile">Its record.</param>
/// <param name="Entry">By which entry a guardian may; null when the account is the child itself.</param>
internal sealed record AccessibleChild(StudentId Student, StudentProfile Profile, GuardianEntry? Entry);

/// <summary>What somebody does for a whole school.</summary>
/// <param name="Name">As the school knows them; empty when they do not work there.</param>
/// <param name="Offices">Empty when they have none there.</param>
internal readonly record struct SchoolOffices(string Name, ImmutableArray<Office> Offices)
{
    /// <summary>Whether they may change everything in the school.</summary>
    public bool IsAdministrator => Offices.Contains(Office.Administrator);

    /// <summary>Whether they may read who is in the school: every office may.</summary>
    public bool ReadsPeople => !Offices.IsEmpty;
}
