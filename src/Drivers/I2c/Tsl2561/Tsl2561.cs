using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>TSL2561, whose two diodes give lux. Facts: TAOS TSL2560-61 rev N, register set and "Calculating Lux".</summary>
internal sealed class Tsl2561 : I2cSensor
{
    public const byte Command = 0x80, Word = 0x20, Control = 0x00, Timing = 0x01, Id = 0x0A, Channel0 = 0x0C, Channel1 = 0x0E;
    public const byte PowerOn = 0x03, HighGain = 0x10;

    /// <summary>Integration times, the code of each, the factor to 402 ms and the count at which the converter ends.</summary>
    public static readonly ImmutableArray<(string Name, double Milliseconds, double Factor, int FullScale)> Times =
        [("13.7", 13.7, 322.0 / 11, 5047), ("101", 101, 322.0 / 81, 37177), ("402", 402, 1, 65535)];

    private const int TooFewCounts = 100;

    private static readonly ImmutableArray<int> Addresses = [0x39, 0x29, 0x49];

    private readonly int _time;
    private readonly string _gain;
    private readonly byte[] _channel = new byte[2];
    private bool _isChipScale;
    private bool _isHighGain;

    public Tsl2561(DriverContext context)
        : base(context)
    {
        _time = Times.Select(time => time.Name).ToList().IndexOf(context.Options.Text("integrationTime"));
        _gain = context.Options.Text("gain");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "tsl2561",
        Chip = "TSL2561",
        Description = "Light",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("illuminance", Unit.Lux, 0, 70_000, "Light on the sensor as an eye sees it"),
            new("broadband", Unit.Count, 0, 65_535 * 16 * 322.0 / 11, "Visible and infrared light, as counts at gain 16 and 402 ms"),
            new("infrared", Unit.Count, 0, 65_535 * 16 * 322.0 / 11, "Infrared light, as counts at gain 16 and 402 ms"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Choice("integrationTime", "402", [.. Times.Select(time => time.Name)], "milliseconds: shorter reaches brighter light"),
            DriverOption.Choice("gain", "auto", ["auto", "1", "16"], "auto changes it when counts are few or the converter ends"),
        ],
        Datasheet = "TAOS TSL2560, TSL2561 rev N",
        Wiring = "3.3 V, GND, SDA, SCL; ADDR open 0x39, low 0x29, high 0x49.",
        Accuracy = "±20 %.",
        Notes = ["Shares 0x39 with the APDS9960 and 0x29 with the VL53L0X.", "Where infrared light outweighs the visible, the illuminance is 0: the formula knows no better."],
        Factory = context => new Tsl2561(context),
    };

    /// <param name="c0">Counts of both, normalised to gain 16 and 402 ms.</param>
    /// <param name="isChipScale">The CS package has coefficients of its own.</param>
    internal static double Lux(double c0, double c1, bool isChipScale)
    {
        if (c0 <= 0)
            return 0;
        var r = c1 / c0;
        return isChipScale
            ? r switch
            {
                <= 0.52 => (0.0315 * c0) - (0.0593 * c0 * Math.Pow(r, 1.4)),
                <= 0.65 => (0.0229 * c0) - (0.0291 * c1),
                <= 0.80 => (0.0157 * c0) - (0.0180 * c1),
                <= 1.30 => (0.00338 * c0) - (0.00260 * c1),
                _ => 0,
            }
            : r switch
            {
                <= 0.50 => (0.0304 * c0) - (0.062 * c0 * Math.Pow(r, 1.4)),
                <= 0.61 => (0.0224 * c0) - (0.031 * c1),
                <= 0.80 => (0.0128 * c0) - (0.0153 * c1),
                <= 1.30 => (0.00146 * c0) - (0.00112 * c1),
                _ => 0,
            };
    }

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var id = await ReadRegisterAsync(Command | Id, cancellationToken).ConfigureAwait(false);
        if (id >> 4 is not (1 or 5))
            throw WrongChip($"identification 0x{id:X2} instead of 0x1x or 0x5x", "what is wired at this address: an APDS9960 uses 0x39, a VL53L0X 0x29");
        _isChipScale = id >> 4 == 1;
        _isHighGain = _gain == "16";
        await WriteRegisterAsync(Command | Control, PowerOn, cancellationToken).ConfigureAwait(false);
        await ApplyAsync(cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var (raw0, raw1) = await CountsAsync(cancellationToken).ConfigureAwait(false);
        var isFull = IsFull(raw0, raw1);
        if (_gain == "auto" && (_isHighGain ? isFull : raw0 < TooFewCounts))
        {
            _isHighGain = !_isHighGain;
            await ApplyAsync(cancellationToken).ConfigureAwait(false);
            (raw0, raw1) = await CountsAsync(cancellationToken).ConfigureAwait(false);
            isFull = IsFull(raw0, raw1);
        }

        var factor = Times[_time].Factor * (_isHighGain ? 1 : 16);
        var (c0, c1) = (raw0 * factor, raw1 * factor);
        var quality = isFull ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Now(Value(0, Lux(c0, c1, _isChipScale), quality), Value(1, c0, quality), Value(2, c1, quality));
    }

    private bool IsFull(int raw0, int raw1) => Math.Max(raw0, raw1) >= Times[_time].FullScale;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        await WriteRegisterAsync(Command | Timing, (byte)(_time | (_isHighGain ? HighGain : 0)), cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(2 * Times[_time].Milliseconds), cancellationToken).ConfigureAwait(false); // the running integration and a whole one
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(int Raw0, int Raw1)> CountsAsync(CancellationToken cancellationToken)
    {
        var control = await ReadRegisterAsync(Command | Control, cancellationToken).ConfigureAwait(false);
        if ((control & 0x0F) != PowerOn)
            throw Fault(DriverFault.Garbage, $"control 0x{control:X2} instead of 0x03", "wiring and supply: it may have restarted");
        await ReadRegistersAsync(Command | Word | Channel0, _channel, cancellationToken).ConfigureAwait(false);
        var raw0 = BinaryPrimitives.ReadUInt16LittleEndian(_channel);
        await ReadRegistersAsync(Command | Word | Channel1, _channel, cancellationToken).ConfigureAwait(false); // its high byte was latched when the low one was read
        return (raw0, BinaryPrimitives.ReadUInt16LittleEndian(_channel));
    }
}
