using System.Collections.Immutable;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Sync.Things;

/// <summary>How one entry stands towards an upstream.</summary>
/// <param name="Base">What both sides had in common last; null: nothing yet.</param>
/// <param name="Reason">Why it is not in sync.</param>
/// <param name="Since">Of the state, Unix milliseconds.</param>
internal sealed record RegistrySyncRecord(RegistryKey Key, ImmutableSortedDictionary<string, string>? Base, SyncState State, string? Reason, long Since);
