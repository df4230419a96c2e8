using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Bme680Driver
{
    private static readonly ImmutableArray<int> Addresses = [0x76, 0x77];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "bme680",
        Chip = "BME680",
        Description = "Temperature, pressure, humidity and gas (BME680, BME688)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("temperature", Unit.Celsius, -40, 85, "Air temperature; the heater adds 1 to 3 °C"),
            new("pressure", Unit.Pascal, 30_000, 110_000, "Air pressure at the sensor, not reduced to sea level"),
            new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity"),
            new("gasResistance", Unit.Ohm, 0, 110_000_000, "Resistance of the hot plate: falls when the air holds more volatile compounds. Left out while the plate is not at its temperature"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.IntegerOf("oversampling", 2, [1, 2, 4, 8, 16], "measurements averaged for one reading, of each value"),
            DriverOption.Choice("filter", "off", ["off", "1", "3", "7", "15"], "the chip's low-pass filter for temperature and pressure: its coefficient"),
            DriverOption.Boolean("gas", true, "heat the plate and read the gas resistance"),
            DriverOption.Integer("heaterTemperature", 320, 200, 400, "°C of the plate"),
            DriverOption.Duration("heaterTime", "150ms", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(4032), "time the plate is heated before it is read"),
        ],
        Datasheet = "Bosch BST-BME680-DS001 rev 1.8, BST-BME688-DS000 rev 1.2",
        ShortestInterval = TimeSpan.FromSeconds(3),
        Wiring = "3.3 V, GND, SDA, SCL; CSB high; SDO low 0x76, high 0x77.",
        Accuracy = "±1 °C, ±1 hPa, ±3 %RH; gas ±15 % from part to part.",
        Notes =
        [
            "The first five minutes of gas are published as warming; a new chip burns in for 24 to 48 h.",
            "Bosch's air quality index comes from a closed library: this driver publishes the resistance itself.",
            "Polling slower than every 3 s keeps the heater's warmth out of the temperature.",
        ],
        Factory = context => new Bme680(context),
    };
}
