using System.Text.Json;
using System.Text.Json.Nodes;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>Writes down what editors and authority do, so that the real CodeMirror can do it again, and what came of it.</summary>
internal sealed class Journal
{
    /// <summary>What CodeMirror is to do.</summary>
    public JsonArray Log { get; } = [];

    /// <summary>What it should come to, step by step.</summary>
    public JsonArray Outcome { get; } = [];

    /// <summary>How many pushes were moved over others' updates.</summary>
    public int RebasedOverOthers { get; private set; }

    /// <summary>How many pushes repeated something accepted besides something new.</summary>
    public int RebasedOverOwn { get; private set; }

    public void Changed(int who, ChangeSet changes, Editor editor)
    {
        Log.Add(new JsonObject { ["do"] = "change", ["who"] = who, ["changes"] = Json(changes) });
        Outcome.Add(StateOf(editor));
    }

    public void Received(int who, AcceptedUpdate update, Editor editor)
    {
        Log.Add(new JsonObject { ["do"] = "receive", ["who"] = who, ["update"] = Update(update.ClientId, update.Changes) });
        Outcome.Add(StateOf(editor));
    }

    public void Rebased(TextPush push, IReadOnlyList<AcceptedUpdate> since, IEnumerable<AcceptedUpdate> rebased)
    {
        RebasedOverOthers += since.Any(update => update.ClientId != push.ClientId) ? 1 : 0;
        RebasedOverOwn += since.Any(update => update.ClientId == push.ClientId) ? 1 : 0;
        Log.Add(new JsonObject
        {
            ["do"] = "rebase",
            ["updates"] = new JsonArray([.. push.Changes.Select(changes => Update(push.ClientId, changes))]),
            ["over"] = new JsonArray([.. since.Select(update => Update(update.ClientId, update.Changes))]),
        });
        Outcome.Add(new JsonArray([.. rebased.Select(update => Json(update.Changes))]));
    }

    public static JsonNode Json(ChangeSet changes) => JsonSerializer.SerializeToNode(changes)!;

    private static JsonObject StateOf(Editor editor) => new()
    {
        ["version"] = editor.Version,
        ["text"] = editor.Text,
        ["sendable"] = new JsonArray([.. editor.Unconfirmed.Select(Json)]),
    };

    private static JsonObject Update(string clientId, ChangeSet changes) => new() { ["clientID"] = clientId, ["changes"] = Json(changes) };
}
