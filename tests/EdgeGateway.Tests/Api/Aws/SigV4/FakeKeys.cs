using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Tests.Api.Aws.SigV4;

/// <summary>One key.</summary>
internal sealed class FakeKeys : IAccessKeys
{
    public const string Id = "AKIAIOSFODNN7EXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    public (AccessKey Key, string Secret)? FindWithSecret(string id) =>
        id == Id ? (new AccessKey(Id, "engineer", Role.Operator, DateTimeOffset.UnixEpoch), Secret) : null;

    public Task<(AccessKey Key, string Secret)> CreateAsync(string owner, Role role, string actor) => throw new NotSupportedException();

    public Task DeleteAsync(string id, string actor) => throw new NotSupportedException();

    public IReadOnlyList<AccessKey> List() => throw new NotSupportedException();
}
