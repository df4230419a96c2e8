using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Identity.Certificates;

/// <summary>The gateway's own CA: signs device certificates and the server certificate. Made at first start, or the user's own from files.</summary>
/// <remarks>
/// Everything it signs begins in 1970: a machine without a clock chip, gateway or device, may check it before it knows the date. What ends a
/// certificate early is its status in the registry, not its dates.
/// </remarks>
internal sealed class LocalCertificateAuthority : IDisposable
{
    /// <summary>Devices that start with their clock at zero accept it from the first second on.</summary>
    public static readonly DateTimeOffset Beginning = DateTimeOffset.UnixEpoch;

    /// <summary>Device certificates are valid to the end of 2049, as AWS's, the last moment a UTCTime can say.</summary>
    public static readonly DateTimeOffset End = new(2049, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;
    private readonly X509SignatureGenerator _signer;
    private readonly HashAlgorithmName _hash = HashAlgorithmName.SHA256;
    private readonly AsymmetricAlgorithm _key;

    private LocalCertificateAuthority(X509Certificate2 certificate)
    {
        _certificate = certificate;
        if (certificate.GetECDsaPrivateKey() is { } ec)
            (_key, _signer) = (ec, X509SignatureGenerator.CreateForECDsa(ec));
        else if (certificate.GetRSAPrivateKey() is { } rsa)
            (_key, _signer) = (rsa, X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1));
        else
            throw new InvalidDataException("the CA's key is neither EC nor RSA");
        Id = CertificateIds.Of(certificate);
        Pem = certificate.ExportCertificatePem() + "\n";
        Public = X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);
    }

    /// <summary>Certificate id of the CA itself.</summary>
    public string Id { get; }

    /// <summary>What devices get as <c>ca.pem</c>.</summary>
    public string Pem { get; }

    /// <summary>The CA's certificate without its key.</summary>
    public X509Certificate2 Public { get; }

    /// <summary>Opens the CA in <paramref name="folder"/> (<c>ca.pem</c>, <c>ca.key</c>), making it when the folder has none.</summary>
    /// <exception cref="InvalidDataException">Half of it is missing or unreadable: it is never made anew over an old one.</exception>
    public static LocalCertificateAuthority OpenOrCreate(string folder, string gatewayName)
    {
        var (certificateFile, keyFile) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca.key"));
        if (File.Exists(certificateFile) || File.Exists(keyFile))
            return Open(certificateFile, keyFile);
        PrivateFiles.CreateFolder(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = SelfSign(key, gatewayName);
        PrivateFiles.WriteText(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFiles.WriteText(certificateFile, certificate.ExportCertificatePem() + "\n");
        return Open(certificateFile, keyFile);
    }

    /// <exception cref="InvalidDataException">A file is missing, malformed, not a CA, or key and certificate do not belong together.</exception>
    public static LocalCertificateAuthority Open(string certificateFile, string keyFile)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (!CertificateChecks.IsCa(certificate))
                throw new InvalidDataException($"{certificateFile} is not a CA certificate (basicConstraints)");
            return new LocalCertificateAuthority(certificate);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FileNotFoundException)
        {
            throw new InvalidDataException($"cannot open the CA {certificateFile} with {keyFile}: {fault.Message}", fault);
        }
    }

    /// <summary>Signs a client certificate for a key, with client authentication as its purpose.</summary>
    public X509Certificate2 IssueClient(X500DistinguishedName subject, PublicKey key)
    {
        var request = new CertificateRequest(subject, key, _hash);
        AddEndEntityExtensions(request, key, ClientAuthentication);
        return Sign(request, End);
    }

    /// <summary>Signs a server certificate for every name given.</summary>
    public X509Certificate2 IssueServer(HostNames names, PublicKey key, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=" + Escaped(names.Dns[0])), key, _hash);
        AddEndEntityExtensions(request, key, ServerAuthentication);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Dns)
            alternatives.AddDnsName(name);
        foreach (var address in names.Addresses)
            alternatives.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(alternatives.Build());
        return Sign(request, notAfter);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Public.Dispose();
    }

    internal static string Escaped(string value) => "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static X509Certificate2 SelfSign(ECDsa key, string gatewayName)
    {
        // The random part keeps the names of two CAs of one gateway apart: clients find an issuer by its name.
        var subject = new X500DistinguishedName($"CN={Escaped($"EdgeGateway CA {gatewayName} {RandomNumberGenerator.GetHexString(8, lowercase: true)}")}, O=EdgeGateway");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(Beginning, End);
    }

    private void AddEndEntityExtensions(CertificateRequest request, PublicKey key, string purpose)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        // A CA of the user's own may carry no key identifier: then its name and number say which it is.
        var hasIdentifier = _certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any();
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: hasIdentifier, includeIssuerAndSerial: !hasIdentifier));
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset notAfter)
    {
        Span<byte> serial = stackalloc byte[16];
        RandomNumberGenerator.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);               // positive, and never shorter than 16 bytes (RFC 5280 §4.1.2.2)
        var notBefore = Beginning > _certificate.NotBefore.ToUniversalTime() ? Beginning : new DateTimeOffset(_certificate.NotBefore.ToUniversalTime());
        var ownEnd = new DateTimeOffset(_certificate.NotAfter.ToUniversalTime());
        return request.Create(_certificate.SubjectName, _signer, notBefore, notAfter < ownEnd ? notAfter : ownEnd, serial);
    }
}
