using CsCheck;
using SchoolHome.Grains.CoEditing;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>One thing that happens; what A and B mean depends on it.</summary>
internal sealed record Happening(What What, int Who, int A, int B, string Text);

internal enum What
{
    Type,
    Delete,
    ReplaceTwice,
    ClearAll,
    ChangeNothing,
    Send,
    SendSome,
    Deliver,
    DeliverAndRepeat,
    Lose,
    Receive,
    ReceiveAll,
    Reload,
    Restart,
    Spill,
    SpillAndDie,
}

/// <summary>
/// Several people write one text over a network that delays, loses, repeats and reorders, while the server restarts and moves its history
/// away. Answers to pushes are never looked at: the stream alone must do.
/// </summary>
internal sealed class Simulation
{
    private const int MaxEditors = 4;

    private static readonly What[] Often =
    [
        What.Type, What.Type, What.Type, What.Type, What.Type, What.Delete, What.Delete, What.ReplaceTwice, What.Send, What.Send, What.Send,
        What.Deliver, What.Deliver, What.Deliver, What.Receive, What.Receive, What.Receive, What.ReceiveAll, What.Spill, .. Enum.GetValues<What>(),
    ];

    private static readonly Gen<Happening> Happening = Gen.Select(
        Gen.OneOfConst(Often), Gen.Int[0, MaxEditors - 1], Gen.Int[0, 1_000], Gen.Int[0, 1_000], Texts.Snippet,
        (what, who, a, b, text) => new Happening(what, who, a, b, text));

    /// <summary>What happens, in order.</summary>
    public static readonly Gen<Happening[]> Histories = Happening.Array[0, 80];

    private readonly List<(Editor From, TextPush Push)> _network = [];
    private readonly Journal? _journal;

    public Simulation(Journal? journal = null)
    {
        _journal = journal;
        Editors = [.. Enumerable.Range(0, MaxEditors).Select(i => new Editor($"client-{i:00}", $"author-{i % 3}"))];
    }

    public Authority Authority { get; } = new(keep: 2, chunkSize: 2);

    public List<Editor> Editors { get; }

    public void Run(IEnumerable<Happening> history)
    {
        foreach (var happening in history)
            Play(happening);
    }

    /// <summary>Everybody is online again, and what still lies in the network arrives late.</summary>
    public void Settle()
    {
        for (var who = 0; who < Editors.Count; who++)
            Send(who, int.MaxValue);
        while (_network.Count > 0)
            Deliver(_network.Count - 1, repeat: false);
        for (var who = 0; who < Editors.Count; who++)
            Receive(who, int.MaxValue);
    }

    private void Play(Happening it)
    {
        var editor = Editors[it.Who];
        var text = editor.Text;
        int from = Texts.Whole(text, it.A % (text.Length + 1)), to = Texts.Whole(text, from + (it.B % 4));
        switch (it.What)
        {
            case What.Type:
                Change(it.Who, Texts.Replace(text.Length, from, it.B % 3 == 0 ? to : from, it.Text));
                break;
            case What.Delete:
                Change(it.Who, Texts.Replace(text.Length, from, to, ""));
                break;
            case What.ReplaceTwice:
                var second = Texts.Whole(text, to + (it.A % 3));
                var end = Texts.Whole(text, second + (it.A % 2));
                Change(it.Who, Texts.Build(text.Length, [new(from, to - from, it.Text), new(second - to, end - second, "二")]));
                break;
            case What.ClearAll:
                Change(it.Who, Texts.Replace(text.Length, 0, text.Length, it.B % 2 == 0 ? "" : it.Text));
                break;
            case What.ChangeNothing:
                Change(it.Who, Texts.Build(text.Length, []));
                break;
            case What.Send:
                Send(it.Who, int.MaxValue);
                break;
            case What.SendSome:
                Send(it.Who, 1 + (it.A % 2));
                break;
            case What.Deliver or What.DeliverAndRepeat when _network.Count > 0:
                Deliver(it.A % _network.Count, it.What == What.DeliverAndRepeat);
                break;
            case What.Lose when _network.Count > 0:
                _network.RemoveAt(it.A % _network.Count);
                break;
            case What.Receive:
                Receive(it.Who, 1 + (it.A % 3));
                break;
            case What.ReceiveAll:
                Receive(it.Who, int.MaxValue);
                break;
            case What.Reload:
                Editors[it.Who] = editor.Reloaded();
                break;
            case What.Restart:
                Authority.Restart();
                break;
            case What.Spill or What.SpillAndDie:
                Authority.Spill(andDie: it.What == What.SpillAndDie);
                break;
            default:
                // The network is empty.
                break;
        }
    }

    private void Change(int who, ChangeSet changes)
    {
        // The protocol takes changes that change nothing; the real editor makes none, so that it could not follow.
        if (changes.IsEmpty && _journal is not null)
            return;
        Editors[who].Change(changes);
        _journal?.Changed(who, changes, Editors[who]);
    }

    private void Send(int who, int atMost)
    {
        if (Editors[who].Unconfirmed.Count > 0)
            _network.Add((Editors[who], Editors[who].Push(atMost)));
    }

    private void Deliver(int index, bool repeat)
    {
        var (from, push) = _network[index];
        if (!repeat)
            _network.RemoveAt(index);
        var decision = Authority.Take(from, push);
        Assert.True(decision is TextDecision.Accepted or TextDecision.AlreadyAccepted, $"An honest push was answered with {decision}.");
        if (decision is TextDecision.Accepted accepted)
            _journal?.Rebased(push, [.. Authority.Stream.Skip(push.BaseVersion).SkipLast(accepted.Updates.Length)], accepted.Updates);
    }

    private void Receive(int who, int atMost)
    {
        foreach (var update in Authority.Stream.Skip(Editors[who].Version).Take(atMost).ToList())
        {
            Editors[who].Receive(update);
            _journal?.Received(who, update, Editors[who]);
        }
    }
}
