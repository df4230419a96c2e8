using EdgeGateway.Sync.State;

namespace EdgeGateway.Api;

/// <summary>How many shadows are kept alike with one upstream, and how they stand.</summary>
/// <param name="Fault">Why the upstream's shadow service is not reached; null: it is.</param>
public sealed record ShadowSyncResponse(string Upstream, string? Fault, int Waiting, int InSync, int Pending, int Conflict, int Parked)
{
    internal static ShadowSyncResponse From(ShadowSyncSummary summary) =>
        new(summary.Upstream, summary.Fault, summary.Waiting, summary.InSync, summary.Pending, summary.Conflict, summary.Parked);
}
