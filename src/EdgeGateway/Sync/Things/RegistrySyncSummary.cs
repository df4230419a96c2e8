namespace EdgeGateway.Sync.Things;

/// <param name="Fault">Why the upstream's registry is not reached; null: it is.</param>
/// <param name="Waiting">Entries changed here that are to be looked at now.</param>
internal sealed record RegistrySyncSummary(string Upstream, string? Fault, int Waiting, int InSync, int Conflict, int Parked);
