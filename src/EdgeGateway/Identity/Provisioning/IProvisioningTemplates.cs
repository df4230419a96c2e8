namespace EdgeGateway.Identity.Provisioning;

/// <summary>Provisioning templates (AWS guide: Device provisioning). Refusals are <see cref="IdentityException"/>, a faulty body is <see cref="TemplateException"/>.</summary>
public interface IProvisioningTemplates
{
    Task<ProvisioningTemplate> CreateAsync(string name, string type, string body, bool enabled, string? description, string? roleArn, string? hook, string actor);

    Task<ProvisioningTemplate> UpdateAsync(string name, ProvisioningTemplateUpdate update, string actor);

    Task DeleteAsync(string name, string actor);

    /// <summary>At most five versions at a time.</summary>
    Task<ProvisioningTemplateVersion> CreateVersionAsync(string name, string body, bool setAsDefault, string actor);

    /// <summary>Any but the default.</summary>
    Task DeleteVersionAsync(string name, long version, string actor);

    ProvisioningTemplate? Find(string name);

    IReadOnlyList<ProvisioningTemplateVersion> Versions(string name);

    /// <summary>By name.</summary>
    IReadOnlyList<ProvisioningTemplate> List();
}
