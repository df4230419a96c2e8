namespace EdgeGateway.Sync.Things;

/// <summary>A value that was given up because both sides had changed it.</summary>
/// <param name="At">Unix milliseconds.</param>
internal sealed record RegistryJournalEntry(long At, string Upstream, RegistryKey Key, RegistryConflict Conflict);
