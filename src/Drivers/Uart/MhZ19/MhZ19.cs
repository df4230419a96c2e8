using System.Buffers.Binary;

namespace EdgeGateway.Drivers;

/// <summary>MH-Z19B and C: carbon dioxide by infrared.</summary>
internal sealed class MhZ19 : UartSensor
{
    private static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _warmUp;
    private readonly int _range;
    private readonly string _selfCalibration;
    private readonly byte[] _read = MhZ19Frame.Command(MhZ19Frame.ReadCommand);
    private long? _answeringSince;

    public MhZ19(DriverContext context)
        : base(context)
    {
        _warmUp = context.Options.Duration("warmUp");
        _range = context.Options.Integer("range");
        _selfCalibration = context.Options.Text("selfCalibration");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "mh-z19",
        Chip = "MH-Z19",
        Description = "Carbon dioxide by infrared (MH-Z19B, MH-Z19C)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Uart,
        Readings =
        [
            new("co2", Unit.PartsPerMillion, 0, 10_000, "Carbon dioxide"),
            new("temperature", Unit.Celsius, -40, 85, "Temperature inside the sensor, undocumented: some degrees above the room"),
        ],
        Options =
        [
            WiringOptions.Uart,
            DriverOption.IntegerOf("range", 5000, [2000, 5000, 10_000], "ppm at full scale"),
            DriverOption.Choice("selfCalibration", "keep", ["keep", "on", "off"], "on: it takes the lowest value of each day for 400 ppm, which is right only where the room is aired daily"),
            DriverOption.Duration("warmUp", "3m", TimeSpan.Zero, TimeSpan.FromMinutes(30), "readings are marked as warming for so long; one minute for the C"),
        ],
        Datasheet = "Winsen MH-Z19B manual v1.6, MH-Z19C v1.0",
        Wiring = "Vin 5 V, GND, its Tx to RXD (GPIO15), its Rx to TXD (GPIO14): the lines are 3.3 V.",
        Accuracy = "±50 ppm ±5 %.",
        Notes =
        [
            "While it warms up it says 400, 410 or 500 ppm, always the same.",
            "Self-calibration drifts in rooms that are never aired: turn it off there, in greenhouses too.",
        ],
        ShortestInterval = TimeSpan.FromSeconds(5),
        Factory = context => new MhZ19(context),
    };

    protected override UartParameters Parameters => new(9600);

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        _answeringSince = null; // it may have lost its supply: it warms up again
        Span<byte> range = [0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(range[3..], (ushort)_range);
        await WriteAsync(MhZ19Frame.Command(MhZ19Frame.RangeCommand, range), cancellationToken).ConfigureAwait(false);
        if (_selfCalibration != "keep")
            await WriteAsync(MhZ19Frame.Command(MhZ19Frame.SelfCalibrationCommand, (byte)(_selfCalibration == "on" ? 0xA0 : 0x00)), cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        DiscardInput();
        await WriteAsync(_read, cancellationToken).ConfigureAwait(false);
        var frame = await ReadFrameAsync(MhZ19Frame.Find, ReplyTime, cancellationToken).ConfigureAwait(false);
        _answeringSince ??= Time.GetTimestamp();
        return Decode(frame.Span);
    }

    private Reading Decode(ReadOnlySpan<byte> frame)
    {
        var warming = Time.GetElapsedTime(_answeringSince!.Value) < _warmUp;
        var ppm = BinaryPrimitives.ReadUInt16BigEndian(frame[2..]);
        var quality = warming ? ReadingQuality.Warming : ppm >= _range ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Now(Value(0, ppm, quality), Value(1, frame[4] - 40, warming ? ReadingQuality.Warming : ReadingQuality.Good));
    }
}
