namespace EdgeGateway.Identity.Certificates;

/// <summary>The life of client certificates (AWS guide: Client certificates): the one door the API, the command line and provisioning share.</summary>
/// <remarks>Writes complete when they are on disk and in force. Every change is audited under <c>actor</c>. Refusals are <see cref="IdentityException"/>.</remarks>
public interface ICertificates
{
    /// <summary>RSA 2048 key and certificate by the local CA. The private key is not kept.</summary>
    /// <param name="commonName">Subject CN; null for a neutral one.</param>
    Task<IssuedCertificate> CreateKeysAndCertificateAsync(CertificateStatus status, string? commonName, string actor);

    /// <summary>Signs a CSR (RSA from 2048 bits, EC P-256, P-384, P-521) with its subject; its extensions are not taken over.</summary>
    Task<IssuedCertificate> CreateFromCsrAsync(string csrPem, CertificateStatus status, string actor);

    /// <summary>One the user brings, signed by a registered active CA; <paramref name="caPem"/> is needed where several share a subject.</summary>
    Task<Certificate> RegisterAsync(string pem, string? caPem, CertificateStatus status, string actor);

    /// <summary>One the user brings, whoever signed it; its chain is never looked at.</summary>
    Task<Certificate> RegisterWithoutCaAsync(string pem, CertificateStatus status, string actor);

    /// <summary>Leaving ACTIVE closes live connections at once; REVOKED is final.</summary>
    Task<Certificate> UpdateAsync(string id, CertificateStatus newStatus, string actor);

    /// <param name="force">Detaches its policies; overrides neither ACTIVE nor an attached thing.</param>
    Task DeleteAsync(string id, bool force, string actor);

    Certificate? Find(string id);

    string? Pem(string id);

    /// <summary>By creation date, oldest first.</summary>
    /// <param name="caCertificateId">Only those this CA signed; null for all.</param>
    IReadOnlyList<Certificate> List(string? caCertificateId);
}
