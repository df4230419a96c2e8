using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>Exactly one of id, PEM and CSR is set.</summary>
internal sealed record PlannedCertificate(string LogicalName, string? Id, string? Pem, string? CaPem, string? Csr, CertificateStatus Status);
