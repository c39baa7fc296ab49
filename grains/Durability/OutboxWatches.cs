namespace SchoolHome.Grains.Durability;

/// <summary>Which watch wakes whom: one a class, so that a school has as many reminders as classes.</summary>
internal static class OutboxWatches
{
    public static string OfClass(ClassId @class) => $"{KeyKinds.OutboxWatch}/{@class.School}/{@class.Class}";

    public static string OfStaff(SchoolId school) => $"{KeyKinds.OutboxWatch}/{school.School}/staff";

    /// <summary>Guardians belong to no class; 256 watches share them.</summary>
    public static string OfGuardians(GuardianId guardian) => $"{KeyKinds.OutboxWatch}/guardians/{guardian.Opaque[..2]}";

    /// <summary>Accounts belong to no class either.</summary>
    public static string OfAccounts(AccountId account) => $"{KeyKinds.OutboxWatch}/accounts/{account.Opaque[..2]}";
}
