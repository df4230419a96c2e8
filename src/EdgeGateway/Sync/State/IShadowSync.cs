using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>The synchronisation of shadows as API and command line see it.</summary>
internal interface IShadowSync
{
    IReadOnlyList<ShadowSyncSummary> Upstreams { get; }

    /// <summary>Each shadow that is kept alike, or was.</summary>
    IReadOnlyList<ShadowSyncStatus> Shadows { get; }

    /// <summary>Values given up, newest first.</summary>
    /// <param name="upstream">Null: of all.</param>
    /// <param name="shadow">Null: of all.</param>
    IReadOnlyList<JournalEntry> Journal(string? upstream, ShadowId? shadow, int atMost);

    /// <summary>Puts the value given up back, as a write of this side: it goes up like any other.</summary>
    /// <returns>Null: the journal has no such entry.</returns>
    Task<ShadowAnswer?> RestoreAsync(long entry, CancellationToken cancellationToken);

    /// <summary>Compares every shadow with its upstream again.</summary>
    void ReconcileNow();
}
