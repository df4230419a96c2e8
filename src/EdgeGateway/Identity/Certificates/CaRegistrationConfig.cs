namespace EdgeGateway.Identity.Certificates;

/// <summary>The JITP template of a CA: by name or inline.</summary>
public sealed record CaRegistrationConfig(string? TemplateName, string? TemplateBody, string? RoleArn);
