using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Cli.Doctor;

/// <summary>The dates of the certificates that a TLS listener shows: a device sees just these.</summary>
internal sealed class CertificateChecks(TimeProvider time)
{
    private const string Remedy = "the gateway renews its own in time: look at 'edgegateway status' and at the clock; one from files (identity.serverCertificate) is yours to replace";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <param name="listener">Such as <c>mqtts</c>.</param>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync(string listener, IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(Reachable(endpoint), patience.Token);
            await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            await tls.AuthenticateAsClientAsync(
                new()
                {
                    TargetHost = "localhost",
                    // Dates are judged here, by the machine's clock; whether the name fits is no matter of the machine.
                    RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                    {
                        if (shown is X509Certificate2 server)
                            findings.Add(Judge(listener, server));
                        findings.AddRange(Issuers(listener, shown, chain));
                        return true;
                    },
                },
                patience.Token);
        }
        catch (Exception ex) when (ex is SocketException or IOException or AuthenticationException || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            findings.Add(new($"certificate of {listener}", Verdict.Bad, $"no TLS at {endpoint}: {ex.Message.ReplaceLineEndings(" ")}", "see 'journalctl -u edgegateway'"));
        }
        return findings;
    }

    /// <summary>One certificate, by the clock of this machine.</summary>
    internal Finding Judge(string listener, X509Certificate2 certificate)
    {
        var check = $"certificate of {listener}";
        var (from, to) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        var who = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var dates = string.Create(CultureInfo.InvariantCulture, $"{who}, {from.UtcDateTime:yyyy-MM-dd} to {to.UtcDateTime:yyyy-MM-dd}");
        var now = time.GetUtcNow();
        if (now < from)
            return new(check, Verdict.Bad, $"not valid yet: {dates}", "the clock is behind: sudo timedatectl set-ntp true");
        if (now > to)
            return new(check, Verdict.Bad, $"over: {dates}", Remedy);
        return to - now < Soon ? new(check, Verdict.Bad, $"ends soon: {dates}", Remedy) : new(check, Verdict.Good, dates);
    }

    private IEnumerable<Finding> Issuers(string listener, X509Certificate? shown, X509Chain? chain)
    {
        foreach (var sent in chain?.ChainPolicy.ExtraStore ?? [])
            if (!sent.Equals(shown))
                yield return Judge(listener, sent);
    }

    // A listener on every address is reached by loopback.
    private static IPEndPoint Reachable(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, endpoint.Port)
        : endpoint.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, endpoint.Port)
        : endpoint;
}
