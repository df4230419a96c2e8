using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>What to change of a thing; absent members stay as they are.</summary>
/// <param name="RemoveType">Takes the type away.</param>
/// <param name="Attributes">An empty value removes that attribute.</param>
/// <param name="Replace">These attributes in place of all others.</param>
/// <param name="ExpectedVersion">Refused unless the thing is at this version.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ThingChangeRequest(string? TypeName, bool RemoveType, IReadOnlyDictionary<string, string>? Attributes, bool Replace, long? ExpectedVersion);
