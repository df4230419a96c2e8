using EdgeGateway.Broker;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Api;

/// <summary>One MQTT client in <c>GET /edge/v1/clients</c>: connected, or gone with its session kept.</summary>
public sealed record ClientResponse
{
    public required string ClientId { get; init; }
    public required bool Connected { get; init; }
    public string? Address { get; init; }
    public string? Principal { get; init; }

    /// <summary>Such as <c>MQTT 5.0 over wss</c>.</summary>
    public string? Protocol { get; init; }

    public DateTimeOffset? ConnectedAt { get; init; }
    public required long Subscriptions { get; init; }
    public required long Queued { get; init; }
    public required long InFlight { get; init; }

    public static ClientResponse From(SessionView session) => new()
    {
        ClientId = session.ClientId,
        Connected = session.Connection is not null,
        Address = session.Connection?.RemoteAddress,
        Principal = session.Connection?.PrincipalId,
        Protocol = session.Connection is { } connection ? $"{Name(connection.Version)} over {connection.Transport}" : null,
        ConnectedAt = session.Connection?.ConnectedAt,
        Subscriptions = session.Subscriptions.Count,
        Queued = session.QueuedMessages,
        InFlight = session.InFlight,
    };

    private static string Name(ProtocolVersion version) => version switch
    {
        ProtocolVersion.V31 => "MQTT 3.1",
        ProtocolVersion.V311 => "MQTT 3.1.1",
        _ => "MQTT 5.0",
    };
}
