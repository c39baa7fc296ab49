using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>The record of something whose changes are told to the day's audit log.</summary>
internal abstract record AuditedRecord : DurableRecord
{
    /// <summary>Grows by one with each change of content; never begins anew, because the log knows an entry by it.</summary>
    public long Revision { get; init; }
}

/// <summary>The record of a person: it remembers its own changes.</summary>
internal abstract record PersonRecord : AuditedRecord
{
    /// <summary>The newest changes, the oldest of them first; at most <see cref="PeopleLimits.HistoryEntries"/>.</summary>
    public ImmutableArray<AuditEntry> History { get; init; } = [];
}

/// <summary>Who makes a change, and when.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Day">The day in the school's time zone; not looked up (and default) where an import needs none.</param>
internal sealed record ChangeMade(ChangedBy By, DateTimeOffset At, DateOnly Day);

/// <summary>How a change becomes an entry of the record's own history and of the day's log, in the same write as itself.</summary>
internal static class AuditRules
{
    /// <summary>Counts the change, and tells the log of it. The people of an import are one entry there, which the school makes.</summary>
    public static TRecord Note<TRecord>(this TRecord record, AuditEntry entry, string school, DateOnly day)
        where TRecord : AuditedRecord
    {
        var counted = record with { Revision = record.Revision + 1 };
        var numbered = entry with { Revision = counted.Revision };
        var kept = counted is PersonRecord person ? (TRecord)(AuditedRecord)Remember(person, numbered) : counted;
        return entry.By.Import is null ? kept.PostChanges(new AuditDayId(school, day).ToString(), numbered) : kept;
    }

    /// <summary>What differs between two values, as one field of an entry; nothing when they are the same.</summary>
    public static void Add(this ImmutableArray<FieldChange>.Builder changes, string field, string? before, string? after)
    {
        if (before != after)
            changes.Add(new FieldChange(field, before, after));
    }

    /// <summary>A day as entries show it.</summary>
    public static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A member of an enumeration as entries show it: the word that the API uses for it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum
        => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static PersonRecord Remember(PersonRecord person, AuditEntry entry)
    {
        var history = person.History.Add(entry);
        return person with { History = history.Length > PeopleLimits.HistoryEntries ? history[^PeopleLimits.HistoryEntries..] : history };
    }
}

/// <summary>What every command about people looks at.</summary>
internal static class PeopleRules
{
    public static string? NameProblem(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "required" : name.Length > PeopleLimits.LongestName ? "too-long" : null;

    public static string? ReasonProblem(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? "required" : reason.Length > PeopleLimits.LongestReason ? "too-long" : null;

    /// <summary>Whether a phone number is one in E.164 form.</summary>
    public static bool IsPhone(string phone) =>
        phone.Length is >= 8 and <= 16 && phone[0] == '+' && phone[1] is >= '1' and <= '9' && phone.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
