using CsCheck;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

public sealed class ChangeSetTests
{
    // A text, two changes of it, and one that follows the first.
    private static readonly Gen<(string Text, ChangeSet A, ChangeSet B, ChangeSet AfterA)> Changes =
        Gen.Select(Texts.BasicText, Texts.Splice.Array[0, 4], Texts.Splice.Array[0, 4], Texts.Splice.Array[0, 4]).Select((text, a, b, next) =>
        {
            var first = Texts.Build(text.Length, a);
            return (text, first, Texts.Build(text.Length, b), Texts.Build(first.NewLength, next));
        });

    [Theory]
    [InlineData("[]", "", "")]
    [InlineData("[3]", "abc", "abc")]
    [InlineData("[[0,\"家长\"]]", "", "家长")]
    [InlineData("[1,[1],1]", "abc", "ac")]
    [InlineData("[[3]]", "abc", "")]
    [InlineData("[1,[1,\"x\",\"\",\"y\"],1]", "abc", "ax\n\nyc")]
    [InlineData("[[0,\"\",\"\"],2]", "ab", "\nab")]
    [InlineData("[2,[0,\"😀\"]]", "ab", "ab😀")]
    public void Applies_what_its_JSON_says(string json, string before, string after)
    {
        var changes = Texts.Parse(json);
        Assert.Equal(after, changes.Apply(before));
        Assert.Equal(before.Length, changes.Length);
        Assert.Equal(after.Length, changes.NewLength);
    }

    [Fact]
    public void A_line_break_counts_one()
    {
        var changes = Texts.Parse("""[2,[0,"","x",""]]""");
        Assert.Equal(5, changes.NewLength);
        Assert.Equal("ab\nx\n", changes.Apply("ab"));
    }

    [Fact]
    public void Refuses_a_text_of_another_length() =>
        Assert.Throws<ArgumentException>(() => Texts.Insert(3, 1, "x").Apply("ab"));

    [Fact]
    public void Refuses_to_join_changes_that_do_not_meet()
    {
        var changes = Texts.Insert(3, 1, "x");
        Assert.Throws<ArgumentException>(() => changes.Compose(Texts.Insert(3, 0, "y")));
        Assert.Throws<ArgumentException>(() => changes.Map(Texts.Insert(4, 0, "y")));
        // CodeMirror lets these two pass unseen, because nothing happens in the other change.
        Assert.Throws<ArgumentException>(() => changes.Compose(Texts.Build(3, [])));
        Assert.Throws<ArgumentException>(() => changes.Map(Texts.Build(4, [])));
    }

    [Fact]
    public void Of_two_insertions_at_one_place_the_other_comes_first_unless_told()
    {
        ChangeSet mine = Texts.Insert(2, 1, "M"), other = Texts.Insert(2, 1, "O");
        Assert.Equal("aOMb", other.Compose(mine.Map(other)).Apply("ab"));
        Assert.Equal("aMOb", other.Compose(mine.Map(other, before: true)).Apply("ab"));
    }

    [Fact]
    public void What_both_delete_is_deleted_once()
    {
        ChangeSet mine = Texts.Replace(6, 1, 4, "M"), other = Texts.Replace(6, 2, 5, "O");
        Assert.Equal("aMOf", other.Compose(mine.Map(other)).Apply("abcdef"));
        Assert.Equal("aMOf", mine.Compose(other.Map(mine, before: true)).Apply("abcdef"));
    }

