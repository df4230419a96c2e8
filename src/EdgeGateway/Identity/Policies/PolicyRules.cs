namespace EdgeGateway.Identity.Policies;

/// <summary>Settings of the language that the cloud does not have (docs/interface.md).</summary>
/// <param name="AcceptAnyAccountRegion">Region and account of policy ARNs count as <c>*</c>, so that policies taken from the cloud work unchanged.</param>
/// <param name="UnresolvedDenyMatches">A Deny with a variable that has no value matches any text there: fails closed.</param>
public sealed record PolicyRules(bool AcceptAnyAccountRegion = false, bool UnresolvedDenyMatches = false)
{
    public static PolicyRules Default { get; } = new();
}
