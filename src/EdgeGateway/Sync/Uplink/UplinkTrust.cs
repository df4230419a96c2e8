using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Sync.Uplink;

/// <summary>Our certificate for one upstream and whom we take it for. Files are read when this is made, so renewed ones count from the next connect on.</summary>
internal sealed class UplinkTrust
{
    private readonly X509Certificate2Collection _roots = [];

    /// <param name="resolve">Makes a path of the configuration absolute.</param>
    public UplinkTrust(UpstreamCredentials credentials, Func<string, string> resolve)
    {
        if (credentials is { Certificate: { } certificate, Key: { } key })
            Certificates.Add(X509Certificate2.CreateFromPemFile(resolve(certificate), resolve(key)));
        if (credentials.Ca is { } ca)
            _roots.ImportFromPemFile(resolve(ca));
    }

    public X509Certificate2Collection Certificates { get; } = [];

    /// <summary>Why the upstream's certificate was not accepted; null: it was, or none has been seen.</summary>
    public UpstreamFault? Rejection { get; private set; }

    public bool Accepts(X509Certificate? shown, X509Chain? shownChain, SslPolicyErrors errors)
    {
        if (shown is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return Reject("the upstream shows no certificate", "see that its port speaks TLS");
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return Reject($"the upstream's certificate is for another name ({certificate.GetNameInfo(X509NameType.DnsName, false)})", "use the name in the certificate as endpoint, or give the upstream one for this name");
        if (_roots.Count == 0)
            return errors == SslPolicyErrors.None || Reject(Reason(shownChain, certificate), "set credentials.ca to the authority that signed it, and see that the clock is right");
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        foreach (var element in shownChain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate) || Reject(Reason(chain, certificate), "see that credentials.ca is the authority that signed it, and that the clock is right");
    }

    private static string Reason(X509Chain? chain, X509Certificate2 certificate)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, each) => all | each.Status) ?? X509ChainStatusFlags.NoError;
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? $"the upstream's certificate is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}, and not now"
            : $"the upstream's certificate is not signed by an authority we trust (issuer {certificate.Issuer})";
    }

    private bool Reject(string what, string whatToDo)
    {
        Rejection = new(UpstreamState.Untrusted, what, whatToDo);
        return false;
    }
}
