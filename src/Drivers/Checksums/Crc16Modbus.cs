namespace EdgeGateway.Drivers;

/// <summary>CRC-16 of Modbus RTU (Modbus over serial line V1.02 §6.2.2): 0xA001 reflected, initial value 0xFFFF.</summary>
public static class Crc16Modbus
{
    /// <summary>The low byte goes on the wire first.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return (ushort)crc;
    }
}
