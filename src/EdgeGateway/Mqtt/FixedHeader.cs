namespace EdgeGateway.Mqtt;

/// <summary>First byte and remaining length of a packet (MQTT 5.0 §2.1).</summary>
/// <param name="Length">Bytes of the header itself, 2 to 5.</param>
/// <param name="RemainingLength">Bytes that follow the header, up to 268,435,455.</param>
public readonly record struct FixedHeader(byte First, int Length, int RemainingLength)
{
    public PacketType Type => (PacketType)(First >> 4);
    public byte Flags => (byte)(First & 0x0F);
    public int PacketLength => Length + RemainingLength;

    /// <returns>False: more bytes are needed.</returns>
    /// <exception cref="MqttProtocolException">The remaining length has more than four bytes.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FixedHeader header)
    {
        header = default;
        if (bytes.Length < 2)
            return false;
        var remaining = 0;
        for (var i = 1; i <= 4; i++)
        {
            if (i == bytes.Length)
                return false;
            remaining |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if (bytes[i] < 0x80)
            {
                header = new(bytes[0], i + 1, remaining);
                return true;
            }
        }
        MqttProtocolException.Malformed("remaining length of more than four bytes [MQTT-2.1.4]");
        return false;
    }

    /// <summary>Bytes that a variable byte integer takes.</summary>
    public static int SizeOf(int value) => value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;

    /// <returns>Bytes written.</returns>
    public static int WriteVariableByteInteger(Span<byte> target, int value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            target[i++] = (byte)(value | 0x80);
            value >>= 7;
        }
        target[i++] = (byte)value;
        return i;
    }
}
