namespace EdgeGateway.Api.Catalog;

/// <summary>A bearer token.</summary>
/// <param name="Token">Shown once, when it is made; null afterwards.</param>
public sealed record AccessTokenResponse(string Id, string? Token, string Owner, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
