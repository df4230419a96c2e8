namespace EdgeGateway.Rules.Secrets;

/// <summary>A secret without its value.</summary>
public sealed record SecretInfo(string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
