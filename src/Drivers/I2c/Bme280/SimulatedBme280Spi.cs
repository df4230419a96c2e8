using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A BME280 or BMP280 wired by SPI: the same registers, seven bits of address, bit 7 for reading.</summary>
public sealed class SimulatedBme280Spi(TimeProvider time, bool hasHumidity = true) : SimulatedSpiChip(time)
{
    /// <summary>The chip behind the wires: its climate and its faults.</summary>
    public SimulatedBme280 Chip { get; } = new(time, hasHumidity);

    protected internal override bool Accepts(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;

    protected internal override int MaximumClockHertz => 10_000_000;

    protected override void Exchange(ReadOnlySpan<byte> output, Span<byte> input)
    {
        input.Fill(0xFF); // the chip drives its line in data bytes of a read only
        if (!Chip.IsPluggedIn)
            return;
        if ((output[0] & 0x80) != 0)
            Chip.Transfer(0, 0, output[..1], input[1..], isRead: true);
        else
            Write(output);
    }

    // Pairs of register and value (DS002 §6.3.1).
    private void Write(ReadOnlySpan<byte> pairs)
    {
        var bytes = pairs.ToArray();
        for (var i = 0; i < bytes.Length; i += 2)
            bytes[i] |= 0x80;
        Chip.Transfer(0, 0, bytes, [], isRead: false);
    }
}
