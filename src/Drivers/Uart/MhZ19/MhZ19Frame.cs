namespace EdgeGateway.Drivers;

/// <summary>Frames of the MH-Z19B and C: nine bytes, the last a checksum (Winsen MH-Z19B manual v1.6).</summary>
internal static class MhZ19Frame
{
    public const int Length = 9;
    public const byte Start = 0xFF, ReadCommand = 0x86, SelfCalibrationCommand = 0x79, RangeCommand = 0x99;

    /// <param name="arguments">Up to five bytes.</param>
    public static byte[] Command(byte command, params ReadOnlySpan<byte> arguments)
    {
        var frame = new byte[Length];
        (frame[0], frame[1], frame[2]) = (Start, 0x01, command);
        arguments.CopyTo(frame.AsSpan(3));
        frame[^1] = Sums.Complement(frame.AsSpan(1, 7));
        return frame;
    }

    /// <summary>Looks for the answer to a reading.</summary>
    public static FrameSearch Find(ReadOnlySpan<byte> bytes)
    {
        var hasBadChecksum = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != Start || (i + 1 < bytes.Length && bytes[i + 1] != ReadCommand))
                continue;
            if (i + Length > bytes.Length)
                return new FrameSearch(i, 0, hasBadChecksum);
            if (Sums.Complement(bytes.Slice(i + 1, 7)) == bytes[i + 8])
                return new FrameSearch(i, Length, hasBadChecksum);
            hasBadChecksum = true;
        }

        return new FrameSearch(bytes.Length, 0, hasBadChecksum);
    }
}
