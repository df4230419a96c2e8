using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Identity.Certificates;

/// <summary>Judges a client certificate whose key the TLS handshake proved: purpose, dates by a clock that may lie, status in the registry.</summary>
internal sealed class CertificateJudge(ICertificates certificates, IClockFloor clock, IdentityOptions options)
{
    /// <returns>Why it is refused, and a line for the log; null when it is good.</returns>
    public (AuthenticationFailure Failure, string Detail)? Refusal(X509Certificate2 certificate)
    {
        var id = CertificateIds.Of(certificate);
        if (!CertificateChecks.MayAuthenticateClient(certificate))
            return (AuthenticationFailure.CertificateWrongPurpose, $"certificate {id} is not for client authentication");
        if (certificates.Find(id) is not { } registered)
            return (AuthenticationFailure.UnknownCertificate, $"certificate {id} is not registered");
        if (registered.Status != CertificateStatus.Active)
        {
            var failure = registered.Status == CertificateStatus.PendingActivation ? AuthenticationFailure.CertificatePending : AuthenticationFailure.CertificateNotActive;
            return (failure, $"certificate {id} is {registered.Status.ToWire()}");
        }
        // An unsynchronised clock may be years ahead or behind: then only the floor, which is surely not after the true time, ends a certificate.
        var trusted = clock.Trust == ClockTrust.Synchronised || options.TrustClock;
        var latest = (trusted ? clock.Now : clock.Floor) - options.ClockSkew;
        if (latest > registered.NotAfter)
            return (AuthenticationFailure.CertificateExpired, $"certificate {id} expired at {registered.NotAfter:u}");
        if (trusted && clock.Now + options.ClockSkew < registered.NotBefore)
            return (AuthenticationFailure.CertificateNotYetValid, $"certificate {id} is valid from {registered.NotBefore:u} on");
        return null;
    }
}
