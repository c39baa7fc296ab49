using System.Text.Json.Nodes;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Tests.Rules.CoEditing;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>One section as one tab has it, over a real connection: what <c>@codemirror/collab</c> and the client's live store do together (T2, T3, L8).</summary>
internal sealed class SharedSection(string topic, string section, string clientId)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Editor _editor = new(clientId, "");
    private readonly List<(int From, AcceptedUpdate[] Updates)> _early = [];
    private LiveClient? _live;

    public string Topic => topic;

    public string Section => section;

    public string Text
    {
        get
        {
            lock (_lock)
                return _editor.Text;
        }
    }

    public int Version
    {
        get
        {
            lock (_lock)
                return _editor.Version;
        }
    }

    /// <summary>How many of its updates have not come back in the stream.</summary>
    public int Unconfirmed
    {
        get
        {
            lock (_lock)
                return _editor.Unconfirmed.Count;
        }
    }

    /// <summary>How many of its updates, from the first on, the server has acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Joins over a connection, the first or another one, and takes in what it lacks.</summary>
    public async Task Open(LiveClient live)
    {
        if (_live is { } before)
            before.Arrived -= Take;
        _live = live;
        live.Arrived += Take;
        var joined = await live.Join(topic);
        Assert.True((bool)joined["ok"]!, $"Not joined: {joined.ToJsonString()}");
        await CatchUp();
    }

    /// <summary>Types at a place that is chosen in the text as it is then.</summary>
    public void Type(Func<string, int> at, string text)
    {
        lock (_lock)
        {
            var place = Texts.Whole(_editor.Text, at(_editor.Text));
            _editor.Type(place, place, text);
        }
    }

    public void TypeAtEnd(string text) => Type(before => before.Length, text);

    public void Delete(int from, int to)
    {
        lock (_lock)
            _editor.Type(from, to, "");
    }

    /// <summary>Pushes everything that is not confirmed. Answers the code of a refusal, or null.</summary>
    public async Task<string?> Push()
    {
        TextPush push;
        lock (_lock)
            push = _editor.Push(TextLimits.Default.MaxUpdatesPerPush);
        if (push.Changes.IsEmpty)
            return null;

        var answer = await _live!.PushText(topic, section, push.BaseVersion, push.ClientId, push.FirstSeq, [.. push.Changes.Select(one => one.ToJson())]);
        if (!(bool)answer["ok"]!)
            return (string)answer["code"]!;

        Acknowledged = Math.Max(Acknowledged, push.FirstSeq + push.Changes.Length - 1);
        return null;
    }

    /// <summary>Pushes, again where that is what the answer asks for, until all of its updates have come back.</summary>
    public Task UntilConfirmed() => Eventually.TrueAsync(
        async () =>
        {
            if (await Push() is { } code && code is not ("unknown-outcome" or "too-fast"))
                Assert.Fail($"{clientId} was refused in {section}: {code}");
            return Unconfirmed == 0;
        },
        Limit,
        $"the updates of {clientId} in {section} to be confirmed");

    /// <summary>Waits until it has taken in so many updates.</summary>
    public Task UntilVersion(int version) =>
        Eventually.TrueAsync(() => Task.FromResult(Version >= version), Limit, $"version {version} of {section} at {clientId}");

    /// <summary>Asks for what it lacks.</summary>
    public async Task CatchUp()
    {
        var from = Version;
        var since = await _live!.TextSince(topic, section, from);
        Assert.True((bool)since["ok"]!, $"No updates: {since.ToJsonString()}");
        Take(from, Read(since["updates"]!));
    }

    private void Take(JsonObject frame)
    {
        if ((string?)frame["topic"] != topic)
            return;

        // A whole view comes when the actor came to life again elsewhere: what was accepted there before is not in any frame, and is asked for, as the client does.
        if (frame["view"]?["sections"] is JsonArray sections
            && sections.FirstOrDefault(one => (string?)one!["section"] == section) is { } now && (int)now["version"]! > Version)
        {
            _ = CatchUpAgain();
        }

        if (frame["changes"] is not JsonArray changes)
            return;

        foreach (var change in changes)
        {
            if ((string?)change!["kind"] != "text" || (string?)change["section"] != section)
                continue;
            var updates = Read(change["updates"]!);
            Take((int)change["version"]! - updates.Length, updates);
        }
    }

    // What came too early waits; what is known already is skipped: so it matters neither in which order nor how often updates come.
    private void Take(int from, AcceptedUpdate[] updates)
    {
        lock (_lock)
        {
            _early.Add((from, updates));
            while (_early.FindIndex(one => one.From <= _editor.Version) is >= 0 and var at)
            {
                var (first, some) = _early[at];
                _early.RemoveAt(at);
                _editor.Receive(some.Skip(_editor.Version - first));
            }
        }
    }

    // An answer that says nothing yet, or none at all, is not the last word: the silo may be on its way out.
    private Task<TimeSpan> CatchUpAgain() => Eventually.TrueAsync(
        async () =>
        {
            if (_live is not { IsOpen: true })
                return true;

            try
            {
                await CatchUp();
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        },
        Limit,
        $"what {clientId} lacks of {section}");

    private static AcceptedUpdate[] Read(JsonNode updates) =>
    [
        .. updates.AsArray().Select(update => new AcceptedUpdate(
            (string)update!["clientId"]!, (int)update["seq"]!, Texts.Parse(update["changes"]!.ToJsonString()), default)),
    ];
}
