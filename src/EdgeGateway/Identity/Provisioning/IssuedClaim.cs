namespace EdgeGateway.Identity.Provisioning;

/// <summary>A claim certificate as it is handed out once.</summary>
internal sealed record IssuedClaim(string Id, string Pem, string PublicKeyPem, string PrivateKeyPem);
