using System.Buffers.Binary;
using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A MAX31855: 32 bits, again and again, whatever is sent.</summary>
public sealed class SimulatedMax31855(TimeProvider time) : SimulatedSpiChip(time)
{
    private uint _word = 0x01901900;

    /// <summary>The word as the datasheet's table 2 lays it out.</summary>
    public void SetWord(uint word)
    {
        lock (Gate)
            _word = word;
    }

    /// <param name="celsius">As the chip counts, on its straight line.</param>
    public void SetTemperature(double celsius, double junctionCelsius) => SetWord(
        ((uint)((int)Math.Round(celsius / 0.25) & 0x3FFF) << 18) | ((uint)((int)Math.Round(junctionCelsius / 0.0625) & 0xFFF) << 4));

    /// <summary>The thermocouple's wire breaks.</summary>
    public void Open() => SetWord(0x00010001 | (_word & 0xFFF0));

    protected internal override bool Accepts(SpiMode mode) => mode == SpiMode.Mode0;

    protected internal override int MaximumClockHertz => 5_000_000;

    protected override void Exchange(ReadOnlySpan<byte> output, Span<byte> input)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, _word);
        input.Clear();
        word[..Math.Min(4, input.Length)].CopyTo(input);
    }
}
