namespace EdgeGateway.Identity.Authorizers;

/// <summary>UpdateAuthorizer's request; null leaves a thing as it is.</summary>
public sealed record CustomAuthorizerUpdate(
    string? FunctionArn, string? TokenKeyName, IReadOnlyDictionary<string, string>? SigningKeys, bool? Active, bool? CachesForHttp);
