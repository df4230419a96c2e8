namespace EdgeGateway.Drivers.Simulation;

/// <summary>An AHT20: a status byte that can be read at any time, a frame that is complete when it is no longer busy.</summary>
public sealed class SimulatedAht20(TimeProvider time) : SimulatedI2cChip(time)
{
    private uint _rawTemperature = 0x60000, _rawHumidity = 0x80000;
    private byte[] _frame = new byte[7];
    private bool _isCalibrated;
    private bool _isMeasuring;
    private long _readyAt;

    public void SetClimate(double celsius, double humidityPercent)
    {
        lock (Gate)
        {
            _rawTemperature = (uint)Math.Clamp(Math.Round((celsius + 50) / 200 * (1 << 20)), 0, 0xFFFFF);
            _rawHumidity = (uint)Math.Clamp(Math.Round(humidityPercent / 100 * (1 << 20)), 0, 0xFFFFF);
        }
    }

    protected override void PowerOn()
    {
        _frame = new byte[7];
        _isCalibrated = false;
        _isMeasuring = false;
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        switch (bytes)
        {
            case [0xBE or 0xE1, 0x08, 0x00]:
                _isCalibrated = true;
                break;
            case [0xAC, 0x33, 0x00]:
                _isMeasuring = true;
                _readyAt = Time.GetTimestamp() + (long)(0.08 * Time.TimestampFrequency);
                break;
            case [0xBA]:
                PowerOn();
                break;
            case [0x71]:
                break;
            default:
                Nack();
                break;
        }
    }

    protected override void OnRead(Span<byte> bytes)
    {
        if (_isMeasuring && Time.GetTimestamp() >= _readyAt)
        {
            _isMeasuring = false;
            _frame = [0, (byte)(_rawHumidity >> 12), (byte)(_rawHumidity >> 4), (byte)((_rawHumidity << 4) | (_rawTemperature >> 16)),
                (byte)(_rawTemperature >> 8), (byte)_rawTemperature, 0];
        }

        _frame[0] = (byte)(0x14 | (_isMeasuring ? Aht20.StatusBusy : 0) | (_isCalibrated ? Aht20.StatusCalibrated : 0));
        _frame[6] = Crc8.Sensirion(_frame.AsSpan(0, 6));
        bytes.Fill(0xFF);
        _frame.AsSpan(0, Math.Min(7, bytes.Length)).CopyTo(bytes);
    }
}
