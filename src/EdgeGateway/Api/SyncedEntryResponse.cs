using EdgeGateway.Sync.Things;

namespace EdgeGateway.Api;

/// <summary>How one entry of the registry stands towards one upstream.</summary>
/// <param name="Kind"><c>type</c>, <c>group</c> or <c>thing</c>.</param>
/// <param name="State"><c>insync</c>, <c>conflict</c> or <c>parked</c>.</param>
/// <param name="Reason">Why it is not in sync.</param>
public sealed record SyncedEntryResponse(string Upstream, string Kind, string Name, string State, string? Reason, DateTimeOffset Since)
{
    internal static SyncedEntryResponse From(string upstream, RegistrySyncRecord record) => new(
        upstream, record.Key.Kind.ToString().ToLowerInvariant(), record.Key.Name, record.State.ToString().ToLowerInvariant(), record.Reason, DateTimeOffset.FromUnixTimeMilliseconds(record.Since));
}
