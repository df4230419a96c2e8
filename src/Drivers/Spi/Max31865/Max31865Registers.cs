namespace EdgeGateway.Drivers;

/// <summary>Registers of the MAX31865 (Maxim 19-6478 rev 3, Table 1 and 2).</summary>
internal static class Max31865Registers
{
    public const byte Configuration = 0x00, RtdHigh = 0x01, HighThreshold = 0x03, FaultStatus = 0x07, WriteFlag = 0x80;

    /// <summary>Bits of the configuration.</summary>
    public const byte Bias = 0x80, Automatic = 0x40, OneShot = 0x20, ThreeWire = 0x10, FaultCycle = 0x0C, ClearFault = 0x02, Filter50Hertz = 0x01;

    /// <summary>Bits of the fault status.</summary>
    public const byte AboveThreshold = 0x80, BelowThreshold = 0x40, ReferenceHigh = 0x20, ReferenceLow = 0x10, RtdLow = 0x08, Overvoltage = 0x04;
}
