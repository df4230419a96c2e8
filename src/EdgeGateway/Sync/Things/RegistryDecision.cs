using System.Collections.Immutable;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Sync.Things;

/// <summary>What is to be done about one entry.</summary>
internal sealed record RegistryDecision
{
    /// <summary>How it stands once that is done.</summary>
    public SyncState State { get; init; } = SyncState.InSync;

    /// <summary>Why it is not in sync.</summary>
    public string? Reason { get; init; }

    /// <summary>What is to be written here; null: nothing.</summary>
    public ImmutableSortedDictionary<string, string>? WriteLocal { get; init; }

    /// <summary>What is to be written there; null: nothing.</summary>
    public ImmutableSortedDictionary<string, string>? WriteUpstream { get; init; }

    public bool DeleteLocal { get; init; }
    public bool DeleteUpstream { get; init; }

    /// <summary>What both sides have in common afterwards; null: nothing, the entry is forgotten.</summary>
    public ImmutableSortedDictionary<string, string>? Base { get; init; }

    public IReadOnlyList<RegistryConflict> Conflicts { get; init; } = [];

    public bool WritesNothing => WriteLocal is null && WriteUpstream is null && !DeleteLocal && !DeleteUpstream;
}
