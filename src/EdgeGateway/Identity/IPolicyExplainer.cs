using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>Why a request is allowed or not: <c>policy explain</c>, TestAuthorization, GetEffectivePolicies.</summary>
public interface IPolicyExplainer
{
    /// <param name="connection">As if this connection asked; it need not exist.</param>
    /// <param name="resource">Full ARN, or <c>*</c>.</param>
    /// <param name="added">As if these were attached too.</param>
    /// <param name="skipped">As if policies of these names were not.</param>
    PolicyExplanation Explain(ConnectionRequest connection, string action, string resource, IReadOnlyList<PolicySource>? added = null, IReadOnlyList<string>? skipped = null);

    /// <param name="clientId">Null for a request without an MQTT connection.</param>
    IReadOnlyList<PolicySource> EffectivePolicies(Principal principal, string? clientId);
}
