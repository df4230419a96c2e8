using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A thing group to be made.</summary>
/// <param name="ParentName">Fixed from then on; null for a root.</param>
/// <param name="Query">Of the fleet index: the group is dynamic, has no parent, and these things are in it. Null for a static group.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GroupRequest(string? ParentName, string? Description, IReadOnlyDictionary<string, string>? Attributes, IReadOnlyDictionary<string, string>? Tags, string? Query = null);
