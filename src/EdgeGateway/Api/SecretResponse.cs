namespace EdgeGateway.Api;

/// <summary>A secret of rules, without its value.</summary>
public sealed record SecretResponse(string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
