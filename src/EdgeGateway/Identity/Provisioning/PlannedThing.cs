namespace EdgeGateway.Identity.Provisioning;

/// <param name="LogicalName">Its name in the template.</param>
internal sealed record PlannedThing(
    string LogicalName, string Name, string? TypeName, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Groups, string? BillingGroup,
    OverrideSetting AttributesOverride, OverrideSetting TypeOverride, OverrideSetting GroupsOverride);
