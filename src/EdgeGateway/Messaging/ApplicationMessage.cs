namespace EdgeGateway.Messaging;

/// <summary>A message that owns its bytes and never changes (MQTT 5.0 §1.2).</summary>
/// <param name="Topic">Topic name without wildcards.</param>
/// <param name="Payload">As published, any bytes; nobody writes to it after construction.</param>
public sealed record ApplicationMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    public QualityOfService QualityOfService { get; init; } = QualityOfService.AtLeastOnce;
    public bool Retain { get; init; }
    public MessageProperties? Properties { get; init; }
    public bool IsWill { get; init; }

    /// <summary>Unix time in milliseconds; 0: the bus stamps it.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>MQTT client id of the publisher, if it was a client.</summary>
    public string? ClientId { get; init; }

    public string? PrincipalId { get; init; }

    /// <summary>
    /// MQTT client id: only this client receives it, no other client, shared group or part of the gateway: once if it has subscribed, and while it is
    /// connected also if it has not. For answers (AWS guide: Reserved topics, those a client may only receive).
    /// </summary>
    public string? OnlyTo { get; init; }

    public MessageOrigin Origin { get; init; } = MessageOrigin.Broker;
}
