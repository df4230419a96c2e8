namespace EdgeGateway.Identity.Policies;

/// <summary>A policy's default version, parsed once.</summary>
internal sealed record PolicyInForce(string Name, long Version, PolicyDocument Document);
