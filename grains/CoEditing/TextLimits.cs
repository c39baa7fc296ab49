namespace SchoolHome.Grains.CoEditing;

/// <summary>How much one text takes. Far above what people write, low enough that a push is decided within one short turn.</summary>
internal sealed record TextLimits
{
    /// <summary>The limits of the contact book.</summary>
    public static readonly TextLimits Default = new();

    /// <summary>For what has been accepted before and is only read again.</summary>
    public static readonly TextLimits Unlimited = new()
    {
        MaxTextLength = int.MaxValue,
        MaxUpdatesPerPush = int.MaxValue,
        MaxEditors = int.MaxValue,
        MaxUpdates = int.MaxValue,
        MaxSectionsPerUpdate = int.MaxValue,
        MaxInsertedPerUpdate = int.MaxValue,
        MaxSectionsPerPush = int.MaxValue,
    };

    /// <summary>Longest text, in UTF-16 code units. A text that is longer already may still be shortened.</summary>
    public int MaxTextLength { get; init; } = 20_000;

    /// <summary>Most updates in one push; a client that has more sends the oldest and goes on when they have come back.</summary>
    public int MaxUpdatesPerPush { get; init; } = 200;

    /// <summary>Most clients (tabs) that ever write in one text.</summary>
    public int MaxEditors { get; init; } = 500;

    /// <summary>Most updates that one text ever takes (T5: what is stored of it is bounded). A child writes a thousand on a long evening.</summary>
    public int MaxUpdates { get; init; } = 20_000;

    /// <summary>Most sections of one update.</summary>
    public int MaxSectionsPerUpdate { get; init; } = 2_000;

    /// <summary>Most code units that one update inserts.</summary>
    public int MaxInsertedPerUpdate { get; init; } = 20_000;

    /// <summary>Most sections of all updates of a push together: the work of rebasing grows with it.</summary>
    public int MaxSectionsPerPush { get; init; } = 20_000;
}
