using System.Buffers.Binary;
using System.Text;

namespace EdgeGateway.Pages.Mqtt;

/// <summary>The packets a subscriber at QoS 0 sends (MQTT 3.1.1 §3).</summary>
internal static class MqttFrameWriter
{
    private const byte CleanSession = 0b10;                                           // Connect flags, §3.1.2.3
    private const byte SubscribeFlags = 0b0010;                                       // reserved, must be so [MQTT-3.8.1-1], [MQTT-3.10.1-1]

    public static byte[] PingReq { get; } = [(byte)MqttFrameType.PingReq << 4, 0];

    public static byte[] Disconnect { get; } = [(byte)MqttFrameType.Disconnect << 4, 0];

    /// <param name="keepAliveSeconds">The gateway closes after one and a half times this without a packet [MQTT-3.1.2-24].</param>
    public static byte[] Connect(string clientId, ushort keepAliveSeconds)
    {
        var body = new List<byte> { 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, CleanSession };
        AddUInt16(body, keepAliveSeconds);
        AddString(body, clientId);
        return Frame(MqttFrameType.Connect, 0, body);
    }

    public static byte[] Subscribe(ushort packetIdentifier, IReadOnlyCollection<string> filters)
    {
        var body = new List<byte>();
        AddUInt16(body, packetIdentifier);
        foreach (var filter in filters)
        {
            AddString(body, filter);
            body.Add(0);                                                              // requested QoS
        }
        return Frame(MqttFrameType.Subscribe, SubscribeFlags, body);
    }

    public static byte[] Unsubscribe(ushort packetIdentifier, string filter)
    {
        var body = new List<byte>();
        AddUInt16(body, packetIdentifier);
        AddString(body, filter);
        return Frame(MqttFrameType.Unsubscribe, SubscribeFlags, body);
    }

    private static byte[] Frame(MqttFrameType type, byte flags, List<byte> body)
    {
        var frame = new List<byte>(body.Count + 5) { (byte)(((byte)type << 4) | flags) };
        var rest = body.Count;
        do
        {
            var part = (byte)(rest & 0x7F);
            rest >>= 7;
            frame.Add(rest > 0 ? (byte)(part | 0x80) : part);
        }
        while (rest > 0);
        frame.AddRange(body);
        return [.. frame];
    }

    private static void AddString(List<byte> body, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        AddUInt16(body, checked((ushort)utf8.Length));
        body.AddRange(utf8);
    }

    private static void AddUInt16(List<byte> body, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        body.AddRange(bytes);
    }
}
