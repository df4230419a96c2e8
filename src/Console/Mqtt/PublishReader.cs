using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Pages.Live;

namespace EdgeGateway.Pages.Mqtt;

/// <summary>Reads a PUBLISH (MQTT 3.1.1 §3.3).</summary>
internal static class PublishReader
{
    /// <exception cref="MqttFormatException">The topic is cut short, or both QoS bits are set [MQTT-3.3.1-4].</exception>
    public static LiveMessage Read(MqttFrame frame, DateTimeOffset arrived)
    {
        var qos = (frame.Flags >> 1) & 0b11;
        if (qos == 3)
            throw new MqttFormatException("both QoS bits set [MQTT-3.3.1-4]");
        var body = frame.Body.Span;
        if (body.Length < 2)
            throw new MqttFormatException("PUBLISH without a topic");
        var topicBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
        var payloadAt = 2 + topicBytes + (qos > 0 ? 2 : 0);                           // a packet identifier only above QoS 0
        if (body.Length < payloadAt)
            throw new MqttFormatException("PUBLISH cut short");
        return new LiveMessage(Encoding.UTF8.GetString(body.Slice(2, topicBytes)), frame.Body[payloadAt..], qos, (frame.Flags & 1) != 0, arrived);
    }
}
