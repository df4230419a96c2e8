using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Ads1115Driver
{
    private static readonly ImmutableArray<int> Addresses = [0x48, 0x49, 0x4A, 0x4B];

    public static DriverDescriptor Ads1115 { get; } = new()
    {
        Name = "ads1115",
        Chip = "ADS1115",
        Description = "Four analogue inputs, 16 bit",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = Readings,
        Options = Options(Drivers.Ads1115.Rates16),
        Datasheet = "TI SBAS444E",
        Wiring = "3.3 V, GND, SDA, SCL; ADDR to GND 0x48, to VDD 0x49, to SDA 0x4A, to SCL 0x4B.",
        Accuracy = "±0.01 % of the range, typically.",
        Notes = ["An input may never exceed the supply by more than 0.3 V, whatever the range says.", "Each input is converted anew in a single shot: none shows its neighbour's value."],
        Factory = context => new Ads1115(context, is12Bit: false),
    };

    public static DriverDescriptor Ads1015 { get; } = new()
    {
        Name = "ads1015",
        Chip = "ADS1015",
        Description = "Four analogue inputs, 12 bit",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = Readings,
        Options = Options(Drivers.Ads1115.Rates12),
        Datasheet = "TI SBAS473F",
        Wiring = "3.3 V, GND, SDA, SCL; ADDR to GND 0x48, to VDD 0x49, to SDA 0x4A, to SCL 0x4B.",
        Accuracy = "±0.05 % of the range, typically.",
        Notes = ["An input may never exceed the supply by more than 0.3 V, whatever the range says.", "Each input is converted anew in a single shot: none shows its neighbour's value."],
        Factory = context => new Ads1115(context, is12Bit: true),
    };

    private static ImmutableArray<ReadingDescriptor> Readings =>
    [
        .. Drivers.Ads1115.Inputs.Select(input => new ReadingDescriptor("voltage" + input.Name.Replace("-", "", StringComparison.Ordinal), Unit.Volt, -6.144, 6.144,
            input.Name.Length == 1 ? $"Input AIN{input.Name} against ground" : $"Input AIN{input.Name[0]} against AIN{input.Name[2]}")),
    ];

    private static ImmutableArray<DriverOption> Options(ImmutableArray<int> rates) =>
    [
        WiringOptions.I2cBus,
        WiringOptions.Address(Addresses),
        DriverOption.List("inputs", "0,1,2,3", [.. Drivers.Ads1115.Inputs.Select(input => input.Name)], "inputs to read, one after the other"),
        new DriverOption("range", OptionType.Number, "4.096", [.. Drivers.Ads1115.FullScales.Select(WiringOptions.Number)], 0, 7,
            "full scale in volts; an input may never exceed the supply by more than 0.3 V, whatever the range"),
        DriverOption.IntegerOf("rate", 128, rates.AsSpan(), "conversions per second; slower means less noise"),
    ];
}
