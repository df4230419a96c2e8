namespace EdgeGateway.Identity;

/// <summary>The door a connection came through (device-gateway.md §1); decides which credentials it may use.</summary>
public enum ListenerKind
{
    Mqtt,
    Mqtts,
    WebSocket,
    SecureWebSocket,
    Http,
    Https,
}
