using System.Globalization;
using CsCheck;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.Grains.School;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.Durability;

public sealed class OutboxRulesTests
{
    private const string Sender = "student/s01/0042";
    private const string One = "class/s01/3-1";
    private const string Two = "class/s01/3-2";

    private static MembershipIs Member(int name) => new(name.ToString(CultureInfo.InvariantCulture), IsMember: true, [], 0);

    private static int NumberOf(string name) => int.Parse(name, CultureInfo.InvariantCulture);

    [Fact]
    public void A_newer_fact_takes_the_place_of_one_of_its_kind_that_still_waits_for_the_same_receiver()
    {
        var state = new StudentState()
            .Post(One, Member(1)).Post(Two, Member(2)).Post(One, new AccessIs(Relation.Mother)).Post(One, Member(3));

        Assert.Equal<OutboxEntry>(
            [new OutboxEntry(2, Two, Member(2)), new OutboxEntry(3, One, new AccessIs(Relation.Mother)), new OutboxEntry(4, One, Member(3))], state.Outbox);
        Assert.Equal(4, state.LastPosted);
    }

    [Fact]
    public void What_was_delivered_is_gone_and_a_number_is_never_given_twice()
    {
        var state = new StudentState().Post(One, Member(1)).Post(Two, Member(2)).Delivered(1).Delivered(1).Delivered(7);
        Assert.Equal([2], state.Outbox.Select(entry => entry.Number));

        Assert.Equal([1, 2, 3], new StudentState().Post(One, Member(1)).Delivered(1).Post(Two, Member(2)).Post(One, Member(3)).Outbox.Select(entry => entry.Number).Prepend(1));
    }

    [Fact]
    public void A_delivery_was_taken_when_its_number_or_a_later_one_of_that_sender_was()
    {
        var state = new ClassState().Take(new Delivery(Sender, 5, Member(1)));

        Assert.True(state.HasTaken(new Delivery(Sender, 5, Member(1))));
        Assert.True(state.HasTaken(new Delivery(Sender, 4, Member(1))));
        Assert.False(state.HasTaken(new Delivery(Sender, 6, Member(1))));
        Assert.False(state.HasTaken(new Delivery("student/s01/42", 5, Member(1))));
    }

    private enum Step
    {
        PostToOne,
        PostToTwo,
        Send,
        Arrive,
        ArriveAndAnswerLost,
    }

    /// <summary>What happens, and a number that says to which of the waiting facts or messages.</summary>
    private static readonly Gen<(Step What, int Which)[]> Histories =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 20]).Array[0, 40];

    [Fact]
    public void Over_a_bad_network_every_receiver_ends_with_the_last_fact_and_no_receiver_goes_back() =>
        Fixed.Holds(Histories, 5_000, history =>
        {
            var sender = new StudentState();
            var receivers = new Dictionary<string, ClassState> { [One] = new(), [Two] = new() };
            var last = new Dictionary<string, Fact>();
            var onTheWay = new List<OutboxEntry>();
            var name = 0;

            void Post(string to)
            {
                last[to] = Member(++name);
                sender = sender.Post(to, last[to]);
            }

            void Arrive(OutboxEntry entry)
            {
                var (receiver, delivery) = (receivers[entry.To], new Delivery(Sender, entry.Number, entry.Fact));
                if (receiver.HasTaken(delivery))
                    return;

                Assert.True(!receiver.Students.TryGetValue(Sender, out var before) || NumberOf(before) < NumberOf(((MembershipIs)entry.Fact).Name));
                receivers[entry.To] = receiver.Take(delivery) with { Students = receiver.Students.SetItem(Sender, ((MembershipIs)entry.Fact).Name) };
            }

            foreach (var (what, which) in history)
            {
                switch (what)
                {
                    case Step.PostToOne:
                        Post(One);
                        break;
                    case Step.PostToTwo:
                        Post(Two);
                        break;
                    case Step.Send when !sender.Outbox.IsEmpty:
                        onTheWay.Add(sender.Outbox[which % sender.Outbox.Length]);
                        break;
                    case Step.Arrive or Step.ArriveAndAnswerLost when onTheWay.Count > 0:
                        var entry = onTheWay[which % onTheWay.Count];
                        _ = onTheWay.Remove(entry);
                        Arrive(entry);
                        if (what is Step.Arrive)
                            sender = sender.Delivered(entry.Number);
                        break;
                    case Step.Send or Step.Arrive or Step.ArriveAndAnswerLost:
                        break;
                }

                Assert.Equal(sender.Outbox.Select(one => one.Number).Order(), sender.Outbox.Select(one => one.Number));
                Assert.True(sender.Outbox.Select(one => one.To).Distinct().Count() == sender.Outbox.Length, "Two facts of a kind wait for one receiver.");
            }

            foreach (var entry in sender.Outbox.Reverse().Concat(onTheWay))
                Arrive(entry);
            foreach (var (to, fact) in last)
                Assert.Equal(((MembershipIs)fact).Name, receivers[to].Students[Sender]);
        });
}
