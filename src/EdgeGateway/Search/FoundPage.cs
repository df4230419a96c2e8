namespace EdgeGateway.Search;

/// <summary>One page of what was found, in order of the names.</summary>
/// <param name="Last">Name of the last entry looked at, to go on after; null when there is no more.</param>
public sealed record FoundPage<T>(IReadOnlyList<T> Items, string? Last);
