namespace EdgeGateway.Sync.Things;

/// <summary>A leaf that both sides changed since they were alike.</summary>
/// <param name="Local">Null: it was removed here.</param>
/// <param name="Upstream">Null: it was removed there.</param>
internal sealed record RegistryConflict(string Leaf, string? Local, string? Upstream, bool KeptLocal);
