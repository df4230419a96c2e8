using System.Buffers.Binary;
using EdgeGateway.Messaging;

namespace EdgeGateway.Mqtt;

/// <summary>Lays a PUBLISH for one receiver into its output buffer: topic, properties and payload are block copies.</summary>
/// <remarks>Hot path: 0 bytes allocated, held by budgets.json.</remarks>
public readonly ref struct PublishWriter
{
    public required ProtocolVersion Version { get; init; }
    public required ReadOnlySpan<byte> Topic { get; init; }
    public required ReadOnlySpan<byte> Payload { get; init; }
    public QualityOfService QualityOfService { get; init; }
    public bool Retain { get; init; }
    public bool Duplicate { get; init; }
    public ushort PacketIdentifier { get; init; }

    /// <summary>Properties that travel with the message, as the publisher sent them.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Where in <see cref="Properties"/> the four bytes of the message expiry interval stand; -1: there is none.</summary>
    public int ExpiryOffset { get; init; }

    /// <summary>Seconds left, written over the publisher's value [MQTT-3.3.2-6].</summary>
    public uint ExpirySeconds { get; init; }

    /// <summary>Identifiers of all the receiver's subscriptions that match [MQTT-3.3.4-3].</summary>
    public ReadOnlySpan<int> SubscriptionIdentifiers { get; init; }

    /// <summary>0: none. With an alias known to the receiver, <see cref="Topic"/> is empty.</summary>
    public ushort TopicAlias { get; init; }

    private int PropertiesLength
    {
        get
        {
            var length = Properties.Length + (TopicAlias == 0 ? 0 : 3);
            foreach (var id in SubscriptionIdentifiers)
                length += 1 + FixedHeader.SizeOf(id);
            return length;
        }
    }

    private int RemainingLength
    {
        get
        {
            var length = 2 + Topic.Length + (QualityOfService == QualityOfService.AtMostOnce ? 0 : 2) + Payload.Length;
            if (Version != ProtocolVersion.V5)
                return length;
            var properties = PropertiesLength;
            return length + FixedHeader.SizeOf(properties) + properties;
        }
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int PacketLength
    {
        get
        {
            var remaining = RemainingLength;
            return 1 + FixedHeader.SizeOf(remaining) + remaining;
        }
    }

    /// <returns>Bytes written: <see cref="PacketLength"/>.</returns>
    public int Write(Span<byte> target)
    {
        target[0] = (byte)(((int)PacketType.Publish << 4) | (Duplicate ? 8 : 0) | ((int)QualityOfService << 1) | (Retain ? 1 : 0));
        var at = 1 + FixedHeader.WriteVariableByteInteger(target[1..], RemainingLength);
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)Topic.Length);
        Topic.CopyTo(target[(at + 2)..]);
        at += 2 + Topic.Length;
        if (QualityOfService != QualityOfService.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], PacketIdentifier);
            at += 2;
        }
        if (Version == ProtocolVersion.V5)
            at = WriteProperties(target, at);
        Payload.CopyTo(target[at..]);
        return at + Payload.Length;
    }

    private int WriteProperties(Span<byte> target, int at)
    {
        at += FixedHeader.WriteVariableByteInteger(target[at..], PropertiesLength);
        if (TopicAlias != 0)
        {
            target[at] = (byte)PropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 1)..], TopicAlias);
            at += 3;
        }
        foreach (var id in SubscriptionIdentifiers)
        {
            target[at++] = (byte)PropertyId.SubscriptionIdentifier;
            at += FixedHeader.WriteVariableByteInteger(target[at..], id);
        }
        Properties.CopyTo(target[at..]);
        if (ExpiryOffset >= 0)
            BinaryPrimitives.WriteUInt32BigEndian(target[(at + ExpiryOffset)..], ExpirySeconds);
        return at + Properties.Length;
    }
}
