using System.Collections.Immutable;
using SchoolHome.Grains.Durability;
using SchoolHome.People;

namespace SchoolHome.Grains.People;

/// <summary>One chunk, once written never changed.</summary>
internal sealed record AuditChunkState
{
    public int Schema { get; init; } = 1;

    public ImmutableArray<AuditEntry> Entries { get; init; } = [];
}

[GrainType("audit-chunk")]
internal sealed class AuditChunkGrain([PersistentState("audit-chunk")] IPersistentState<AuditChunkState> storage) : Grain, IAuditChunkGrain
{
    public Task Write(ImmutableArray<AuditEntry> entries) =>
        storage.RecordExists ? Task.CompletedTask : storage.Store(new AuditChunkState { Entries = entries }, this);

    public Task<ImmutableArray<AuditEntry>> Read() => Task.FromResult<ImmutableArray<AuditEntry>>(storage.RecordExists ? storage.State.Entries : []);
}
