using System.Collections.Immutable;
using SchoolHome.CoEditing;
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
    public async Task<Participant?> On(string topic, AccountId account)
    {
        if (await Standing(account) is not { } standing)
            return null;

        return BookPageId.TryParse(topic, out var page) ? await OnPage(page, account, standing)
            : ClassSheetId.TryParse(topic, out var sheet) ? await OnSheet(sheet, account, standing)
            : ClassDayId.TryParse(topic, out var day) ? await OnClassDay(day, account, standing)
            : null;
    }

    /// <summary>A teacher of the child's class, a guardian with access, or the child itself. A teacher who is also a guardian of the child takes part as its teacher.</summary>
    private async Task<Participant?> OnPage(BookPageId page, AccountId account, AccountStanding standing)
    {
        if (await actors.GetGrain<IStudentGrain>(page.StudentId.ToString()).Profile() is not { Class: { } @class } child
            || !await IsDayOfTerm(page.StudentId.SchoolId, page.Day))
            return null;

        if (await AsTeacher(@class, account, standing) is { } teacher)
            return teacher;
        if (standing.Guardian is { } guardian && child.AccessOf(guardian) is { } entry)
            return new Participant(account.Opaque, entry.Name, ParticipantRole.Guardian, entry.Relation);

        return standing.Student == page.StudentId ? new Participant(account.Opaque, child.Name, ParticipantRole.Student, null) : null;
    }

    private async Task<Participant?> OnSheet(ClassSheetId sheet, AccountId account, AccountStanding standing)
    {
        if (!await IsDayOfTerm(sheet.ClassId.SchoolId, sheet.Day))
            return null;
        if (await AsTeacher(sheet.ClassId, account, standing) is { } teacher)
            return teacher;

        foreach (var child in await Children(standing))
        {
            if (child.Profile.Class == sheet.ClassId)
            {
                return child.Entry is { } entry
                    ? new Participant(account.Opaque, entry.Name, ParticipantRole.Guardian, null)
                    : new Participant(account.Opaque, child.Profile.Name, ParticipantRole.Student, null);
            }
        }

        return null;
    }

    private async Task<Participant?> OnClassDay(ClassDayId day, AccountId account, AccountStanding standing) =>
        await IsDayOfTerm(day.ClassId.SchoolId, day.Day) ? await AsTeacher(day.ClassId, account, standing) : null;

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
    public async Task<bool> IsAdministrator(SchoolId school, AccountId account) =>
        await Standing(account) is { } standing
        && (await Teachers(standing)).Any(teacher => teacher.Id.SchoolId == school && teacher.Profile.Offices.Contains(Office.Administrator));

    private async Task<Participant?> AsTeacher(ClassId @class, AccountId account, AccountStanding standing)
    {
        foreach (var (_, profile) in await Teachers(standing with { Teachers = [.. standing.Teachers.Where(teacher => teacher.SchoolId == @class.SchoolId)] }))
        {
            if (profile.DutyIn(@class) is { } duty)
            {
                var role = duty.Kind switch { DutyKind.ClassTeacher => ParticipantRole.ClassTeacher, DutyKind.SubjectTeacher => ParticipantRole.SubjectTeacher, DutyKind.Counsellor => ParticipantRole.Counsellor };
                return new Participant(account.Opaque, profile.Name, role, null);
            }
        }

        return null;
    }

    private async Task<bool> IsDayOfTerm(SchoolId school, DateOnly day) =>
        (await actors.GetGrain<ISchoolGrain>(school.ToString()).Profile())?.TermOf(day) is not null;
}

/// <summary>A child whose book an account may read.</summary>
/// <param name="Student">The child.</param>
/// <param name="Profile">Its record.</param>
/// <param name="Entry">By which entry a guardian may; null when the account is the child itself.</param>
internal sealed record AccessibleChild(StudentId Student, StudentProfile Profile, GuardianEntry? Entry);
