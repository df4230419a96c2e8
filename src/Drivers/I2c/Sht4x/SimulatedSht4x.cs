namespace EdgeGateway.Drivers.Simulation;

/// <summary>An SHT4x: commands of one byte.</summary>
public sealed class SimulatedSht4x(TimeProvider time) : SimulatedCommandChip(time)
{
    private ushort _rawTemperature = 0x6666, _rawHumidity = 0x8000;

    public void SetClimate(double celsius, double humidityPercent) =>
        SetRaw((ushort)Math.Clamp(Math.Round((celsius + 45) / 175 * 65535), 0, 65535), (ushort)Math.Clamp(Math.Round((humidityPercent + 6) / 125 * 65535), 0, 65535));

    public void SetRaw(ushort temperature, ushort humidity)
    {
        lock (Gate)
            (_rawTemperature, _rawHumidity) = (temperature, humidity);
    }

    protected override CommandAnswer? Respond(ReadOnlySpan<byte> command) => command switch
    {
        [0xFD] => new(WithChecksums(_rawTemperature, _rawHumidity), TimeSpan.FromMilliseconds(8.3)),
        [0xF6] => new(WithChecksums(_rawTemperature, _rawHumidity), TimeSpan.FromMilliseconds(4.5)),
        [0xE0] => new(WithChecksums(_rawTemperature, _rawHumidity), TimeSpan.FromMilliseconds(1.7)),
        [Sht4x.Serial] => new(WithChecksums(0x0F3A, 0x21C4), TimeSpan.FromMilliseconds(0.5)),
        [Sht4x.Reset] => CommandAnswer.None(TimeSpan.FromMilliseconds(1)),
        _ => null,
    };
}
