namespace EdgeGateway.Drivers;

/// <summary>Registers of the MCP23017 and MCP23S17 with BANK = 0 (Microchip DS20001952C, Table 3-3): A at the address, B behind it.</summary>
internal static class Mcp23017Registers
{
    public const byte Direction = 0x00, Polarity = 0x02, InterruptEnable = 0x04, Configuration = 0x0A, PullUp = 0x0C, Capture = 0x10, Port = 0x12, Latch = 0x14;

    /// <summary>Where the configuration lies while BANK = 1; with BANK = 0 it is the interrupt mask of port B, which 0 does not harm.</summary>
    public const byte ConfigurationOfBank1 = 0x05;

    /// <summary>Bits of the configuration.</summary>
    public const byte Bank = 0x80, AddressPins = 0x08;
}
