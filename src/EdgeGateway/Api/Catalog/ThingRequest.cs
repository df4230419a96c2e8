using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A thing to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ThingRequest(string? TypeName, IReadOnlyDictionary<string, string>? Attributes, string? BillingGroupName);
