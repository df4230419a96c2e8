using System.Buffers;
using System.Text;
using CsCheck;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using EdgeGateway.Tests.Messaging;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace EdgeGateway.Tests.Mqtt;

/// <summary>Our PUBLISH codec against itself and against MQTTnet's.</summary>
public sealed class PublishCodecTests
{
    private static readonly Gen<(string Topic, byte[] Payload, int Qos, bool Retain, bool Duplicate, ushort Id, bool IsV5, uint Expiry, string User)> Packets = Gen.Select(
        Gen.Select(TopicsTests.TopicGen, Gen.Byte.Array[0, 300], Gen.Int[0, 2], Gen.Bool),
        Gen.Select(Gen.Bool, Gen.UShort[1, 65535], Gen.Bool),
        Gen.Select(Gen.UInt[0, 100], Gen.Char['a', 'z'].Array[0, 200])).Select(static parts => (
            parts.Item1.Item1, parts.Item1.Item2, parts.Item1.Item3, parts.Item1.Item4,
            parts.Item2.Item1, parts.Item2.Item2, parts.Item2.Item3,
            parts.Item3.Item1, new string(parts.Item3.Item2)));

    [Fact]
    public void Write_ThenMqttnetReads_GivesThePacketBack() => Packets.Sample(packet =>
    {
        var (bytes, _) = Write(packet);
        Assert.True(FixedHeader.TryRead(bytes, out var header));
        Assert.Equal(bytes.Length, header.PacketLength);
        var formatter = new MqttPacketFormatterAdapter(packet.IsV5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311, new MqttBufferWriter(64, 4096));
        var read = (MqttPublishPacket)formatter.Decode(new ReceivedMqttPacket(header.First, bytes[header.Length..], bytes.Length));
        Assert.Equal(packet.Topic, read.Topic);
        Assert.Equal(packet.Payload, read.Payload.ToArray());
        Assert.Equal((MqttQualityOfServiceLevel)packet.Qos, read.QualityOfServiceLevel);
        Assert.Equal(packet.Retain, read.Retain);
        if (packet.Qos > 0)
            Assert.Equal(packet.Id, read.PacketIdentifier);
        if (packet.IsV5)
            Assert.Equal(packet.Expiry, read.MessageExpiryInterval);
    });

    [Fact]
    public void MqttnetWrites_ThenWeRead_GivesThePacketBack() => Packets.Sample(packet =>
    {
        var formatter = new MqttPacketFormatterAdapter(packet.IsV5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311, new MqttBufferWriter(64, 4096));
        var source = new MqttPublishPacket
        {
            Topic = packet.Topic,
            Payload = new(packet.Payload),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)packet.Qos,
            Retain = packet.Retain,
            Dup = packet.Duplicate && packet.Qos > 0,
            PacketIdentifier = packet.Qos > 0 ? packet.Id : (ushort)0,
        };
        if (packet.IsV5)
        {
            source.MessageExpiryInterval = packet.Expiry;
            source.UserProperties = [new("key", new ArraySegment<byte>(Encoding.UTF8.GetBytes(packet.User)))];
            source.TopicAlias = 7;
        }
        var bytes = formatter.Encode(source).ToArray();
        FixedHeader.TryRead(bytes, out var header);
        var read = PublishPacket.Read(header.Flags, bytes.AsSpan(header.Length), packet.IsV5 ? ProtocolVersion.V5 : ProtocolVersion.V311);
        Assert.Equal(packet.Topic, Encoding.UTF8.GetString(read.Topic));
        Assert.Equal(packet.Payload, read.Payload.ToArray());
        Assert.Equal(packet.Qos, (int)read.QualityOfService);
        Assert.Equal(packet.Retain, read.Retain);
        if (!packet.IsV5)
            return;
        Assert.Equal(7, read.TopicAlias);
        var kept = new byte[read.Properties.Length];
        var properties = new MessageProperties(kept.AsMemory(0, read.CopyPropertiesWithoutAlias(kept)));
        Assert.Equal(packet.User, Assert.Single(properties.UserProperties).Value);
    });

    [Fact]
    public void Read_CutAnywhere_ThrowsProtocolErrorOnly() => Packets.Sample(packet =>
    {
        var (bytes, version) = Write(packet);
        FixedHeader.TryRead(bytes, out var header);
        for (var length = 0; length < Math.Min(40, bytes.Length - header.Length); length++)
        {
            try
            {
                PublishPacket.Read(header.Flags, bytes.AsSpan(header.Length, length), version);
            }
            catch (MqttProtocolException)
            {
                // what a cut packet deserves, unless the cut is in the payload
            }
        }
    });

    [Fact]
    public void Validators_AnyBytes_ThrowProtocolErrorOnly() => Gen.Select(Gen.Byte, Gen.Byte.Array[0, 60], Gen.Bool.Select(static isV5 => isV5 ? ProtocolVersion.V5 : ProtocolVersion.V311)).Sample((flags, body, version) =>
    {
        foreach (var validate in new Action[]
        {
            () => PacketValidator.Connect((byte)(flags & 15), body),
            () => PacketValidator.Subscribe((byte)(flags & 15), body, version),
            () => PacketValidator.Unsubscribe((byte)(flags & 15), body, version),
            () => PacketValidator.Disconnect((byte)(flags & 15), body, version),
            () => PacketValidator.Auth((byte)(flags & 15), body, version),
            () => PublishPacket.Read((byte)(flags & 15), body, version),
            () => AckPacket.Read(new((byte)(0x40 | (flags & 15)), 2, body.Length), body, version),
        })
        {
            try
            {
                validate();
            }
            catch (MqttProtocolException)
            {
                // refused in the standard's words
            }
        }
    }, iter: 20_000);

    private static (byte[] Bytes, ProtocolVersion Version) Write((string Topic, byte[] Payload, int Qos, bool Retain, bool Duplicate, ushort Id, bool IsV5, uint Expiry, string User) packet)
    {
        var properties = MessageProperties.Create([new("key", packet.User)], messageExpirySeconds: 1)!.Encoded.Span;
        var version = packet.IsV5 ? ProtocolVersion.V5 : ProtocolVersion.V311;
        var writer = new PublishWriter
        {
            Version = version,
            Topic = Encoding.UTF8.GetBytes(packet.Topic),
            Payload = packet.Payload,
            QualityOfService = (QualityOfService)packet.Qos,
            Retain = packet.Retain,
            Duplicate = packet.Duplicate && packet.Qos > 0,
            PacketIdentifier = packet.Id,
            Properties = packet.IsV5 ? properties : default,
            ExpiryOffset = packet.IsV5 ? PropertyRules.FindExpiry(properties) : -1,
            ExpirySeconds = packet.Expiry,
        };
        var bytes = new byte[writer.PacketLength];
        Assert.Equal(bytes.Length, writer.Write(bytes));
        return (bytes, version);
    }
}
