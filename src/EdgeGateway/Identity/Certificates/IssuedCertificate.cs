namespace EdgeGateway.Identity.Certificates;

/// <summary>A new certificate as it is handed out once.</summary>
/// <param name="PrivateKeyPem">PKCS#1 PEM, never kept; null where the caller holds the key.</param>
public sealed record IssuedCertificate(Certificate Certificate, string Pem, string? PublicKeyPem, string? PrivateKeyPem);
