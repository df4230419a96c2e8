namespace EdgeGateway.Identity.Policies;

/// <summary>One statement of a policy. It matches a request when action, resource and every condition do.</summary>
/// <param name="Sid">Its own name, or null.</param>
/// <param name="Actions">Patterns of <c>Action</c>, or of <c>NotAction</c> where <paramref name="NotAction"/>.</param>
/// <param name="Resources">Patterns of <c>Resource</c>, or of <c>NotResource</c> where <paramref name="NotResource"/>.</param>
public sealed record PolicyStatement(
    string? Sid,
    PolicyEffect Effect,
    bool NotAction,
    IReadOnlyList<PolicyPattern> Actions,
    bool NotResource,
    IReadOnlyList<PolicyPattern> Resources,
    IReadOnlyList<PolicyCondition> Conditions);
