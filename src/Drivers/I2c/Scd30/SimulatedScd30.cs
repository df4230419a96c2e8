using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An SCD30: floats in two words each, a measurement each interval once it was started.</summary>
public sealed class SimulatedScd30(TimeProvider time) : SimulatedCommandChip(time)
{
    private float _ppm = 439.09f, _celsius = 27.24f, _humidity = 48.81f;
    private ushort _interval = 2;
    private bool _runs;
    private long _nextAt;

    public void SetAir(double ppm, double celsius, double humidityPercent)
    {
        lock (Gate)
            (_ppm, _celsius, _humidity) = ((float)ppm, (float)celsius, (float)humidityPercent);
    }

    protected override void PowerOn()
    {
        base.PowerOn();
        _runs = false;
    }

    protected override CommandAnswer? Respond(ReadOnlySpan<byte> command)
    {
        if (command.Length is not (2 or 5) || (command.Length == 5 && Crc8.Sensirion(command.Slice(2, 2)) != command[4]))
            return null;
        var value = command.Length == 5 ? BinaryPrimitives.ReadUInt16BigEndian(command[2..]) : (ushort)0;
        var wait = TimeSpan.FromMilliseconds(3);
        switch (BinaryPrimitives.ReadUInt16BigEndian(command))
        {
            case Scd30.Start when command.Length == 5:
                _runs = true;
                Next();
                return CommandAnswer.None(wait);
            case Scd30.Interval when command.Length == 5:
                _interval = value;
                return CommandAnswer.None(wait);
            case Scd30.SelfCalibration or Scd30.Altitude when command.Length == 5:
                return CommandAnswer.None(wait);
            case Scd30.Stop:
                _runs = false;
                return CommandAnswer.None(wait);
            case Scd30.Firmware:
                return new CommandAnswer(WithChecksums(0x0342), wait);
            case Scd30.DataReady:
                return new CommandAnswer(WithChecksums(_runs && Time.GetTimestamp() >= _nextAt ? (ushort)1 : (ushort)0), wait);
            case Scd30.ReadMeasurement:
                Next();
                return new CommandAnswer([.. Words(_ppm), .. Words(_celsius), .. Words(_humidity)], wait);
            default:
                return null;
        }
    }

    private static byte[] Words(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return WithChecksums((ushort)(bits >> 16), (ushort)bits);
    }

    private void Next() => _nextAt = Time.GetTimestamp() + (_interval * Time.TimestampFrequency);
}
