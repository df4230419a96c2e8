using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Identity;

/// <summary>The facts of a connection that policies may speak of; fixed for its life.</summary>
/// <param name="Principal">Who connected.</param>
/// <param name="ClientId">MQTT client id.</param>
/// <param name="RemoteAddress">Peer address, <c>aws:SourceIp</c>; null over a local socket.</param>
public sealed record ConnectionRequest(Principal Principal, string ClientId, IPAddress? RemoteAddress)
{
    /// <summary>Clean session 0, or Session Expiry above 0: adds PersistentConnect to <c>iot:ConnectAttributes</c>.</summary>
    public bool Persistent { get; init; }

    /// <summary>Topic of the will: adds LastWill to <c>iot:ConnectAttributes</c> and gives <c>iot:LastWillTopic</c>. Null without a will.</summary>
    public string? WillTopic { get; init; }

    /// <summary>Host name of the TLS SNI extension, <c>iot:DomainName</c>.</summary>
    public string? ServerName { get; init; }

    /// <summary>The certificate presented, for <c>iot:Certificate.*</c>; null lets the authorizer take the registered copy.</summary>
    public X509Certificate2? ClientCertificate { get; init; }
}
