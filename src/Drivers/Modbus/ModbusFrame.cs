using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>Frames of Modbus RTU (Modbus application protocol V1.1b3 §6.3, §6.4, §7; serial line V1.02 §2.5.1).</summary>
internal static class ModbusFrame
{
    public const byte ReadHoldingRegisters = 3, ReadInputRegisters = 4, ExceptionFlag = 0x80, Busy = 6;

    private const int ExceptionLength = 5;

    /// <summary>A request to read registers, with its checksum.</summary>
    public static byte[] Request(byte slave, byte function, ushort start, ushort count)
    {
        var frame = new byte[8];
        (frame[0], frame[1]) = (slave, function);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), start);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), count);
        return Seal(frame);
    }

    /// <summary>Writes the checksum into the last two bytes, the low one first.</summary>
    public static byte[] Seal(byte[] frame)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(frame.Length - 2), Crc16Modbus.Of(frame.AsSpan(0, frame.Length - 2)));
        return frame;
    }

    /// <summary>Looks for the reply of a slave: its registers or an exception. Echoes of the request and noise are passed over.</summary>
    /// <param name="dataBytes">Bytes of the registers asked for.</param>
    public static FrameSearch FindReply(ReadOnlySpan<byte> bytes, byte slave, byte function, int dataBytes)
    {
        var hasBadChecksum = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            var here = bytes[i..];
            if (here[0] != slave)
                continue;
            if (here.Length < 3)
                return new FrameSearch(i, 0, hasBadChecksum);
            var length = here[1] == function && here[2] == dataBytes ? dataBytes + 5 : here[1] == (function | ExceptionFlag) ? ExceptionLength : 0;
            if (length == 0)
                continue;
            if (here.Length < length)
            {
                if (!CouldBeLater(here[1..], slave, function, dataBytes))
                    return new FrameSearch(i, 0, hasBadChecksum);
                continue;
            }

            if (Fits(here[..length]))
                return new FrameSearch(i, length, hasBadChecksum);
            hasBadChecksum = true;
        }

        return new FrameSearch(bytes.Length, 0, hasBadChecksum);
    }

    public static bool Fits(ReadOnlySpan<byte> frame) =>
        frame.Length >= 4 && Crc16Modbus.Of(frame[..^2]) == BinaryPrimitives.ReadUInt16LittleEndian(frame[^2..]);

    /// <summary>The specification's words for an exception code (§7).</summary>
    public static string ExceptionText(byte code) => code switch
    {
        1 => "illegal function",
        2 => "illegal data address",
        3 => "illegal data value",
        4 => "device failure",
        5 => "acknowledge",
        Busy => "device busy",
        8 => "memory parity error",
        10 => "gateway path unavailable",
        11 => "gateway target failed to respond",
        _ => "an exception no standard knows",
    };

    // What looks like the head of a reply may be noise before a whole one.
    private static bool CouldBeLater(ReadOnlySpan<byte> rest, byte slave, byte function, int dataBytes)
    {
        for (var i = 0; i + 2 < rest.Length; i++)
        {
            if (rest[i] != slave)
                continue;
            var length = rest[i + 1] == function && rest[i + 2] == dataBytes ? dataBytes + 5 : rest[i + 1] == (function | ExceptionFlag) ? ExceptionLength : 0;
            if (length > 0 && i + length <= rest.Length && Fits(rest.Slice(i, length)))
                return true;
        }

        return false;
    }
}
