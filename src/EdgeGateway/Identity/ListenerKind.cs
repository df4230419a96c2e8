namespace EdgeGateway.Identity;

/// <summary>The door a connection came through (AWS guide: Communication protocols); decides which credentials it may use.</summary>
public enum ListenerKind
{
    Mqtt,
    Mqtts,
    WebSocket,
    SecureWebSocket,
    Http,
    Https,
}
