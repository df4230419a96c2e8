using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Identity.Certificates;

/// <summary>Holds the server certificate and makes the next one when its time, its names or its files say so.</summary>
/// <remarks>Renewal is due from 66 % of life on, at a moment of this certificate's own (jitter over 5 %), so that gateways installed together do not renew together.</remarks>
internal sealed class ServerCertificate : IServerCertificate, IDisposable
{
    private readonly LocalCertificateAuthority _ca;
    private readonly IdentityOptions _options;
    private readonly IClockFloor _clock;
    private readonly Func<HostNames> _names;
    private readonly string _folder;
    private readonly Lock _renewing = new();                         // one renewal at a time; readers take the snapshot without it
    private volatile Held _held;

    /// <param name="folder">Where the issued certificate and key are kept.</param>
    /// <param name="names">Names of the machine as they are now.</param>
    public ServerCertificate(LocalCertificateAuthority ca, IdentityOptions options, IClockFloor clock, string folder, Func<HostNames> names)
    {
        (_ca, _options, _clock, _folder, _names) = (ca, options, clock, folder, names);
        _held = OwnFiles ? LoadOwn() : LoadIssued() ?? Issue(names());
    }

    public SslStreamCertificateContext Current => _held.Context;

    public string CaPem => _held.CaPem;

    public DateTimeOffset NotAfter => _held.Certificate.NotAfter.ToUniversalTime();

    private bool OwnFiles => _options.ServerCertificateFile is not null;

    private string CertificateFile => Path.Combine(_folder, "server.pem");

    private string KeyFile => Path.Combine(_folder, "server.key");

    /// <summary>Looks whether another certificate is due, makes it, tries it, and only then shows it.</summary>
    /// <returns>Why it was swapped; null when it was not.</returns>
    /// <exception cref="InvalidDataException">The new one does not work; the old one stays.</exception>
    public string? Renew()
    {
        lock (_renewing)
        {
            if (OwnFiles)
            {
                if (Stamp(_options.ServerCertificateFile!) == _held.FileStamp)
                    return null;
                _held = LoadOwn();
                return "its files changed";
            }
            var names = _names();
            var reason = !names.SameAs(_held.Names) ? "the machine's names or addresses changed" : _clock.Now >= _held.RenewAt ? "it is two thirds through its life" : null;
            if (reason is not null)
                _held = Issue(names);
            return reason;
        }
    }

    public void Dispose() => _held.Certificate.Dispose();

    private Held LoadOwn()
    {
        var (file, key) = (_options.ServerCertificateFile!, _options.ServerKeyFile!);
        var stamp = Stamp(file);
        var chain = new X509Certificate2Collection();
        try
        {
            using var loaded = X509Certificate2.CreateFromPemFile(file, key);
            chain.ImportFromPemFile(file);
            var issuers = new X509Certificate2Collection(chain.Skip(1).ToArray());
            var caPem = issuers.Count > 0 ? issuers[^1].ExportCertificatePem() + "\n" : loaded.ExportCertificatePem() + "\n";
            return Try(Reload(loaded), issuers, caPem, stamp);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FileNotFoundException)
        {
            throw new InvalidDataException($"cannot use the server certificate {file} with {key}: {fault.Message}", fault);
        }
    }

    private Held? LoadIssued()
    {
        if (!File.Exists(CertificateFile) || !File.Exists(KeyFile))
            return null;
        try
        {
            using var loaded = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
            return CertificateChecks.IsSignedBy(loaded, _ca.Public) && _clock.Now < loaded.NotAfter.ToUniversalTime()
                ? Try(Reload(loaded), [], _ca.Pem, null) : null;     // another CA took over, or it ended: issue anew
        }
        catch (CryptographicException)
        {
            return null;                                             // half written or damaged: it can be made again
        }
    }

    private Held Issue(HostNames names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = _ca.IssueServer(names, new PublicKey(key), _clock.Now + _options.ServerCertificateLife);
        using var certificate = bare.CopyWithPrivateKey(key);
        var held = Try(Reload(certificate), [], _ca.Pem, null);
        PrivateFiles.CreateFolder(_folder);
        PrivateFiles.WriteText(KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFiles.WriteText(CertificateFile, bare.ExportCertificatePem() + "\n");
        return held;
    }

    /// <summary>Proves that the certificate chains to what devices trust and that the key is its own, before anybody sees it.</summary>
    private Held Try(X509Certificate2 certificate, X509Certificate2Collection issuers, string caPem, DateTime? stamp)
    {
        using var issuer = X509Certificate2.CreateFromPem(caPem);
        var direct = issuers.Count <= 1;
        if (direct && !certificate.RawData.AsSpan().SequenceEqual(issuer.RawData) && !CertificateChecks.IsSignedBy(certificate, issuer))
            throw new InvalidDataException("the server certificate is not signed by its CA");
        var probe = "probe"u8;
        var works = certificate.GetECDsaPrivateKey() is { } ec && certificate.GetECDsaPublicKey() is { } ecPublic
            ? ecPublic.VerifyData(probe, ec.SignData(probe, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256)
            : certificate.GetRSAPrivateKey() is { } rsa && certificate.GetRSAPublicKey() is { } rsaPublic
                && rsaPublic.VerifyData(probe, rsa.SignData(probe, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (!works)
            throw new InvalidDataException("the server certificate and its key do not belong together");
        var context = SslStreamCertificateContext.Create(certificate, issuers, offline: true);
        return new Held(certificate, context, caPem, NamesIn(certificate), RenewalTime(certificate), stamp);
    }

    /// <summary>A copy whose key is in a store the TLS stack takes on every platform.</summary>
    private static X509Certificate2 Reload(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private DateTimeOffset RenewalTime(X509Certificate2 certificate)
    {
        var life = _options.ServerCertificateLife;
        var share = 0.66 + 0.05 * certificate.RawDataMemory.Span[^1] / 255;                 // the signature's last byte: as good as random, and stays the same
        return new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) - life + life * share;
    }

    private static HostNames NamesIn(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return new([.. (names?.EnumerateDnsNames() ?? []).Order(StringComparer.Ordinal)], [.. (names?.EnumerateIPAddresses() ?? []).Select(address => address.ToString()).Order(StringComparer.Ordinal)]);
    }

    private static DateTime Stamp(string file) => File.GetLastWriteTimeUtc(file);

    private sealed record Held(
        X509Certificate2 Certificate, SslStreamCertificateContext Context, string CaPem, HostNames Names, DateTimeOffset RenewAt, DateTime? FileStamp);
}
