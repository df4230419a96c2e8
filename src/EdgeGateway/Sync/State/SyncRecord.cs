using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>
/// What is remembered of one shadow kept alike with one upstream. Whether something is to be done is not kept but seen: the local version is
/// another than <see cref="LocalVersion"/>, so a crash between a write and its note loses nothing.
/// </summary>
internal sealed record SyncRecord(ShadowId Shadow)
{
    /// <summary>Of a version: no version that there is, for that side has something else already.</summary>
    public const long NotAlike = -1;

    /// <summary>What both sides are known to have shared; null: nothing, or both have deleted it.</summary>
    public SectionStates? Base { get; init; }

    /// <summary>Version there when <see cref="Base"/> was shared.</summary>
    public long CloudVersion { get; init; }

    /// <summary>Version here when <see cref="Base"/> was shared; <see cref="NotAlike"/>: what is here is already newer.</summary>
    public long LocalVersion { get; init; }

    /// <summary>A write to the upstream that was begun and not finished; null: none.</summary>
    public PlannedWrite? Planned { get; init; }

    /// <summary>Rises when one side deleted the shadow and the other brought it back.</summary>
    public int Epoch { get; init; }

    /// <summary>Of the last request's client token.</summary>
    public long Sequence { get; init; }

    public SyncState State { get; init; } = SyncState.Pending;

    /// <summary>Why, where <see cref="State"/> wants a word; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Unix milliseconds since when <see cref="State"/> holds.</summary>
    public long Since { get; init; }
}
