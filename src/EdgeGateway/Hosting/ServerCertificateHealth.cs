using System.Globalization;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Messaging;

namespace EdgeGateway.Hosting;

/// <summary>Whether devices can still trust the certificate that the TLS listeners show; it is renewed long before this speaks.</summary>
internal sealed class ServerCertificateHealth(IServerCertificate certificate, TimeProvider time) : IComponentHealth
{
    private static readonly TimeSpan Warning = TimeSpan.FromDays(14);

    public string Name => "certificate";

    public ComponentState State => Message is null ? ComponentState.Healthy : ComponentState.Degraded;

    public string? Message => certificate.NotAfter - time.GetUtcNow() < Warning
        ? $"the server certificate ends on {certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}: put a new one in its place (identity.serverCertificate), or check the clock"
        : null;
}
