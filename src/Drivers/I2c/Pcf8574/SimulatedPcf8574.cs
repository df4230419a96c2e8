namespace EdgeGateway.Drivers.Simulation;

/// <summary>A PCF8574: a latch with weak highs, so what is outside pulls a pin low and never high against a low latch.</summary>
public sealed class SimulatedPcf8574(TimeProvider time) : SimulatedI2cChip(time)
{
    private byte _latch = 0xFF;
    private byte _outside = 0xFF;

    /// <summary>Levels of the pins.</summary>
    public byte Levels
    {
        get
        {
            lock (Gate)
                return (byte)(_latch & _outside);
        }
    }

    /// <param name="high">False: pulled low from outside; true: left alone.</param>
    public void Drive(int pin, bool high)
    {
        lock (Gate)
            _outside = (byte)(high ? _outside | (1 << pin) : _outside & ~(1 << pin));
    }

    protected override void PowerOn() => _latch = 0xFF;

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
            _latch = bytes[^1];
    }

    protected override void OnRead(Span<byte> bytes) => bytes.Fill((byte)(_latch & _outside));
}
