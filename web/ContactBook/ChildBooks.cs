using System.Collections.Immutable;
using SchoolHome.ContactBook;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.ContactBook;

/// <summary>Puts the days of one child's book together: the month's projection says which days there are, the pages say what is on them.</summary>
internal sealed class ChildBooks(IGrainFactory actors)
{
    public const int MostDays = 200;
    public const int MostHits = 50;

    // Grain calls that one reader has under way at once: a book of a year is read in a moment, and nobody else waits for it.
    private const int AtOnce = 8;

    // How much of the text is told before and after what was found.
    private const int Around = 20;

    public async Task<BookMonthView> Month(BookMonthId month)
    {
        var (book, told) = (await BookOf(month.StudentId), await actors.GetGrain<IBookMonthGrain>(month.ToString()).Days());
        var today = await actors.GetGrain<ISchoolGrain>(month.StudentId.SchoolId.ToString()).Today();
        var days = Enumerable.Range(0, DateTime.DaysInMonth(month.First.Year, month.First.Month)).Select(month.First.AddDays);
        return new BookMonthView(
            month.First.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture),
            book.Child.Name,
            [.. days.Select(day => Shown(day, told.FirstOrDefault(one => one.Date == day) ?? new BookDay(day, [], 0, [], 0), book, today))],
            book.School.StudentAccounts);
    }

    /// <summary>Newest day first, and not further back than there is room to tell of.</summary>
    public async Task<BookSearchView> Search(StudentId student, string words)
    {
        var book = await BookOf(student);
        var today = await actors.GetGrain<ISchoolGrain>(student.SchoolId.ToString()).Today();
        var (first, last) = YearOf(book.School, today);
        var hits = new List<BookHit>();
        foreach (var days in (await DaysOf(student, book, first, last, today)).Reverse().Chunk(AtOnce))
        {
            foreach (var pages in await Task.WhenAll(days.Select(day => Pages(student, book, day))))
                hits.AddRange(pages is null ? [] : Hits(pages, words));
            if (hits.Count > MostHits)
                break;
        }

        return new BookSearchView(words, [.. hits.Take(MostHits)], hits.Count > MostHits);
    }

    public async Task<BookDaysView> Days(StudentId student, DateOnly from, DateOnly to)
    {
        var book = await BookOf(student);
        var today = await actors.GetGrain<ISchoolGrain>(student.SchoolId.ToString()).Today();
        var written = new List<BookDayPages>();
        foreach (var days in (await DaysOf(student, book, from, to, today)).Chunk(AtOnce))
            written.AddRange((await Task.WhenAll(days.Select(day => Pages(student, book, day)))).OfType<BookDayPages>());

        return new BookDaysView(book.School.Name, book.Child.Name, from, to, [.. written]);
    }

    private static BookMonthDay Shown(DateOnly date, BookDay day, Book book, DateOnly today)
    {
        var (isInTerm, isTeachingDay) = (book.Has(date), book.Has(date) && book.School.IsTeachingDay(date));
        var isSigned = day.Signed.Contains(Writer.Guardian) && day.Signed.Contains(Writer.Teacher) && (!book.School.StudentAccounts || day.Signed.Contains(Writer.Student));
        var state = day.IsWritten ? (isSigned ? BookDayState.Signed : BookDayState.Filled)
            : isTeachingDay && date <= today ? BookDayState.Missing
            : BookDayState.None;
        return new BookMonthDay(date, isInTerm, isTeachingDay, state, day.Filled, day.Marks, day.Signed, day.Addenda);
    }

    /// <summary>The days on which there may be something, ascending: those that the pages told of, and all school days up to today, for the class sheet.</summary>
    private async Task<IReadOnlyCollection<ToldDay>> DaysOf(StudentId student, Book book, DateOnly first, DateOnly last, DateOnly today)
    {
        var days = Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays).Where(book.Has).ToArray();
        var told = new HashSet<DateOnly>();
        foreach (var some in days.Select(day => BookMonthId.Of(student, day)).Distinct().Chunk(AtOnce))
            told.UnionWith((await Task.WhenAll(some.Select(month => actors.GetGrain<IBookMonthGrain>(month.ToString()).Days()))).SelectMany(month => month).Select(day => day.Date));

        return
        [
            .. days.Where(day => told.Contains(day) || (day <= today && book.School.IsTeachingDay(day)))
                .Select(day => new ToldDay(day, told.Contains(day))),
        ];
    }

    /// <summary>A day's page and class sheet; null when there is nothing on either.</summary>
    private async Task<BookDayPages?> Pages(StudentId student, Book book, ToldDay day)
    {
        // A page that told of itself names the sheet, also of a class that the child has left since. One that did not lies in the class that the child is in now, and is asked only when its sheet has something.
        var page = day.IsTold ? await PageOf(student, day.Date) : null;
        var sheet = await actors.GetGrain<IClassSheetGrain>(page?.SheetTopic ?? new ClassSheetId(book.Class.School, book.Class.Class, day.Date).ToString()).View();
        var isOnSheet = sheet.Items.Any(item => !item.IsRemoved) || sheet.Sections.Any(section => !string.IsNullOrWhiteSpace(section.Text));
        if (page is null && isOnSheet)
            page = await PageOf(student, day.Date);

        return page is not null && (isOnSheet || IsWritten(page)) ? new BookDayPages(page, sheet) : null;
    }

    private Task<BookPageView?> PageOf(StudentId student, DateOnly day) => actors.GetGrain<IBookPageGrain>(new BookPageId(student.School, student.Number, day).ToString()).View();

    private static bool IsWritten(BookPageView page) =>
        page.Sections.Any(section => !string.IsNullOrWhiteSpace(section.Text)) || !page.Marks.IsEmpty || !page.Addenda.IsEmpty || page.Signatures.Any(signature => signature.Withdrawn is null);

    private static IEnumerable<BookHit> Hits(BookDayPages pages, string words)
    {
        var places = pages.Page.Sections.Select(section => (Where: section.Section, OnSheet: false, section.Text))
            .Concat(pages.Page.Addenda.Select(addendum => (Where: addendum.Section, OnSheet: false, addendum.Text)))
            .Concat(pages.Sheet.Items.Where(item => !item.IsRemoved)
                .Select(item => (Where: Named(item.Kind), OnSheet: true, Text: item.Subject is null ? item.Text : $"{item.Subject} {item.Text}")))
            .Concat(pages.Sheet.Sections.Select(section => (Where: section.Section, OnSheet: true, section.Text)));
        foreach (var place in places)
        {
            if (place.Text.IndexOf(words, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                yield return new BookHit(pages.Page.Date, place.Where, place.OnSheet, Excerpt(place.Text, at, words.Length));
        }
    }

    internal static string Excerpt(string text, int at, int length)
    {
        var (from, to) = (Math.Max(0, at - Around), Math.Min(text.Length, at + length + Around));
        // Half of a character is none.
        if (from > 0 && char.IsLowSurrogate(text[from]))
            from--;
        if (to < text.Length && char.IsLowSurrogate(text[to]))
            to++;

        return $"{(from > 0 ? "…" : "")}{text[from..to].ReplaceLineEndings(" ").Trim()}{(to < text.Length ? "…" : "")}";
    }

    private static string Named(SheetItemKind kind) => kind switch
    {
        SheetItemKind.Homework => "homework",
        SheetItemKind.Notices => "notices",
        SheetItemKind.Bring => "bring",
        SheetItemKind.Fees => "fees",
    };

    // The terms of today's school year; between terms of none, the twelve months in which it would lie.
    private static (DateOnly First, DateOnly Last) YearOf(SchoolProfile school, DateOnly today)
    {
        var year = school.SchoolYearOf(today);
        var terms = school.Terms.Where(term => term.SchoolYear == year).ToArray();
        return terms.Length > 0 ? (terms.Min(term => term.First), terms.Max(term => term.Last)) : (new DateOnly(year, 8, 1), new DateOnly(year + 1, 7, 31));
    }

    // The caller has the right to read the child's book, so there is a child, a class and a school.
    private async Task<Book> BookOf(StudentId student)
    {
        var school = actors.GetGrain<ISchoolGrain>(student.SchoolId.ToString());
        if (await actors.GetGrain<IStudentGrain>(student.ToString()).Profile() is not { Class: { } @class } child || await school.Profile() is not { } profile)
            throw new InvalidOperationException("There is no book of this child.");

        return new Book(child, @class, profile, (await school.Class(@class))?.Graduated);
    }

    /// <param name="Graduated">There are no pages after that day.</param>
    private sealed record Book(StudentProfile Child, ClassId Class, SchoolProfile School, DateOnly? Graduated)
    {
        public bool Has(DateOnly day) => School.TermOf(day) is not null && !(Graduated < day);
    }

    /// <param name="IsTold">Whether the page told that somebody did something on it.</param>
    private readonly record struct ToldDay(DateOnly Date, bool IsTold);
}
