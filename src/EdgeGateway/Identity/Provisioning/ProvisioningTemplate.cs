namespace EdgeGateway.Identity.Provisioning;

/// <summary>A provisioning template with its default version's body.</summary>
/// <param name="Type">FLEET_PROVISIONING or JITP.</param>
/// <param name="Hook">JSON of preProvisioningHook as given; null without.</param>
/// <param name="Body">Byte for byte as given.</param>
public sealed record ProvisioningTemplate(
    string Name, string? Description, string Type, bool Enabled, string? RoleArn, string? Hook, long DefaultVersion, string Body, DateTimeOffset Created, DateTimeOffset Modified);
