using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>The words of a BMP180 and the datasheet's integer algorithm (§3.5), in 64 bits so that nothing runs over.</summary>
internal readonly record struct Bmp180Calibration(short Ac1, short Ac2, short Ac3, ushort Ac4, ushort Ac5, ushort Ac6, short B1, short B2, short Mb, short Mc, short Md)
{
    public static Bmp180Calibration Parse(ReadOnlySpan<byte> words)
    {
        static short S(ReadOnlySpan<byte> words, int index) => BinaryPrimitives.ReadInt16BigEndian(words[(2 * index)..]);
        return new(S(words, 0), S(words, 1), S(words, 2), (ushort)S(words, 3), (ushort)S(words, 4), (ushort)S(words, 5),
            S(words, 6), S(words, 7), S(words, 8), S(words, 9), S(words, 10));
    }

    /// <returns>Tenths of °C, and Pa; NaN where the words make the division impossible.</returns>
    public (double Tenths, double Pascal) Compensate(int rawTemperature, int rawPressure, int oversampling)
    {
        var x1 = ((long)rawTemperature - Ac6) * Ac5 >> 15;
        if (x1 + Md == 0)
            return (double.NaN, double.NaN);
        var x2 = ((long)Mc << 11) / (x1 + Md);
        var b5 = x1 + x2;
        var tenths = (b5 + 8) >> 4;

        var b6 = b5 - 4000;
        x1 = (B2 * ((b6 * b6) >> 12)) >> 11;
        x2 = (Ac2 * b6) >> 11;
        var b3 = ((((Ac1 * 4L) + x1 + x2) << oversampling) + 2) / 4;
        x1 = (Ac3 * b6) >> 13;
        x2 = (B1 * ((b6 * b6) >> 12)) >> 16;
        var b4 = (Ac4 * (((x1 + x2 + 2) >> 2) + 32768)) >> 15;
        if (b4 == 0)
            return (tenths, double.NaN);
        var b7 = (rawPressure - b3) * (50000L >> oversampling);
        var p = b7 * 2 / b4;
        x1 = (p >> 8) * (p >> 8);
        x1 = (x1 * 3038) >> 16;
        x2 = (-7357 * p) >> 16;
        return (tenths, p + ((x1 + x2 + 3791) >> 4));
    }
}
