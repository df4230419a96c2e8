using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An MCP3008 (10 bit) or MCP3208 (12 bit), bit by bit as its figure 5-1 shows: what it does not drive floats.</summary>
public sealed class SimulatedMcp3008(TimeProvider time, int bits = 10) : SimulatedSpiChip(time)
{
    private readonly double[] _inputs = new double[8];

    /// <summary>Volts at VREF.</summary>
    public double Reference { get; set; } = 3.3;

    /// <summary>Volts at CH0 to CH7.</summary>
    public void SetInput(int channel, double volts)
    {
        lock (Gate)
            _inputs[channel] = volts;
    }

    protected internal override bool Accepts(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;

    protected internal override int MaximumClockHertz => bits == 10 ? 1_350_000 : 1_000_000;

    protected override void Exchange(ReadOnlySpan<byte> output, Span<byte> input)
    {
        input.Fill(0x5A); // floating
        var start = 0;
        while (start < output.Length * 8 && !Bit(output, start))
            start++;
        var nullBit = start + 6;
        if (nullBit + bits >= output.Length * 8)
            return;
        var control = 0;
        for (var i = 1; i <= 4; i++)
            control = (control << 1) | (Bit(output, start + i) ? 1 : 0);
        var code = Convert(control);
        Set(input, nullBit, false);
        for (var i = 0; i < bits; i++)
            Set(input, nullBit + 1 + i, (code >> (bits - 1 - i) & 1) != 0);
    }

    private static bool Bit(ReadOnlySpan<byte> bytes, int index) => (bytes[index / 8] & (0x80 >> (index % 8))) != 0;

    private static void Set(Span<byte> bytes, int index, bool value)
    {
        var mask = (byte)(0x80 >> (index % 8));
        bytes[index / 8] = (byte)(value ? bytes[index / 8] | mask : bytes[index / 8] & ~mask);
    }

    private int Convert(int control)
    {
        var channel = control & 0b111;
        var volts = control >= 8 ? _inputs[channel] : _inputs[channel] - _inputs[channel ^ 1];
        return (int)Math.Clamp(Math.Floor(volts / Reference * (1 << bits)), 0, (1 << bits) - 1);
    }
}
