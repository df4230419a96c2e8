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

    /// <summary>MQTT client id: only this client's own subscriptions receive it, no other client, shared group or part of the gateway. For answers that hold a secret.</summary>
    public string? OnlyTo { get; init; }

    public MessageOrigin Origin { get; init; } = MessageOrigin.Broker;
}
