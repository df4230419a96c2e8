using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Api.Access;

/// <summary>A CA whose certificates devices bring.</summary>
internal sealed record CaResponse(string Id, string Arn, string Status, bool AutoRegistration, string Mode, string? Template, DateTimeOffset NotAfter, DateTimeOffset Created)
{
    public static CaResponse From(CaCertificate ca, string arn) =>
        new(ca.Id, arn, ca.Active ? "ACTIVE" : "INACTIVE", ca.AutoRegistration, ca.Mode, ca.Registration?.TemplateName ?? (ca.Registration?.TemplateBody is null ? null : "(inline)"), ca.NotAfter, ca.Created);
}
