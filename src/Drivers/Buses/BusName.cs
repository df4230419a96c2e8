using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>The kernel's names of buses, taken apart.</summary>
internal static class BusName
{
    /// <exception cref="DriverException">Not of the form <c>i2c-N</c>.</exception>
    public static int I2cNumber(string bus) =>
        bus.StartsWith("i2c-", StringComparison.Ordinal) && int.TryParse(bus.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new DriverException(DriverFault.Option, new DeviceName("an I²C device", bus, ""), "this is not the name of an I²C bus", "that it reads like i2c-1");

    /// <exception cref="DriverException">Not of the form <c>spidevB.C</c>.</exception>
    public static (int Bus, int ChipSelect) Spi(string port)
    {
        var parts = port.StartsWith("spidev", StringComparison.Ordinal) ? port[6..].Split('.') : [];
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bus)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var select)
            ? (bus, select)
            : throw new DriverException(DriverFault.Option, new DeviceName("an SPI device", port, ""), "this is not the name of an SPI chip select", "that it reads like spidev0.0");
    }

    public static DriverException Missing(string chip, string bus, IReadOnlyList<string> known)
    {
        var mend = bus.StartsWith("i2c", StringComparison.Ordinal) ? "that dtparam=i2c_arm=on is in config.txt and the Pi was restarted"
            : bus.StartsWith("spi", StringComparison.Ordinal) ? "that dtparam=spi=on is in config.txt and the Pi was restarted"
            : bus.StartsWith("pwm", StringComparison.Ordinal) ? "that dtoverlay=pwm or pwm-2chan is in config.txt and the Pi was restarted"
            : "that enable_uart=1 is in config.txt, the serial console is off, or the USB adapter is plugged in";
        var there = known.Count == 0 ? "there is none" : "there are " + string.Join(", ", known);
        return new DriverException(DriverFault.NoBus, new DeviceName(chip, bus, ""), $"there is no such bus ({there})", mend);
    }
}
