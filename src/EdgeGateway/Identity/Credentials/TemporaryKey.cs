namespace EdgeGateway.Identity.Credentials;

/// <summary>A key for AWS tools that ends by itself and acts under a role; a device got it for its certificate.</summary>
/// <param name="Id"><c>ASIA</c> and 16 of A-Z2-7.</param>
/// <param name="SessionToken">Comes with every request beside the signature; only this gateway can read it.</param>
/// <param name="RoleArn">Of the role alias when the key was made.</param>
/// <param name="CertificateId">Whose certificate it was; with its end the key ends.</param>
public sealed record TemporaryKey(string Id, string Secret, string SessionToken, string RoleArn, string CertificateId, DateTimeOffset Expires);
