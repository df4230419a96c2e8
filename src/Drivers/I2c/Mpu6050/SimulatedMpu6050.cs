using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An MPU6050: asleep after power-on, and then its data registers hold zeros.</summary>
public sealed class SimulatedMpu6050(TimeProvider time, byte whoAmI = Mpu6050Registers.IdMpu6050) : SimulatedRegisterChip(time)
{
    private readonly short[] _raw = [0, 0, 16384, -2000, 0, 0, 0];
    private Func<TimeSpan, double>? _shake;
    private long _resetUntil;

    /// <summary>Acceleration X, Y, Z, temperature, rotation X, Y, Z as the converters give them.</summary>
    public void SetRaw(params ReadOnlySpan<short> words)
    {
        lock (Gate)
            words.CopyTo(_raw);
    }

    /// <summary>Adds to the Z axis what this gives for the time since the program's start.</summary>
    public void Shake(Func<TimeSpan, double>? counts)
    {
        lock (Gate)
            _shake = counts;
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Mpu6050Registers.PowerManagement1] = Mpu6050Registers.Sleep;
        Registers[Mpu6050Registers.WhoAmI] = whoAmI;
    }

    protected override bool IsWritable(byte register) =>
        Time.GetTimestamp() >= _resetUntil && register is not (Mpu6050Registers.WhoAmI or (>= Mpu6050Registers.Data and < Mpu6050Registers.Data + Mpu6050Registers.DataLength));

    protected override void OnWritten(byte register, byte value)
    {
        if (register != Mpu6050Registers.PowerManagement1 || (value & Mpu6050Registers.DeviceReset) == 0)
            return;
        PowerOn();
        _resetUntil = Time.GetTimestamp() + (Time.TimestampFrequency / 10);
    }

    protected override void OnReading(byte register)
    {
        if (register != Mpu6050Registers.Data || (Registers[Mpu6050Registers.PowerManagement1] & Mpu6050Registers.Sleep) != 0)
            return;
        for (var i = 0; i < _raw.Length; i++)
        {
            var shaken = i == 2 && _shake is not null ? _raw[i] + _shake(TimeSpan.FromSeconds(Time.GetTimestamp() / (double)Time.TimestampFrequency)) : _raw[i];
            BinaryPrimitives.WriteInt16BigEndian(Registers.AsSpan(Mpu6050Registers.Data + (2 * i)), (short)Math.Clamp(shaken, short.MinValue, short.MaxValue));
        }
    }
}
