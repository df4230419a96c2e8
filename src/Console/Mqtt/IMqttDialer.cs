namespace EdgeGateway.Pages.Mqtt;

/// <summary>Opens the byte stream; one call, one attempt.</summary>
internal interface IMqttDialer
{
    /// <exception cref="System.Net.WebSockets.WebSocketException">No answer, or the gateway refused.</exception>
    Task<IMqttChannel> DialAsync(CancellationToken cancellationToken);
}
