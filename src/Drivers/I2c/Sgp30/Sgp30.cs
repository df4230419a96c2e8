using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>SGP30: its measurement must run each second to keep its baseline. Facts: Sensirion SGP30 v1.0 §6.</summary>
internal sealed class Sgp30 : I2cSensor
{
    public const ushort Init = 0x2003, Measure = 0x2008, GetBaseline = 0x2015, SetBaseline = 0x201E, SetHumidity = 0x2061, FeatureSet = 0x202F;

    private static readonly ImmutableArray<int> Addresses = [0x58];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15), CommandTime = TimeSpan.FromMilliseconds(10), MeasureTime = TimeSpan.FromMilliseconds(12);

    // v1.0 §3.8: a baseline is worth keeping after 12 h, each hour, and for 7 days.
    private static readonly TimeSpan BaselineIsFound = TimeSpan.FromHours(12), BaselineChanges = TimeSpan.FromHours(1), BaselineIsOld = TimeSpan.FromDays(7);

    private readonly byte[] _frame = new byte[6];
    private readonly ushort _humidity;
    private Sgp30Baseline? _baseline;
    private long _startedAt;
    private long _baselineAt;

    public Sgp30(DriverContext context)
        : base(context)
    {
        var humidity = context.Options.Number("absoluteHumidity");
        _humidity = humidity > 0 ? HumidityWord(humidity) : (ushort)0;
        var (eco2, tvoc) = (context.Options.Integer("eco2Baseline"), context.Options.Integer("tvocBaseline"));
        if (eco2 > 0 && tvoc > 0)
            (_baseline, _baselineAt) = (new Sgp30Baseline((ushort)eco2, (ushort)tvoc), Time.GetTimestamp());
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "sgp30",
        Chip = "SGP30",
        Description = "Volatile organic compounds and what carbon dioxide they suggest",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("eco2", Unit.PartsPerMillion, 400, 60_000, "Equivalent carbon dioxide, computed by the chip from hydrogen"),
            new("tvoc", Unit.PartsPerBillion, 0, 60_000, "Total volatile organic compounds"),
            new("eco2Baseline", Unit.Count, 0, 65_535, "What the chip takes for clean air: each hour, once it has run for 12"),
            new("tvocBaseline", Unit.Count, 0, 65_535, "The same for the compounds"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Number("absoluteHumidity", 0, 0, 255, "water in the air in g/m³, which the chip corrects for; 0: not known"),
            DriverOption.Integer("eco2Baseline", 0, 0, 65_535, "a baseline read less than 7 days ago, to begin with; 0: none"),
            DriverOption.Integer("tvocBaseline", 0, 0, 65_535, "its other half; 0: none"),
        ],
        Datasheet = "Sensirion SGP30 v1.0",
        Wiring = "1.8 V chip: a board with regulator and level shifter, 3.3 V, GND, SDA, SCL.",
        Accuracy = "±15 % of the value.",
        Notes = ["Poll it each second: its baseline follows only so.", "The first 15 s always read 400 ppm and 0 ppb and are published as warming.", "It needs 12 h to find its baseline; after a loss of power the driver gives it back its last one."],
        Factory = context => new Sgp30(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(FeatureSet, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame.AsMemory(0, 3), cancellationToken).ConfigureAwait(false);
        var features = SensirionWord.Read(_frame, Device, "feature set");
        if (features >> 12 != 0 || (features & 0xFF) == 0)
            throw WrongChip($"feature set 0x{features:X4}", "what is wired at this address");
        await SendAsync(Init, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
        _startedAt = Time.GetTimestamp();
        if (_baseline is { } baseline && Time.GetElapsedTime(_baselineAt) < BaselineIsOld)
            await SetAsync(SetBaselineCommand(baseline.Eco2, baseline.Tvoc), cancellationToken).ConfigureAwait(false); // only after init
        if (_humidity > 0)
            await SetAsync(SetHumidityCommand(_humidity), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var (eco2, tvoc) = await AskAsync(Measure, MeasureTime, cancellationToken).ConfigureAwait(false);
        var quality = Time.GetElapsedTime(_startedAt) < WarmUp ? ReadingQuality.Warming
            : eco2 == 60_000 || tvoc == 60_000 ? ReadingQuality.Saturated : ReadingQuality.Good;
        if (Time.GetElapsedTime(_startedAt) < BaselineIsFound || (_baseline is not null && Time.GetElapsedTime(_baselineAt) < BaselineChanges))
            return Now(Value(0, eco2, quality), Value(1, tvoc, quality));
        var (eco2Baseline, tvocBaseline) = await AskAsync(GetBaseline, CommandTime, cancellationToken).ConfigureAwait(false);
        (_baseline, _baselineAt) = (new Sgp30Baseline(eco2Baseline, tvocBaseline), Time.GetTimestamp());
        return Now([Value(0, eco2, quality), Value(1, tvoc, quality), Value(2, eco2Baseline), Value(3, tvocBaseline)]);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(ushort Eco2, ushort Tvoc)> AskAsync(ushort command, TimeSpan time, CancellationToken cancellationToken)
    {
        await SendAsync(command, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(time, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        return (SensirionWord.Read(_frame, Device, "eco2"), SensirionWord.Read(_frame.AsSpan(3), Device, "tvoc"));
    }

    private async ValueTask SetAsync(byte[] command, CancellationToken cancellationToken)
    {
        await Chip.WriteAsync(command, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Absolute humidity in g/m³ from the room's air, for the chip's compensation (v1.0 §3.3).</summary>
    internal static double AbsoluteHumidity(double celsius, double humidityPercent) =>
        216.7 * (humidityPercent / 100 * 6.112 * Math.Exp(17.62 * celsius / (243.12 + celsius))) / (273.15 + celsius);

    /// <summary>The word the chip takes: 8.8 fixed point g/m³.</summary>
    internal static ushort HumidityWord(double gramPerCubicMetre) => (ushort)Math.Clamp(Math.Round(gramPerCubicMetre * 256), 1, ushort.MaxValue);

    internal static byte[] SetHumidityCommand(ushort word)
    {
        var bytes = new byte[5];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SetHumidity);
        SensirionWord.Write(bytes.AsSpan(2), word);
        return bytes;
    }

    /// <summary>The bytes that set a baseline: TVOC first, though reading it gives CO₂eq first.</summary>
    internal static byte[] SetBaselineCommand(ushort eco2, ushort tvoc)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SetBaseline);
        SensirionWord.Write(bytes.AsSpan(2), tvoc);
        SensirionWord.Write(bytes.AsSpan(5), eco2);
        return bytes;
    }
}
