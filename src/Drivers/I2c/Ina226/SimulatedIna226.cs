namespace EdgeGateway.Drivers.Simulation;

/// <summary>An INA226 or INA260.</summary>
public sealed class SimulatedIna226(TimeProvider time, bool isIna260 = false, double shuntOhm = 0.1) : SimulatedWordChip(time)
{
    private double _volts = 12, _amperes = 0.5;

    public void SetLoad(double volts, double amperes)
    {
        lock (Gate)
            (_volts, _amperes) = (volts, amperes);
    }

    protected override void PowerOn()
    {
        Array.Clear(Words);
        Words[Ina226.Config] = isIna260 ? Ina226.ConfigAfterReset260 : Ina226.ConfigAfterReset226;
        Words[Ina226.Manufacturer] = Ina226.Texas;
        Words[Ina226.Die] = (ushort)(isIna260 ? 0x2270 : 0x2260);
    }

    protected override bool IsWritable(byte register) => register is 0 or 5 or 6 or 7;

    protected override void OnWritten(byte register, ushort value)
    {
        if (register == Ina226.Config && (value & 0x8000) != 0)
            PowerOn();
    }

    protected override void OnReading(byte register)
    {
        var raw = Math.Round(isIna260 ? _amperes / 1.25e-3 : _amperes * shuntOhm / 2.5e-6);
        Words[Ina226.ShuntOrCurrent] = unchecked((ushort)(short)Math.Clamp(raw, short.MinValue, short.MaxValue));
        Words[Ina226.Bus] = (ushort)Math.Clamp(Math.Round(_volts / 1.25e-3), 0, 0x7FFF);
        if (isIna260)
            Words[Ina226.Power] = (ushort)Math.Clamp(Math.Round(Math.Abs(_volts * _amperes) / 0.01), 0, ushort.MaxValue);
    }
}
