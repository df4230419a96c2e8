namespace EdgeGateway.Drivers.Simulation;

/// <summary>A BH1750: gives its last count until a measurement is over, and sleeps after a one-shot.</summary>
public sealed class SimulatedBh1750(TimeProvider time) : SimulatedI2cChip(time)
{
    private double _lux = 300;
    private int _measurementTime;
    private ushort _count;
    private byte _mode;
    private long _readyAt;

    public void SetLux(double lux)
    {
        lock (Gate)
            _lux = lux;
    }

    protected override void PowerOn() => (_measurementTime, _count, _mode) = (Bh1750.DefaultMeasurementTime, 0, 0);

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1)
            Nack();
        var command = bytes[0];
        if (command is Bh1750.OneTimeHigh or Bh1750.OneTimeHigh2)
        {
            _mode = command;
            _readyAt = Time.GetTimestamp() + (long)(0.18 * _measurementTime / Bh1750.DefaultMeasurementTime * Time.TimestampFrequency);
        }
        else if ((command & 0xF8) == Bh1750.MeasurementTimeHigh)
        {
            _measurementTime = (_measurementTime & 0x1F) | ((command & 7) << 5);
        }
        else if ((command & 0xE0) == Bh1750.MeasurementTimeLow)
        {
            _measurementTime = (_measurementTime & 0xE0) | (command & 0x1F);
        }
    }

    protected override void OnRead(Span<byte> bytes)
    {
        if (_mode != 0 && Time.GetTimestamp() >= _readyAt)
        {
            var counts = _lux * 1.2 * _measurementTime / Bh1750.DefaultMeasurementTime * (_mode == Bh1750.OneTimeHigh2 ? 2 : 1);
            _count = (ushort)Math.Clamp(Math.Round(counts), 0, ushort.MaxValue);
            _mode = 0;
        }

        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i % 2 == 0 ? _count >> 8 : _count);
    }
}
