namespace EdgeGateway.Drivers.Simulation;

/// <summary>A VEML7700: asleep after power-on, a result that follows gain and integration time one whole integration later.</summary>
public sealed class SimulatedVeml7700(TimeProvider time) : SimulatedWordChip(time, littleEndian: true)
{
    private double _lux = 300;
    private ushort? _raw;
    private long _readyAt;

    /// <summary>The light, as the chip's own straight line would count it.</summary>
    public void SetLux(double lux)
    {
        lock (Gate)
            (_lux, _raw) = (lux, null);
    }

    /// <summary>The counts at any sensitivity.</summary>
    public void SetRaw(ushort raw)
    {
        lock (Gate)
            _raw = raw;
    }

    protected override void PowerOn()
    {
        Array.Clear(Words);
        Words[Veml7700.Configuration] = Veml7700.ShutDown;
        Words[Veml7700.Id] = 0xC481;
    }

    protected override byte Pointer(byte written) => (byte)(written & 0b111);

    protected override bool IsWritable(byte register) => register <= 3;

    protected override void OnWritten(byte register, ushort value)
    {
        if (register == Veml7700.Configuration)
            _readyAt = Time.GetTimestamp() + (long)((2.5 + Step(value).Milliseconds) / 1000 * Time.TimestampFrequency);
    }

    protected override void OnReading(byte register)
    {
        var configuration = Words[Veml7700.Configuration];
        if (register != Veml7700.Als || (configuration & Veml7700.ShutDown) != 0 || Time.GetTimestamp() < _readyAt)
            return; // the register keeps what it had
        var (gain, _, milliseconds, _) = Step(configuration);
        Words[Veml7700.Als] = _raw ?? (ushort)Math.Clamp(Math.Round(_lux / Veml7700.Lux(1, gain, milliseconds, Veml7700.Resolution)), 0, ushort.MaxValue);
    }

    private static (double Gain, int GainCode, int Milliseconds, int TimeCode) Step(ushort configuration)
    {
        var (gainCode, timeCode) = ((configuration >> 11) & 0b11, (configuration >> 6) & 0b1111);
        return (Veml7700.Steps.First(step => step.GainCode == gainCode).Gain, gainCode, Veml7700.Steps.First(step => step.TimeCode == timeCode).Milliseconds, timeCode);
    }
}
