namespace EdgeGateway.Identity.Policies;

/// <summary>Outcome over all policies together: any matching Deny wins, else any matching Allow, else nothing matched (AWS guide: IoT policies).</summary>
public enum PolicyDecision
{
    ImplicitDeny,
    Allow,
    Deny,
}
