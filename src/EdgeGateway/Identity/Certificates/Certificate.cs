namespace EdgeGateway.Identity.Certificates;

/// <summary>A registered client certificate, without its PEM.</summary>
/// <param name="Id">Lower-case hex SHA-256 of the DER, 64 characters.</param>
/// <param name="CaCertificateId">The registered or local CA that signed it; null when registered without CA.</param>
/// <param name="Mode">DEFAULT or SNI_ONLY.</param>
/// <param name="Version">Counts its changes from 1 (customerVersion).</param>
public sealed record Certificate(
    string Id, CertificateStatus Status, string? CaCertificateId, string Mode, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset Created,
    DateTimeOffset Modified, long Version);
