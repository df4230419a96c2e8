using System.Collections.Immutable;
using System.Device.Spi;

namespace EdgeGateway.Drivers;

internal static class Mcp23017Driver
{
    private static readonly ImmutableArray<int> Addresses = [0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27];

    private static readonly ImmutableArray<string> Notes =
    [
        "Recent revisions of the chip take A7 and B7 as outputs only: do not read them.",
        "RESET must be high: 10 kΩ to 3.3 V.",
        "25 mA a pin, 125 mA in all. Relays through a transistor or ULN2803.",
        "There is no identification: a PCF8574 at the same address is told apart only by its registers not being there.",
    ];

    public static DriverDescriptor I2c { get; } = new()
    {
        Name = "mcp23017",
        Chip = "MCP23017",
        Description = "Sixteen pins more, inputs or outputs",
        Kind = DriverKind.Sensor | DriverKind.Actuator,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = ExpanderPins.Readings(Mcp23017.PinNames),
        States = ExpanderPins.States(Mcp23017.PinNames),
        Options = [WiringOptions.I2cBus, WiringOptions.Address(Addresses), .. Options],
        Datasheet = "Microchip DS20001952C",
        Wiring = "VDD 3.3 V, SDA, SCL, A0 to A2 to ground or 3.3 V for the address, RESET to 3.3 V.",
        Accuracy = "Digital.",
        Notes = Notes,
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Mcp23017(
            context,
            new DeviceName("MCP23017", context.Options.Text("bus"), I2cBusOwner.Hex(context.Options.Integer("address"))),
            () => new Mcp23017I2cPort(context.Header.OpenI2c(context.Options.Text("bus")).Open(context.Options.Integer("address"), "MCP23017"))),
    };

    public static DriverDescriptor Spi { get; } = new()
    {
        Name = "mcp23s17",
        Chip = "MCP23S17",
        Description = "Sixteen pins more, inputs or outputs, on SPI",
        Kind = DriverKind.Sensor | DriverKind.Actuator,
        Bus = BusKind.Spi,
        Readings = ExpanderPins.Readings(Mcp23017.PinNames),
        States = ExpanderPins.States(Mcp23017.PinNames),
        Options = [WiringOptions.SpiPort, DriverOption.Integer("address", 0, 0, 7, "as A2, A1 and A0 are strapped"), .. Options],
        Datasheet = "Microchip DS20001952C",
        Wiring = "VDD 3.3 V, SO to MISO (GPIO9), SI to MOSI (GPIO10), SCK to SCLK (GPIO11), CS to CE0 or CE1, RESET to 3.3 V.",
        Accuracy = "Digital.",
        Notes = Notes,
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Mcp23017(
            context,
            new DeviceName("MCP23S17", context.Options.Text("bus"), ""),
            () => new Mcp23017SpiPort(context.Header.OpenSpi(context.Options.Text("bus"), "MCP23S17", new SpiParameters(SpiMode.Mode0, 5_000_000)), context.Options.Integer("address"))),
    };

    private static ImmutableArray<DriverOption> Options =>
    [
        .. ExpanderPins.Options(Mcp23017.PinNames),
        DriverOption.Choice("pull", "up", ["up", "none"], "the chip's own 100 kΩ at inputs"),
    ];
}
