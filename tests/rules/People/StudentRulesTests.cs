using System.Collections.Immutable;
using CsCheck;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.People;
using SchoolHome.People;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Rules.People;

public sealed class StudentRulesTests
{
    private static readonly ClassId Class32 = new("s01", "3-2");
    private static readonly ClassId Class33 = new("s01", "3-3");
    private static readonly GuardianId Ann = new(new string('a', 32));
    private static readonly GuardianId Bo = new(new string('b', 32));
    private static readonly RosterGuardian Mother = new("李梅", Relation.Mother, "+8619910000001");
    private static readonly RosterGuardian Father = new("王强", Relation.Father, "+8619910000002");

    private static PutStudent Pupil(params ReadOnlySpan<RosterGuardian> guardians) => new("王小雨", Class32, "女", new DateOnly(2018, 3, 4), null, [.. guardians]);

    private static StudentState Entered(params ReadOnlySpan<RosterGuardian> guardians) => StudentRules.Put(new StudentState(), Pupil(guardians));

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var command = Pupil([.. Enumerable.Repeat(Mother with { Name = " " }, StudentRules.MostGuardians + 1)]) with { Name = "" };

        Assert.Equal<FieldProblem>(
            [new FieldProblem("name", "required"), new FieldProblem("guardians", "too-many"), new FieldProblem("guardians", "name-required")], StudentRules.Check(command));
        Assert.Equal<FieldProblem>([new("name", "too-long")], StudentRules.Check(Pupil() with { Name = new string('王', StudentRules.LongestName + 1) }));
        Assert.Empty(StudentRules.Check(Pupil(Mother, Father) with { Name = new string('王', StudentRules.LongestName) }));
    }

    [Fact]
    public void A_guardian_keeps_entry_and_access_when_name_and_relation_are_the_same_and_only_the_phone_changes()
    {
        var state = StudentRules.Bind(Entered(Mother, Father), "g2", Ann).Value!;

        var again = StudentRules.Put(state, Pupil(Father with { Phone = "+8619910000009" }));

        Assert.Equal(["g1", "g2"], again.Guardians.Select(entry => entry.Entry));
        Assert.Equal(new GuardianEntry("g2", "王强", Relation.Father, "+8619910000009", Ann, AccessEnded: false), again.Guardians[1]);
        Assert.Equal(state.Guardians[0], again.Guardians[0]);
    }

    [Fact]
    public void Somebody_of_another_name_or_relation_is_another_entry_with_a_number_that_was_never_used()
    {
        var state = StudentRules.Put(Entered(Mother), Pupil(Mother with { Relation = Relation.Other }, new RosterGuardian("李美", Relation.Mother, "+8619910000003")));

        Assert.Equal(["g1", "g2", "g3"], state.Guardians.Select(entry => entry.Entry));
        Assert.All(state.Guardians, entry => Assert.False(entry.HasAccess));
    }

    [Fact]
    public void A_new_student_tells_its_class_and_a_moved_one_both()
    {
        var before = new StudentState();
        var entered = StudentRules.TellClasses(before, StudentRules.Put(before, Pupil()));
        Assert.Equal<OutboxEntry>([new OutboxEntry(1, Class32.ToString(), new MembershipIs("王小雨", IsMember: true, [], 0))], entered.Outbox);

        var settled = entered.Delivered(1);
        var moved = StudentRules.TellClasses(settled, StudentRules.Put(settled, Pupil() with { Class = Class33 }));
        Assert.Equal<OutboxEntry>(
            [new OutboxEntry(2, Class32.ToString(), new MembershipIs("王小雨", IsMember: false, [], 0)), new OutboxEntry(3, Class33.ToString(), new MembershipIs("王小雨", IsMember: true, [], 0))],
            moved.Outbox);
    }

    [Fact]
    public void A_new_name_is_told_to_the_class_and_other_changes_are_not()
    {
        var state = Entered(Mother);

        Assert.Equal(
            [new MembershipIs("王晓雨", IsMember: true, [], 0)], StudentRules.TellClasses(state, StudentRules.Put(state, Pupil() with { Name = "王晓雨" })).Outbox.Select(entry => entry.Fact));
        Assert.Empty(StudentRules.TellClasses(state, StudentRules.Put(state, Pupil(Father) with { Gender = null, SpecialStatus = "随班就读" })).Outbox);
    }

    [Fact]
    public void An_entry_is_bound_to_one_guardian_and_to_no_other()
    {
        var state = Entered(Mother);

        Assert.IsType<NotFound>(StudentRules.Bind(state, "g9", Ann).Refusal);
        var bound = StudentRules.Bind(state, "g1", Ann).Value!;
        Assert.Equal<OutboxEntry>([new OutboxEntry(1, Ann.ToString(), new AccessIs(Relation.Mother))], bound.Outbox);
        Assert.Equal(new Conflict("entry-bound-to-another"), StudentRules.Bind(bound, "g1", Bo).Refusal);
        Assert.Same(bound, StudentRules.Bind(bound, "g1", Ann).Value);
    }

    [Fact]
    public void Access_that_was_ended_is_told_and_is_given_back_by_binding_again()
    {
        var bound = StudentRules.Bind(Entered(Mother), "g1", Ann).Value!.Delivered(1);

        var ended = StudentRules.EndAccess(bound, "g1").Value!;
        Assert.Equal([new AccessIs(null)], ended.Outbox.Select(entry => entry.Fact));
        Assert.False(ended.Guardians[0].HasAccess);
        Assert.Same(ended, StudentRules.EndAccess(ended, "g1").Value);
        Assert.IsType<NotFound>(StudentRules.EndAccess(ended, "g2").Refusal);
        Assert.Equal(new Conflict("entry-bound-to-another"), StudentRules.Bind(ended, "g1", Bo).Refusal);

        var back = StudentRules.Bind(ended, "g1", Ann).Value!;
        Assert.Equal([new AccessIs(Relation.Mother)], back.Outbox.Select(entry => entry.Fact));
        Assert.True(back.Guardians[0].HasAccess);
    }

    [Fact]
    public void Somebody_bound_by_two_entries_has_access_until_both_are_ended_as_what_the_first_says()
    {
        var state = StudentRules.Bind(Entered(Mother, Mother with { Relation = Relation.Other }), "g2", Ann).Value!;
        Assert.Equal(new AccessIs(Relation.Other), state.Outbox.Single().Fact);
        state = StudentRules.Bind(state, "g1", Ann).Value!;
        Assert.Equal(new AccessIs(Relation.Mother), state.Outbox.Single().Fact);

        state = StudentRules.EndAccess(state, "g1").Value!;
        Assert.Equal(new AccessIs(Relation.Other), state.Outbox.Single().Fact);
        state = StudentRules.EndAccess(state, "g2").Value!;
        Assert.Equal(new AccessIs(null), state.Outbox.Single().Fact);
    }

    private abstract record Command
    {
        public sealed record Put(string Name, string Class, bool WithMother, bool WithFather, int Phone) : Command;

        public sealed record Bind(string Entry, GuardianId Guardian) : Command;

        public sealed record End(string Entry) : Command;
    }

    private static readonly Gen<Command[]> Commands = Gen.OneOf(
        Gen.Select(Gen.OneOfConst("小雨", "晓雨"), Gen.OneOfConst("3-2", "3-3"), Gen.Bool, Gen.Bool, Gen.Int[1, 3], (name, at, mother, father, phone) => (Command)new Command.Put(name, at, mother, father, phone)),
        Gen.Select(Gen.OneOfConst("g1", "g2", "g3"), Gen.OneOfConst(Ann, Bo), (entry, guardian) => (Command)new Command.Bind(entry, guardian)),
        Gen.OneOfConst("g1", "g2", "g3").Select(entry => (Command)new Command.End(entry))).Array[1, 25];

    private static StudentState Apply(StudentState state, Command command) => command switch
    {
        Command.Put put => StudentRules.TellClasses(state, StudentRules.Put(state, ToPut(put))),
        Command.Bind bind => StudentRules.Bind(state, bind.Entry, bind.Guardian) is { IsDone: true } done ? done.Value! : state,
        Command.End end => StudentRules.EndAccess(state, end.Entry) is { IsDone: true } done ? done.Value! : state,
        _ => throw new InvalidOperationException($"{command} is no command."),
    };

    private static PutStudent ToPut(Command.Put put)
    {
        var guardians = ImmutableArray.CreateBuilder<RosterGuardian>();
        if (put.WithMother)
            guardians.Add(Mother with { Phone = $"+861991000000{put.Phone}" });
        if (put.WithFather)
            guardians.Add(Father with { Phone = $"+861991000000{put.Phone}" });
        return new PutStudent(put.Name, new ClassId("s01", put.Class), null, null, null, guardians.ToImmutable());
    }

    [Fact]
    public void C1_a_command_repeated_changes_nothing_whatever_came_before() =>
        Fixed.Holds(Commands, 3_000, commands =>
        {
            var state = new StudentState();
            foreach (var command in commands)
            {
                state = Apply(state, command);
                Assert.Equal(state, Apply(state, command));
            }
        });

    [Fact]
    public void The_last_facts_that_were_told_are_what_is_so() =>
        Fixed.Holds(Commands, 3_000, commands =>
        {
            var state = new StudentState();
            var told = new Dictionary<string, Fact>();
            foreach (var command in commands)
            {
                state = Apply(state, command);
                foreach (var entry in state.Outbox)
                    told[entry.To] = entry.Fact;
            }

            foreach (var guardian in new[] { Ann, Bo })
            {
                var relation = new StudentProfile(state.Name, state.Class, state.Guardians, state.Account, null, null, null, null, null, 1).AccessOf(guardian)?.Relation;
                Assert.Equal(relation, (told.GetValueOrDefault(guardian.ToString()) as AccessIs)?.Relation);
            }

            foreach (var @class in new[] { Class32, Class33 })
            {
                var member = told.GetValueOrDefault(@class.ToString()) as MembershipIs;
                Assert.Equal(state.Class == @class, member?.IsMember ?? false);
                Assert.True(state.Class != @class || member!.Name == state.Name);
            }

            Assert.Equal(state.Guardians.Select(entry => entry.Entry).Distinct(), state.Guardians.Select(entry => entry.Entry));
        });
}
