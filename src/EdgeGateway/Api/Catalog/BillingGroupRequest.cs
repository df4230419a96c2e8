using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A billing group to be made, or its new description.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BillingGroupRequest(string? Description, long? ExpectedVersion);
