using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;

namespace EdgeGateway.Sync.Uplink;

/// <summary>TLS towards one upstream, for MQTTnet's client.</summary>
internal sealed class UplinkTls
{
    private const int AwsMqttPort = 443;
    private readonly UplinkTrust _trust;

    public UplinkTls(UpstreamOptions options, Func<string, string> resolve)
    {
        _trust = new(options.Credentials, resolve);
        Options = new()
        {
            UseTls = true,
            TargetHost = options.Endpoint.Host,
            ClientCertificatesProvider = new DefaultMqttCertificatesProvider(_trust.Certificates),
            RevocationMode = X509RevocationMode.NoCheck, // a gateway without the internet could ask nobody
            CertificateValidationHandler = args => _trust.Accepts(args.Certificate, args.Chain, args.SslPolicyErrors),
        };
        // MQTT on an HTTPS port is told apart by ALPN: AWS IoT Core on 443, another gateway on its HTTPS port, which may be any.
        if (!options.IsWebSocket && (options.Kind == UpstreamKind.EdgeGateway || options is { Kind: UpstreamKind.AwsIot, Endpoint.Port: AwsMqttPort }))
            Options.ApplicationProtocols = [new SslApplicationProtocol("x-amzn-mqtt-ca")];
    }

    public MqttClientTlsOptions Options { get; }

    /// <inheritdoc cref="UplinkTrust.Rejection"/>
    public UpstreamFault? Rejection => _trust.Rejection;
}
