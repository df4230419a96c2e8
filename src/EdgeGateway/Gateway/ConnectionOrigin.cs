using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;

namespace EdgeGateway.Gateway;

/// <summary>What is known of a connection before it speaks MQTT.</summary>
internal sealed record ConnectionOrigin
{
    public required ListenerKind Listener { get; init; }
    public IPEndPoint? Remote { get; init; }
    public X509Certificate2? ClientCertificate { get; init; }
    public IReadOnlyList<X509Certificate2> ClientChain { get; init; } = [];
    public string? ServerName { get; init; }
    public bool AnonymousAllowed { get; init; }
    public string AnonymousPolicy { get; init; } = "local";

    /// <summary>Of the WebSocket upgrade, names in lower case, and its query string; null over plain MQTT.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public string? QueryString { get; init; }

    /// <summary>Who the WebSocket upgrade proved, such as by SigV4; null: CONNECT must say.</summary>
    public Principal? UpgradePrincipal { get; init; }

    public string Transport => Listener switch
    {
        ListenerKind.Mqtt => "mqtt",
        ListenerKind.Mqtts => "mqtts",
        ListenerKind.WebSocket => "ws",
        _ => "wss",
    };
}
