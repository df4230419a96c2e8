using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A thing group to be made.</summary>
/// <param name="ParentName">Fixed from then on; null for a root.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GroupRequest(string? ParentName, string? Description, IReadOnlyDictionary<string, string>? Attributes, IReadOnlyDictionary<string, string>? Tags);
