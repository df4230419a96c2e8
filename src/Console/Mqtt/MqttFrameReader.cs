namespace EdgeGateway.Pages.Mqtt;

/// <summary>
/// Cuts a stream of bytes into frames. A WebSocket message may hold part of a packet or several:
/// packets must not be assumed to be aligned with it [MQTT-6.0.0-2].
/// </summary>
internal sealed class MqttFrameReader(int maxBodyBytes = 1024 * 1024)
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Takes in what arrived; the bytes are copied.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _buffer.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <returns>False when the next frame is not complete yet.</returns>
    /// <exception cref="MqttFormatException">The length is malformed or above the limit of this page.</exception>
    public bool TryRead(out MqttFrame frame)
    {
        frame = default;
        var held = _buffer.AsSpan(_start, _end - _start);
        if (!TryReadLength(held, out var length, out var headerBytes))
            return false;
        if (length > maxBodyBytes)
            throw new MqttFormatException($"a packet of {length} bytes is more than the {maxBodyBytes} this page takes");
        if (held.Length < headerBytes + length)
            return false;
        var body = held.Slice(headerBytes, length).ToArray();                        // owned: the buffer moves on
        frame = new MqttFrame((MqttFrameType)(held[0] >> 4), (byte)(held[0] & 0x0F), body);
        _start += headerBytes + length;
        return true;
    }

    /// <summary>Remaining length: seven bits a byte, least first, four bytes at most (MQTT 3.1.1 §2.2.3).</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> held, out int length, out int headerBytes)
    {
        length = 0;
        headerBytes = 0;
        for (var i = 0; i < 4; i++)
        {
            if (held.Length < i + 2)
                return false;
            var part = held[i + 1];
            length |= (part & 0x7F) << (7 * i);
            if ((part & 0x80) == 0)
            {
                headerBytes = i + 2;
                return true;
            }
        }
        throw new MqttFormatException("remaining length of more than four bytes");
    }

    private void MakeRoom(int wanted)
    {
        var held = _end - _start;
        var target = held + wanted > _buffer.Length ? new byte[Math.Max(_buffer.Length * 2, held + wanted)] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        _buffer = target;
        _start = 0;
        _end = held;
    }
}
