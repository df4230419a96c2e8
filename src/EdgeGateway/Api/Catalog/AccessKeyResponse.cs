namespace EdgeGateway.Api.Catalog;

/// <summary>A key for AWS CLI and SDKs.</summary>
/// <param name="SecretAccessKey">Shown once, when the key is made; null afterwards.</param>
public sealed record AccessKeyResponse(string AccessKeyId, string? SecretAccessKey, string Owner, string Role, DateTimeOffset CreatedAt);
