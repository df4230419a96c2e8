using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <param name="State"><c>insync</c>, <c>pending</c>, <c>conflict</c> or <c>parked</c>.</param>
internal sealed record ShadowSyncStatus(string Upstream, ShadowId Shadow, string State, string? Reason, DateTimeOffset Since, long LocalVersion, long CloudVersion);
