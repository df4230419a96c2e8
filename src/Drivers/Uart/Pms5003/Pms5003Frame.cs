using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>Frames of the PMS5003 (Plantower data manual v2.3, appendices I and II).</summary>
internal static class Pms5003Frame
{
    public const int Length = 32;
    public const byte ModeCommand = 0xE1, ReadCommand = 0xE2, SleepCommand = 0xE4;

    public static byte[] Command(byte command, byte argument)
    {
        byte[] frame = [0x42, 0x4D, command, 0x00, argument, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(5), Sums.Wide(frame.AsSpan(0, 5)));
        return frame;
    }

    /// <summary>Looks for a measurement; acknowledgements of commands, which are shorter, are passed over.</summary>
    public static FrameSearch Find(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = [0x42, 0x4D, 0x00, 0x1C];
        var hasBadChecksum = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            var here = bytes[i..];
            var compared = Math.Min(start.Length, here.Length);
            if (!here[..compared].SequenceEqual(start[..compared]))
                continue;
            if (here.Length < Length)
                return new FrameSearch(i, 0, hasBadChecksum);
            if (Sums.Wide(here[..(Length - 2)]) == BinaryPrimitives.ReadUInt16BigEndian(here[(Length - 2)..]))
                return new FrameSearch(i, Length, hasBadChecksum);
            hasBadChecksum = true;
        }

        return new FrameSearch(bytes.Length, 0, hasBadChecksum);
    }

    /// <param name="index">0 to 12 as the manual counts the data words, less one.</param>
    public static int Word(ReadOnlySpan<byte> frame, int index) => BinaryPrimitives.ReadUInt16BigEndian(frame[(4 + (index * 2))..]);
}
