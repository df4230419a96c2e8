using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EdgeGateway.Hosting;

/// <summary>
/// How TLS listeners shake hands: the server certificate of the moment, TLS 1.2 and 1.3, and a client certificate that is asked for
/// but not demanded (AWS guide: Communication protocols). The handshake proves the client's key; whether the certificate counts is identity's answer.
/// </summary>
internal static class TlsHandshakes
{
    // ALPN names that AWS's clients offer; without any, the listener's own protocol is spoken.
    private static readonly List<SslApplicationProtocol> Mqtt = [new("x-amzn-mqtt-ca"), new("mqtt")];
    private static readonly List<SslApplicationProtocol> Https = [SslApplicationProtocol.Http11, new("x-amzn-http-ca"), new("x-amzn-mqtt-ca"), new("mqtt")];

    public static TlsHandshakeCallbackOptions ForMqtt(IServerCertificate certificate) => For(certificate, Mqtt);

    public static TlsHandshakeCallbackOptions ForHttps(IServerCertificate certificate) => For(certificate, Https);

    private static TlsHandshakeCallbackOptions For(IServerCertificate certificate, List<SslApplicationProtocol> protocols) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = protocols,
            ClientCertificateRequired = true, // asks; the callback lets a client without one through
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        }),
    };
}
