namespace EdgeGateway.Identity.Policies;

public enum PolicyEffect
{
    Allow,
    Deny,
}
