using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A BMP180 with the datasheet's calibration words.</summary>
public sealed class SimulatedBmp180(TimeProvider time) : SimulatedRegisterChip(time)
{
    private static readonly short[] Words = [408, -72, -14383, 32741, 32757, 23153, 6190, 4, -32768, -8711, 2868];

    private int _rawTemperature = 27898, _rawPressure = 23843;
    private long _readyAt;
    private byte _pending;

    /// <summary>What the converter gives, at oversampling 0.</summary>
    public void SetRaw(int temperature, int pressure)
    {
        lock (Gate)
            (_rawTemperature, _rawPressure) = (temperature, pressure);
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Bmp180.Id] = Bmp180.IdValue;
        for (var i = 0; i < Words.Length; i++)
            BinaryPrimitives.WriteInt16BigEndian(Registers.AsSpan(Bmp180.CalibrationStart + (2 * i)), Words[i]);
        Registers[Bmp180.Data] = 0x80;
        _pending = 0;
    }

    protected override bool IsWritable(byte register) => register is Bmp180.Control or Bmp180.Reset;

    protected override void OnWritten(byte register, byte value)
    {
        if (register == Bmp180.Reset && value == 0xB6)
            PowerOn();
        if (register != Bmp180.Control)
            return;
        _pending = value;
        double[] milliseconds = [4.5, 7.5, 13.5, 25.5];
        var wait = value == Bmp180.MeasureTemperature ? 4.5 : milliseconds[value >> 6];
        _readyAt = Time.GetTimestamp() + (long)(wait / 1000 * Time.TimestampFrequency);
    }

    protected override void OnReading(byte register)
    {
        if (_pending == 0 || Time.GetTimestamp() < _readyAt)
            return;
        var data = Registers.AsSpan(Bmp180.Data, 3);
        data.Clear();
        if (_pending == Bmp180.MeasureTemperature)
        {
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)_rawTemperature);
        }
        else
        {
            var shifted = _rawPressure << (_pending >> 6) << (8 - (_pending >> 6));
            (data[0], data[1], data[2]) = ((byte)(shifted >> 16), (byte)(shifted >> 8), (byte)shifted);
        }

        _pending = 0;
    }
}
