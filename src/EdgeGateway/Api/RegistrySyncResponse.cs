using EdgeGateway.Sync.Things;

namespace EdgeGateway.Api;

/// <summary>How many entries of the registry are kept alike with one upstream, and how they stand.</summary>
/// <param name="Fault">Why the upstream's registry is not reached; null: it is.</param>
public sealed record RegistrySyncResponse(string Upstream, string? Fault, int Waiting, int InSync, int Conflict, int Parked)
{
    internal static RegistrySyncResponse From(RegistrySyncSummary summary) => new(summary.Upstream, summary.Fault, summary.Waiting, summary.InSync, summary.Conflict, summary.Parked);
}
