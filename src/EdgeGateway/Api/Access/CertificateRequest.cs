namespace EdgeGateway.Api.Access;

/// <summary>A certificate to make or to register: exactly one of nothing (the gateway makes key and certificate), CSR, or PEM.</summary>
/// <param name="CommonName">Subject CN of a certificate made here.</param>
/// <param name="CaPem">Which of several CAs of one name signed <paramref name="Pem"/>.</param>
/// <param name="AnyIssuer">Register <paramref name="Pem"/> whoever signed it.</param>
/// <param name="Inactive">Do not let it in yet.</param>
internal sealed record CertificateRequest(string? CommonName, string? Csr, string? Pem, string? CaPem, bool AnyIssuer, bool Inactive);
