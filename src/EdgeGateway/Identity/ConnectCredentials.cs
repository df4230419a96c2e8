using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGateway.Identity;

/// <summary>What a client showed when it connected. The password is borrowed until the authenticator's task completes.</summary>
public sealed record ConnectCredentials
{
    /// <summary>As in CONNECT; the assigned id where the client sent none. Null for an HTTPS request.</summary>
    public string? ClientId { get; init; }

    public string? UserName { get; init; }

    /// <summary>Raw bytes of CONNECT's password; null when the flag was clear.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>The certificate whose key the TLS handshake proved; null without TLS or when none was sent.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The issuer certificates the client sent along, nearest first; empty when none. JITR and JITP look at them.</summary>
    public IReadOnlyList<X509Certificate2> ClientChain { get; init; } = [];

    public required ListenerKind Listener { get; init; }

    /// <summary>The listener's <c>anonymous</c> setting.</summary>
    public bool AnonymousAllowed { get; init; }

    /// <summary>The listener's <c>policy</c> setting: the policy of clients without credentials.</summary>
    public string AnonymousPolicy { get; init; } = "local";

    public IPAddress? RemoteAddress { get; init; }

    /// <summary>Headers of the HTTP request or WebSocket upgrade, names in lower case; null without one. Custom authorizers look at them.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Query string of that request, with its question mark; null without one.</summary>
    public string? QueryString { get; init; }

    /// <summary>Host name of the TLS SNI extension; null when absent.</summary>
    public string? ServerName { get; init; }
}
