using System.Collections.Immutable;
using SchoolHome.Grains.CoEditing;
using TextCodes = SchoolHome.CoEditing.TextCodes;

namespace SchoolHome.Tests.Rules.CoEditing;

public sealed class TextAuthorityTests
{
    private const string Ann = "client-ann";
    private const string Bo = "client-bo";
    private readonly Authority _authority = new();

    [Fact]
    public void T1_every_accepted_update_is_one_version_and_stays_as_it_is_in_the_stream()
    {
        var accepted = Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "今"), Texts.Insert(1, 1, "天")));
        Assert.Equal(2, accepted.Next.Version);
        Assert.Equal("今天", accepted.Next.Text);
        Assert.Equal([Texts.Insert(0, 0, "今"), Texts.Insert(1, 1, "天")], accepted.Updates.Select(update => update.Changes));
        Assert.Equal<AcceptedUpdate>(accepted.Updates, accepted.Next.Recent);
    }

    [Fact]
    public void T1_an_update_that_changes_nothing_is_a_version_as_well()
    {
        Accepted(Push(0, Ann, 1, Texts.Build(0, [])));
        Assert.Equal((1, ""), (_authority.Doc.Version, _authority.Doc.Text));
    }

    [Fact]
    public void T2_updates_carry_client_and_number_and_the_time_in_UTC()
    {
        var accepted = Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "a"), Texts.Insert(1, 1, "b")));
        Assert.Equal([(Ann, 1), (Ann, 2)], accepted.Updates.Select(update => (update.ClientId, update.Seq)));
        Assert.All(accepted.Updates, update => Assert.Equal((_authority.Now, TimeSpan.Zero), (update.At, update.At.Offset)));
        Assert.Equal(new TextClient(2, "ann"), _authority.Doc.Clients[Ann]);
    }

    [Fact]
    public void T3_a_push_from_an_old_version_is_rebased_over_what_came_since()
    {
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "bd")));
        Accepted(Push(1, Bo, 1, Texts.Insert(2, 0, "a")));
        var accepted = Accepted(Push(1, Ann, 2, Texts.Insert(2, 1, "c"), Texts.Insert(3, 3, "e")));
        Assert.Equal("abcde", accepted.Next.Text);
        Assert.Equal([Texts.Insert(3, 2, "c"), Texts.Insert(4, 4, "e")], accepted.Updates.Select(update => update.Changes));
    }

    [Fact]
    public void T3_who_was_accepted_first_comes_first_at_one_place()
    {
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "first ")));
        Assert.Equal("first second", Accepted(Push(0, Bo, 1, Texts.Insert(0, 0, "second"))).Next.Text);
    }

    [Fact]
    public void T3_rebasing_goes_update_by_update_because_a_browser_may_get_them_one_by_one()
    {
        // The editor sees the deletion before its push has arrived, and the insertion together with its confirmation. Composed to one change,
        // as rebaseUpdates does, the two would have put its X in front of the Q.
        var ann = new Editor(Ann, "ann");
        Accepted(Push(0, Bo, 1, Texts.Insert(0, 0, "ab")));
        ann.Receive(_authority.Stream);
        ann.Type(1, 1, "X");
        var onTheWay = ann.Push();
        Accepted(Push(1, Bo, 2, Texts.Replace(2, 1, 2, "")));
        ann.Receive(_authority.Stream.Skip(ann.Version));
        Accepted(Push(2, Bo, 3, Texts.Insert(1, 1, "Q")));
        _ = Assert.IsType<TextDecision.Accepted>(_authority.Take(ann, onTheWay));
        ann.Receive(_authority.Stream.Skip(ann.Version));

        Assert.Equal("aQX", ann.Text);
        Assert.Equal("aQX", _authority.Doc.Text);
    }

    [Fact]
    public void T3_what_is_known_is_skipped_and_the_rest_taken_although_the_base_is_still_the_old_one()
    {
        var one = Texts.Insert(0, 0, "1");
        Accepted(Push(0, Ann, 1, one));
        Accepted(Push(0, Bo, 1, Texts.Insert(0, 0, "x")));
        var accepted = Accepted(Push(0, Ann, 1, one, Texts.Insert(1, 1, "2"), Texts.Insert(2, 2, "3")));
        Assert.Equal([2, 3], accepted.Updates.Select(update => update.Seq));
        Assert.Equal("1x23", accepted.Next.Text);
    }

    [Fact]
    public void T3_a_base_between_own_accepted_updates_takes_only_the_later_ones_as_own()
    {
        var ann = new Editor(Ann, "ann");
        ann.Type(0, 0, "1");
        _authority.Take(ann, ann.Push());
        ann.Receive(_authority.Stream);
        ann.Type(1, 1, "2");
        _authority.Take(ann, ann.Push());
        Accepted(Push(1, Bo, 1, Texts.Insert(1, 0, "x")));
        ann.Type(2, 2, "3");

        var accepted = Assert.IsType<TextDecision.Accepted>(_authority.Take(ann, ann.Push()));
        Assert.Equal([3], accepted.Updates.Select(update => update.Seq));
        ann.Receive(_authority.Stream.Skip(ann.Version));
        Assert.Equal("x123", _authority.Doc.Text);
        Assert.Equal("x123", ann.Text);
    }

    [Fact]
    public void T5_a_base_before_the_recent_updates_asks_for_history_and_is_then_decided_alike()
    {
        var ann = new Editor(Ann, "ann");
        ann.Type(0, 0, "offline ");
        for (var i = 0; i < 400; i++)
            Accepted(Push(i, Bo, i + 1, Texts.Insert(i, i, "x")));
        var withAll = TextAuthority.Decide(_authority.Doc, ann.Push(), "ann", _authority.Now, [], TextLimits.Default);
        _authority.Spill();
        Assert.Equal(200, _authority.Doc.RecentFrom);

        var needs = Assert.IsType<TextDecision.NeedsHistory>(Decide(ann.Push(), []));
        Assert.Equal(0, needs.FromVersion);
        Assert.IsType<TextDecision.NeedsHistory>(Decide(ann.Push(), _authority.History(100)));
        var decided = Assert.IsType<TextDecision.Accepted>(Decide(ann.Push(), _authority.History(0)));
        Assert.Equal<AcceptedUpdate>(Assert.IsType<TextDecision.Accepted>(withAll).Updates, decided.Updates);
        Assert.Equal(new string('x', 400) + "offline ", decided.Next.Text);
    }

    [Fact]
    public void T5_history_from_before_the_base_does_no_harm()
    {
        for (var i = 0; i < 400; i++)
            Accepted(Push(i, Bo, i + 1, Texts.Insert(i, i, "x")));
        _authority.Spill();
        var late = Push(150, Ann, 1, Texts.Insert(150, 0, "y"));
        var decided = Assert.IsType<TextDecision.Accepted>(Decide(late, _authority.History(150)));
        Assert.Equal("y" + new string('x', 400), decided.Next.Text);
        var recent = Assert.IsType<TextDecision.Accepted>(Decide(Push(399, Ann, 1, Texts.Insert(399, 0, "y")), _authority.History(0)));
        Assert.Equal("y" + new string('x', 400), recent.Next.Text);
    }

    [Fact]
    public void T7_a_repeated_push_is_answered_as_accepted_and_changes_nothing()
    {
        var push = Push(0, Ann, 1, Texts.Insert(0, 0, "a"), Texts.Insert(1, 1, "b"));
        Accepted(push);
        Accepted(Push(2, Bo, 1, Texts.Insert(2, 2, "c")));
        var before = _authority.Doc;
        Assert.Equal(new TextDecision.AlreadyAccepted(3), _authority.Take(push, "ann"));
        Assert.Equal(new TextDecision.AlreadyAccepted(3), _authority.Take(push with { Changes = push.Changes[..1] }, "ann"));
        Assert.Same(before, _authority.Doc);
    }

    [Fact]
    public void T7_a_repeated_push_needs_no_history_however_old_it_is()
    {
        var push = Push(0, Ann, 1, Texts.Insert(0, 0, "a"));
        Accepted(push);
        for (var i = 1; i < 400; i++)
            Accepted(Push(i, Bo, i, Texts.Insert(i, i, "x")));
        _authority.Spill();
        Assert.Equal(new TextDecision.AlreadyAccepted(400), Decide(push, []));
    }

    [Fact]
    public void T7_an_empty_push_is_nothing_new_and_makes_nobody_an_editor()
    {
        Assert.Equal(new TextDecision.AlreadyAccepted(0), _authority.Take(Push(0, Ann, 1), "ann"));
        Assert.Equal(new TextDecision.AlreadyAccepted(0), _authority.Take(new TextPush(0, Ann, 1, default), "ann"));
        Assert.Empty(_authority.Doc.Clients);
    }

    [Fact]
    public void T7_a_version_in_the_future_is_refused() =>
        AssertRefused(TextCodes.VersionInFuture, Push(1, Ann, 1, Texts.Insert(0, 0, "a")));

    [Fact]
    public void T7_changes_that_do_not_fit_are_refused()
    {
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "abc")));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(1, Ann, 2, Texts.Insert(4, 0, "x")));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(1, Ann, 2, Texts.Build(2, [])));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(1, Ann, 2, Texts.Insert(3, 0, "x"), Texts.Insert(3, 0, "y")));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(0, Bo, 1, Texts.Insert(3, 0, "x")));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(-1, Bo, 1, Texts.Insert(0, 0, "x")));
    }

    [Fact]
    public void T7_a_push_that_tells_an_accepted_update_otherwise_is_refused()
    {
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "abc")));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(0, Ann, 1, Texts.Insert(0, 0, "xyz"), Texts.Insert(3, 3, "d")));
    }

    [Fact]
    public void T7_a_push_whose_base_holds_already_what_it_begins_with_is_refused()
    {
        // Taken at its word it would do its first update twice.
        Accepted(Push(0, Ann, 1, Texts.Build(0, [])));
        AssertRefused(TextCodes.ChangesDoNotFit, Push(1, Ann, 1, Texts.Build(0, []), Texts.Insert(0, 0, "a")));
    }

    [Fact]
    public void T7_missing_updates_of_a_client_are_refused()
    {
        AssertRefused(TextCodes.SequenceGap, Push(0, Ann, 2, Texts.Insert(0, 0, "a")));
        AssertRefused(TextCodes.SequenceGap, Push(0, Ann, 0, Texts.Insert(0, 0, "a")));
        AssertRefused(TextCodes.SequenceGap, Push(0, Ann, int.MinValue, Texts.Insert(0, 0, "a")));
        AssertRefused(TextCodes.SequenceGap, Push(0, Ann, int.MaxValue, Texts.Insert(0, 0, "a")));
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "a")));
        AssertRefused(TextCodes.SequenceGap, Push(1, Ann, 3, Texts.Insert(1, 0, "a")));
        // The base is from before the accepted update, and the push does not repeat it.
        AssertRefused(TextCodes.SequenceGap, Push(0, Ann, 2, Texts.Insert(1, 1, "b")));
    }

    [Fact]
    public void A_client_belongs_to_the_author_who_used_it_first()
    {
        var push = Push(0, Ann, 1, Texts.Insert(0, 0, "a"));
        Accepted(push);
        Assert.Equal(new TextDecision.Refused(TextCodes.ClientOfAnotherAuthor), _authority.Take(push, "bo"));
        Assert.Equal(
            new TextDecision.Refused(TextCodes.ClientOfAnotherAuthor), _authority.Take(Push(1, Ann, 2, Texts.Insert(1, 1, "b")), "bo"));
        Assert.Equal("a", _authority.Doc.Text);
    }

    [Theory]
    [InlineData("1234567", false)]
    [InlineData("12345678", true)]
    [InlineData("aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ09", true)]
    [InlineData("aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ09x", false)]
    [InlineData("", false)]
    [InlineData("1234 678", false)]
    [InlineData("１２３４５６７８", false)]
    [InlineData("client/1", false)]
    public void A_client_id_is_eight_to_forty_plain_characters(string clientId, bool taken)
    {
        var decision = _authority.Take(Push(0, clientId, 1, Texts.Insert(0, 0, "a")), "ann");
        Assert.Equal(taken ? null : new TextDecision.Refused(TextCodes.MalformedClientId), decision as TextDecision.Refused);
    }

    [Fact]
    public void A_text_does_not_grow_beyond_its_limit_but_can_be_shortened_if_it_is_longer()
    {
        var limits = new TextLimits { MaxTextLength = 5 };
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "123456")));
        AssertRefused(TextCodes.TooLong, Push(1, Ann, 2, Texts.Insert(6, 0, "x")), limits);
        Assert.IsType<TextDecision.Accepted>(Decide(Push(1, Ann, 2, Texts.Replace(6, 0, 1, "")), [], limits));
        Assert.IsType<TextDecision.Accepted>(Decide(Push(1, Ann, 2, Texts.Replace(6, 0, 1, "x")), [], limits));
        Assert.IsType<TextDecision.Accepted>(Decide(Push(1, Ann, 2, Texts.Replace(6, 0, 3, ""), Texts.Insert(3, 0, "xy")), [], limits));
        AssertRefused(TextCodes.TooLong, Push(1, Ann, 2, Texts.Replace(6, 0, 3, ""), Texts.Insert(3, 0, "xyz")), limits);
    }

    [Fact]
    public void An_update_has_a_limit_of_its_own()
    {
        var limits = new TextLimits { MaxSectionsPerUpdate = 2, MaxInsertedPerUpdate = 3, MaxSectionsPerPush = 3 };
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "abc")));
        Assert.IsType<TextDecision.Accepted>(Decide(Push(1, Ann, 2, Texts.Insert(3, 0, "xyz")), [], limits));
        AssertRefused(TextCodes.UpdateTooLarge, Push(1, Ann, 2, Texts.Insert(3, 0, "wxyz")), limits);
        AssertRefused(TextCodes.UpdateTooLarge, Push(1, Ann, 2, Texts.Insert(3, 1, "x")), limits);
        AssertRefused(TextCodes.UpdateTooLarge, Push(1, Ann, 2, Texts.Insert(3, 0, "x"), Texts.Insert(4, 0, "y")), limits);
    }

    [Fact]
    public void A_push_has_a_limit_of_updates()
    {
        var changes = Enumerable.Range(0, 201).Select(i => Texts.Insert(i, i, "x")).ToArray();
        AssertRefused(TextCodes.TooManyUpdates, Push(0, Ann, 1, changes));
        Accepted(Push(0, Ann, 1, changes[..200]));
        Accepted(Push(200, Ann, 201, changes[200..]));
    }

    [Fact]
    public void T5_a_text_takes_so_many_updates_and_no_more_and_what_was_accepted_is_still_answered_so()
    {
        var limits = new TextLimits { MaxUpdates = 3 };
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "a"), Texts.Insert(1, 0, "b")));
        AssertRefused(TextCodes.TooManyChanges, Push(2, Bo, 1, Texts.Insert(2, 0, "c"), Texts.Insert(3, 0, "d")), limits);
        Accepted(Push(2, Bo, 1, Texts.Insert(2, 0, "c")));
        AssertRefused(TextCodes.TooManyChanges, Push(3, Ann, 3, Texts.Insert(3, 0, "e")), limits);
        Assert.Equal(new TextDecision.AlreadyAccepted(3), Decide(Push(2, Bo, 1, Texts.Insert(2, 0, "c")), [], limits));
    }

    [Fact]
    public void A_text_has_a_limit_of_editors_that_does_not_bind_those_who_are_in()
    {
        var limits = new TextLimits { MaxEditors = 1 };
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "a")));
        AssertRefused(TextCodes.TooManyEditors, Push(1, Bo, 1, Texts.Insert(1, 0, "b")), limits);
        Assert.IsType<TextDecision.Accepted>(Decide(Push(1, Ann, 2, Texts.Insert(1, 0, "b")), [], limits));
    }

    [Fact]
    public void A_change_that_cuts_a_character_in_two_is_refused_even_if_the_next_one_would_mend_it()
    {
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "a😀b")));
        AssertRefused(TextCodes.SplitsCharacter, Push(1, Ann, 2, Texts.Replace(4, 1, 2, "")));
        AssertRefused(TextCodes.SplitsCharacter, Push(1, Ann, 2, Texts.Insert(4, 2, "x")));
        AssertRefused(TextCodes.SplitsCharacter, Push(1, Ann, 2, Texts.Replace(4, 1, 2, ""), Texts.Replace(3, 1, 2, "")));
        Accepted(Push(1, Ann, 2, Texts.Replace(4, 1, 3, "😁")));
        Assert.Equal("a😁b", _authority.Doc.Text);
    }

    [Fact]
    public void A_character_that_two_replace_at_once_is_replaced_by_both()
    {
        Accepted(Push(0, Ann, 1, Texts.Insert(0, 0, "😀")));
        Accepted(Push(1, Ann, 2, Texts.Replace(2, 0, 2, "😁")));
        Assert.Equal("😁😂", Accepted(Push(1, Bo, 1, Texts.Replace(2, 0, 2, "😂"))).Next.Text);
    }

    private static TextPush Push(int baseVersion, string clientId, int firstSeq, params ChangeSet[] changes) =>
        new(baseVersion, clientId, firstSeq, [.. changes]);

    private static string AuthorOf(string clientId) => clientId == Bo ? "bo" : "ann";

    private TextDecision.Accepted Accepted(TextPush push) =>
        Assert.IsType<TextDecision.Accepted>(_authority.Take(push, AuthorOf(push.ClientId)));

    private TextDecision Decide(TextPush push, IReadOnlyList<AcceptedUpdate> older, TextLimits? limits = null) =>
        TextAuthority.Decide(_authority.Doc, push, AuthorOf(push.ClientId), _authority.Now, older, limits ?? TextLimits.Default);

    private void AssertRefused(string code, TextPush push, TextLimits? limits = null) =>
        Assert.Equal(new TextDecision.Refused(code), Decide(push, [], limits));
}
