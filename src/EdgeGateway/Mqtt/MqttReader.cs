using System.Buffers.Binary;
using System.Text.Unicode;

namespace EdgeGateway.Mqtt;

/// <summary>Reads MQTT's data types (MQTT 5.0 §1.5) from a packet's body; whatever is missing or not allowed is a malformed packet.</summary>
public ref struct MqttReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public readonly ReadOnlySpan<byte> Rest => _rest;
    public readonly bool AtEnd => _rest.IsEmpty;

    public byte ReadByte()
    {
        if (_rest.IsEmpty)
            MqttProtocolException.Malformed("packet ends where a byte was expected");
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A packet identifier, which is never 0 [MQTT-2.2.1-3].</summary>
    public ushort ReadPacketIdentifier()
    {
        var id = ReadUInt16();
        if (id == 0)
            MqttProtocolException.Malformed("packet identifier 0 [MQTT-2.2.1-3]");
        return id;
    }

    /// <summary>One to four bytes, in the shortest form [MQTT-1.5.5-1].</summary>
    public int ReadVariableByteInteger()
    {
        var value = 0;
        for (var shift = 0; shift <= 21; shift += 7)
        {
            var next = ReadByte();
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                if (next == 0 && shift > 0)
                    MqttProtocolException.Malformed("variable byte integer is not in its shortest form [MQTT-1.5.5-1]");
                return value;
            }
        }
        MqttProtocolException.Malformed("variable byte integer of more than four bytes");
        return 0;
    }

    /// <summary>Length-prefixed UTF-8 without U+0000 [MQTT-1.5.4-1], [MQTT-1.5.4-2].</summary>
    public ReadOnlySpan<byte> ReadUtf8()
    {
        var text = ReadBinary();
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
            MqttProtocolException.Malformed("string is not valid UTF-8, or holds U+0000 [MQTT-1.5.4-1]");
        return text;
    }

    public ReadOnlySpan<byte> ReadBinary() => Take(ReadUInt16());

    public ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
            MqttProtocolException.Malformed("packet ends inside a field");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
