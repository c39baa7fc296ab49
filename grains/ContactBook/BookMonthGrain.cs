using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.ContactBook;

/// <summary>A projection: fed by the outboxes of one child's pages of one month, never edited by hand.</summary>
internal sealed record BookMonthState : DurableRecord
{
    /// <summary>What the pages said last, by date.</summary>
    public ImmutableSortedDictionary<string, ChildDayIs> Days { get; init; } = ImmutableSortedDictionary.Create<string, ChildDayIs>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("book-month")]
[Reentrant]
internal sealed class BookMonthGrain([PersistentState("book-month")] IPersistentState<BookMonthState> storage, ILogger<BookMonthGrain> logger)
    : DurableGrain<BookMonthState>(storage, logger), IBookMonthGrain
{
    private BookMonthId Id => BookMonthId.Parse(Key);

    public Task Take(Delivery delivery)
    {
        ThrowIfBroken();
        // Pages of this child and month alone, which bounds the record by 31 days.
        if (delivery.Fact is not ChildDayIs day || !BookPageId.TryParse(delivery.From, out var page) || BookMonthId.Of(page.StudentId, page.Day) != Id)
            throw new ArgumentException($"A month of a book takes no {delivery.Fact.GetType().Name} of {delivery.From}.", nameof(delivery));

        return Decided.HasTaken(delivery)
            ? Settled()
            : Commit(Decided.Take(delivery) with { Days = Decided.Days.SetItem(KeyOf(page.Day), day) });
    }

    public Task<ImmutableArray<BookDay>> Days()
    {
        ThrowIfBroken();
        return Task.FromResult<ImmutableArray<BookDay>>([.. Durable.Days.Select(day => Shown(day.Key, day.Value))]);
    }

    private static BookDay Shown(string date, ChildDayIs day) => new(
        DateOnly.ParseExact(date, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        day.Filled, day.Day?.Marks.Length ?? 0, [.. (day.Day?.Signed ?? []).Select(signed => signed.For)], day.Day?.Addenda ?? 0);

    private static string KeyOf(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
