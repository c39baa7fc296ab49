using SchoolHome.CoEditing;
using SchoolHome.ContactBook;

namespace SchoolHome.Tests.Rules.ContactBook;

public sealed class BookSectionsTests
{
    private static readonly ParticipantRole[] Teachers = [ParticipantRole.ClassTeacher, ParticipantRole.SubjectTeacher, ParticipantRole.Counsellor];

    /// <summary>The sections are in every stored page: added to, never renamed.</summary>
    private static readonly Dictionary<string, ParticipantRole[]> OfPage = new(StringComparer.Ordinal)
    {
        ["school-day"] = Teachers,
        ["results"] = Teachers,
        ["fees"] = Teachers,
        ["study-at-home"] = [ParticipantRole.Guardian, ParticipantRole.Student],
        ["words"] = [ParticipantRole.Guardian],
        ["answer"] = Teachers,
    };

    private static readonly Dictionary<string, ParticipantRole[]> OfSheet = new(StringComparer.Ordinal)
    {
        // Of the time before items: to be read only.
        ["homework"] = [],
        ["notices"] = [],
        ["fees"] = [],
    };

    public static TheoryData<string, string, ParticipantRole> All
    {
        get
        {
            var all = new TheoryData<string, string, ParticipantRole>();
            foreach (var role in Enum.GetValues<ParticipantRole>())
            {
                foreach (var section in OfPage.Keys)
                    all.Add("page", section, role);
                foreach (var section in OfSheet.Keys)
                    all.Add("sheet", section, role);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Each_section_is_written_by_those_whose_it_is_and_by_nobody_else(string document, string section, ParticipantRole role)
    {
        var (rules, expected) = document == "page" ? (BookSections.OfPage, OfPage) : (BookSections.OfSheet, OfSheet);

        Assert.Equal(expected[section].Contains(role), rules.Single(rule => rule.Section == section).MayBeWrittenBy(role));
    }

    [Fact]
    public void The_sections_are_those_that_stored_pages_have_in_reading_order()
    {
        Assert.Equal(["school-day", "results", "fees", "study-at-home", "words", "answer"], BookSections.OfPage.Select(rule => rule.Section));
        Assert.Equal(["homework", "notices", "fees"], BookSections.OfSheet.Select(rule => rule.Section));
    }
}
