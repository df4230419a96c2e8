using System.Buffers.Binary;
using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>The nine bytes of a 1-Wire thermometer, as the kernel prints them in w1_slave. Facts: Maxim DS18B20 rev 6 Table 1, DS18S20 rev 2, MAX31850 rev 1.</summary>
internal readonly record struct Ds18b20Scratchpad(byte[] Bytes)
{
    public const double PowerOnCelsius = 85;

    /// <summary>Takes the first line apart: nine bytes, then <c>: crc=xx YES</c>.</summary>
    /// <returns>Null where it has another shape.</returns>
    public static Ds18b20Scratchpad? Parse(string text)
    {
        var words = text.Split('\n')[0].Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 9)
            return null;
        var bytes = new byte[9];
        for (var i = 0; i < bytes.Length; i++)
            if (!byte.TryParse(words[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                return null;
        return new Ds18b20Scratchpad(bytes);
    }

    /// <summary>Checked here too: older kernels print NO and go on.</summary>
    public bool ChecksumFits => Crc8.Maxim(Bytes.AsSpan(0, 8)) == Bytes[8];

    /// <param name="family">The first two digits of the ROM.</param>
    public double Celsius(string family)
    {
        var raw = BinaryPrimitives.ReadInt16LittleEndian(Bytes);
        return family switch
        {
            // Half degrees, refined by the counter: reading without its last bit - 0.25 + (per degree - remain) / per degree.
            "10" when Bytes[7] != 0 => (raw >> 1) - 0.25 + ((Bytes[7] - Bytes[6]) / (double)Bytes[7]),
            "10" => raw / 2.0,
            "3b" => (raw & ~0b11) / 16.0, // the two low bits tell of faults
            _ => raw / 16.0,
        };
    }
}
