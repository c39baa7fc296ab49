using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

public sealed class ConvergenceTests
{
    [Fact]
    public void T1_T3_T5_T7_all_editors_come_to_one_text_over_a_bad_network_and_a_server_that_restarts() =>
        Fixed.Holds(Simulation.Histories, 3_000, history =>
        {
            var simulation = new Simulation();
            simulation.Run(history);
            simulation.Settle();

            var authority = simulation.Authority;
            Assert.Equal(authority.Stream.Count, authority.Doc.Version);
            Assert.True(Utf16.IsWellFormed(authority.Doc.Text));
            Assert.Equal(Texts.Replay(authority.Stream), authority.Doc.Text);
            AssertStoredHistoryIsTheStream(authority);
            foreach (var editor in simulation.Editors)
            {
                Assert.Equal(authority.Doc.Text, editor.Text);
                Assert.Empty(editor.Unconfirmed);
                Assert.Equal(
                    Enumerable.Range(1, editor.Made), authority.Stream.Where(update => update.ClientId == editor.ClientId).Select(update => update.Seq));
            }
        });

    [Fact]
    public void The_histories_do_what_they_are_meant_to()
    {
        // A generator that never gets two people to write at once would let everything pass.
        int concurrent = 0, repeated = 0, spilled = 0, loaded = 0;
        foreach (var (_, history) in Fixed.Examples(Simulation.Histories, 200))
        {
            var journal = new Journal();
            var simulation = new Simulation(journal);
            simulation.Run(history);
            simulation.Settle();
            concurrent += journal.RebasedOverOthers;
            repeated += journal.RebasedOverOwn;
            spilled += simulation.Authority.ChunkCount;
            loaded += simulation.Authority.HistoryLoads;
        }

        Assert.True(
            concurrent > 200 && repeated > 100 && spilled > 100 && loaded > 50,
            $"{concurrent} concurrent, {repeated} repeated, {spilled} chunks spilled, {loaded} pushes that needed them");
    }

    private static void AssertStoredHistoryIsTheStream(Authority authority)
    {
        var stored = authority.History(0).Concat(authority.Doc.Recent).ToList();
        Assert.Equal(authority.Stream.Count, stored.Count);
        Assert.All(stored.Zip(authority.Stream), pair => Assert.Equal(pair.Second, pair.First));
    }
}
