namespace EdgeGateway.Drivers;

/// <summary>Registers of the PCA9685 (NXP rev 4, Tables 4 to 7).</summary>
internal static class Pca9685Registers
{
    public const byte Mode1 = 0x00, Mode2 = 0x01, FirstOutput = 0x06, Prescale = 0xFE;

    /// <summary>Bits of MODE1; after power-on 0x11.</summary>
    public const byte Restart = 0x80, AutoIncrement = 0x20, Sleep = 0x10, AllCall = 0x01;

    /// <summary>Bits of MODE2.</summary>
    public const byte Inverted = 0x10, TotemPole = 0x04;

    /// <summary>Bit 4 of ON_H and OFF_H: on or off for good; off wins.</summary>
    public const byte Full = 0x10;

    public const int BytesPerOutput = 4, Outputs = 16, Steps = 4096, AllCallAddress = 0x70;
}
