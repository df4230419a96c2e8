using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An APDS9960: all engines off after power-on, valid bits when the first measurement is over, counts that end at full scale.</summary>
public sealed class SimulatedApds9960(TimeProvider time, byte id = 0xAB) : SimulatedRegisterChip(time)
{
    private readonly double[] _light = [2.0, 0.8, 0.7, 0.5]; // counts a step of 2.78 ms at gain 1
    private byte _proximity = 12;
    private long _readyAt;

    /// <summary>Counts that one step of 2.78 ms gives at gain 1.</summary>
    public void SetLight(double clear, double red, double green, double blue)
    {
        lock (Gate)
            (_light[0], _light[1], _light[2], _light[3]) = (clear, red, green, blue);
    }

    public void SetProximity(byte count)
    {
        lock (Gate)
            _proximity = count;
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Apds9960.IntegrationTime] = 0xFF;
        Registers[Apds9960.ProximityPulse] = 0x40;
        Registers[Apds9960.Id] = id;
    }

    protected override bool IsWritable(byte register) => register is >= 0x80 and < Apds9960.Id;

    protected override void OnWritten(byte register, byte value)
    {
        if (register == Apds9960.Enable)
            _readyAt = Time.GetTimestamp() + (long)((7 + (Steps * Apds9960.StepMilliseconds)) / 1000 * Time.TimestampFrequency);
    }

    protected override void OnReading(byte register)
    {
        if (register != Apds9960.Status)
            return;
        var enable = Registers[Apds9960.Enable];
        var runs = (enable & Apds9960.PowerOn) != 0 && Time.GetTimestamp() >= _readyAt;
        Registers[Apds9960.Status] = (byte)((runs && (enable & Apds9960.ColourOn) != 0 ? Apds9960.ColourValid : 0)
            | (runs && (enable & Apds9960.ProximityOn) != 0 ? Apds9960.ProximityValid : 0));
        if (!runs)
            return;
        var gain = 1 << (2 * (Registers[Apds9960.Control] & 0b11));
        for (var i = 0; i < _light.Length; i++)
        {
            var count = (ushort)Math.Clamp(Math.Round(_light[i] * Steps * gain), 0, Apds9960.FullScale(Steps));
            BinaryPrimitives.WriteUInt16LittleEndian(Registers.AsSpan(Apds9960.ClearData + (2 * i)), count);
        }

        Registers[Apds9960.ClearData + 8] = _proximity;
    }

    private int Steps => 256 - Registers[Apds9960.IntegrationTime];
}
