namespace EdgeGateway.Identity.Credentials;

/// <summary>Keys for AWS CLI and SDKs (SigV4). The secret must be had back to verify a signature, so it is kept encrypted, not hashed.</summary>
public interface IAccessKeys
{
    /// <returns>The key and its secret (40 characters), which is shown this once.</returns>
    Task<(AccessKey Key, string Secret)> CreateAsync(string owner, Role role, string actor);

    Task DeleteAsync(string id, string actor);

    IReadOnlyList<AccessKey> List();

    /// <summary>For verifying a signature; null for an unknown key.</summary>
    (AccessKey Key, string Secret)? FindWithSecret(string id);
}
