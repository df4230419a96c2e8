namespace EdgeGateway.Sync.Things;

/// <summary>The synchronisation of registries as API and command line see it.</summary>
internal interface IRegistrySync
{
    IReadOnlyList<RegistrySyncSummary> Upstreams { get; }

    /// <summary>Each entry that is kept alike, was, or is not and why.</summary>
    IReadOnlyList<(string Upstream, RegistrySyncRecord Record)> Entries { get; }

    /// <summary>Values given up, newest first.</summary>
    IReadOnlyList<RegistryJournalEntry> Journal(int atMost);

    /// <inheritdoc cref="RegistrySync.SettleAsync"/>
    /// <exception cref="RegistryRefusedException">A side does not take it.</exception>
    /// <exception cref="State.UpstreamLostException">The upstream is not reached.</exception>
    Task<RegistrySyncRecord?> SettleAsync(string upstream, RegistryKey key, bool keepsLocal, CancellationToken cancellationToken);

    void CompareNow();
}
