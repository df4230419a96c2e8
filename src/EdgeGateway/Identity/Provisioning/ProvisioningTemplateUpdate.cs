namespace EdgeGateway.Identity.Provisioning;

/// <summary>UpdateProvisioningTemplate's request; null leaves a thing as it is.</summary>
public sealed record ProvisioningTemplateUpdate(string? Description, bool? Enabled, long? DefaultVersion, string? RoleArn, string? Hook, bool RemoveHook);
