namespace EdgeGateway.Drivers.Simulation;

/// <summary>An ADS1115 or ADS1015: single shots that take their time, a converter that clips at full scale.</summary>
public sealed class SimulatedAds1115(TimeProvider time, bool is12Bit = false) : SimulatedWordChip(time)
{
    private readonly double[] _inputs = new double[4];
    private long _readyAt;
    private bool _isConverting;

    /// <summary>Volts at AIN0 to AIN3.</summary>
    public void SetInput(int input, double volts)
    {
        lock (Gate)
            _inputs[input] = volts;
    }

    protected override void PowerOn()
    {
        Array.Clear(Words);
        Words[Ads1115.ConfigRegister] = Ads1115.ConfigAfterReset;
        Words[2] = 0x8000;
        Words[3] = 0x7FFF;
        _isConverting = false;
    }

    protected override byte Pointer(byte written) => (byte)(written & 0b11);

    protected override bool IsWritable(byte register) => register != Ads1115.ConversionRegister;

    protected override void OnWritten(byte register, ushort value)
    {
        if (register != Ads1115.ConfigRegister || (value & Ads1115.SingleShot) == 0)
            return;
        if ((value & Ads1115.StartOrIdle) == 0)
        {
            Words[register] = (ushort)(value | (_isConverting ? 0 : Ads1115.StartOrIdle));
            return;
        }

        Words[register] = (ushort)(value & ~Ads1115.StartOrIdle);
        _isConverting = true;
        var code = (value >> 5) & 0b111;
        var rate = is12Bit ? Ads1115.Rates12[Math.Min(code, 6)] : Ads1115.Rates16[code];
        _readyAt = Time.GetTimestamp() + (long)(1.1 / rate * Time.TimestampFrequency);
    }

    protected override void OnReading(byte register)
    {
        if (!_isConverting || Time.GetTimestamp() < _readyAt)
            return;
        _isConverting = false;
        var config = Words[Ads1115.ConfigRegister];
        Words[Ads1115.ConfigRegister] = (ushort)(config | Ads1115.StartOrIdle);
        var code = (config >> 12) & 0b111;
        var volts = code >= 4 ? _inputs[code - 4] : _inputs[code < 2 ? 0 : code - 1] - _inputs[code == 0 ? 1 : 3];
        var fullScale = Ads1115.FullScales[Math.Min((config >> 9) & 0b111, 5)];
        var raw = (int)Math.Clamp(Math.Round(volts / fullScale * 32768), short.MinValue, short.MaxValue);
        Words[Ads1115.ConversionRegister] = unchecked((ushort)(is12Bit ? raw & ~0xF : raw));
    }
}
