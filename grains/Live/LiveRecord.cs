using SchoolHome.Grains.Durability;

namespace SchoolHome.Grains.Live;

/// <summary>The record of an actor that is watched. Where it is in its stream lies in the record itself, so that it is stored in the same write as the change (L3).</summary>
internal abstract record LiveRecord : DurableRecord
{
    /// <summary>Drawn when the record was first made; empty until then.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>Commits so far.</summary>
    public long N { get; init; }
}
