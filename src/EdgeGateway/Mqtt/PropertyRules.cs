namespace EdgeGateway.Mqtt;

/// <summary>
/// Which property may stand in which packet, how often, and with which values (MQTT 5.0 §2.2.2, Table 2-4). A property of another packet,
/// a repeated one and a bad value are protocol errors; an unknown identifier is a malformed packet.
/// </summary>
internal static class PropertyRules
{
    private const ulong Publish = 1UL << (int)PropertyId.PayloadFormatIndicator | 1UL << (int)PropertyId.MessageExpiryInterval | 1UL << (int)PropertyId.ContentType
        | 1UL << (int)PropertyId.ResponseTopic | 1UL << (int)PropertyId.CorrelationData | 1UL << (int)PropertyId.UserProperty;

    /// <summary>Allowed in CONNECT.</summary>
    public const ulong ForConnect = 1UL << (int)PropertyId.SessionExpiryInterval | 1UL << (int)PropertyId.AuthenticationMethod | 1UL << (int)PropertyId.AuthenticationData
        | 1UL << (int)PropertyId.RequestProblemInformation | 1UL << (int)PropertyId.RequestResponseInformation | 1UL << (int)PropertyId.ReceiveMaximum
        | 1UL << (int)PropertyId.TopicAliasMaximum | 1UL << (int)PropertyId.UserProperty | 1UL << (int)PropertyId.MaximumPacketSize;

    /// <summary>Allowed in the will of CONNECT.</summary>
    public const ulong ForWill = Publish | 1UL << (int)PropertyId.WillDelayInterval;

    /// <summary>Allowed in PUBLISH from a client; a subscription identifier is not [MQTT-3.3.4-6].</summary>
    public const ulong ForPublish = Publish | 1UL << (int)PropertyId.TopicAlias;

    public const ulong ForAck = 1UL << (int)PropertyId.ReasonString | 1UL << (int)PropertyId.UserProperty;
    public const ulong ForSubscribe = 1UL << (int)PropertyId.SubscriptionIdentifier | 1UL << (int)PropertyId.UserProperty;
    public const ulong ForUnsubscribe = 1UL << (int)PropertyId.UserProperty;

    /// <summary>Allowed in DISCONNECT from a client; a server reference is not.</summary>
    public const ulong ForDisconnect = 1UL << (int)PropertyId.SessionExpiryInterval | 1UL << (int)PropertyId.ReasonString | 1UL << (int)PropertyId.UserProperty;

    public const ulong ForAuth = 1UL << (int)PropertyId.AuthenticationMethod | 1UL << (int)PropertyId.AuthenticationData | 1UL << (int)PropertyId.ReasonString | 1UL << (int)PropertyId.UserProperty;

    private const ulong Known = ForConnect | ForWill | ForPublish | ForAck | ForSubscribe | ForDisconnect | ForAuth
        | 1UL << (int)PropertyId.AssignedClientIdentifier | 1UL << (int)PropertyId.ServerKeepAlive | 1UL << (int)PropertyId.ResponseInformation
        | 1UL << (int)PropertyId.ServerReference | 1UL << (int)PropertyId.MaximumQos | 1UL << (int)PropertyId.RetainAvailable
        | 1UL << (int)PropertyId.WildcardSubscriptionAvailable | 1UL << (int)PropertyId.SubscriptionIdentifierAvailable | 1UL << (int)PropertyId.SharedSubscriptionAvailable;

    /// <summary>Reads the property length and steps over all properties, checking each.</summary>
    /// <returns>The properties without their length.</returns>
    public static ReadOnlySpan<byte> Read(scoped ref MqttReader reader, ulong allowed)
    {
        var all = reader.Take(reader.ReadVariableByteInteger());
        var properties = new MqttReader(all);
        var seen = 0UL;
        while (!properties.AtEnd)
            seen |= CheckOne(ref properties, allowed, seen);
        if ((seen & (1UL << (int)PropertyId.AuthenticationData)) != 0 && (seen & (1UL << (int)PropertyId.AuthenticationMethod)) == 0)
            MqttProtocolException.ProtocolError("authentication data without a method (MQTT 5.0 §3.1.2.11.10)");
        return all;
    }

