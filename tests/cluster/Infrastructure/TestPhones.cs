using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using SchoolHome.Grains.People;
using SchoolHome.People;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>Everybody's phones: they get the text messages that the product sends.</summary>
internal sealed partial class TestPhones : ITextMessageGateway
{
    private readonly ConcurrentQueue<PhoneMessage> _got = new();
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

    public bool CanSend => true;

    /// <summary>The next messages to a phone are not taken.</summary>
    public void FailFor(string phone, int times) => _failures[phone] = times;

    public Task Send(PhoneMessage message)
    {
        if (_failures.TryGetValue(message.Phone, out var left) && left > 0)
        {
            _failures[message.Phone] = left - 1;
            throw new IOException("Told not to take the message.");
        }

        _got.Enqueue(message);
        return Task.CompletedTask;
    }

    public PhoneMessage[] Got(string phone) => [.. _got.Where(message => message.Phone == phone)];

    /// <summary>The code that came last.</summary>
    public async Task<string> CodeSentTo(string phone)
    {
        string? code = null;
        await Eventually.TrueAsync(
            () => Task.FromResult((code = Got(phone).Select(message => Digits().Match(message.Text).Value).LastOrDefault(found => found.Length > 0)) is not null), TimeSpan.FromSeconds(10), "a code on a phone");
        return code!;
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Digits();
}
