using CsCheck;
using EdgeGateway.Pages.Mqtt;
using Xunit;

namespace Console.Tests.Mqtt;

public sealed class MqttFrameTests
{
    [Fact]
    public void Connect_CleanSession_HasTheBytesOfTheSpecification() =>
        Assert.Equal(
            [
                0x10, 14,                                                       // CONNECT, remaining length
                0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4,            // protocol name, level 4 [MQTT-3.1.2-1]
                0b10, 0, 20,                                                    // clean session, keep alive
                0, 2, (byte)'c', (byte)'1',                                     // client identifier
            ],
            MqttFrameWriter.Connect("c1", 20));

    [Fact]
    public void Subscribe_TwoFilters_CarriesTheReservedFlags() =>
        Assert.Equal(
            [
                0x82, 11, 0, 7,                                                 // SUBSCRIBE with flags 0010 [MQTT-3.8.1-1], packet identifier
                0, 3, (byte)'a', (byte)'/', (byte)'+', 0,                       // filter, QoS 0
                0, 0, 0,
            ],
            MqttFrameWriter.Subscribe(7, ["a/+", ""]));

    [Fact]
    public void Unsubscribe_OneFilter_CarriesTheReservedFlags() =>
        Assert.Equal([0xA2, 5, 0, 8, 0, 1, (byte)'#'], MqttFrameWriter.Unsubscribe(8, "#"));

    [Fact]
    public void TryRead_FiveLengthBytes_Throws()
    {
        var reader = new MqttFrameReader();
        reader.Append([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]);
        Assert.Throws<MqttFormatException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_LongerThanThePageTakes_ThrowsBeforeItArrives()
    {
        var reader = new MqttFrameReader(maxBodyBytes: 100);
        reader.Append([0x30, 101]);
        Assert.Throws<MqttFormatException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_CutAnywhere_GivesTheSameFrames() =>
        Gen.Select(Gen.Byte.Array[0, 400].Array[1, 6], Gen.Int[1, 37]).Sample((bodies, piece) =>
        {
            var stream = bodies.SelectMany(Frame).ToArray();
            var reader = new MqttFrameReader();
            var seen = new List<byte[]>();
            foreach (var part in stream.Chunk(piece))
            {
                reader.Append(part);
                while (reader.TryRead(out var frame))
                {
                    Assert.Equal(MqttFrameType.Publish, frame.Type);
                    seen.Add(frame.Body.ToArray());
                }
            }
            Assert.Equal(bodies, seen);
        });

    [Fact]
    public void Read_Retained_GivesTopicAndPayload()
    {
        var message = PublishReader.Read(new MqttFrame(MqttFrameType.Publish, 0b0001, new byte[] { 0, 3, (byte)'a', (byte)'/', (byte)'b', 1, 2 }), DateTimeOffset.UnixEpoch);
        Assert.Equal("a/b", message.Topic);
        Assert.Equal([1, 2], message.Payload.ToArray());
        Assert.True(message.Retain);
    }

    [Fact]
    public void Read_QosOne_SkipsThePacketIdentifier()
    {
        var message = PublishReader.Read(new MqttFrame(MqttFrameType.Publish, 0b0010, new byte[] { 0, 1, (byte)'a', 0, 9, 5 }), DateTimeOffset.UnixEpoch);
        Assert.Equal(1, message.QualityOfService);
        Assert.Equal([5], message.Payload.ToArray());
    }

    [Theory]
    [InlineData(0b0110, new byte[] { 0, 1, 97, 0, 1 })]                         // both QoS bits [MQTT-3.3.1-4]
    [InlineData(0, new byte[] { 0 })]                                           // no topic length
    [InlineData(0, new byte[] { 0, 5, 97 })]                                    // topic cut short
    [InlineData(0b0010, new byte[] { 0, 1, 97, 0 })]                            // packet identifier cut short
    public void Read_Malformed_Throws(byte flags, byte[] body) =>
        Assert.Throws<MqttFormatException>(() => PublishReader.Read(new MqttFrame(MqttFrameType.Publish, flags, body), DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData("http://127.0.0.1:8080/console/", "ws://127.0.0.1:8080/mqtt")]
    [InlineData("https://pi.local:8443/console/rules?x=1#y", "wss://pi.local:8443/mqtt")]
    public void Endpoint_BesideThePages_IsTheSameHost(string pages, string expected) =>
        Assert.Equal(new Uri(expected), WebSocketDialer.Endpoint(new Uri(pages)));

    private static byte[] Frame(byte[] body) => body.Length < 128
        ? [0x30, (byte)body.Length, .. body]
        : [0x30, (byte)((body.Length & 0x7F) | 0x80), (byte)(body.Length >> 7), .. body];
}
