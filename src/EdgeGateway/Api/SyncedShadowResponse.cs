using EdgeGateway.Sync.State;

namespace EdgeGateway.Api;

/// <summary>How one shadow stands towards one upstream.</summary>
/// <param name="Name">Null for the classic shadow.</param>
/// <param name="State"><c>insync</c>, <c>pending</c>, <c>conflict</c> or <c>parked</c>.</param>
/// <param name="Reason">Why it is parked.</param>
public sealed record SyncedShadowResponse(string Upstream, string Thing, string? Name, string State, string? Reason, DateTimeOffset Since)
{
    internal static SyncedShadowResponse From(ShadowSyncStatus status) =>
        new(status.Upstream, status.Shadow.Thing, status.Shadow.IsClassic ? null : status.Shadow.Name, status.State, status.Reason, status.Since);
}
