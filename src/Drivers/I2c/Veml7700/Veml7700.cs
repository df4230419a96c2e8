using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>VEML7700, which looks for its own sensitivity. Facts: Vishay 84286 rev 1.7, application note 84323 (autorange and correction).</summary>
internal sealed class Veml7700 : I2cSensor
{
    public const byte Configuration = 0, Als = 4, Id = 7;
    public const ushort Persistence2 = 0x0010, ShutDown = 0x0001;
    public const double Resolution = 0.0042, ResolutionBefore2023 = 0.0036; // lx at gain 2 and 800 ms

    /// <summary>Gains and integration times from bright to dark, and the code of each.</summary>
    public static readonly ImmutableArray<(double Gain, int GainCode, int Milliseconds, int TimeCode)> Steps =
    [
        (0.125, 2, 25, 0xC), (0.125, 2, 50, 0x8), (0.125, 2, 100, 0x0), (0.25, 3, 100, 0x0), (1, 0, 100, 0x0),
        (2, 1, 100, 0x0), (2, 1, 200, 0x1), (2, 1, 400, 0x2), (2, 1, 800, 0x3),
    ];

    private const int FirstStep = 2, TooFewCounts = 100, TooManyCounts = 10_000;
    private const double CorrectedFromLux = 1000, FullScaleLux = 120_000;

    private static readonly ImmutableArray<int> Addresses = [0x10];

    private readonly double _resolution;
    private int _step;

    public Veml7700(DriverContext context)
        : base(context) => _resolution = context.Options.Text("resolution") == "0.0036" ? ResolutionBefore2023 : Resolution;

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "veml7700",
        Chip = "VEML7700",
        Description = "Light, from moonlight to sun",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = [new("illuminance", Unit.Lux, 0, FullScaleLux, "Light on the sensor")],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Choice("resolution", "0.0042", ["0.0042", "0.0036"], "lx for one count at the highest sensitivity: 0.0036 is the value before the datasheet's correction of 2023, to match older installations"),
        ],
        Datasheet = "Vishay 84286 rev 1.7",
        Wiring = "3.3 V, GND, SDA, SCL. One on a bus: the address is fixed.",
        Accuracy = "±10 %.",
        Notes =
        [
            "Sensitivity is chosen by itself: after a change of light the first reading takes up to 1.7 s.",
            "Above 1000 lx the datasheet's correction is applied; above 120 klx the value is published as saturated.",
        ],
        Factory = context => new Veml7700(context),
    };

    /// <summary>Counts as lx, before the correction.</summary>
    internal static double Lux(ushort raw, double gain, int milliseconds, double resolution) => raw * resolution * (2 / gain) * (800.0 / milliseconds);

    /// <summary>The application note's polynomial for low gains, whose answer is not straight.</summary>
    internal static double Correct(double lux) => ((((6.0135e-13 * lux) - 9.3924e-9) * lux * lux) + (8.1488e-5 * lux) + 1.0023) * lux;

    protected override ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        _step = FirstStep;
        return ApplyAsync(cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        for (var change = 0; ; change++)
        {
            await CheckAsync(cancellationToken).ConfigureAwait(false);
            var raw = await ReadWordLittleEndianAsync(Als, cancellationToken).ConfigureAwait(false);
            var next = raw < TooFewCounts && _step < Steps.Length - 1 ? _step + 1 : raw > TooManyCounts && _step > 0 ? _step - 1 : _step;
            if (next == _step || change == Steps.Length)
                return Now(Convert(raw));
            _step = next;
            await ApplyAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private ReadingValue Convert(ushort raw)
    {
        var (gain, _, milliseconds, _) = Steps[_step];
        var lux = Lux(raw, gain, milliseconds, _resolution);
        if (gain < 1 && lux > CorrectedFromLux)
            lux = Correct(lux);
        return raw == ushort.MaxValue || lux > FullScaleLux ? Value(0, Math.Min(lux, FullScaleLux), ReadingQuality.Saturated) : Value(0, lux);
    }

    // A persistence of two changes nothing here, since interrupts are off, and keeps the word from being zero as a held line reads.
    private ushort Wanted => (ushort)((Steps[_step].GainCode << 11) | (Steps[_step].TimeCode << 6) | Persistence2);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        await WriteWordLittleEndianAsync(Configuration, Wanted, cancellationToken).ConfigureAwait(false);
        await CheckAsync(cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(2.5 + (2 * Steps[_step].Milliseconds)), cancellationToken).ConfigureAwait(false); // the running integration and a whole one
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        var word = await ReadWordLittleEndianAsync(Configuration, cancellationToken).ConfigureAwait(false);
        if (word != Wanted)
            throw Fault(DriverFault.Garbage, $"configuration 0x{word:X4} instead of 0x{Wanted:X4}", "wiring and supply (it may have restarted), and what is wired at this address");
    }
}
