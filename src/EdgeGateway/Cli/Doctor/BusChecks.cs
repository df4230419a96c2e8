namespace EdgeGateway.Cli.Doctor;

/// <summary>The buses of the header: are they enabled, may this user open them?</summary>
/// <param name="root">Where <c>/dev</c> and <c>/sys</c> lie; <c>/</c> but in tests.</param>
/// <param name="mayOpen">Whether this user may read and write a device file.</param>
internal sealed class BusChecks(string root, Func<string, bool> mayOpen)
{
    public IEnumerable<Finding> Run() =>
    [
        Devices("GPIO", "dev", "gpiochip*", "gpio", "this kernel shows no GPIO: a Pi needs Raspberry Pi OS or Debian for Raspberry Pi"),
        Devices("I2C", "dev", "i2c-*", "i2c", "sudo raspi-config nonint do_i2c 0, then restart (or dtparam=i2c_arm=on in /boot/firmware/config.txt)"),
        Devices("SPI", "dev", "spidev*", "spi", "sudo raspi-config nonint do_spi 0, then restart (or dtparam=spi=on in /boot/firmware/config.txt)"),
        Devices("UART", "dev", "serial[01]", "dialout", "sudo raspi-config nonint do_serial_hw 0 and do_serial_cons 1, then restart"),
        OneWire(),
    ];

    private Finding Devices(string bus, string folder, string pattern, string group, string enable)
    {
        var path = Path.Combine(root, folder);
        var found = Directory.Exists(path) ? Expand(path, pattern).Order(StringComparer.Ordinal).ToArray() : [];
        if (found.Length == 0)
            return new(bus, Verdict.Note, "not enabled", enable);
        var names = string.Join(", ", found.Select(Path.GetFileName));
        var closed = found.FirstOrDefault(file => !mayOpen(file));
        return closed is null
            ? new(bus, Verdict.Good, names)
            : new(bus, Verdict.Bad, $"no permission for {closed}", $"sudo usermod -aG {group} {Environment.UserName}, then sign in again (the service is in the group already)");
    }

    private static IEnumerable<string> Expand(string folder, string pattern) => pattern.EndsWith("[01]", StringComparison.Ordinal)
        ? ((string[])[pattern.Replace("[01]", "0", StringComparison.Ordinal), pattern.Replace("[01]", "1", StringComparison.Ordinal)]).Select(name => Path.Combine(folder, name)).Where(File.Exists)
        : Directory.GetFiles(folder, pattern);

    private Finding OneWire()
    {
        var devices = Path.Combine(root, "sys/bus/w1/devices");
        if (!Directory.Exists(devices) || !Directory.EnumerateFileSystemEntries(devices, "w1_bus_master*").Any())
            return new("1-Wire", Verdict.Note, "not enabled", "sudo raspi-config nonint do_onewire 0, then restart (or dtoverlay=w1-gpio in /boot/firmware/config.txt)");
        var slaves = Directory.EnumerateFileSystemEntries(devices).Select(Path.GetFileName).Where(static name => !name!.StartsWith("w1_", StringComparison.Ordinal)).ToArray();
        return new("1-Wire", Verdict.Good, slaves.Length == 0 ? "enabled, no device answers" : string.Join(", ", slaves));
    }
}
