namespace EdgeGateway.Identity.Authorizers;

/// <summary>A custom authorizer (AWS guide: Custom authentication): asks a local function who somebody is.</summary>
/// <param name="FunctionArn">Its last part, after <c>:</c> or <c>/</c>, is a key of <c>identity.functions</c>.</param>
/// <param name="TokenKeyName">Under which name the token comes; null only where signing is off.</param>
/// <param name="SigningKeys">PEM public keys (RSA from 2048 bits) by id; any of them may have signed the token.</param>
/// <param name="SigningDisabled">Fixed at creation.</param>
/// <param name="CachesForHttp">Answers to HTTP requests are kept for as long as they say.</param>
public sealed record CustomAuthorizer(
    string Name, string FunctionArn, string? TokenKeyName, IReadOnlyDictionary<string, string> SigningKeys, bool Active, bool SigningDisabled, bool CachesForHttp,
    DateTimeOffset Created, DateTimeOffset Modified)
{
    /// <summary>Name of the function in the configuration.</summary>
    public string Function => FunctionArn.Split(':', '/')[^1];
}
