using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Api.Access;

/// <summary>A registered client certificate.</summary>
/// <param name="Pem">Only when one is asked for by its id.</param>
internal sealed record CertificateResponse(
    string Id, string Arn, string Status, string? Ca, string Mode, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset Created,
    IReadOnlyList<string> Things, IReadOnlyList<string> Policies, string? Pem)
{
    public static CertificateResponse From(Certificate certificate, string arn, IReadOnlyList<string> things, IReadOnlyList<string> policies, string? pem) => new(
        certificate.Id, arn, certificate.Status.ToWire(), certificate.CaCertificateId, certificate.Mode, certificate.NotBefore, certificate.NotAfter, certificate.Created, things, policies, pem);
}
