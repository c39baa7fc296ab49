using System.Collections.Immutable;
using System.Text.Json;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>
/// What <c>@codemirror/collab</c> does in a browser (<c>sendableUpdates</c>, <c>receiveUpdates</c>), taking updates in one at a time as the
/// protocol asks for. <see cref="DifferentialTests"/> holds it against the real one.
/// </summary>
internal sealed class Editor(string clientId, string authorId)
{
    public string ClientId { get; } = clientId;

    public string AuthorId { get; } = authorId;

    public string Text { get; private set; } = "";

    /// <summary>How many updates of the stream it has taken in.</summary>
    public int Version { get; private set; }

    public ImmutableList<ChangeSet> Unconfirmed { get; private set; } = [];

    /// <summary>How many updates it has made altogether.</summary>
    public int Made { get; private set; }

    private int FirstUnconfirmedSeq => Made - Unconfirmed.Count + 1;

    public void Change(ChangeSet changes)
    {
        Text = changes.Apply(Text);
        Unconfirmed = Unconfirmed.Add(changes);
        Made++;
    }

    public void Type(int from, int to, string insert) => Change(Texts.Replace(Text.Length, from, to, insert));

    /// <summary>All unconfirmed updates, or the oldest of them.</summary>
    public TextPush Push(int atMost = int.MaxValue) => new(Version, ClientId, FirstUnconfirmedSeq, [.. Unconfirmed.Take(atMost)]);

    public void Receive(AcceptedUpdate update)
    {
        Version++;
        if (Unconfirmed.Count > 0 && update.ClientId == ClientId)
        {
            // The browser does not compare; that they are equal is what makes it right.
            Assert.Equal(Unconfirmed[0], update.Changes);
            Assert.Equal(FirstUnconfirmedSeq, update.Seq);
            Unconfirmed = Unconfirmed.RemoveAt(0);
            return;
        }

        var changes = update.Changes;
        var moved = ImmutableList.CreateBuilder<ChangeSet>();
        foreach (var own in Unconfirmed)
        {
            moved.Add(own.Map(changes));
            changes = changes.Map(own, before: true);
        }

        Unconfirmed = moved.ToImmutable();
        Text = changes.Apply(Text);
    }

    public void Receive(IEnumerable<AcceptedUpdate> updates)
    {
        foreach (var update in updates)
            Receive(update);
    }

    /// <summary>The page is closed and opened again; only what lies in the browser's storage is left (T2, T9).</summary>
    public Editor Reloaded()
    {
        var pending = JsonSerializer.Serialize(Unconfirmed);
        return new Editor(ClientId, AuthorId)
        {
            Text = Text,
            Version = Version,
            Made = Made,
            Unconfirmed = JsonSerializer.Deserialize<ImmutableList<ChangeSet>>(pending)!,
        };
    }
}
