using System.Globalization;
using System.Runtime.InteropServices;
using Orleans.Runtime;
using Orleans.Storage;

namespace SchoolHome.Silo.Storage;

/// <summary>
/// Actors' states over Orleans' AdoNet provider, which goes on to read and to clear, and whose schema this is. Only writes go another way: those of different actors that
/// wait at the same time are committed together. The rows are those that the provider would write; it can take over at any time (<see cref="StorageOptions.GroupCommit"/>).
/// </summary>
internal sealed class GroupCommitStorage(IGrainStorage provider, IReadOnlyList<GroupCommitQueue> queues, IGrainStorageSerializer serializer)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        provider.ReadStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        provider.ClearStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!IsText(stateName, grainId))
        {
            await provider.WriteStateAsync(stateName, grainId, grainState);
            return;
        }

        // Up to here on the actor's turn: what is stored is the state at this moment, whatever the actor does while it waits.
        var row = new RowWrite(new(stateName, grainId.Key.ToString()!), Version(grainState.ETag), Bytes(serializer.Serialize(grainState.State)));
        await QueueOf(row.Key).WriteAsync(row);
        grainState.ETag = row.Next.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    // Stages stop in reverse: actors that deactivate write until a later one has stopped.
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(GroupCommitStorage), ServiceLifecycleStage.RuntimeStorageServices, static _ => Task.CompletedTask, StopAsync);

    public void Dispose()
    {
        foreach (var queue in queues) queue.Dispose();
    }

    private Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(queues.Select(queue => queue.StopAsync(cancellationToken)));

    /// <summary>Always the same one for a row, so that its writes stay in their order.</summary>
    private GroupCommitQueue QueueOf(RowKey row) => queues[(int)((uint)row.GetHashCode() % (uint)queues.Count)];

    /// <summary>
    /// Whether the row's key is the names as they are. The provider takes some apart: keys that are numbers, names of generic types. None of our own are, so it may write them itself.
    /// </summary>
    private static bool IsText(string stateName, GrainId grainId) =>
        !stateName.Contains('`', StringComparison.Ordinal) && !grainId.TryGetGuidKey(out _, out _) && !grainId.TryGetIntegerKey(out _, out _);

    // What the serializer has made is nobody else's: it is taken as it is, where it fills its array.
    private static byte[] Bytes(BinaryData data) =>
        MemoryMarshal.TryGetArray(data.ToMemory(), out var part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array : data.ToArray();

    private static int? Version(string? etag) => string.IsNullOrWhiteSpace(etag) ? null : int.Parse(etag, CultureInfo.InvariantCulture);
}
