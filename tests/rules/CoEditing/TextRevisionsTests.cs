using System.Collections.Immutable;
using CsCheck;
using SchoolHome.CoEditing;
using SchoolHome.Grains.CoEditing;
using TextRevisions = SchoolHome.Grains.CoEditing.TextRevisions;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>Who wrote what, from single updates (T5).</summary>
public sealed class TextRevisionsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static Participant? AuthorOf(AcceptedUpdate update) => update.ClientId == "unknown" ? null : new Participant(update.ClientId[..3], update.ClientId[..3], ParticipantRole.Guardian, null);

    /// <summary>Each writes letters at the front, so many seconds after the one before.</summary>
    private static ImmutableArray<AcceptedUpdate> Updates(params ReadOnlySpan<(string Tab, int After)> steps)
    {
        var updates = ImmutableArray.CreateBuilder<AcceptedUpdate>();
        var at = At;
        foreach (var (tab, after) in steps)
        {
            at = at.AddSeconds(after);
            updates.Add(new AcceptedUpdate(tab, updates.Count + 1, Texts.Insert(updates.Count, 0, $"{(char)('a' + (updates.Count % 26))}"), at));
        }

        return updates.ToImmutable();
    }

    [Fact]
    public void What_one_writer_did_without_a_pause_is_one_revision_whatever_tab_it_was()
    {
        var revisions = TextRevisions.Of(Updates(("ann-1", 0), ("ann-2", 299), ("bob-1", 1), ("ann-1", 1), ("ann-1", 300)), AuthorOf, null).Revisions;

        Assert.Equal(
            [("ann", 4, 5, "dcba", "edcba"), ("ann", 3, 4, "cba", "dcba"), ("bob", 2, 3, "ba", "cba"), ("ann", 0, 2, "", "ba")],
            revisions.Select(one => (one.By!.Id, one.FirstVersion, one.LastVersion, one.Before, one.After)));
        Assert.Equal((At, At.AddSeconds(299)), (revisions[^1].From, revisions[^1].Until));
    }

    [Fact]
    public void Where_nobody_is_known_the_tab_tells_writers_apart()
    {
        var updates = Updates(("one-tab", 0), ("one-tab", 1), ("other-tab", 1));

        Assert.Equal([(2, 3), (0, 2)], TextRevisions.Of(updates, _ => null, null).Revisions.Select(one => (one.FirstVersion, one.LastVersion)));
    }

    [Fact]
    public void A_text_in_which_nobody_has_written_has_no_history() => Assert.Equal((0, false), (TextRevisions.Of([], AuthorOf, null).Revisions.Length, TextRevisions.Of([], AuthorOf, null).HasOlder));

    private static readonly Gen<(string Tab, int After)[]> Steps =
        Gen.Select(Gen.OneOfConst("ann-1", "ann-2", "bob-1", "unknown"), Gen.OneOfConst(0, 10, 299, 300, 4_000), (tab, after) => (tab, after)).Array[0, 150];

    [Fact]
    public void Page_by_page_the_history_is_complete_without_overlap_and_its_texts_follow_on_each_other() =>
        Fixed.Holds(Steps, 2_000, steps =>
        {
            var updates = Updates(steps);
            var all = new List<TextRevision>();
            int? before = null;
            while (true)
            {
                var page = TextRevisions.Of(updates, AuthorOf, before);
                Assert.True(page.Revisions.Length <= TextRevisions.Most);
                Assert.True(page.Revisions.Length == TextRevisions.Most || !page.HasOlder);
                all.AddRange(page.Revisions);
                if (!page.HasOlder)
                    break;
                before = page.Revisions[^1].FirstVersion;
            }

            all.Reverse();
            var (version, text) = (0, "");
            foreach (var one in all)
            {
                Assert.Equal((version, text), (one.FirstVersion, one.Before));
                (version, text) = (one.LastVersion, one.After);
                Assert.Single(updates.AsSpan()[one.FirstVersion..one.LastVersion].ToArray().Select(update => AuthorOf(update)?.Id).Distinct());
            }

            Assert.Equal(updates.Length, version);
            Assert.Equal(updates.Aggregate("", (before, update) => update.Changes.Apply(before)), text);
        });
}
