using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>MCP9808. Facts: Microchip DS25095A §5.</summary>
internal sealed class Mcp9808(DriverContext context) : I2cSensor(context)
{
    public const byte Config = 1, Ambient = 5, Manufacturer = 6, DeviceId = 7, Resolution = 8;

    private static readonly ImmutableArray<int> Addresses = [0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "mcp9808",
        Chip = "MCP9808",
        Description = "Temperature",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = [new("temperature", Unit.Celsius, -40, 125, "Temperature of the chip")],
        Options = [WiringOptions.I2cBus, WiringOptions.Address(Addresses)],
        Datasheet = "Microchip DS25095A",
        Wiring = "3.3 V, GND, SDA, SCL; A0 to A2 choose the address.",
        Accuracy = "±0.25 °C.",
        Factory = made => new Mcp9808(made),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var manufacturer = await ReadWordAsync(Manufacturer, cancellationToken).ConfigureAwait(false);
        var device = await ReadWordAsync(DeviceId, cancellationToken).ConfigureAwait(false);
        if (manufacturer != 0x0054 || device >> 8 != 0x04)
            throw WrongChip($"manufacturer 0x{manufacturer:X4}, device 0x{device:X4} instead of 0x0054, 0x04xx", "what is wired at this address (a LIS3DH uses 0x18 and 0x19)");
        await WriteWordAsync(Config, 0x0000, cancellationToken).ConfigureAwait(false); // measures all the time, alert off
        await WriteRegisterAsync(Resolution, 0x03, cancellationToken).ConfigureAwait(false); // 0.0625 °C, 250 ms
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(250), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var word = await ReadWordAsync(Ambient, cancellationToken).ConfigureAwait(false);
        if (word == 0xFFFF)
            throw Fault(DriverFault.Garbage, "0xFFFF", "wiring and supply");
        // Zero is 0 °C, and what a held line reads as: the identification tells which.
        if (word == 0 && await ReadWordAsync(Manufacturer, cancellationToken).ConfigureAwait(false) != 0x0054)
            throw Fault(DriverFault.Garbage, "0x0000", "wiring and supply");
        return Now(Value(0, Celsius(word)));
    }

    internal static double Celsius(ushort word)
    {
        var magnitude = (word & 0x0FFF) / 16.0; // the upper three bits are alert flags
        return (word & 0x1000) != 0 ? magnitude - 256 : magnitude;
    }
}
