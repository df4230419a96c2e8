using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

internal static class Bme280Driver
{
    private static readonly ImmutableArray<int> Addresses = [0x76, 0x77];

    private static readonly ImmutableArray<DriverOption> Measuring =
    [
        DriverOption.IntegerOf("oversampling", 1, [1, 2, 4, 8, 16], "measurements averaged for one reading, of each value"),
        DriverOption.Choice("filter", "off", ["off", "2", "4", "8", "16"], "the chip's low-pass filter for temperature and pressure, in readings"),
    ];

    private static readonly ReadingDescriptor
        Temperature = new("temperature", Unit.Celsius, -40, 85, "Air temperature; the board's own warmth adds up to 1 °C"),
        Pressure = new("pressure", Unit.Pascal, 30_000, 110_000, "Air pressure at the sensor, not reduced to sea level"),
        Humidity = new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity");

    public static DriverDescriptor Bme280 { get; } = Describe("bme280", "BME280", BusKind.I2c, hasHumidity: true);

    public static DriverDescriptor Bme280Spi { get; } = Describe("bme280-spi", "BME280", BusKind.Spi, hasHumidity: true);

    public static DriverDescriptor Bmp280 { get; } = Describe("bmp280", "BMP280", BusKind.I2c, hasHumidity: false);

    public static DriverDescriptor Bmp280Spi { get; } = Describe("bmp280-spi", "BMP280", BusKind.Spi, hasHumidity: false);

    private static DriverDescriptor Describe(string name, string chip, BusKind bus, bool hasHumidity) => new()
    {
        Name = name,
        Chip = chip,
        Description = (hasHumidity ? "Temperature, pressure and humidity" : "Temperature and pressure") + (bus == BusKind.Spi ? ", wired by SPI" : ""),
        Kind = DriverKind.Sensor,
        Bus = bus,
        Addresses = bus == BusKind.I2c ? Addresses : [],
        Readings = hasHumidity ? [Temperature, Pressure, Humidity] : [Temperature, Pressure],
        Options = bus == BusKind.I2c ? [WiringOptions.I2cBus, WiringOptions.Address(Addresses), .. Measuring] : [WiringOptions.SpiPort, .. Measuring],
        Datasheet = hasHumidity ? "Bosch BST-BME280-DS002 rev 1.9" : "Bosch BST-BMP280-DS001 rev 1.26",
        Wiring = bus == BusKind.I2c
            ? "3.3 V, GND, SDA, SCL; CSB high; SDO low 0x76, high 0x77."
            : "3.3 V, GND, SCK to SCLK, SDI to MOSI, SDO to MISO, CSB to CE0 or CE1.",
        Accuracy = hasHumidity ? "±1 °C, ±1 hPa, ±3 %RH." : "±1 °C, ±1 hPa.",
        Notes =
        [
            "Pressure is that of the place: weather services publish it reduced to sea level.",
            "Many boards sold as BME280 carry a BMP280, which has no humidity: the driver says so.",
            .. hasHumidity ? (ImmutableArray<string>)["After condensation the humidity reads high for hours."] : [],
        ],
        Factory = context => new Bme280(context, hasHumidity),
    };
}
