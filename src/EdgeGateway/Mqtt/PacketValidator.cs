using EdgeGateway.Messaging;

namespace EdgeGateway.Mqtt;

/// <summary>
/// The strict pass over the control packets a client may send, before a lenient decoder sees them: flags, lengths, strings,
/// reserved bits and the property table. What passes here is well formed by the standard of its version.
/// </summary>
internal static class PacketValidator
{
    /// <summary>CONNECT (MQTT 5.0 §3.1, MQTT 3.1.1 §3.1).</summary>
    /// <returns>The version of the protocol, of which the level is known.</returns>
    public static ProtocolVersion Connect(byte flags, ReadOnlySpan<byte> body)
    {
        if (flags != 0)
            MqttProtocolException.Malformed("reserved flags of CONNECT [MQTT-2.1.3-1]");
        var reader = new MqttReader(body);
        var version = ReadVersion(ref reader);
        var connectFlags = reader.ReadByte();
        if ((connectFlags & 1) != 0)
            MqttProtocolException.Malformed("reserved connect flag set [MQTT-3.1.2-3]");
        reader.ReadUInt16(); // keep alive
        if (version == ProtocolVersion.V5)
            PropertyRules.Read(ref reader, PropertyRules.ForConnect);
        if (reader.ReadUtf8().IsEmpty && version != ProtocolVersion.V5 && (connectFlags & 2) == 0)
            MqttProtocolException.Throw(ReasonCode.ClientIdentifierNotValid, "an empty client id needs a clean session [MQTT-3.1.3-8]");
        Will(ref reader, connectFlags, version);
        var hasUserName = (connectFlags & 0x80) != 0;
        var hasPassword = (connectFlags & 0x40) != 0;
        if (hasPassword && !hasUserName && version != ProtocolVersion.V5)
            MqttProtocolException.Malformed("password without a user name [MQTT-3.1.2-22] of 3.1.1");
        if (hasUserName)
            reader.ReadUtf8();
        if (hasPassword)
            reader.ReadBinary();
        if (!reader.AtEnd)
            MqttProtocolException.Malformed("bytes after the end of CONNECT");
        return version;
    }

    /// <summary>The version a CONNECT announces, whatever else is wrong with it; default: not to be seen.</summary>
    public static ProtocolVersion AnnouncedVersion(ReadOnlySpan<byte> body) =>
        body.StartsWith("\0\u0004MQTT"u8) && body.Length > 6 && body[6] is 4 or 5 ? (ProtocolVersion)body[6] : default;

    /// <summary>SUBSCRIBE (MQTT 5.0 §3.8).</summary>
    public static void Subscribe(byte flags, ReadOnlySpan<byte> body, ProtocolVersion version)
    {
        if (flags != 2)
            MqttProtocolException.Malformed("reserved flags of SUBSCRIBE [MQTT-3.8.1-1]");
        var reader = new MqttReader(body);
        reader.ReadPacketIdentifier();
        if (version == ProtocolVersion.V5)
            PropertyRules.Read(ref reader, PropertyRules.ForSubscribe);
        if (reader.AtEnd)
            MqttProtocolException.ProtocolError("SUBSCRIBE without a topic filter [MQTT-3.8.3-2]");
        while (!reader.AtEnd)
        {
            Filter(reader.ReadUtf8());
            var options = reader.ReadByte();
            if ((options & 3) == 3)
                MqttProtocolException.Malformed("subscription asks for QoS 3 [MQTT-3.8.3-5]");
            var reserved = version == ProtocolVersion.V5 ? 0xC0 : 0xFC;
            if ((options & reserved) != 0)
                MqttProtocolException.Malformed("reserved subscription options [MQTT-3.8.3-5]");
            if (version == ProtocolVersion.V5 && (options & 0x30) == 0x30)
                MqttProtocolException.ProtocolError("retain handling 3 (MQTT 5.0 §3.8.3.1)");
        }
    }

