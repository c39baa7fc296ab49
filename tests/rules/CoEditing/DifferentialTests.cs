using System.Text.Json.Nodes;
using CsCheck;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>Whatever we compute, the browsers' own code computes as well: the same sections, not only the same text.</summary>
public sealed class DifferentialTests
{
    private const int Examples = 2_000;

    private static readonly Gen<(string Text, ChangeSet A, ChangeSet B, ChangeSet Next)> Changes =
        Gen.Select(Texts.BasicText, Texts.Splice.Array[0, 5], Texts.Splice.Array[0, 5], Texts.Splice.Array[0, 5]).Select((text, a, b, next) =>
        {
            var first = Texts.Build(text.Length, a);
            return (text, first, Texts.Build(text.Length, b), Texts.Build(first.NewLength, next));
        });

    [Fact]
    public async Task Changes_are_read_applied_composed_and_mapped_as_CodeMirror_does()
    {
        using var codeMirror = CodeMirror.Start();
        foreach (var (seed, (text, a, b, next)) in Fixed.Examples(Changes, Examples))
        {
            var question = new JsonObject
            {
                ["kind"] = "algebra",
                ["text"] = text,
                ["a"] = Journal.Json(a),
                ["b"] = Journal.Json(b),
                ["next"] = Journal.Json(next),
            };
            var expected = new JsonObject
            {
                ["readAgain"] = new JsonArray(Journal.Json(a), Journal.Json(b), Journal.Json(next)),
                ["lengths"] = new JsonArray(a.Length, a.NewLength, a.IsEmpty),
                ["applied"] = a.Apply(text),
                ["composed"] = Journal.Json(a.Compose(next)),
                ["composedDesc"] = a.Desc.Compose(next.Desc).ToString(),
                ["mapped"] = Journal.Json(b.Map(a)),
                ["mappedBefore"] = Journal.Json(a.Map(b, before: true)),
                ["mappedDesc"] = b.Desc.Map(a.Desc).ToString(),
                ["mappedDescBefore"] = a.Desc.Map(b.Desc, before: true).ToString(),
                ["merged"] = b.Map(a).Apply(a.Apply(text)),
                ["positions"] = new JsonArray(
                [
                    .. Enumerable.Range(0, text.Length + 1)
                        .Select(position => new JsonArray(a.MapPosition(position), a.MapPosition(position, assoc: 1))),
                ]),
            };
            await codeMirror.AssertAnswers(expected, question, seed);
        }
    }

    [Fact]
    public async Task T3_real_editors_that_live_through_the_same_history_have_the_same_text_and_pending_updates()
    {
        using var codeMirror = CodeMirror.Start();
        foreach (var (seed, history) in Fixed.Examples(Simulation.Histories, Examples))
        {
            var journal = new Journal();
            var simulation = new Simulation(journal);
            simulation.Run(history);
            simulation.Settle();
            var question = new JsonObject
            {
                ["kind"] = "history",
                ["clients"] = new JsonArray([.. simulation.Editors.Select(editor => (JsonNode)editor.ClientId)]),
                ["log"] = journal.Log,
            };
            await codeMirror.AssertAnswers(journal.Outcome, question, seed);
        }
    }

    /// <summary>
    /// Why the authority rebases update by update. When this fails, CodeMirror has come to agree with itself, and the step-by-step rule of T3
    /// may be looked at again.
    /// </summary>
    [Fact]
    public async Task T3_CodeMirror_itself_differs_between_all_at_once_and_one_by_one()
    {
        var (push, delete, insert) = (Texts.Insert(2, 1, "X"), Texts.Replace(2, 1, 2, ""), Texts.Insert(1, 1, "Q"));
        using var codeMirror = CodeMirror.Start();
        var atOnce = await codeMirror.Ask(Question([Update("me", push)], [Update("other", delete), Update("other", insert)]));
        Assert.Equal("""[[1,[0,"X"],1]]""", atOnce.ToJsonString());

        var afterDelete = await codeMirror.Ask(Question([Update("me", push)], [Update("other", delete)]));
        var afterBoth = await codeMirror.Ask(
            Question([new JsonObject { ["clientID"] = "me", ["changes"] = afterDelete[0]!.DeepClone() }], [Update("other", insert)]));
        Assert.Equal("""[[2,[0,"X"]]]""", afterBoth.ToJsonString());
        Assert.Equal(push.Map(delete).Map(insert), Texts.Parse(afterBoth[0]!.ToJsonString()));
        Assert.Equal(push.Map(delete.Compose(insert)), Texts.Parse(atOnce[0]!.ToJsonString()));

        static JsonObject Update(string clientId, ChangeSet changes) => new() { ["clientID"] = clientId, ["changes"] = Journal.Json(changes) };

        static JsonObject Question(JsonNode[] updates, JsonNode[] over) =>
            new() { ["kind"] = "rebaseAtOnce", ["updates"] = new JsonArray(updates), ["over"] = new JsonArray(over) };
    }
}
