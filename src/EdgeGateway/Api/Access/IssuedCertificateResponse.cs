namespace EdgeGateway.Api.Access;

/// <summary>A certificate just made or registered.</summary>
/// <param name="PrivateKeyPem">Handed out this once; null where the caller holds the key.</param>
internal sealed record IssuedCertificateResponse(string Id, string Arn, string Status, string? Pem, string? PrivateKeyPem, string CaPem);
