using System.Text;

namespace EdgeGateway.Messaging;

/// <summary>
/// A message on its way through the broker, borrowed: every span is valid only during the call it was handed to.
/// </summary>
/// <remarks>Hot path: nothing is decoded or copied until somebody asks.</remarks>
public readonly ref struct MessageView
{
    /// <summary>Topic name, valid UTF-8 without wildcards; topic aliases are already resolved.</summary>
    public required ReadOnlySpan<byte> Topic { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>MQTT 5 properties that travel with the message (see <see cref="MessageProperties"/>), encoded; empty for 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    public QualityOfService QualityOfService { get; init; }

    public bool Retain { get; init; }

    /// <summary>True for a message the broker sends because a client vanished.</summary>
    public bool IsWill { get; init; }

    /// <summary>When the broker took the message in, Unix time in milliseconds.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>MQTT client id of the publisher; null for messages from inside and over HTTP.</summary>
    public string? ClientId { get; init; }

    /// <summary>Identity the publisher proved, such as a certificate id; null for messages from inside.</summary>
    public string? PrincipalId { get; init; }

    /// <inheritdoc cref="ApplicationMessage.OnlyTo"/>
    public string? OnlyTo { get; init; }

    public required MessageOrigin Origin { get; init; }

    public string TopicString => Encoding.UTF8.GetString(Topic);

    /// <summary>Copies everything, for a receiver that needs the message after the call.</summary>
    public ApplicationMessage ToOwned() => new(TopicString, Payload.ToArray())
    {
        QualityOfService = QualityOfService,
        Retain = Retain,
        Properties = Properties.IsEmpty ? null : new MessageProperties(Properties.ToArray()),
        IsWill = IsWill,
        ReceivedAt = ReceivedAt,
        ClientId = ClientId,
        PrincipalId = PrincipalId,
        OnlyTo = OnlyTo,
        Origin = Origin,
    };
}
