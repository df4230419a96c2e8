using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Tests.Rules;

/// <summary>Decides by the documents that a principal brings.</summary>
internal sealed class PolicyJudge : IAuthorizer
{
    public long Epoch => 0;

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public event Action<string>? CertificateClosed
    {
        add { }
        remove { }
    }

    public IConnectionAuthority Open(ConnectionRequest connection) => throw new NotSupportedException();

    public PolicyDecision Decide(Principal principal, string action, string resource) => PolicyInterpreter.Decide(
        [.. principal.PolicyDocuments.Select(static document => new PolicySource("role", "1", "role", document))], action, resource, new PolicyContext(), new PolicyRules());
}
