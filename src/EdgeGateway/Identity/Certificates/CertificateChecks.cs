using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity.Certificates;

/// <summary>What is looked at in a certificate apart from its status.</summary>
internal static class CertificateChecks
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string AnyPurpose = "2.5.29.37.0";

    // RSA with SHA-2 (and PSS), ECDSA with SHA-2; DSA is refused, Ed25519 allowed (AWS guide: Client certificates).
    private static readonly HashSet<string> Signatures = new(StringComparer.Ordinal)
    {
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.10",
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.3.101.112",
    };

    /// <exception cref="CryptographicException">The extension cannot be read.</exception>
    public static bool IsCa(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    /// <summary>
    /// An extended key usage, where there is one, must name client authentication; a CA certificate never authenticates a client, nor does one
    /// whose extensions cannot be read: at a handshake anybody shows anything.
    /// </summary>
    public static bool MayAuthenticateClient(X509Certificate2 certificate)
    {
        try
        {
            return !IsCa(certificate) && NamesClients(certificate);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <exception cref="IdentityException">CertificateValidation: the algorithm or key is none we accept.</exception>
    public static void RequireAcceptedAlgorithms(X509Certificate2 certificate)
    {
        if (!Signatures.Contains(certificate.SignatureAlgorithm.Value ?? ""))
            throw new IdentityException(
                IdentityError.CertificateValidation, $"signature algorithm {certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value} is not accepted");
        if (certificate.GetRSAPublicKey() is { } rsa)
        {
            using (rsa)
            {
                if (rsa.KeySize < 2048)
                    throw new IdentityException(IdentityError.CertificateValidation, $"RSA key of {rsa.KeySize} bits, at least 2048 are needed");
            }
        }
    }

    /// <summary>Did that CA's key sign this certificate? Dates play no part: the clock may lie, and the registry's status is the truth.</summary>
    public static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 ca)
    {
        if (!certificate.IssuerName.RawData.AsSpan().SequenceEqual(ca.SubjectName.RawData))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority | X509VerificationFlags.IgnoreNotTimeValid
            | X509VerificationFlags.IgnoreWrongUsage | X509VerificationFlags.IgnoreCertificateAuthorityRevocationUnknown;
        chain.ChainPolicy.VerificationTimeIgnored = true;
        chain.Build(certificate);
        return chain.ChainElements.Count > 1
            && chain.ChainElements[1].Certificate.RawData.AsSpan().SequenceEqual(ca.RawData)
            && !chain.ChainElements[0].ChainElementStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotSignatureValid));
    }

    /// <exception cref="IdentityException">CertificateValidation with what is wrong, for text that holds no certificate.</exception>
    public static X509Certificate2 Parse(string pem, string what = "certificatePem")
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem);
            RequireReadable(certificate, what);
            return certificate;
        }
        catch (CryptographicException fault)
        {
            throw new IdentityException(IdentityError.CertificateValidation, $"{what} holds no certificate in PEM: {fault.Message}");
        }
    }

    /// <summary>Looks at every part that is looked at later, too: the framework decodes them one by one when they are asked for.</summary>
    /// <exception cref="IdentityException">CertificateValidation: a part cannot be decoded.</exception>
    public static void RequireReadable(X509Certificate2 certificate, string what)
    {
        try
        {
            _ = (certificate.NotBefore, certificate.NotAfter, IsCa(certificate), NamesClients(certificate));
            CertificateFields.AddTo(new PolicyContext(), certificate);
            using var rsa = certificate.GetRSAPublicKey();
            using var ec = rsa is null ? certificate.GetECDsaPublicKey() : null;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new IdentityException(IdentityError.CertificateValidation, $"{what} cannot be read: {fault.Message}");
        }
    }

    private static bool NamesClients(X509Certificate2 certificate) => certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().All(usage =>
        usage.EnhancedKeyUsages.Cast<Oid>().Any(purpose => purpose.Value is ClientAuthentication or AnyPurpose));
}
