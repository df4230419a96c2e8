using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>What to change of a group; absent members stay as they are.</summary>
/// <param name="Attributes">An empty value removes that attribute.</param>
/// <param name="Replace">These attributes in place of all others.</param>
/// <param name="Query">Of a dynamic group.</param>
/// <param name="ExpectedVersion">Refused unless the group is at this version.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GroupChangeRequest(string? Description, IReadOnlyDictionary<string, string>? Attributes, bool Replace, long? ExpectedVersion, string? Query = null);
