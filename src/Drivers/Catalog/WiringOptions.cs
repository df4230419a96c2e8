using System.Collections.Immutable;
using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>The options that say where a device is wired.</summary>
internal static class WiringOptions
{
    public static DriverOption I2cBus { get; } = DriverOption.Text("bus", "i2c-1", "I²C bus: i2c-1, or i2c-1/0x70/3 for channel 3 of a TCA9548A at 0x70");

    public static DriverOption SpiPort { get; } = DriverOption.Text("bus", "spidev0.0", "SPI bus and chip select");

    public static DriverOption Uart { get; } = DriverOption.Text("bus", "serial0", "serial port, by its name under /dev");

    public static DriverOption Address(ImmutableArray<int> addresses) => new("address", OptionType.Integer, I2cBusOwner.Hex(addresses[0]),
        [.. addresses.Select(I2cBusOwner.Hex)], double.NegativeInfinity, double.PositiveInfinity, "address on the bus");

    public static DriverOption Pin(string description, string name = "pin") => DriverOption.Integer(name, null, 0, 27, description) with { IsPin = true };

    public static DriverOption Pull(string ifAbsent) => DriverOption.Choice("pull", ifAbsent, ["up", "down", "none"], "the Pi's own resistor");

    public static GpioPull ReadPull(DriverOptions options) => options.Text("pull") switch { "up" => GpioPull.Up, "down" => GpioPull.Down, _ => GpioPull.None };

    public static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
