using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>Who a connection or request speaks for.</summary>
/// <param name="Id">Certificate id (64 hex digits), user name, access key's owner, or <c>anonymous</c>; what lifecycle events print as principalIdentifier.</param>
/// <param name="Kind">How it was proved.</param>
/// <param name="CertificateId">The certificate's id where one was presented, else null.</param>
public sealed record Principal(string Id, PrincipalKind Kind, string? CertificateId)
{
    /// <summary>For <see cref="PrincipalKind.Anonymous"/>: the policy in force, looked up at each connect. Null otherwise.</summary>
    public string? PolicyName { get; init; }

    /// <summary>
    /// Documents the principal brings: those an authorizer returned, in place of attached policies, or those of an access key's role, besides them.
    /// </summary>
    public IReadOnlyList<PolicyDocument> PolicyDocuments { get; init; } = [];

    /// <summary>What an authorizer or claim granted this connection, in place of <see cref="PolicyDocuments"/>; null otherwise.</summary>
    public AuthorizerGrant? Grant { get; init; }

    /// <summary>The gateway itself: control socket, rules, drivers.</summary>
    public static Principal Gateway { get; } = new("gateway", PrincipalKind.Local, CertificateId: null);
}
