using Microsoft.Extensions.Logging;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.School;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.People;

/// <summary>A student or teacher: an actor whose every change says who made it.</summary>
internal abstract class PersonGrain<TRecord>(IPersistentState<TRecord> storage, TimeProvider clock, ILogger logger) : DurableGrain<TRecord>(storage, logger)
    where TRecord : PersonRecord, new()
{
    private string? _timeZone;

    protected abstract SchoolId School { get; }

    /// <summary>The watch that wakes this actor when it has facts to deliver.</summary>
    protected abstract string Watch { get; }

    /// <summary>Whether there is such a person; commands on nobody are refused.</summary>
    protected abstract bool IsSomebody(TRecord record);

    /// <summary>
    /// Who changes something, and when. The school's time zone is asked for once an activation: it hardly ever changes, and if it does, the worst is that an entry made around midnight
    /// lies in the neighbouring day's log.
    /// </summary>
    protected async Task<ChangeMade> Now(ChangedBy by, bool needsDay)
    {
        if (needsDay && _timeZone is null)
            _timeZone = (await GrainFactory.GetGrain<ISchoolGrain>(School.ToString()).Profile())?.TimeZone ?? SchoolRules.UsualTimeZone;

        var now = clock.GetUtcNow();
        return new ChangeMade(by, now, _timeZone is null ? default : SchoolRules.Today(_timeZone, now));
    }

    /// <summary>Carries out a command: the rule decides on what is decided so far. A rule that returns the same record changes nothing, and writes nothing.</summary>
    protected async Task<Answer<Done>> Change(ChangedBy by, Func<TRecord, ChangeMade, Answer<TRecord>> rule)
    {
        var answer = await Decide(by, needsDay: by.Import is null, rule);
        return answer.Refusal is { } refusal ? refusal : Done.It;
    }

    /// <summary>The same for commands that answer more than that they are done: the record before, and after.</summary>
    protected async Task<Answer<(TRecord Before, TRecord After)>> Decide(ChangedBy by, bool needsDay, Func<TRecord, ChangeMade, Answer<TRecord>> rule, bool alsoNobody = false)
    {
        ThrowIfBroken();
        if (!alsoNobody && !IsSomebody(Decided))
            return new NotFound();

        await ReadyToPost(Watch);
        var change = await Now(by, needsDay);
        var before = Decided;
        if (!alsoNobody && !IsSomebody(before))
            return new NotFound();

        var answer = rule(before, change);
        if (answer.Refusal is { } refusal)
            return refusal;

        var after = answer.Value!;
        await (ReferenceEquals(after, before) ? Settled() : Commit(after));
        return (before, after);
    }
}
