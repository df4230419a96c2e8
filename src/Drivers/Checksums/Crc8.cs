namespace EdgeGateway.Drivers;

/// <summary>CRC-8 in the two forms sensors use.</summary>
public static class Crc8
{
    // Poly x^8 + x^5 + x^4 + 1 = 0x31, most significant bit first.
    private static readonly byte[] Forward = Table(0x31, reflected: false);

    // The same polynomial, least significant bit first: 0x8C.
    private static readonly byte[] Reflected = Table(0x8C, reflected: true);

    /// <summary>Sensirion (SHT3x datasheet §4.12), also AHT20: initial value 0xFF.</summary>
    public static byte Sensirion(ReadOnlySpan<byte> bytes) => Run(bytes, 0xFF);

    /// <summary>HTU21D, SHT2x, Si70xx: the same polynomial with initial value 0x00.</summary>
    public static byte Htu(ReadOnlySpan<byte> bytes) => Run(bytes, 0x00);

    /// <summary>Maxim 1-Wire (AN27): least significant bit first, initial value 0.</summary>
    public static byte Maxim(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (var value in bytes)
            crc = Reflected[crc ^ value];
        return crc;
    }

    private static byte Run(ReadOnlySpan<byte> bytes, byte crc)
    {
        foreach (var value in bytes)
            crc = Forward[crc ^ value];
        return crc;
    }

    private static byte[] Table(byte polynomial, bool reflected)
    {
        var table = new byte[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = reflected
                    ? (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1
                    : (crc & 0x80) != 0 ? (crc << 1) ^ polynomial : crc << 1;
            }

            table[i] = (byte)crc;
        }

        return table;
    }
}
