using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An SCD4x: takes few commands while it measures, a measurement each 5 or 30 s, each read once.</summary>
public sealed class SimulatedScd4x(TimeProvider time) : SimulatedCommandChip(time)
{
    private ushort _ppm = 500, _rawTemperature = 0x6667, _rawHumidity = 0x5EB9;
    private TimeSpan? _period;
    private long _nextAt;

    /// <summary>hPa the host has told; 0 if none.</summary>
    public int AmbientPressure { get; private set; }

    public void SetAir(double ppm, double celsius, double humidityPercent)
    {
        lock (Gate)
        {
            _ppm = (ushort)Math.Clamp(Math.Round(ppm), 0, 65535);
            _rawTemperature = (ushort)Math.Clamp(Math.Round((celsius + 45) / 175 * 65535), 0, 65535);
            _rawHumidity = (ushort)Math.Clamp(Math.Round(humidityPercent / 100 * 65535), 0, 65535);
        }
    }

    protected override void PowerOn()
    {
        base.PowerOn();
        _period = null;
        AmbientPressure = 0;
    }

    protected override CommandAnswer? Respond(ReadOnlySpan<byte> command)
    {
        if (command.Length is not (2 or 5) || (command.Length == 5 && Crc8.Sensirion(command.Slice(2, 2)) != command[4]))
            return null;
        var millisecond = TimeSpan.FromMilliseconds(1);
        switch (BinaryPrimitives.ReadUInt16BigEndian(command))
        {
            case Scd4x.Stop:
                _period = null;
                return CommandAnswer.None(TimeSpan.FromMilliseconds(500));
            case Scd4x.Start when _period is null:
                return Begin(TimeSpan.FromSeconds(5));
            case Scd4x.StartLowPower when _period is null:
                return Begin(TimeSpan.FromSeconds(30));
            case Scd4x.DataReady:
                return new CommandAnswer(WithChecksums((ushort)(IsReady ? 0x8006 : 0x8000)), millisecond);
            case Scd4x.ReadMeasurement when IsReady:
                _nextAt = Time.GetTimestamp() + (long)(_period!.Value.TotalSeconds * Time.TimestampFrequency);
                return new CommandAnswer(WithChecksums(_ppm, _rawTemperature, _rawHumidity), millisecond);
            case Scd4x.SetAmbientPressure when command.Length == 5:
                AmbientPressure = BinaryPrimitives.ReadUInt16BigEndian(command[2..]);
                return CommandAnswer.None(millisecond);
            case Scd4x.Serial when _period is null:
                return new CommandAnswer(WithChecksums(0xF896, 0x9F07, 0x3BBE), millisecond);
            case Scd4x.SetAltitude or Scd4x.SetSelfCalibration when _period is null && command.Length == 5:
                return CommandAnswer.None(millisecond);
            default:
                return null;
        }
    }

    private bool IsReady => _period is not null && Time.GetTimestamp() >= _nextAt;

    private CommandAnswer Begin(TimeSpan period)
    {
        _period = period;
        _nextAt = Time.GetTimestamp() + (long)(period.TotalSeconds * Time.TimestampFrequency);
        return CommandAnswer.None();
    }
}
