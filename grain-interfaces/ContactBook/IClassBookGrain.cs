using System.Collections.Immutable;

namespace SchoolHome.ContactBook;

/// <summary>One month of one child's contact book: which days are filled and signed. A projection of the child's pages, bounded by the days of a month.</summary>
[GrainInterfaceType("schoolhome.book-month")]
[Alias("schoolhome.IBookMonthGrain")]
public interface IBookMonthGrain : People.ITakesFactsGrain
{
    /// <summary>The days on which somebody has written, marked, ticked or signed, by date. Nothing may be left of it: text can be taken away again.</summary>
    [Alias("Days")]
    Task<ImmutableArray<BookDay>> Days();
}

/// <summary>One day of a child's contact book, as the month shows it.</summary>
/// <param name="Date">The day, in the school's time zone.</param>
/// <param name="Filled">The sections that have text, in reading order.</param>
/// <param name="Marks">How many quick marks there are.</param>
/// <param name="Signed">The groups whose signature stands.</param>
/// <param name="Addenda">How many addenda there are.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.BookDay")]
public sealed record BookDay(
    [property: Id(0)] DateOnly Date,
    [property: Id(1)] ImmutableArray<string> Filled,
    [property: Id(2)] int Marks,
    [property: Id(3)] ImmutableArray<Writer> Signed,
    [property: Id(4)] int Addenda)
{
    /// <summary>Whether there is something to read. Ticks alone are not.</summary>
    public bool IsWritten => !Filled.IsEmpty || Marks > 0 || !Signed.IsEmpty || Addenda > 0;
}

/// <summary>What a class has chosen for its contact book. It holds the daily reminder: one a class, and only where a time is set.</summary>
[GrainInterfaceType("schoolhome.class-book")]
[Alias("schoolhome.IClassBookGrain")]
public interface IClassBookGrain : IGrainWithStringKey
{
    /// <summary>What is chosen; the defaults where nothing is.</summary>
    [Alias("Settings")]
    [Orleans.Concurrency.AlwaysInterleave] // It only reads what is stored, and must not wait for a class's families to be reminded.
    Task<ClassBookSettings> Settings();

    /// <summary>Chooses. Refused with <c>not-found</c> (no such class). Repeating it changes nothing.</summary>
    [Alias("Put")]
    Task<Answer<Done>> Put(ClassBookSettings settings);

    /// <summary>Reminds the families whose page of today has no guardian's signature, when the time has come and they were not reminded today: what the reminder calls. On days without school nobody is reminded. Answers how many were.</summary>
    [Alias("RemindIfDue")]
    Task<int> RemindIfDue();
}

/// <summary>What a class has chosen for its contact book.</summary>
/// <param name="RemindAt">When families who have not signed are reminded on a school day, in the school's time zone; null for never.</param>
/// <param name="ReleaseAt">The time that is offered for scheduling a class sheet, in the school's time zone.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassBookSettings")]
public sealed record ClassBookSettings([property: Id(0)] TimeOnly? RemindAt, [property: Id(1)] TimeOnly ReleaseAt)
{
    /// <summary>No reminder; sheets are released at four in the afternoon.</summary>
    public static ClassBookSettings Default { get; } = new(null, new TimeOnly(16, 0));
}
