namespace EdgeGateway.Drivers;

/// <summary>The plain sums of serial sensors.</summary>
public static class Sums
{
    /// <summary>Low byte of the sum (DHT22).</summary>
    public static byte Low(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var value in bytes)
            sum += value;
        return sum;
    }

    /// <summary>Two's complement of the low byte of the sum (MH-Z19: over bytes 1 to 7; PN532: LCS and DCS).</summary>
    public static byte Complement(ReadOnlySpan<byte> bytes) => (byte)-Low(bytes);

    /// <summary>Sum of all bytes as 16 bits (PMS5003).</summary>
    public static ushort Wide(ReadOnlySpan<byte> bytes)
    {
        ushort sum = 0;
        foreach (var value in bytes)
            sum += value;
        return sum;
    }

    /// <summary>Exclusive or of all bytes (NMEA 0183: the characters between $ and *).</summary>
    public static byte Xor(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var value in bytes)
            sum ^= value;
        return sum;
    }
}
