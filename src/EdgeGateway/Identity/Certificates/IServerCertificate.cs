using System.Net.Security;

namespace EdgeGateway.Identity.Certificates;

/// <summary>
/// The certificate a TLS listener shows. Ask for <see cref="Current"/> in each handshake (a server options callback): it is swapped whole
/// when it is renewed or the machine's addresses change, and connections already made do not notice.
/// </summary>
public interface IServerCertificate
{
    /// <summary>With its chain, ready for <see cref="SslServerAuthenticationOptions.ServerCertificateContext"/>.</summary>
    SslStreamCertificateContext Current { get; }

    /// <summary>The CA devices must trust, PEM: <c>ca.pem</c> of a bundle. With a server certificate from files, its topmost issuer there.</summary>
    string CaPem { get; }

    /// <summary>End of <see cref="Current"/>'s life, for <c>status</c> and <c>doctor</c>.</summary>
    DateTimeOffset NotAfter { get; }
}
