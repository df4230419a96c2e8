using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An SGP30: 400 ppm and 0 ppb for 15 s after its start.</summary>
public sealed class SimulatedSgp30(TimeProvider time) : SimulatedCommandChip(time)
{
    private ushort _eco2 = 620, _tvoc = 85;
    private ushort _eco2Baseline, _tvocBaseline;
    private long? _startedAt;

    /// <summary>The baseline in use.</summary>
    public (int Eco2, int Tvoc) Baseline
    {
        get
        {
            lock (Gate)
                return (_eco2Baseline, _tvocBaseline);
        }
    }

    /// <summary>The humidity word the host has told, 8.8 fixed point g/m³; 0 if none.</summary>
    public int Humidity { get; private set; }

    /// <summary>The baseline the chip has found by itself.</summary>
    public void FindBaseline(ushort eco2, ushort tvoc)
    {
        lock (Gate)
            (_eco2Baseline, _tvocBaseline) = (eco2, tvoc);
    }

    public void SetAir(ushort eco2, ushort tvoc)
    {
        lock (Gate)
            (_eco2, _tvoc) = (eco2, tvoc);
    }

    protected override void PowerOn()
    {
        base.PowerOn();
        _startedAt = null;
        (_eco2Baseline, _tvocBaseline, Humidity) = (0x8000, 0x8000, 0);
    }

    protected override CommandAnswer? Respond(ReadOnlySpan<byte> command)
    {
        if (command.Length < 2)
            return null;
        switch (BinaryPrimitives.ReadUInt16BigEndian(command))
        {
            case Sgp30.Init:
                _startedAt = Time.GetTimestamp();
                return CommandAnswer.None(TimeSpan.FromMilliseconds(10));
            case Sgp30.Measure:
                var isWarm = _startedAt is { } started && Time.GetElapsedTime(started) >= TimeSpan.FromSeconds(15);
                return new CommandAnswer(isWarm ? WithChecksums(_eco2, _tvoc) : WithChecksums(400, 0), TimeSpan.FromMilliseconds(12));
            case Sgp30.GetBaseline:
                return new CommandAnswer(WithChecksums(_eco2Baseline, _tvocBaseline), TimeSpan.FromMilliseconds(10)); // CO₂eq first
            case Sgp30.SetBaseline when command.Length == 8 && _startedAt is not null && HasChecksums(command[2..]):
                (_tvocBaseline, _eco2Baseline) = (BinaryPrimitives.ReadUInt16BigEndian(command[2..]), BinaryPrimitives.ReadUInt16BigEndian(command[5..])); // TVOC first
                return CommandAnswer.None(TimeSpan.FromMilliseconds(10));
            case Sgp30.SetHumidity when command.Length == 5 && HasChecksums(command[2..]):
                Humidity = BinaryPrimitives.ReadUInt16BigEndian(command[2..]);
                return CommandAnswer.None(TimeSpan.FromMilliseconds(10));
            case Sgp30.FeatureSet:
                return new CommandAnswer(WithChecksums(0x0022), TimeSpan.FromMilliseconds(10));
            case 0x3682:
                return new CommandAnswer(WithChecksums(0x0000, 0x0048, 0x9E3C), TimeSpan.FromMilliseconds(0.5));
            default:
                return null;
        }
    }

    private static bool HasChecksums(ReadOnlySpan<byte> words)
    {
        for (var i = 0; i < words.Length; i += 3)
            if (Crc8.Sensirion(words.Slice(i, 2)) != words[i + 2])
                return false;
        return true;
    }
}
