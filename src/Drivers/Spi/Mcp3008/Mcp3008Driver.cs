using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Mcp3008Driver
{
    public static DriverDescriptor Mcp3008 { get; } = new()
    {
        Name = "mcp3008",
        Chip = "MCP3008",
        Description = "Eight analogue inputs, 10 bit",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Spi,
        Readings = Readings,
        Options = Options,
        Datasheet = "Microchip DS21295D",
        Wiring = "VDD and VREF to 3.3 V, AGND and DGND to ground, CLK to SCLK (GPIO11), DOUT to MISO (GPIO9), DIN to MOSI (GPIO10), CS to CE0 or CE1.",
        Accuracy = "±1 LSB (3.2 mV at 3.3 V), as exact as the reference voltage is.",
        Notes = Notes,
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Mcp3008(context, bits: 10),
    };

    public static DriverDescriptor Mcp3208 { get; } = new()
    {
        Name = "mcp3208",
        Chip = "MCP3208",
        Description = "Eight analogue inputs, 12 bit",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Spi,
        Readings = Readings,
        Options = Options,
        Datasheet = "Microchip DS21298E",
        Wiring = Mcp3008.Wiring,
        Accuracy = "±1 LSB (0.8 mV at 3.3 V), as exact as the reference voltage is.",
        Notes = Notes,
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Mcp3008(context, bits: 12),
    };

    private static ImmutableArray<ReadingDescriptor> Readings =>
    [
        .. Drivers.Mcp3008.Inputs.Select(input => new ReadingDescriptor("voltage" + input.Name.Replace("-", "", StringComparison.Ordinal), Unit.Volt, 0, 5.5,
            input.Name.Length == 1 ? $"Input CH{input.Name} against ground" : $"Input CH{input.Name[0]} against CH{input.Name[2]}")),
    ];

    private static ImmutableArray<DriverOption> Options =>
    [
        WiringOptions.SpiPort,
        DriverOption.List("inputs", "0,1,2,3,4,5,6,7", [.. Drivers.Mcp3008.Inputs.Select(input => input.Name)], "inputs to read, one after the other"),
        DriverOption.Number("vref", 3.3, 0.25, 5.5, "volts at the VREF pin"),
    ];

    private static ImmutableArray<string> Notes =>
    [
        "A source above 1 kΩ reads low: put a buffer or 100 nF in front.",
        "At 5 V supply DOUT carries 5 V: use 3.3 V, or a divider at MISO.",
        "Nothing tells a held-down MISO from 0 V on one input; only when all eight read exactly 0 it is taken for a wiring fault.",
    ];
}
