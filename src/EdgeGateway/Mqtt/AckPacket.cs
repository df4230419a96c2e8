using System.Buffers.Binary;

namespace EdgeGateway.Mqtt;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5.0 §3.4 to §3.7), which all look alike.</summary>
/// <remarks>Hot path: 0 bytes allocated, held by budgets.json.</remarks>
public readonly record struct AckPacket(PacketType Type, ushort PacketIdentifier, ReasonCode Reason)
{
    /// <summary>The longest form <see cref="Write"/> makes.</summary>
    public const int MaxLength = 5;

    /// <exception cref="MqttProtocolException">Wrong flags, length, identifier, reason code or properties.</exception>
    public static AckPacket Read(FixedHeader header, ReadOnlySpan<byte> body, ProtocolVersion version)
    {
        if (header.Flags != (header.Type == PacketType.PubRel ? 2 : 0))
            MqttProtocolException.Malformed($"reserved flags of {header.Type} [MQTT-3.6.1-1]");
        var reader = new MqttReader(body);
        var id = reader.ReadPacketIdentifier();
        var reason = ReasonCode.Success;
        if (!reader.AtEnd && version == ProtocolVersion.V5)
        {
            reason = (ReasonCode)reader.ReadByte();
            if (!IsAllowed(header.Type, reason))
                MqttProtocolException.ProtocolError($"reason code 0x{(byte)reason:X2} is not one of {header.Type} [MQTT-3.4.2-1]");
            if (!reader.AtEnd)
                PropertyRules.Read(ref reader, PropertyRules.ForAck);
        }
        if (!reader.AtEnd)
            MqttProtocolException.Malformed($"bytes after the end of {header.Type}");
        return new(header.Type, id, reason);
    }

    /// <returns>Bytes written: 4, or 5 with a reason code (MQTT 5.0 §3.4.2.1).</returns>
    public int Write(Span<byte> target, ProtocolVersion version)
    {
        var withReason = version == ProtocolVersion.V5 && Reason != ReasonCode.Success;
        target[0] = (byte)(((int)Type << 4) | (Type == PacketType.PubRel ? 2 : 0));
        target[1] = (byte)(withReason ? 3 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], PacketIdentifier);
        if (!withReason)
            return 4;
        target[4] = (byte)Reason;
        return 5;
    }

    private static bool IsAllowed(PacketType type, ReasonCode reason) => type is PacketType.PubAck or PacketType.PubRec
        ? reason is ReasonCode.Success or ReasonCode.NoMatchingSubscribers or ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError
            or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid
        : reason is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound;
}
