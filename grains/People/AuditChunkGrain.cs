using System.Collections.Immutable;
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
    public async Task Write(ImmutableArray<AuditEntry> entries)
    {
        if (storage.RecordExists)
            return;

        storage.State = new AuditChunkState { Entries = entries };
        await storage.WriteStateAsync();
    }

    public Task<ImmutableArray<AuditEntry>> Read() => Task.FromResult<ImmutableArray<AuditEntry>>(storage.RecordExists ? storage.State.Entries : []);
}
