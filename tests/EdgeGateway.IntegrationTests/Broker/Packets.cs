using System.Buffers.Binary;
using System.Text;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>Builds packets by hand, so that tests do not lean on the codec they test.</summary>
internal static class Packets
{
    public static byte[] Connect(string clientId, byte version = 5, bool clean = true, ushort keepAlive = 0, byte[]? properties = null, byte flags = 0, byte[]? more = null) =>
        Packet(0x10, [
            .. version == 3 ? Text("MQIsdp") : Text("MQTT"), version, (byte)(flags | (clean ? 2 : 0)), (byte)(keepAlive >> 8), (byte)keepAlive,
            .. version == 5 ? (byte[])[(byte)(properties?.Length ?? 0), .. properties ?? []] : [],
            .. Text(clientId), .. more ?? []]);

    public static byte[] Publish(string topic, string payload, int qos = 0, ushort id = 0, bool retain = false, bool duplicate = false, byte version = 5, byte[]? properties = null) =>
        Packet((byte)(0x30 | (duplicate ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)), [
            .. Text(topic), .. qos > 0 ? (byte[])[(byte)(id >> 8), (byte)id] : [],
            .. version == 5 ? (byte[])[(byte)(properties?.Length ?? 0), .. properties ?? []] : [],
            .. Encoding.UTF8.GetBytes(payload)]);

    public static byte[] Subscribe(ushort id, string filter, byte options = 0, byte version = 5, byte[]? properties = null) =>
        Packet(0x82, [(byte)(id >> 8), (byte)id, .. version == 5 ? (byte[])[(byte)(properties?.Length ?? 0), .. properties ?? []] : [], .. Text(filter), options]);

    public static byte[] Ack(byte first, ushort id) => [first, 2, (byte)(id >> 8), (byte)id];

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    public static byte[] Packet(byte first, byte[] body)
    {
        var length = new List<byte>();
        var rest = body.Length;
        do
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        return [first, .. length, .. body];
    }

    public static ushort IdOf(byte[] ack) => BinaryPrimitives.ReadUInt16BigEndian(ack.AsSpan(2));
}
