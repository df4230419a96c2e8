using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>The trimming words of a BME280 or BMP280 and the compensation formulas in double precision (DS002 §4.2.3, §8.1).</summary>
internal sealed record Bme280Calibration
{
    public required ushort T1 { get; init; }
    public required short T2 { get; init; }
    public required short T3 { get; init; }
    public required ushort P1 { get; init; }
    public required short P2 { get; init; }
    public required short P3 { get; init; }
    public required short P4 { get; init; }
    public required short P5 { get; init; }
    public required short P6 { get; init; }
    public required short P7 { get; init; }
    public required short P8 { get; init; }
    public required short P9 { get; init; }
    public byte H1 { get; init; }
    public short H2 { get; init; }
    public byte H3 { get; init; }
    public short H4 { get; init; }
    public short H5 { get; init; }
    public sbyte H6 { get; init; }

    /// <param name="first">24 bytes from 0x88.</param>
    /// <param name="h1">Register 0xA1.</param>
    /// <param name="humidity">7 bytes from 0xE1; empty for a BMP280.</param>
    public static Bme280Calibration Parse(ReadOnlySpan<byte> first, byte h1, ReadOnlySpan<byte> humidity)
    {
        static short S16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);
        static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
        var words = new Bme280Calibration
        {
            T1 = U16(first, 0),
            T2 = S16(first, 2),
            T3 = S16(first, 4),
            P1 = U16(first, 6),
            P2 = S16(first, 8),
            P3 = S16(first, 10),
            P4 = S16(first, 12),
            P5 = S16(first, 14),
            P6 = S16(first, 16),
            P7 = S16(first, 18),
            P8 = S16(first, 20),
            P9 = S16(first, 22),
        };
        return humidity.IsEmpty ? words : words with
        {
            H1 = h1,
            H2 = S16(humidity, 0),
            H3 = humidity[2],
            H4 = (short)(((sbyte)humidity[3] << 4) | (humidity[4] & 0x0F)), // both 12-bit words are signed: the sign is in the high byte
            H5 = (short)(((sbyte)humidity[5] << 4) | (humidity[4] >> 4)),
            H6 = (sbyte)humidity[6],
        };
    }

    /// <summary>Fine temperature, which the other formulas take; °C is a 5120th of it.</summary>
    public double FineTemperature(int raw)
    {
        var v1 = ((raw / 16384.0) - (T1 / 1024.0)) * T2;
        var v2 = (raw / 131072.0) - (T1 / 8192.0);
        return v1 + (v2 * v2 * T3);
    }

    /// <returns>Pa; NaN where the calibration makes it impossible.</returns>
    public double Pressure(int raw, double fine)
    {
        var v1 = (fine / 2) - 64000;
        var v2 = v1 * v1 * P6 / 32768;
        v2 += v1 * P5 * 2;
        v2 = (v2 / 4) + (P4 * 65536.0);
        v1 = ((P3 * v1 * v1 / 524288) + (P2 * v1)) / 524288;
        v1 = (1 + (v1 / 32768)) * P1;
        if (v1 == 0)
            return double.NaN;
        var p = (1048576.0 - raw - (v2 / 4096)) * 6250 / v1;
        return p + (((P9 * p * p / 2147483648.0) + (p * P8 / 32768) + P7) / 16);
    }

    /// <returns>%RH, limited to 0 to 100 as the datasheet does.</returns>
    public double Humidity(int raw, double fine)
    {
        var x = fine - 76800;
        x = (raw - ((H4 * 64.0) + (H5 / 16384.0 * x))) * (H2 / 65536.0 * (1 + (H6 / 67108864.0 * x * (1 + (H3 / 67108864.0 * x)))));
        x *= 1 - (H1 * x / 524288);
        return Math.Clamp(x, 0, 100);
    }
}
