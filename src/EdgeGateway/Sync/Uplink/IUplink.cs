using MQTTnet.Packets;

namespace EdgeGateway.Sync.Uplink;

/// <summary>One connection to an upstream. Sending is for one caller at a time, receiving for another.</summary>
internal interface IUplink : IAsyncDisposable
{
    /// <exception cref="UpstreamException">Refused, unreachable or not trusted.</exception>
    Task<UplinkTerms> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Whether certificate, key, CA or password were replaced since this connection was made; true once for each change.</summary>
    bool HasNewCredentials();

    /// <summary>Tries the present credentials beside this connection, as far as the TLS handshake.</summary>
    /// <returns>Why they do not do; null: they do.</returns>
    Task<UpstreamFault?> TryCredentialsAsync(CancellationToken cancellationToken);

    /// <exception cref="UpstreamException">The connection is gone.</exception>
    Task SendAsync(MqttPacket packet, CancellationToken cancellationToken);

    /// <returns>Null: the upstream closed the connection.</returns>
    /// <exception cref="UpstreamException">The connection broke.</exception>
    Task<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken);
}