    [Fact]
    public void A_position_moves_with_the_text()
    {
        var changes = Texts.Build(6, [new(1, 0, "xx"), new(2, 2, "")]);
        Assert.Equal("axxbcf", changes.Apply("abcdef"));
        Assert.Equal(0, changes.MapPosition(0));
        Assert.Equal(1, changes.MapPosition(1));
        Assert.Equal(3, changes.MapPosition(1, assoc: 1));
        Assert.Equal(5, changes.MapPosition(4));
        Assert.Equal(6, changes.MapPosition(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => changes.MapPosition(7));
    }

    [Fact]
    public void Equal_changes_are_equal()
    {
        var changes = Texts.Parse("""[1,[1,"x"]]""");
        Assert.Equal(changes, Texts.Parse("""[1,[1,"x"]]"""));
        Assert.Equal(changes.GetHashCode(), Texts.Parse("""[1,[1,"x"]]""").GetHashCode());
        Assert.NotEqual(changes, Texts.Parse("""[1,[1,"y"]]"""));
        Assert.NotEqual(changes, Texts.Parse("""[2,[0,"x"]]"""));
    }

    [Fact]
    public void Shows_lengths_but_nobodys_text() => Assert.Equal("1 1:6", Texts.Parse("""[1,[1,"secret"]]""").ToString());

    [Theory]
    [InlineData("[1,[2],1]", true)] // the whole character
    [InlineData("[1,[1],2]", false)] // its first half
    [InlineData("[2,[1],1]", false)] // its second half
    [InlineData("[2,[0,\"x\"],2]", false)] // between the halves
    [InlineData("[1,[1,\"x\"],[1,\"y\"],1]", true)] // both halves, in two sections
    [InlineData("[[2],2]", false)] // up to the middle
    [InlineData("[[4,\"😁\"]]", true)]
    [InlineData("[4]", true)]
    public void Knows_whether_a_character_is_cut_in_two(string json, bool whole) =>
        Assert.Equal(whole, Texts.Parse(json).KeepsCharactersWhole("a😀b"));

    [Fact]
    public void A_composed_change_does_what_the_two_do_one_after_the_other() => Fixed.Holds(Changes, 20_000, example =>
    {
        var (text, a, _, next) = example;
        var composed = a.Compose(next);
        Assert.Equal(next.Apply(a.Apply(text)), composed.Apply(text));
        Assert.Equal(composed.Desc, a.Desc.Compose(next.Desc));
    });

    [Fact]
    public void Composing_can_be_grouped_in_any_way() => Fixed.Holds(Changes.Select(Texts.Splice.Array[0, 4]), 10_000, example =>
    {
        var ((text, a, _, b), splices) = example;
        var c = Texts.Build(b.NewLength, splices);
        Assert.Equal(a.Compose(b).Compose(c).Apply(text), a.Compose(b.Compose(c)).Apply(text));
    });

    [Fact]
    public void Two_concurrent_changes_lead_to_one_text_in_either_order() => Fixed.Holds(Changes, 20_000, example =>
    {
        var (text, a, b, _) = example;
        var bAfterA = b.Map(a);
        var aAfterB = a.Map(b, before: true);
        Assert.Equal(bAfterA.Apply(a.Apply(text)), aAfterB.Apply(b.Apply(text)));
        Assert.Equal(a.Compose(bAfterA).Apply(text), b.Compose(aAfterB).Apply(text));
        Assert.Equal(bAfterA.Desc, b.Desc.Map(a.Desc));
        Assert.Equal(aAfterB.Desc, a.Desc.Map(b.Desc, before: true));
        Assert.Equal(bAfterA, b.Map(a.Desc));
    });

    [Fact]
    public void Whatever_comes_out_is_in_normal_form_and_survives_JSON() => Fixed.Holds(Changes, 10_000, example =>
    {
        var (_, a, b, next) = example;
        foreach (var changes in new[] { a, b, next, a.Compose(next), a.Map(b), b.Map(a, before: true) })
            Assert.Equal(changes, Texts.Parse(changes.ToJson()));
    });

    [Fact]
    public void A_mapped_position_stays_in_order_and_in_the_text() => Fixed.Holds(Changes, 5_000, example =>
    {
        var (text, a, _, _) = example;
        foreach (var assoc in new[] { -1, 1 })
        {
            var mapped = Enumerable.Range(0, text.Length + 1).Select(position => a.MapPosition(position, assoc)).ToArray();
            Assert.Equal(mapped.Order(), mapped);
            Assert.All(mapped, position => Assert.InRange(position, 0, a.NewLength));
        }
    });
}
