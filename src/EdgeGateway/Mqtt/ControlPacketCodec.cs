using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace EdgeGateway.Mqtt;

/// <summary>
/// The control packets through MQTTnet's packet types and codec. Decoding runs behind <see cref="PacketValidator"/>, since MQTTnet's decoder
/// takes much that the standards forbid; PUBLISH and its acknowledgements have a codec of their own.
/// </summary>
internal sealed class ControlPacketCodec
{
    private const int LevelOffset = 6; // behind the length-prefixed "MQTT"
    [ThreadStatic]
    private static ControlPacketCodec?[]? t_codecs;

    private readonly MqttPacketFormatterAdapter _formatter;

    private ControlPacketCodec(ProtocolVersion version)
    {
        Version = version;
        _formatter = new(
            version switch
            {
                ProtocolVersion.V31 => MqttProtocolVersion.V310,
                ProtocolVersion.V311 => MqttProtocolVersion.V311,
                _ => MqttProtocolVersion.V500,
            },
            new MqttBufferWriter(256, 65536));
    }

    public ProtocolVersion Version { get; }

    /// <summary>Reads a CONNECT, which also says how to read all that follows.</summary>
    public static MqttConnectPacket ReadConnect(FixedHeader header, ReadOnlySpan<byte> body, out ProtocolVersion version)
    {
        version = PacketValidator.Connect(header.Flags, body);
        var codec = For(version);
        var bytes = body.ToArray();
        if (codec.Version != ProtocolVersion.V31)
            bytes[LevelOffset] = (byte)codec.Version; // a bridge's bit 7 is not part of the level
        return (MqttConnectPacket)codec.Decode(header, bytes);
    }

    /// <summary>This thread's codec: it keeps buffers, and a connection speaks control packets rarely.</summary>
    public static ControlPacketCodec For(ProtocolVersion version) => (t_codecs ??= new ControlPacketCodec?[6])[(int)version] ??= new(version);

    public MqttSubscribePacket ReadSubscribe(FixedHeader header, ReadOnlySpan<byte> body)
    {
        PacketValidator.Subscribe(header.Flags, body, Version);
        return (MqttSubscribePacket)Decode(header, body.ToArray());
    }

    public MqttUnsubscribePacket ReadUnsubscribe(FixedHeader header, ReadOnlySpan<byte> body)
    {
        PacketValidator.Unsubscribe(header.Flags, body, Version);
        return (MqttUnsubscribePacket)Decode(header, body.ToArray());
    }

    public MqttDisconnectPacket ReadDisconnect(FixedHeader header, ReadOnlySpan<byte> body)
    {
        PacketValidator.Disconnect(header.Flags, body, Version);
        return (MqttDisconnectPacket)Decode(header, body.ToArray());
    }

    public MqttAuthPacket ReadAuth(FixedHeader header, ReadOnlySpan<byte> body)
    {
        PacketValidator.Auth(header.Flags, body, Version);
        return (MqttAuthPacket)Decode(header, body.ToArray());
    }

    /// <returns>Valid until this thread's next call.</returns>
    public ReadOnlySpan<byte> Write(MqttPacket packet)
    {
        var buffer = _formatter.Encode(packet);
        return buffer.Packet;
    }

    /// <summary>Whether DISCONNECT may carry a session expiry interval at all, and which; MQTTnet reads an absent one as 0.</summary>
    public static uint? SessionExpiryOfDisconnect(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
            return null;
        var reader = new MqttReader(body[1..]);
        var properties = new MqttReader(PropertyRules.Read(ref reader, PropertyRules.ForDisconnect));
        while (!properties.AtEnd)
        {
            var value = PropertyRules.Next(ref properties, out var id);
            if (id == PropertyId.SessionExpiryInterval)
                return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value);
        }
        return null;
    }

    private MqttPacket Decode(FixedHeader header, byte[] body)
    {
        try
        {
            return _formatter.Decode(new ReceivedMqttPacket(header.First, body, header.PacketLength));
        }
        catch (MQTTnet.Exceptions.MqttProtocolViolationException ex)
        {
            throw new MqttProtocolException(ReasonCode.MalformedPacket, ex.Message);
        }
    }
}
