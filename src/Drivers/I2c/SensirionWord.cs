using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>Two bytes and their checksum, as every Sensirion chip sends them.</summary>
internal static class SensirionWord
{
    /// <exception cref="SensorReadException">The checksum does not fit.</exception>
    public static ushort Read(ReadOnlySpan<byte> bytes, DeviceName device, string what)
    {
        var crc = Crc8.Sensirion(bytes[..2]);
        if (crc != bytes[2])
        {
            throw new SensorReadException(DriverFault.Checksum, device, $"{what} {bytes[0]:X2} {bytes[1]:X2} with checksum {bytes[2]:X2} instead of {crc:X2}",
                "the cable and the bus speed, or another chip at this address");
        }

        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Writes a word and its checksum.</summary>
    public static void Write(Span<byte> bytes, ushort word)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, word);
        bytes[2] = Crc8.Sensirion(bytes[..2]);
    }
}
