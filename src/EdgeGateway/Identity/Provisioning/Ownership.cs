namespace EdgeGateway.Identity.Provisioning;

/// <param name="Used">Request key and answer of the use it had, as written; null while unused.</param>
internal sealed record Ownership(string CertificateId, string? Used);
