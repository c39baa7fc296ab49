using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using SchoolHome.Live;

namespace SchoolHome.Web.Live;

/// <summary>Somebody in this process who is told what happens in a topic.</summary>
internal interface IListener
{
    /// <summary>Takes a message at once, or is cut: it never makes the others wait (L7).</summary>
    void Take(LiveMessage message);
}

/// <summary>
/// One topic as this process follows it (L5): in order and without gaps, whatever the way here loses, repeats or swaps (L3). What is missing is asked of the actor.
/// </summary>
internal sealed class TopicWatch(string topic, ILiveTopicGrain actor, ILiveFeed feed, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<IListener> _listeners = [];
    private readonly List<LiveEvent> _early = [];
    private readonly List<LiveFrame> _due = [];
    private LivePosition? _position;
    private bool _asking;
    private bool _closed;

    public string Topic => topic;

    public ILiveTopicGrain Actor => actor;

    /// <summary>Adds a listener; false when this watch has just been given up, and a new one is to be made.</summary>
    public bool Add(IListener listener)
    {
        lock (_lock)
        {
            if (_closed)
                return false;

            _listeners.Add(listener);
            return true;
        }
    }

    /// <summary>Removes a listener; true when that was the last one, and the watch is given up.</summary>
    public bool Remove(IListener listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
            return _closed = _listeners.Count == 0;
        }
    }

    /// <summary>Makes sure that the actor knows this process as a watcher; from then on nothing is missed.</summary>
    public async Task Begin()
    {
        lock (_lock)
        {
            if (_position is not null)
                return;
        }

        Reached(await actor.Watch(feed));
    }

    /// <summary>The actor has activated anew and does not know us any more (L5).</summary>
    public async Task BeginAnew()
    {
        try
        {
            Reached(await actor.Watch(feed));
        }
        catch (Exception exception) when (Edge.Problems.IsUnknownOutcome(exception))
        {
            // The next renewal asks again.
            LiveLog.WatchFailed(logger, exception, topic);
        }
    }

    /// <summary>The actor is at this position: if we are not, something was lost on the way.</summary>
    public void Reached(LivePosition position)
    {
        lock (_lock)
        {
            if (_position is null)
            {
                _position = position;
                TakeEarly();
                HandOut();
            }
            else if (_position.Epoch != position.Epoch || _position.N < position.N)
            {
                Ask();
            }
        }
    }

    /// <summary>Something has happened. It is handed out by <see cref="HandOut"/>, along with what else has happened by then: what comes at once goes to a browser as one message.</summary>
    public void Happened(LiveEvent happened)
    {
        lock (_lock)
        {
            if (_position is null || _asking)
                _early.Add(happened);
            else if (!TryTake(happened))
                Ask(happened);
        }
    }

    /// <summary>As <see cref="Happened"/>.</summary>
    public void Marked(LiveMark mark)
    {
        lock (_lock)
            _due.Add(LiveFrame.Of(topic, mark));
    }

    /// <summary>Gives everybody what is due. Under the lock, so that messages leave in the order of their numbers.</summary>
    public void HandOut()
    {
        lock (_lock)
        {
            if (_due.Count == 0)
                return;

            var message = new LiveMessage([.. _due]);
            _due.Clear();
            foreach (var listener in _listeners)
                listener.Take(message);
        }
    }

    private bool TryTake(LiveEvent happened)
    {
        if (happened.Epoch != _position!.Epoch || happened.N > _position.N + 1)
            return false;

        if (happened.N == _position.N + 1)
        {
            _position = new(happened.Epoch, happened.N);
            _due.Add(LiveFrame.Of(happened));
        }

        return true;
    }

    private void TakeEarly()
    {
        var early = _early.OrderBy(one => one.N).ToArray();
        _early.Clear();
        foreach (var happened in early)
        {
            if (!_asking && !TryTake(happened))
                Ask(happened);
        }
    }

    private void Ask(LiveEvent? early = null)
    {
        if (early is not null)
            _early.Add(early);
        if (!_asking && !_closed)
        {
            _asking = true;
            AskActor().Ignore();
        }
    }

    private async Task AskActor()
    {
        while (true)
        {
            LivePosition? have;
            lock (_lock)
            {
                if (_closed)
                    return;
                have = _position;
            }

            try
            {
                var answer = await actor.CatchUp(have);
                lock (_lock)
                {
                    if (answer.Events is { } events)
                    {
                        foreach (var happened in events)
                            TryTake(happened);
                    }
                    else
                    {
                        _due.Add(LiveFrame.Of(topic, answer.Position, answer.View));
                    }

                    _position = answer.Position;
                    _asking = false;
                    TakeEarly();
                    HandOut();
                    return;
                }
            }
            catch (Exception exception)
            {
                LiveLog.WatchFailed(logger, exception, topic);
                await Task.Delay(AskAgainAfter, clock);
            }
        }
    }
}

/// <summary>Frames on their way to browsers, in order: written when the first browser needs them, and kept for the others.</summary>
internal sealed class LiveMessage(params LiveFrame[] frames)
{
    public SerializedHubMessage Written => field ??= new SerializedHubMessage(new InvocationMessage("frames", [frames]));
}

/// <summary>What leaves for browsers: JSON, written once for all of them.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(LiveFrameConverter))]
internal sealed record LiveFrame(byte[] Json)
{
    public static LiveFrame Of(LiveEvent happened) => Write(happened.Topic, writer =>
    {
        writer.WriteString("epoch", happened.Epoch);
        writer.WriteNumber("n", happened.N);
        writer.WritePropertyName("changes");
        writer.WriteRawValue(happened.Changes, skipInputValidation: true);
    });

    public static LiveFrame Of(string topic, LivePosition position, byte[]? view) => Write(topic, writer =>
    {
        writer.WriteString("epoch", position.Epoch);
        writer.WriteNumber("n", position.N);
        writer.WritePropertyName("view");
        if (view is null)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(view, skipInputValidation: true);
    });

    public static LiveFrame Of(string topic, LiveMark mark) => Write(topic, writer =>
    {
        writer.WriteStartArray("marks");
        JsonSerializer.Serialize(writer, MarkView.Of(mark), LiveJson.Options);
        writer.WriteEndArray();
    });

    public static LiveFrame Removed(string topic, string code) => Write(topic, writer => writer.WriteString("removed", code));

    private static LiveFrame Write(string topic, Action<Utf8JsonWriter> rest)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = LiveJson.Options.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("topic", topic);
            rest(writer);
            writer.WriteEndObject();
        }

        return new LiveFrame(stream.ToArray());
    }
}

internal sealed class LiveFrameConverter : System.Text.Json.Serialization.JsonConverter<LiveFrame>
{
    public override LiveFrame Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Frames only leave.");

    public override void Write(Utf8JsonWriter writer, LiveFrame value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
}

/// <summary>A mark as browsers get it.</summary>
internal sealed record MarkView(string Mark, bool? Gone, CoEditing.Participant? Who, string? ClientId, string? Section, int? Version, int? Anchor, int? Head)
{
    public static MarkView Of(LiveMark mark) => mark is { Place: { } place, Who: { } who }
        ? new(mark.Mark, null, who, place.ClientId, place.Section, place.Version, place.Anchor, place.Head)
        : new(mark.Mark, true, null, null, null, null, null, null);
}

internal static partial class LiveLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Topic} did not answer; it is asked again")]
    public static partial void WatchFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Information, Message = "The directory of web processes did not answer; it is told again")]
    public static partial void DirectoryFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "A browser reads too slowly and is cut; it will catch up")]
    public static partial void BrowserCut(ILogger logger);
}
