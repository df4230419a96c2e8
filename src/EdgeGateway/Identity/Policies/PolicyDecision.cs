namespace EdgeGateway.Identity.Policies;

/// <summary>Outcome over all policies together: any matching Deny wins, else any matching Allow, else nothing matched (auth.md §6).</summary>
public enum PolicyDecision
{
    ImplicitDeny,
    Allow,
    Deny,
}
