using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A chip at a simulated SPI chip select.</summary>
public abstract class SimulatedSpiChip(TimeProvider time)
{
    protected Lock Gate { get; } = new(); // guards the chip: transfers come from the bus, values from tests

    protected TimeProvider Time { get; } = time;

    /// <summary>The byte the input line reads as; null while the chip drives it. An absent chip is 0x00 or 0xFF.</summary>
    public byte? StuckInput { get; set; }

    protected internal abstract bool Accepts(SpiMode mode);

    protected internal abstract int MaximumClockHertz { get; }

    internal void Transfer(ReadOnlySpan<byte> output, Span<byte> input)
    {
        lock (Gate)
        {
            if (StuckInput is { } stuck)
                input.Fill(stuck);
            else
                Exchange(output, input);
        }
    }

    /// <summary>One transfer under chip select; both spans have the same length.</summary>
    protected abstract void Exchange(ReadOnlySpan<byte> output, Span<byte> input);
}
