using SchoolHome.ContactBook;

namespace SchoolHome.Web.ContactBook;

/// <summary>Puts the days of one child's book together: the month's projection says which days there are, the pages say what is on them.</summary>
internal sealed class ChildBooks(IGrainFactory actors)
{
    public const int MostDays = 200;

    public Task<BookMonthView> Month(BookMonthId month) => throw new NotImplementedException($"{actors}");

    public Task<BookSearchView> Search(StudentId student, string words) => throw new NotImplementedException();

    public Task<BookDaysView> Days(StudentId student, DateOnly from, DateOnly to) => throw new NotImplementedException();
}
