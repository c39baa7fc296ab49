using System.Collections.Concurrent;
using Orleans.Runtime;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>
/// Which calls have begun. A call counts when the actor has done all that it does before it waits for something. Orleans may carry two calls past each other, so
/// a test that needs one to come first asks here.
/// </summary>
internal sealed class BegunCalls : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(string Key, string Method), int> _begun = new();

    public int Count(IAddressable actor, string method) => _begun.GetValueOrDefault((actor.GetGrainId().Key.ToString()!, method));

    /// <summary>Makes calls, and waits until they have begun.</summary>
    public async Task<Task<T>[]> Begin<T>(IAddressable actor, string method, params Func<Task<T>>[] calls)
    {
        var before = Count(actor, method);
        var made = calls.Select(call => call()).ToArray();
        await Eventually.TrueAsync(
            () => Task.FromResult(Count(actor, method) >= before + calls.Length), TimeSpan.FromSeconds(10), $"{calls.Length} calls of {method} to begin");
        return made;
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var call = context.Invoke();
        _ = _begun.AddOrUpdate((context.TargetId.Key.ToString()!, context.MethodName), 1, (_, count) => count + 1);
        await call;
    }
}
