namespace EdgeGateway.Identity.Credentials;

/// <summary>Tokens for <c>Authorization: Bearer</c> (RFC 6750). Only a hash of each is kept; all end by themselves, and any may be deleted before.</summary>
public interface IBearerTokens
{
    /// <param name="lifetime">1 minute to 10 years.</param>
    /// <returns>The token and its secret, which is shown this once.</returns>
    /// <exception cref="IdentityException">Owner or lifetime is not allowed.</exception>
    Task<(BearerToken Token, string Secret)> CreateAsync(string owner, Role role, TimeSpan lifetime, string actor);

    /// <exception cref="IdentityException">There is none of that id.</exception>
    Task DeleteAsync(string id, string actor);

    /// <summary>Ended ones too, until they are deleted.</summary>
    IReadOnlyList<BearerToken> List();

    /// <summary>Null: unknown, deleted or ended.</summary>
    BearerToken? Find(string secret);
}
