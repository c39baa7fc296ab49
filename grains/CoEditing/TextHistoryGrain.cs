using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.Grains.Durability;
using Wire = SchoolHome.CoEditing;

namespace SchoolHome.Grains.CoEditing;

/// <summary>One chunk, once written never changed.</summary>
internal sealed record TextHistoryState
{
    public int Schema { get; init; } = 1;

    public int FirstVersion { get; init; }

    public ImmutableArray<HistoricUpdate> Updates { get; init; } = [];
}

[GrainType("text-history")]
internal sealed class TextHistoryGrain([PersistentState("text-history")] IPersistentState<TextHistoryState> storage) : Grain, ITextHistoryGrain
{
    public Task Write(Wire.TextHistoryChunk chunk) =>
        storage.RecordExists ? Task.CompletedTask : storage.Store(new TextHistoryState { FirstVersion = chunk.FirstVersion, Updates = chunk.Updates }, this);

    public Task<Wire.TextHistoryChunk?> Read() =>
        Task.FromResult(storage.RecordExists ? new Wire.TextHistoryChunk(storage.State.FirstVersion, storage.State.Updates) : null);
}
