using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Sht3xDriver
{
    private static readonly ImmutableArray<int> Addresses = [0x44, 0x45];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "sht3x",
        Chip = "SHT3x",
        Description = "Temperature and humidity (SHT30, SHT31, SHT35)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("temperature", Unit.Celsius, -40, 125, "Air temperature"),
            new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Choice("repeatability", "high", ["high", "medium", "low"], "less noise against a longer measurement: 15.5, 6.5 or 4.5 ms"),
        ],
        Datasheet = "Sensirion SHT3x-DIS v7",
        Wiring = "3.3 V, GND, SDA, SCL; ADDR low 0x44, high 0x45.",
        Accuracy = "±0.2 °C, ±2 %RH (SHT31).",
        Notes = ["Shares 0x44 and 0x45 with the SHT4x, whose frame looks the same and means another humidity.", "A heater that an earlier program left on is turned off; on during a reading it is a failure."],
        Factory = context => new Sht3x(context),
    };
}
