namespace EdgeGateway.Api.Catalog;

/// <summary>One thing group.</summary>
/// <param name="Path">From the root down to the group itself.</param>
/// <param name="Query">Of a dynamic group; null for a static one.</param>
/// <param name="Status">Of a dynamic group: <c>building</c>, <c>rebuilding</c> or <c>active</c>.</param>
/// <param name="Things">How many are in the group itself.</param>
public sealed record GroupResponse(
    string Name, string Id, string? ParentName, IReadOnlyList<string> Path, string? Description, IReadOnlyDictionary<string, string> Attributes, long Version, int Things, DateTimeOffset CreatedAt, string? Query, string? Status);
