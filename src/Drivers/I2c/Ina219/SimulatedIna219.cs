namespace EdgeGateway.Drivers.Simulation;

/// <summary>An INA219 with its own arithmetic: current and power stay zero until it is calibrated.</summary>
public sealed class SimulatedIna219(TimeProvider time, double shuntOhm = 0.1) : SimulatedWordChip(time)
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
        Words[Ina219.Config] = Ina219.ConfigAfterReset;
    }

    protected override byte Pointer(byte written) => (byte)(written & 0x07);

    protected override bool IsWritable(byte register) => register is Ina219.Config or Ina219.Calibration;

    protected override void OnWritten(byte register, ushort value)
    {
        if (register == Ina219.Config && (value & 0x8000) != 0)
            PowerOn();
        if (register == Ina219.Calibration)
            Words[register] = (ushort)(value & ~1); // the lowest bit is not there
    }

    protected override void OnReading(byte register)
    {
        var shunt = (short)Math.Clamp(Math.Round(_amperes * shuntOhm / 1e-5), -32000, 32000);
        Words[Ina219.Shunt] = unchecked((ushort)shunt);
        Words[Ina219.Bus] = (ushort)(((int)Math.Clamp(Math.Round(_volts / 0.004), 0, 8191) << 3) | 0b10);
        Words[Ina219.Current] = unchecked((ushort)(short)Math.Clamp(shunt * Words[Ina219.Calibration] / 4096.0, short.MinValue, short.MaxValue));
        Words[Ina219.Power] = (ushort)Math.Abs((short)Words[Ina219.Current] * (Words[Ina219.Bus] >> 3) / 5000);
    }
}
