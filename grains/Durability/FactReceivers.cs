using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.Durability;

/// <summary>Which actors take facts, and which have them to deliver, by the kind of their keys.</summary>
internal static class FactReceivers
{
    public static ITakesFactsGrain Of(IGrainFactory actors, string key) => Kind(key) switch
    {
        KeyKinds.Class => actors.GetGrain<IClassGrain>(key),
        KeyKinds.Guardian => actors.GetGrain<IGuardianGrain>(key),
        KeyKinds.Teacher => actors.GetGrain<ITeacherGrain>(key),
        KeyKinds.Account => actors.GetGrain<IAccountGrain>(key),
        KeyKinds.Staff => actors.GetGrain<IStaffGrain>(key),
        KeyKinds.Leavers => actors.GetGrain<ILeaversGrain>(key),
        KeyKinds.Audit => actors.GetGrain<IAuditLogGrain>(key),
        KeyKinds.Login => actors.GetGrain<ILoginNameGrain>(key),
        KeyKinds.TextMessage => actors.GetGrain<ITextMessageGrain>(key),
        KeyKinds.ClassDay => actors.GetGrain<IClassDayGrain>(key),
        KeyKinds.Sheet => actors.GetGrain<IClassSheetGrain>(key),
        KeyKinds.BookMonth => actors.GetGrain<IBookMonthGrain>(key),
        _ => throw new ArgumentException($"'{key}' takes no facts.", nameof(key)),
    };

    public static IOutboxGrain Sender(IGrainFactory actors, string key) => Kind(key) switch
    {
        KeyKinds.Student => actors.GetGrain<IStudentGrain>(key),
        KeyKinds.Class => actors.GetGrain<IClassGrain>(key),
        KeyKinds.Teacher => actors.GetGrain<ITeacherGrain>(key),
        KeyKinds.Guardian => actors.GetGrain<IGuardianGrain>(key),
        KeyKinds.School => actors.GetGrain<ISchoolGrain>(key),
        KeyKinds.Account => actors.GetGrain<IAccountGrain>(key),
        KeyKinds.Page => actors.GetGrain<IBookPageGrain>(key),
        KeyKinds.Sheet => actors.GetGrain<IClassSheetGrain>(key),
        KeyKinds.SheetDraft => actors.GetGrain<ISheetDraftGrain>(key),
        _ => throw new ArgumentException($"'{key}' has no outbox.", nameof(key)),
    };

    private static string Kind(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];
}
