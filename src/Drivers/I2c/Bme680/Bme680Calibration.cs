using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>The trimming words of a BME680 or BME688 and their formulas for temperature, pressure and humidity (DS001 §3.3).</summary>
internal sealed record Bme680Calibration
{
    public required ushort T1 { get; init; }
    public required short T2 { get; init; }
    public required sbyte T3 { get; init; }
    public required ushort P1 { get; init; }
    public required short P2 { get; init; }
    public required sbyte P3 { get; init; }
    public required short P4 { get; init; }
    public required short P5 { get; init; }
    public required sbyte P6 { get; init; }
    public required sbyte P7 { get; init; }
    public required short P8 { get; init; }
    public required short P9 { get; init; }
    public required byte P10 { get; init; }
    public required ushort H1 { get; init; }
    public required ushort H2 { get; init; }
    public required sbyte H3 { get; init; }
    public required sbyte H4 { get; init; }
    public required sbyte H5 { get; init; }
    public required byte H6 { get; init; }
    public required sbyte H7 { get; init; }

    /// <param name="first">23 bytes from 0x8A.</param>
    /// <param name="second">14 bytes from 0xE1.</param>
    public static Bme680Calibration Parse(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        static short S16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);
        return new Bme680Calibration
        {
            T1 = (ushort)S16(second, 0xE9 - 0xE1),
            T2 = S16(first, 0x8A - 0x8A),
            T3 = (sbyte)first[0x8C - 0x8A],
            P1 = (ushort)S16(first, 0x8E - 0x8A),
            P2 = S16(first, 0x90 - 0x8A),
            P3 = (sbyte)first[0x92 - 0x8A],
            P4 = S16(first, 0x94 - 0x8A),
            P5 = S16(first, 0x96 - 0x8A),
            P7 = (sbyte)first[0x98 - 0x8A],
            P6 = (sbyte)first[0x99 - 0x8A],
            P8 = S16(first, 0x9C - 0x8A),
            P9 = S16(first, 0x9E - 0x8A),
            P10 = first[0xA0 - 0x8A],
            H2 = (ushort)((second[0] << 4) | (second[1] >> 4)), // the two share 0xE2
            H1 = (ushort)((second[2] << 4) | (second[1] & 0x0F)),
            H3 = (sbyte)second[0xE4 - 0xE1],
            H4 = (sbyte)second[0xE5 - 0xE1],
            H5 = (sbyte)second[0xE6 - 0xE1],
            H6 = second[0xE7 - 0xE1],
            H7 = (sbyte)second[0xE8 - 0xE1],
        };
    }

    /// <summary>Fine temperature, which the pressure takes; °C is a 5120th of it.</summary>
    public double FineTemperature(int raw)
    {
        var v1 = ((raw / 16384.0) - (T1 / 1024.0)) * T2;
        var v2 = (raw / 131072.0) - (T1 / 8192.0);
        return v1 + (v2 * v2 * (T3 * 16.0));
    }

    /// <returns>Pa; NaN where the calibration makes it impossible.</returns>
    public double Pressure(int raw, double fine)
    {
        var v1 = (fine / 2) - 64000;
        var v2 = v1 * v1 * P6 / 131072;
        v2 += v1 * P5 * 2;
        v2 = (v2 / 4) + (P4 * 65536.0);
        v1 = ((P3 * v1 * v1 / 16384) + (P2 * v1)) / 524288;
        v1 = (1 + (v1 / 32768)) * P1;
        if (v1 == 0)
            return double.NaN;
        var p = (1048576.0 - raw - (v2 / 4096)) * 6250 / v1;
        var cube = p / 256 * (p / 256) * (p / 256);
        return p + (((P9 * p * p / 2147483648.0) + (p * P8 / 32768) + (cube * P10 / 131072) + (P7 * 128.0)) / 16);
    }

    /// <returns>%RH, limited to 0 to 100 as the datasheet does.</returns>
    public double Humidity(int raw, double fine)
    {
        var celsius = fine / 5120;
        var v1 = raw - ((H1 * 16.0) + (H3 / 2.0 * celsius));
        var v2 = v1 * (H2 / 262144.0 * (1 + (H4 / 16384.0 * celsius) + (H5 / 1048576.0 * celsius * celsius)));
        return Math.Clamp(v2 + (((H6 / 16384.0) + (H7 / 2097152.0 * celsius)) * v2 * v2), 0, 100);
    }
}
