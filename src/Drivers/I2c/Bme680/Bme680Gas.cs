using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>The hot plate of a BME680 or BME688: its heater's words and its resistance (DS001 §3.3.5, §3.4).</summary>
/// <param name="SwitchingError">Signed: the field has four bits.</param>
internal readonly record struct Bme680Gas(sbyte Gh1, short Gh2, sbyte Gh3, int HeatRange, sbyte HeatValue, int SwitchingError)
{
    // Per range, in percent (DS001 Table 16).
    private static readonly ImmutableArray<double>
        K1 = [0, 0, 0, 0, 0, -1, 0, -0.8, 0, 0, -0.2, -0.5, 0, -1, 0, 0],
        K2 = [0, 0, 0, 0, 0.1, 0.7, 0, -0.8, -0.1, 0, 0, 0, 0, 0, 0, 0];

    /// <param name="second">14 bytes from 0xE1.</param>
    public static Bme680Gas Parse(ReadOnlySpan<byte> second, byte heatValue, byte heatRange, byte switchingError) => new(
        (sbyte)second[0xED - 0xE1],
        BinaryPrimitives.ReadInt16LittleEndian(second[(0xEB - 0xE1)..]),
        (sbyte)second[0xEE - 0xE1],
        (heatRange >> 4) & 0b11,
        (sbyte)heatValue,
        (sbyte)switchingError >> 4); // arithmetic: the sign stays

    /// <returns>Ω from the BME680's converter.</returns>
    public double Ohm680(int adc, int range)
    {
        var v1 = 1340.0 + (5.0 * SwitchingError);
        var v2 = v1 * (1 + (K1[range] / 100));
        var v3 = 1 + (K2[range] / 100);
        return 1 / (v3 * 1.25e-7 * (1 << range) * (((adc - 512.0) / v2) + 1));
    }

    /// <returns>Ω from the BME688's converter, which has another scale.</returns>
    public static double Ohm688(int adc, int range) => 1e6 * (262144 >> range) / (4096 + (3 * (adc - 512)));

    /// <summary>The word that heats to a temperature from an ambient one.</summary>
    public byte ResHeat(double targetCelsius, double ambientCelsius)
    {
        var v1 = (Gh1 / 16.0) + 49;
        var v2 = (Gh2 / 32768.0 * 0.0005) + 0.00235;
        var v4 = v1 * (1 + (v2 * targetCelsius));
        var v5 = v4 + (Gh3 / 1024.0 * ambientCelsius);
        return (byte)Math.Clamp(3.4 * ((v5 * (4.0 / (4 + HeatRange)) * (1 / (1 + (HeatValue * 0.002)))) - 25), 0, 255);
    }

    /// <summary>The word for a heating time: six bits of ms and a multiplier of 1, 4, 16 or 64.</summary>
    public static byte GasWait(double milliseconds)
    {
        var rest = (int)Math.Round(milliseconds);
        var multiplier = 0;
        for (; rest > 0x3F && multiplier < 3; multiplier++)
            rest /= 4;
        return (byte)((multiplier << 6) | Math.Min(rest, 0x3F));
    }
}
