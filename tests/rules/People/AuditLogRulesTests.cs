using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.People;

public sealed class AuditLogRulesTests
{
    private static AuditEntry Entry(string subject, long revision) =>
        new(DateTimeOffset.UnixEpoch.AddSeconds(revision), ChangedBy.Software, subject, subject, "student-corrected", [], null, revision);

    private static ChangesAre Changes(params ReadOnlySpan<AuditEntry> entries) => new([.. entries]);

    private static AuditLogState Take(AuditLogState log, ChangesAre changes) => AuditLogRules.Take(log, AuditLogRules.Fresh(log, changes));

    [Fact]
    public void An_entry_that_comes_again_in_a_newer_fact_or_a_repeated_one_is_there_once()
    {
        var log = Take(new AuditLogState(), Changes(Entry("a", 1)));
        log = Take(log, Changes(Entry("a", 1), Entry("a", 2)));
        log = Take(log, Changes(Entry("b", 1)));

        Assert.Equal([1L, 2L, 1L], log.Entries.Select(entry => entry.Revision));
        Assert.Empty(AuditLogRules.Fresh(log, Changes(Entry("a", 1), Entry("a", 2))));
        Assert.Empty(AuditLogRules.Fresh(log, Changes(Entry("a", 2))));
    }

    [Fact]
    public void The_log_takes_what_it_has_room_for_and_drops_its_oldest_hundred()
    {
        ChangesAre many = new([.. Enumerable.Range(1, 250).Select(i => Entry("a", i))]);
        var log = Take(new AuditLogState(), many);
        Assert.Equal(AuditLogRules.MostEntries, log.Entries.Length);

        log = AuditLogRules.Drop(log);
        Assert.Equal((1, 101L), (log.Chunks, log.Entries[0].Revision));
        log = Take(log, many);
        Assert.Equal((150, 250L), (log.Entries.Length, log.Entries[^1].Revision));
        Assert.Empty(AuditLogRules.Fresh(log, many));
    }

    [Fact]
    public void Whatever_is_repeated_and_however_facts_grow_nothing_is_lost_and_nothing_is_there_twice() =>
        Fixed.Holds(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool).Array[1, 60], 1_000, steps =>
        {
            var (log, dropped) = (new AuditLogState(), new List<AuditEntry>());
            var (revisions, waiting) = (new long[4], new List<AuditEntry>[] { [], [], [], [] });
            foreach (var (subject, changes, delivered) in steps)
            {
                for (var i = 0; i < changes * 10; i++)
                    waiting[subject].Add(Entry(subject.ToString(CultureInfo.InvariantCulture), ++revisions[subject]));
                ChangesAre fact = new([.. waiting[subject]]);
                while (AuditLogRules.Fresh(log, fact) is { IsEmpty: false } fresh)
                {
                    if (log.Entries.Length + fresh.Length > AuditLogRules.MostEntries && log.Entries.Length >= AuditLogRules.ChunkSize)
                    {
                        dropped.AddRange(log.Entries[..AuditLogRules.ChunkSize]);
                        log = AuditLogRules.Drop(log);
                    }
                    else
                    {
                        log = AuditLogRules.Take(log, fresh);
                    }
                }

                // An answer that was lost leaves the fact waiting.
                if (delivered)
                    waiting[subject].Clear();
                Assert.True(log.Entries.Length <= AuditLogRules.MostEntries);
            }

            for (var subject = 0; subject < 4; subject++)
            {
                var name = subject.ToString(CultureInfo.InvariantCulture);
                Assert.Equal(Enumerable.Range(1, (int)revisions[subject]).Select(i => (long)i), dropped.Concat(log.Entries).Where(entry => entry.Subject == name).Select(entry => entry.Revision));
            }
        });
}
