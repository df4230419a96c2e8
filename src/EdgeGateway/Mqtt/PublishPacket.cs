using System.Buffers.Binary;
using EdgeGateway.Messaging;

namespace EdgeGateway.Mqtt;

/// <summary>A PUBLISH as it came in (MQTT 5.0 §3.3), borrowed from the receive buffer.</summary>
/// <remarks>Hot path: 0 bytes allocated, held by budgets.json.</remarks>
public readonly ref struct PublishPacket
{
    public QualityOfService QualityOfService { get; private init; }
    public bool Retain { get; private init; }
    public bool Duplicate { get; private init; }

    /// <summary>Empty only where a topic alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>0 at QoS 0 [MQTT-2.2.1-2].</summary>
    public ushort PacketIdentifier { get; private init; }

    /// <summary>0: none given.</summary>
    public ushort TopicAlias { get; private init; }

    /// <summary>All properties as sent, a topic alias among them.</summary>
    public ReadOnlySpan<byte> Properties { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <exception cref="MqttProtocolException">Malformed; the connection closes with its reason code.</exception>
    public static PublishPacket Read(byte flags, ReadOnlySpan<byte> body, ProtocolVersion version)
    {
        var qos = (QualityOfService)((flags >> 1) & 0b11);
        if (qos > QualityOfService.ExactlyOnce)
            MqttProtocolException.Malformed("both QoS bits set [MQTT-3.3.1-4]");
        if (qos == QualityOfService.AtMostOnce && (flags & 0b1000) != 0)
            MqttProtocolException.Malformed("DUP set at QoS 0 [MQTT-3.3.1-2]");
        var reader = new MqttReader(body);
        var topic = reader.ReadBinary();
        var packetIdentifier = qos == QualityOfService.AtMostOnce ? (ushort)0 : reader.ReadPacketIdentifier();
        var properties = ReadOnlySpan<byte>.Empty;
        ushort alias = 0;
        if (version == ProtocolVersion.V5)
        {
            if (reader.Rest is [0, ..])
                reader.ReadByte();
            else
            {
                properties = PropertyRules.Read(ref reader, PropertyRules.ForPublish);
                alias = FindAlias(properties);
            }
        }
        if (topic.IsEmpty ? alias == 0 : !Topics.IsValidName(topic))
            ThrowTopic(topic, version);
        return new()
        {
            QualityOfService = qos,
            Retain = (flags & 1) != 0,
            Duplicate = (flags & 0b1000) != 0,
            Topic = topic,
            PacketIdentifier = packetIdentifier,
            TopicAlias = alias,
            Properties = properties,
            Payload = reader.Rest,
        };
    }

    /// <summary>Copies the properties without the topic alias, which belongs to one connection only.</summary>
    /// <returns>Bytes written; at most as many as <see cref="Properties"/> has.</returns>
    public int CopyPropertiesWithoutAlias(Span<byte> target)
    {
        var reader = new MqttReader(Properties);
        var written = 0;
        while (!reader.AtEnd)
        {
            var value = PropertyRules.Next(ref reader, out var id);
            if (id == PropertyId.TopicAlias)
                continue;
            target[written++] = (byte)id;
            value.CopyTo(target[written..]);
            written += value.Length;
        }
        return written;
    }

    private static ushort FindAlias(ReadOnlySpan<byte> properties)
    {
        var reader = new MqttReader(properties);
        while (!reader.AtEnd)
        {
            var value = PropertyRules.Next(ref reader, out var id);
            if (id == PropertyId.TopicAlias)
            {
                var alias = BinaryPrimitives.ReadUInt16BigEndian(value);
                if (alias == 0)
                    MqttProtocolException.Throw(ReasonCode.TopicAliasInvalid, "topic alias 0 [MQTT-3.3.2-8]");
                return alias;
            }
        }
        return 0;
    }

    private static void ThrowTopic(ReadOnlySpan<byte> topic, ProtocolVersion version)
    {
        if (!System.Text.Unicode.Utf8.IsValid(topic) || topic.Contains((byte)0))
            MqttProtocolException.Malformed("topic name is not valid UTF-8, or holds U+0000 [MQTT-3.3.2-1]");
        if (topic.IsEmpty && version == ProtocolVersion.V5)
            MqttProtocolException.ProtocolError("neither topic name nor topic alias (MQTT 5.0 §3.3.2.1)");
        MqttProtocolException.Throw(ReasonCode.TopicNameInvalid, topic.IsEmpty ? "empty topic name [MQTT-4.7.3-1]" : "wildcard in a topic name [MQTT-3.3.2-2]");
    }
}
