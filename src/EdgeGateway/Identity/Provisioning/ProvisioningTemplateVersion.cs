namespace EdgeGateway.Identity.Provisioning;

/// <summary>One version of a provisioning template.</summary>
public sealed record ProvisioningTemplateVersion(string TemplateName, long Version, string Body, bool IsDefault, DateTimeOffset Created);
