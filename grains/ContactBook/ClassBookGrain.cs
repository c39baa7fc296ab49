using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.School;
using SchoolHome.School;

namespace SchoolHome.Grains.ContactBook;

internal sealed record ClassBookState : DurableRecord
{
    /// <summary>Null where nothing was ever chosen.</summary>
    public ClassBookSettings? Settings { get; init; }

    /// <summary>The last day on which families were reminded, in the school's time zone.</summary>
    public DateOnly? Reminded { get; init; }
}

/// <summary>When a class's families are reminded.</summary>
internal static class ClassBookRules
{
    /// <summary>The day of which families are to be reminded now; null when it is not the time, there is no school, or they were reminded already.</summary>
    public static DateOnly? DueDay(ClassBookState state, SchoolProfile school, DateTimeOffset now)
    {
        var today = SchoolRules.Today(school.TimeZone, now);
        return state.Settings?.RemindAt is { } at && state.Reminded != today && school.IsTeachingDay(today) && Moment(today, at, school.TimeZone) <= now ? today : null;
    }

    /// <summary>How long it is until that time of day comes next.</summary>
    public static TimeSpan Until(TimeOnly at, string timeZone, DateTimeOffset now)
    {
        var today = SchoolRules.Today(timeZone, now);
        var moment = Moment(today, at, timeZone);
        return (moment > now ? moment : Moment(today.AddDays(1), at, timeZone)) - now;
    }

    // On the days on which the clocks change, a time that there is not is taken as if they had not changed yet; of one that there is twice, the later.
    private static DateTimeOffset Moment(DateOnly day, TimeOnly at, string timeZone)
    {
        var local = day.ToDateTime(at);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(timeZone).GetUtcOffset(local)).ToUniversalTime();
    }
}

/// <remarks>
/// The reminder comes at the chosen time, and again every few minutes until the day's families were reminded: so a silo that was down at that very minute reminds late rather than never. It is set before the time is stored.
/// </remarks>
// Not reentrant, as others are: it is written about once a day, and the reminder's time and the stored one must not overtake each other. Only the question for the settings is answered in between: it reads what is stored.
[GrainType("class-book")]
internal sealed class ClassBookGrain(
    [PersistentState("class-book")] IPersistentState<ClassBookState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<ClassBookGrain> logger)
    : DurableGrain<ClassBookState>(storage, logger), IClassBookGrain, IRemindable
{
    private const string Reminder = "remind";
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private ClassId Id => ClassBookId.Parse(Key).Class;

    private ISchoolGrain School => GrainFactory.GetGrain<ISchoolGrain>(Id.SchoolId.ToString());

    public Task<ClassBookSettings> Settings()
    {
        ThrowIfBroken();
        return Task.FromResult(Durable.Settings ?? ClassBookSettings.Default);
    }

    public async Task<Answer<Done>> Put(ClassBookSettings settings)
    {
        ThrowIfBroken();
        if (await School.Class(Id) is null || await School.Profile() is not { } school)
            return new NotFound();
        if (Decided.Settings == settings)
        {
            await Settled();
            return Done.It;
        }

        var next = Decided with { Settings = settings };
        if (settings.RemindAt is { } at)
            await RemindIn(ClassBookRules.DueDay(next, school, clock.GetUtcNow()) is null ? ClassBookRules.Until(at, school.TimeZone, clock.GetUtcNow()) : TimeSpan.Zero);

        await Commit(next);
        if (settings.RemindAt is null)
            await Unremind();

        return Done.It;
    }

    public async Task<int> RemindIfDue()
    {
        ThrowIfBroken();
        if (Decided.Settings?.RemindAt is null || await School.Profile() is not { } school || ClassBookRules.DueDay(Decided, school, clock.GetUtcNow()) is not { } today)
            return 0;

        var reminded = await School.Class(Id) is { } known && !(known.Graduated < today) ? await Remind(today) : 0;
        // Last: if a page could not be reached all are asked again, and those that were reminded stay as they are.
        await Commit(Decided with { Reminded = today });
        return reminded;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await RemindIfDue();
        if (Decided.Settings?.RemindAt is { } at && await School.Profile() is { } school)
            await RemindIn(ClassBookRules.Until(at, school.TimeZone, clock.GetUtcNow()));
        else
            await Unremind();
    }

    private async Task<int> Remind(DateOnly today)
    {
        if (await GrainFactory.GetGrain<IClassDayGrain>(new ClassDayId(Id.School, Id.Class, today).ToString()).View() is not { } day)
            return 0;

        var unsigned = day.Children.Where(child => child.Signed.All(signature => signature.For is not Writer.Guardian));
        var reminded = await Task.WhenAll(unsigned.Select(child => GrainFactory.GetGrain<IBookPageGrain>(new BookPageId(Id.School, child.Student, today).ToString()).Remind()));
        return reminded.Count(one => one);
    }

    private Task<IGrainReminder> RemindIn(TimeSpan due) => this.RegisterOrUpdateReminder(Reminder, due, Again);

    private async Task Unremind()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }
}
