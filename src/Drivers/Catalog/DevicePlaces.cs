namespace EdgeGateway.Drivers;

/// <summary>What a device takes of the header for itself: two devices must not share a place.</summary>
public static class DevicePlaces
{
    /// <summary><c>GPIO17</c>, <c>i2c-1 0x76</c>, <c>spidev0.0</c>, <c>serial0</c>, <c>ttyUSB0 slave 1</c>, a 1-Wire ROM. Empty where the kernel shares it out.</summary>
    /// <param name="options">As written; those that are absent count with their default.</param>
    public static IReadOnlyList<string> Of(DriverDescriptor driver, IReadOnlyDictionary<string, string> options)
    {
        string? Given(string name) => options.GetValueOrDefault(name) is { Length: > 0 } written ? written : driver.Options.FirstOrDefault(option => option.Name == name)?.Default is { Length: > 0 } standing ? standing : null;

        switch (driver.Bus)
        {
            case BusKind.I2c when Given("address") is { } address:
                return [I2c(Given("bus") ?? "i2c-1", address)];
            case BusKind.Spi or BusKind.Uart when Given("bus") is { } bus:
                return [bus];
            case BusKind.Modbus when Given("bus") is { } line:
                return [$"{line} slave {Given("address") ?? Given("slave") ?? "1"}"];
            case BusKind.OneWire when Given("rom") is { } rom:
                return [rom];
            default:
                return [.. driver.Options.Where(static option => option.IsPin).Select(option => Given(option.Name)).OfType<string>()
                    .Select(static pin => OptionText.TryInteger(pin, out var number) ? $"GPIO{number}" : pin)];
        }
    }

    /// <summary>The place of an address on an I²C bus, as <see cref="Of"/> writes it.</summary>
    public static string I2c(string bus, string address) => $"{bus} {(OptionText.TryInteger(address, out var number) ? I2cBusOwner.Hex(number) : address)}";
}
