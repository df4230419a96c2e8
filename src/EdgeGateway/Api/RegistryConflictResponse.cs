using EdgeGateway.Sync.Things;

namespace EdgeGateway.Api;

/// <summary>One value of the registry that was given up when both sides had changed it.</summary>
/// <param name="Path">Such as <c>attributes/site</c>, <c>groups/line-1</c>, <c>type</c>, <c>description</c>.</param>
/// <param name="Local">What the gateway had; null: removed.</param>
/// <param name="Cloud">What the upstream had; null: removed.</param>
/// <param name="Kept"><c>local</c> or <c>cloud</c>.</param>
public sealed record RegistryConflictResponse(DateTimeOffset Time, string Upstream, string Kind, string Name, string Path, string? Local, string? Cloud, string Kept)
{
    internal static RegistryConflictResponse From(RegistryJournalEntry entry) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(entry.At), entry.Upstream, entry.Key.Kind.ToString().ToLowerInvariant(), entry.Key.Name,
        entry.Conflict.Leaf, entry.Conflict.Local, entry.Conflict.Upstream, entry.Conflict.KeptLocal ? "local" : "cloud");
}
