namespace EdgeGateway.Drivers.Simulation;

/// <summary>An HTU21D, or a Si7021 with its serial number's third byte.</summary>
public sealed class SimulatedHtu21d(TimeProvider time, bool isSi7021 = false) : SimulatedCommandChip(time)
{
    private ushort _rawTemperature = 0x683A & 0xFFFC, _rawHumidity = 0x7C80;

    public void SetClimate(double celsius, double humidityPercent) =>
        SetRaw((ushort)Math.Clamp(Math.Round((celsius + 46.85) / 175.72 * 65536), 0, 65535), (ushort)Math.Clamp(Math.Round((humidityPercent + 6) / 125 * 65536), 0, 65535));

    public void SetRaw(ushort temperature, ushort humidity)
    {
        lock (Gate)
            (_rawTemperature, _rawHumidity) = ((ushort)(temperature & 0xFFFC), (ushort)(humidity & 0xFFFC));
    }

    protected override CommandAnswer? Respond(ReadOnlySpan<byte> command) => command switch
    {
        [Htu21d.MeasureTemperature] => new(Word(_rawTemperature), TimeSpan.FromMilliseconds(50)),
        [Htu21d.MeasureHumidity] => new(Word((ushort)(_rawHumidity | (isSi7021 ? 0 : 0b10))), TimeSpan.FromMilliseconds(isSi7021 ? 23 : 16)),
        [Htu21d.Reset] => CommandAnswer.None(TimeSpan.FromMilliseconds(15)),
        [Htu21d.ReadUser] => new([(byte)(isSi7021 ? 0x3A : 0x02)], TimeSpan.Zero),
        [0xFC, 0xC9] => new([.. Word((ushort)(isSi7021 ? 0x15FF : 0x3200)), .. Word(0xFFB5)], TimeSpan.Zero),
        [0xFA, 0x0F] => new([0x12, Crc8.Htu([0x12]), 0x34, Crc8.Htu([0x12, 0x34]), 0, 0, 0, 0], TimeSpan.Zero),
        _ => null,
    };

    private static byte[] Word(ushort value) => [(byte)(value >> 8), (byte)value, Crc8.Htu([(byte)(value >> 8), (byte)value])];
}
