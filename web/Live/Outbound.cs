using Microsoft.AspNetCore.SignalR;
using SchoolHome.Live;

namespace SchoolHome.Web.Live;

/// <summary>
/// What leaves for one browser, in order. A message goes out where it comes, without waiting for anybody; only while the network takes no more does it wait here, and what waits is bounded (L7).
/// </summary>
internal sealed class Outbound(HubConnectionContext connection)
{
    private readonly Lock _lock = new();
    private Queue<LiveMessage>? _waiting;
    private bool _sending;
    private bool _ended;

    /// <summary>Takes a message at once. False when too many wait already: the browser reads too slowly.</summary>
    public bool Take(LiveMessage message)
    {
        lock (_lock)
        {
            if (_ended)
                return true;
            if (_sending)
            {
                if (_waiting?.Count >= LiveLimits.MessagesPerConnection)
                    return false;

                (_waiting ??= []).Enqueue(message);
                return true;
            }

            // Under the lock, so that nobody overtakes. It does not block: what the network does not take yet is finished later.
            var sent = connection.WriteAsync(message.Written);
            if (!sent.IsCompletedSuccessfully)
            {
                _sending = true;
                SendRest(sent).Ignore();
            }

            return true;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _waiting = null;
        }
    }

    private async Task SendRest(ValueTask sent)
    {
        while (true)
        {
            await sent;
            lock (_lock)
            {
                if (_waiting is null || !_waiting.TryDequeue(out var next))
                {
                    (_sending, _waiting) = (false, null);
                    return;
                }

                sent = connection.WriteAsync(next.Written);
            }
        }
    }
}
