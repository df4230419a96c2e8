namespace EdgeGateway.Api.Catalog;

/// <summary>One billing group.</summary>
public sealed record BillingGroupResponse(string Name, string Id, string? Description, long Version, int Things, DateTimeOffset CreatedAt);
