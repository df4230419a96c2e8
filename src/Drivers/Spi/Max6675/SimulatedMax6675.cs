using System.Buffers.Binary;
using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A MAX6675: being selected stops the conversion that runs, and the old value stays.</summary>
public sealed class SimulatedMax6675(TimeProvider time) : SimulatedSpiChip(time)
{
    private static readonly TimeSpan ConversionTime = TimeSpan.FromMilliseconds(220);

    private ushort _world = 25 * 4 << 3;
    private ushort _converted;
    private long _since = time.GetTimestamp();

    public void SetTemperature(double celsius) => SetWord((ushort)((int)Math.Clamp(Math.Round(celsius * 4), 0, 4095) << 3));

    public void SetWord(ushort word)
    {
        lock (Gate)
            _world = word;
    }

    protected internal override bool Accepts(SpiMode mode) => mode == SpiMode.Mode0;

    protected internal override int MaximumClockHertz => 4_300_000;

    protected override void Exchange(ReadOnlySpan<byte> output, Span<byte> input)
    {
        if (Time.GetElapsedTime(_since) >= ConversionTime)
            _converted = _world;
        _since = Time.GetTimestamp();
        BinaryPrimitives.WriteUInt16BigEndian(input, _converted);
    }
}