    /// <summary>UNSUBSCRIBE (MQTT 5.0 §3.10).</summary>
    public static void Unsubscribe(byte flags, ReadOnlySpan<byte> body, ProtocolVersion version)
    {
        if (flags != 2)
            MqttProtocolException.Malformed("reserved flags of UNSUBSCRIBE [MQTT-3.10.1-1]");
        var reader = new MqttReader(body);
        reader.ReadPacketIdentifier();
        if (version == ProtocolVersion.V5)
            PropertyRules.Read(ref reader, PropertyRules.ForUnsubscribe);
        if (reader.AtEnd)
            MqttProtocolException.ProtocolError("UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
        while (!reader.AtEnd)
            Filter(reader.ReadUtf8());
    }

    /// <summary>DISCONNECT from a client (MQTT 5.0 §3.14).</summary>
    public static void Disconnect(byte flags, ReadOnlySpan<byte> body, ProtocolVersion version)
    {
        if (flags != 0)
            MqttProtocolException.Malformed("reserved flags of DISCONNECT [MQTT-3.14.1-1]");
        var reader = new MqttReader(body);
        if (version == ProtocolVersion.V5 && !reader.AtEnd)
        {
            var reason = (ReasonCode)reader.ReadByte();
            if (reason is not (ReasonCode.Success or ReasonCode.DisconnectWithWill) && (byte)reason < 0x80)
                MqttProtocolException.ProtocolError($"reason code 0x{(byte)reason:X2} is not one of DISCONNECT [MQTT-3.14.2-1]");
            if (!reader.AtEnd)
                PropertyRules.Read(ref reader, PropertyRules.ForDisconnect);
        }
        if (!reader.AtEnd)
            MqttProtocolException.Malformed("bytes after the end of DISCONNECT");
    }

    /// <summary>AUTH (MQTT 5.0 §3.15).</summary>
    public static void Auth(byte flags, ReadOnlySpan<byte> body, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V5)
            MqttProtocolException.ProtocolError("packet type 15 does not exist before MQTT 5");
        if (flags != 0)
            MqttProtocolException.Malformed("reserved flags of AUTH [MQTT-3.15.1-1]");
        var reader = new MqttReader(body);
        if (reader.AtEnd)
            return;
        var reason = (ReasonCode)reader.ReadByte();
        if (reason is not (ReasonCode.Success or ReasonCode.ContinueAuthentication or ReasonCode.ReAuthenticate))
            MqttProtocolException.ProtocolError($"reason code 0x{(byte)reason:X2} is not one of AUTH [MQTT-3.15.2-1]");
        if (!reader.AtEnd)
            PropertyRules.Read(ref reader, PropertyRules.ForAuth);
        if (!reader.AtEnd)
            MqttProtocolException.Malformed("bytes after the end of AUTH");
    }

    /// <summary>PINGREQ (MQTT 5.0 §3.12).</summary>
    public static void PingReq(byte flags, ReadOnlySpan<byte> body)
    {
        if (flags != 0 || !body.IsEmpty)
            MqttProtocolException.Malformed("PINGREQ with flags or a body [MQTT-2.1.3-1]");
    }

    private static ProtocolVersion ReadVersion(scoped ref MqttReader reader)
    {
        var name = reader.ReadUtf8();
        var level = reader.ReadByte();
        if (name.SequenceEqual("MQTT"u8) && level is 4 or 5)
            return (ProtocolVersion)level;
        // Bit 7 marks a bridge in the level of other brokers' bridges (mosquitto): the protocol is the same.
        if (name.SequenceEqual("MQTT"u8) && level == 0x84)
            return ProtocolVersion.V311;
        if (name.SequenceEqual("MQIsdp"u8) && level is 3 or 0x83)
            return ProtocolVersion.V31;
        MqttProtocolException.Throw(ReasonCode.UnsupportedProtocolVersion, $"protocol level {level} is not 3, 4 or 5 [MQTT-3.1.2-2]");
        return default;
    }

    private static void Will(scoped ref MqttReader reader, byte connectFlags, ProtocolVersion version)
    {
        var hasWill = (connectFlags & 0x04) != 0;
        if (!hasWill)
        {
            if ((connectFlags & 0x38) != 0)
                MqttProtocolException.Malformed("will QoS or will retain without a will [MQTT-3.1.2-11], [MQTT-3.1.2-13]");
            return;
        }
        if ((connectFlags & 0x18) == 0x18)
            MqttProtocolException.Malformed("will QoS 3 [MQTT-3.1.2-12]");
        if (version == ProtocolVersion.V5)
            PropertyRules.Read(ref reader, PropertyRules.ForWill);
        if (!Topics.IsValidName(reader.ReadUtf8()))
            MqttProtocolException.Throw(ReasonCode.TopicNameInvalid, "will topic is not a topic name [MQTT-3.1.3-11]");
        reader.ReadBinary();
    }

    private static void Filter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty)
            MqttProtocolException.Malformed("empty topic filter [MQTT-4.7.3-1]");
    }
}
