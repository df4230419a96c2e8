using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A thing type to be made.</summary>
/// <param name="SearchableAttributes">Up to three attribute names; fixed from then on.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TypeRequest(string? Description, IReadOnlyList<string>? SearchableAttributes, IReadOnlyDictionary<string, string>? Tags);
