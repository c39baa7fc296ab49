using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>Where text messages go out. The silo has one; whether it can send is a matter of configuration.</summary>
internal interface ITextMessageGateway
{
    /// <summary>Whether text messages can be sent at all.</summary>
    bool CanSend { get; }

    /// <summary>Sends a message, or finds that it never can be sent. Throws when it is worth trying again.</summary>
    Task Send(PhoneMessage message);
}

// Not reentrant: messages go out one after the other, so that one that is being sent is not sent again.
[GrainType("text-message")]
internal sealed partial class TextMessageGrain(
    ITextMessageGateway gateway,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<TextMessageGrain> logger) : Grain, ITextMessageGrain
{
    private const int Remembered = 1_000;
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromDays(1);

    // Of several messages in one fact some may be sent when another fails, and then all come again. Forgotten in a crash: the gateway knows them by their ids.
    private readonly HashSet<Guid> _sent = [];
    private readonly Queue<Guid> _order = new();

    public async Task Take(Delivery delivery)
    {
        if (delivery.Fact is not MessagesAre messages)
            throw new ArgumentException($"A sender of text messages takes no {delivery.Fact.GetType().Name}.", nameof(delivery));
        if (!gateway.CanSend)
            return;

        Exception? failure = null;
        foreach (var message in messages.Messages)
        {
            if (_sent.Contains(message.Id))
                continue;
            if (message.At + GivesUpAfter <= clock.GetUtcNow())
            {
                LogGivenUp(logger, message.Id);
                continue;
            }

            try
            {
                await gateway.Send(message);
                _sent.Add(message.Id);
                _order.Enqueue(message.Id);
                if (_order.Count > Remembered)
                    _sent.Remove(_order.Dequeue());
            }
            catch (Exception exception)
            {
                // The others do not wait for one that cannot be sent now.
                failure ??= exception;
            }
        }

        if (failure is not null)
            throw new OutcomeUnknownException("A text message could not be sent; it is tried again.", failure);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Text message {Message} could not be sent for a day and is dropped")]
    private static partial void LogGivenUp(ILogger logger, Guid message);
}
