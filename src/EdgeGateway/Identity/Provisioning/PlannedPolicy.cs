namespace EdgeGateway.Identity.Provisioning;

/// <summary>Exactly one of name and document is set.</summary>
internal sealed record PlannedPolicy(string LogicalName, string? Name, string? Document);
