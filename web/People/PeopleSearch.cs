using System.Collections.Immutable;
using System.Text;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>
/// Finds people of a school. Nothing is indexed: the school's classes, its staff list and the leavers of two years are asked, which hold a line per person. That is as many actors as the school has
/// classes, and what they answer cannot be out of date in a way of its own.
/// </summary>
internal sealed class PeopleSearch(IGrainFactory actors, PeopleNames names)
{
    /// <summary>The most people that are answered.</summary>
    public const int Most = 50;

    public async Task<SearchView> Find(SchoolId school, string typed)
    {
        var wanted = Wanted.Of(typed);
        if (wanted.Text.Length == 0)
            return new([], false);

        var actor = actors.GetGrain<ISchoolGrain>(school.ToString());
        var (classes, today) = (await actor.Classes(), await actor.Today());
        var staff = actors.GetGrain<IStaffGrain>(IStaffGrain.KeyOf(school)).List();
        var leavers = Task.WhenAll(Enumerable.Range(today.Year - 1, 2).Select(year => actors.GetGrain<ILeaversGrain>(new LeaversId(school.School, year).ToString()).List()));
        var rosters = await Task.WhenAll(classes.Select(one => actors.GetGrain<IClassGrain>(one.Class.ToString()).Roster()));

        var found = new List<(int Rank, SearchHit Hit)>();
        foreach (var (@class, roster) in classes.Zip(rosters))
        {
            foreach (var student in roster?.Students ?? [])
            {
                if (wanted.Rank(student.Name, student.Student.Number) is { } rank)
                    found.Add((rank, new(PersonKind.Student, student.Student.Number, student.Name, @class.Class.Class, @class.Name, null, null)));
                else if (student.Guardians.FirstOrDefault(guardian => wanted.Rank(guardian, null) is not null) is { } guardian)
                    found.Add((Wanted.ByGuardian, new(PersonKind.Student, student.Student.Number, student.Name, @class.Class.Class, @class.Name, guardian, null)));
            }
        }

        foreach (var one in await staff)
        {
            if (wanted.Rank(one.Name, one.Teacher.Number) is { } rank)
                found.Add((rank, new(PersonKind.Staff, one.Teacher.Number, one.Name, null, null, null, null)));
        }

        foreach (var leaver in (await leavers).SelectMany(year => year))
        {
            if (wanted.Rank(leaver.Name, leaver.Student.Number) is { } rank)
            {
                found.Add((rank, new(PersonKind.Leaver, leaver.Student.Number, leaver.Name, leaver.Class?.Class, leaver.Class is { } left ? await names.NameOf(left) : null, null, leaver.On)));
            }
        }

        var best = found.OrderBy(one => one.Rank).ThenBy(one => one.Hit.Kind).ThenBy(one => one.Hit.Number, StringComparer.Ordinal).Select(one => one.Hit);
        return new([.. best.Take(Most)], found.Count > Most);
    }

    /// <summary>What somebody is looked for by.</summary>
    /// <param name="Text">In half-width letters and digits, lower case, without blanks.</param>
    private readonly record struct Wanted(string Text)
    {
        /// <summary>Found by a guardian: after everybody who is called so themselves.</summary>
        public const int ByGuardian = 4;

        // Full-width letters and digits come out of a Chinese keyboard; NFKC makes them the plain ones.
        public static Wanted Of(string typed) => new(Plain(typed));

        /// <summary>How well somebody fits, 0 the best; null when they do not.</summary>
        public int? Rank(string name, string? number)
        {
            var plain = Plain(name);
            return plain == Text || number == Text ? 0
                : plain.StartsWith(Text, StringComparison.Ordinal) || number?.StartsWith(Text, StringComparison.Ordinal) == true ? 1
                : Pinyin.Fits(name, Text) ? 2
                : plain.Contains(Text, StringComparison.Ordinal) ? 3
                : null;
        }

        private static string Plain(string text)
        {
            var plain = new StringBuilder(text.Length);
            foreach (var one in text.Normalize(NormalizationForm.FormKC))
            {
                if (!char.IsWhiteSpace(one) && one is not ('·' or '•'))
                    plain.Append(char.ToLowerInvariant(one));
            }

            return plain.ToString();
        }
    }
}