    /// <summary>Steps to the next property of a block that <see cref="Read"/> has checked.</summary>
    public static ReadOnlySpan<byte> Next(scoped ref MqttReader properties, out PropertyId id)
    {
        var before = properties.Rest;
        id = (PropertyId)properties.ReadByte();
        Skip(ref properties, id);
        return before[1..^properties.Rest.Length];
    }

    /// <summary>Offset of the message expiry interval's four bytes in a checked block; -1: there is none.</summary>
    public static int FindExpiry(ReadOnlySpan<byte> properties)
    {
        var reader = new MqttReader(properties);
        while (!reader.AtEnd)
        {
            Next(ref reader, out var id);
            if (id == PropertyId.MessageExpiryInterval)
                return properties.Length - reader.Rest.Length - 4;
        }
        return -1;
    }

    private static ulong CheckOne(ref MqttReader properties, ulong allowed, ulong seen)
    {
        var raw = properties.ReadVariableByteInteger();
        if (raw > 63 || (Known & (1UL << raw)) == 0)
            MqttProtocolException.Malformed($"property 0x{raw:X2} does not exist");
        var bit = 1UL << raw;
        var id = (PropertyId)raw;
        if ((allowed & bit) == 0)
            MqttProtocolException.ProtocolError($"property {id} is not allowed in this packet (MQTT 5.0 §2.2.2.2)");
        if ((seen & bit) != 0 && id != PropertyId.UserProperty)
            MqttProtocolException.ProtocolError($"property {id} is given twice");
        CheckValue(ref properties, id);
        return bit;
    }

    private static void CheckValue(ref MqttReader properties, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation:
                if (properties.ReadByte() > 1)
                    MqttProtocolException.ProtocolError($"property {id} is neither 0 nor 1");
                break;
            case PropertyId.ReceiveMaximum:
                if (properties.ReadUInt16() == 0)
                    MqttProtocolException.ProtocolError("receive maximum 0 (MQTT 5.0 §3.1.2.11.3)");
                break;
            case PropertyId.MaximumPacketSize:
                if (properties.ReadUInt32() == 0)
                    MqttProtocolException.ProtocolError("maximum packet size 0 (MQTT 5.0 §3.1.2.11.4)");
                break;
            case PropertyId.SubscriptionIdentifier:
                if (properties.ReadVariableByteInteger() == 0)
                    MqttProtocolException.ProtocolError("subscription identifier 0 (MQTT 5.0 §3.8.2.1.2)");
                break;
            case PropertyId.ResponseTopic:
                if (properties.ReadUtf8().IndexOfAny((byte)'+', (byte)'#') >= 0)
                    MqttProtocolException.ProtocolError("response topic with a wildcard [MQTT-3.3.2-14]");
                break;
            default:
                Skip(ref properties, id);
                break;
        }
    }

    private static void Skip(scoped ref MqttReader properties, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
                or PropertyId.MaximumQos or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable
                or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable:
                properties.ReadByte();
                break;
            case PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias:
                properties.ReadUInt16();
                break;
            case PropertyId.MessageExpiryInterval or PropertyId.SessionExpiryInterval or PropertyId.WillDelayInterval or PropertyId.MaximumPacketSize:
                properties.ReadUInt32();
                break;
            case PropertyId.SubscriptionIdentifier:
                properties.ReadVariableByteInteger();
                break;
            case PropertyId.CorrelationData or PropertyId.AuthenticationData:
                properties.ReadBinary();
                break;
            case PropertyId.UserProperty:
                properties.ReadUtf8();
                properties.ReadUtf8();
                break;
            default:
                properties.ReadUtf8();
                break;
        }
    }
}
