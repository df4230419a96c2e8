namespace EdgeGateway.Sync.State;

/// <param name="Fault">Why the upstream's shadow service is not reached; null: it is.</param>
/// <param name="Waiting">Shadows to be looked at now.</param>
internal sealed record ShadowSyncSummary(string Upstream, string? Fault, int Waiting, int InSync, int Pending, int Conflict, int Parked);
