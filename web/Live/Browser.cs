using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;
using SchoolHome.CoEditing;
using SchoolHome.Live;
using SchoolHome.Web.People;

namespace SchoolHome.Web.Live;

/// <summary>One connected browser: what it follows, as whom, and what waits for it (bounded, L7).</summary>
internal sealed class Browser : IListener
{
    private readonly HubConnectionContext _connection;
    private readonly AccountId _account;
    private readonly string _stamp;
    private readonly string _device;
    private readonly bool _asFamily;
    private readonly LiveFeed _feed;
    private readonly Rights _rights;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Outbound _outbound;
    private readonly ConcurrentDictionary<string, Joined> _joined = new(concurrencyLevel: 1, capacity: 3, StringComparer.Ordinal);
    private readonly AccountListener _standing;
    private Allowance? _pushes;
    private Allowance? _marks;
    private int _standingChanges;
    private volatile bool _ended;

    public Browser(HubConnectionContext connection, AccountId account, string stamp, string device, bool asFamily, LiveFeed feed, Rights rights, TimeProvider clock, ILogger logger)
    {
        (_connection, _account, _stamp, _device, _asFamily, _feed, _rights, _clock, _logger) = (connection, account, stamp, device, asFamily, feed, rights, clock, logger);
        _outbound = new Outbound(connection);
        _standing = new AccountListener(this);
    }

    // Most browsers only watch.
    public Allowance Pushes => LazyInitializer.EnsureInitialized(ref _pushes, () => new Allowance(LiveLimits.PushesPerSecond, LiveLimits.PushBurst, _clock));

    public Allowance Marks => LazyInitializer.EnsureInitialized(ref _marks, () => new Allowance(LiveLimits.MarksPerSecond, LiveLimits.MarksPerSecond, _clock));

    /// <summary>A topic that this browser has joined; null when it has not.</summary>
    public Joined? In(string topic) => _joined.GetValueOrDefault(topic);

    public async Task Begin()
    {
        await _feed.Follow(_account.ToString(), _standing);
        // Signed out, here or everywhere, between the handshake and now?
        await StandingChanged();
    }

    public void End()
    {
        _ended = true;
        _outbound.End();
        _feed.Leave(_account.ToString(), _standing);
        foreach (var topic in _joined.Keys)
            Leave(topic);
    }

    public async Task<JoinAnswer> Join(string named, LivePosition? have)
    {
        if (_feed.Find(named) is not var (topic, actor) || AccountId.TryParse(named, out _))
            return JoinAnswer.Refused("not-found");
        if (!_joined.ContainsKey(topic) && _joined.Count >= LiveLimits.TopicsPerConnection)
            return JoinAnswer.Refused("too-many-topics");

        int changes;
        do
        {
            changes = Volatile.Read(ref _standingChanges);
            if (await _rights.On(topic, _account, _asFamily) is not { } participant)
            {
                Leave(topic);
                return JoinAnswer.Refused("not-found");
            }

            // Most often somebody is the same person in all their topics.
            _joined[topic] = new(_joined.Values.FirstOrDefault(one => one.As == participant)?.As ?? participant, actor);
            // What this account may do has changed while it was asked: the change may not have seen this topic among the joined ones.
        }
        while (changes != Volatile.Read(ref _standingChanges));

        await _feed.Follow(topic, this);
        var answer = await actor.CatchUp(have);
        if (_joined.ContainsKey(topic) && !_ended)
            return JoinAnswer.Of(answer);

        // Removed, left or gone while it was being joined: it must not go on following.
        _feed.Leave(topic, this);
        return JoinAnswer.Refused("not-found");
    }

    public void Leave(string topic)
    {
        if (_joined.TryRemove(topic, out var joined))
        {
            _feed.Leave(topic, this);
            Mark(joined, null);
        }
    }

    /// <summary>Passes this browser's mark on, as the person that it is signed in as (L4); null takes it away.</summary>
    public void Mark(Joined joined, MarkPlace? place) =>
        joined.Actor.Mark(new LiveMark(_connection.ConnectionId[..Math.Min(12, _connection.ConnectionId.Length)], place is null ? null : joined.As, place)).Ignore();

    public void Take(LiveMessage message)
    {
        if (!_outbound.Take(message))
        {
            LiveLog.BrowserCut(_logger);
            _connection.Abort();
        }
    }

    // L2: what this account may do has changed. Asked anew, topic by topic.
    private async Task StandingChanged()
    {
        var mine = Interlocked.Increment(ref _standingChanges);
        if (await _rights.Standing(_account) is not { } standing || standing.SecurityStamp != _stamp || !standing.Devices.Contains(_device))
        {
            _connection.Abort();
            return;
        }

        foreach (var topic in _joined.Keys)
        {
            var now = await _rights.On(topic, _account, _asFamily);
            // Something changed again while we asked: whoever was told of that asks for all topics anew, and this answer may be older than theirs.
            if (mine != Volatile.Read(ref _standingChanges))
                return;
            if (now is { } participant)
            {
                if (_joined.TryGetValue(topic, out var before))
                    _joined.TryUpdate(topic, before with { As = participant }, before);
            }
            else
            {
                Leave(topic);
                Take(new LiveMessage(LiveFrame.Removed(topic, "not-found")));
            }
        }
    }

    private sealed class AccountListener(Browser browser) : IListener
    {
        public void Take(LiveMessage message) => Ask().Ignore();

        private async Task Ask()
        {
            try
            {
                await browser.StandingChanged();
            }
            catch (Exception exception)
            {
                // Not knowing what somebody may see, we show nothing: the browser comes back and is authorized anew.
                LiveLog.WatchFailed(browser._logger, exception, KeyKinds.Account);
                browser._connection.Abort();
            }
        }
    }
}

/// <summary>A topic that a browser has joined.</summary>
/// <param name="As">As whom.</param>
/// <param name="Actor">The topic's actor, kept: making a reference anew with each letter takes longer than passing the letter on.</param>
internal sealed record Joined(Participant As, ILiveTopicGrain Actor)
{
    /// <summary>The actor, if its topic has text.</summary>
    public ITextDocumentGrain? Document => Actor as ITextDocumentGrain;
}

/// <summary>The answer to a join; see <c>PROTOCOL.md</c>.</summary>
internal sealed record JoinAnswer(bool Ok, string? Code, string? Epoch, long? N, LiveFrame? View, ImmutableArray<LiveFrame>? Events, ImmutableArray<MarkView>? Marks)
{
    public static JoinAnswer Refused(string code) => new(false, code, null, null, null, null, null);

    public static JoinAnswer Of(LiveCatchUp answer) => new(
        true, null, answer.Position.Epoch, answer.Position.N,
        answer.View is { } view ? new LiveFrame(view) : null,
        answer.Events is { } events ? [.. events.Select(LiveFrame.Of)] : null,
        [.. answer.Marks.Select(MarkView.Of)]);
}
