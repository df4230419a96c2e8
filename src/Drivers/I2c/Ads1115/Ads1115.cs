using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>ADS1115 and ADS1015 in single shots, one input after the other. Facts: TI SBAS444E §8.6 (registers), SBAS473F for the ADS1015.</summary>
internal sealed class Ads1115 : I2cSensor
{
    public const byte ConversionRegister = 0, ConfigRegister = 1;
    public const ushort StartOrIdle = 0x8000, SingleShot = 0x0100, ComparatorOff = 0x0003, ConfigAfterReset = 0x8583;

    /// <summary>Input names and their multiplexer codes, in the metadata's order.</summary>
    public static readonly ImmutableArray<(string Name, int Code)> Inputs =
        [("0", 4), ("1", 5), ("2", 6), ("3", 7), ("0-1", 0), ("0-3", 1), ("1-3", 2), ("2-3", 3)];

    public static readonly ImmutableArray<double> FullScales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256];

    public static readonly ImmutableArray<int> Rates16 = [8, 16, 32, 64, 128, 250, 475, 860], Rates12 = [128, 250, 490, 920, 1600, 2400, 3300];

    private const int ReadyPolls = 10;

    private readonly int[] _inputs;
    private readonly bool _is12Bit;
    private readonly int _gainCode;
    private readonly int _rateCode;
    private readonly TimeSpan _conversionTime;

    public Ads1115(DriverContext context, bool is12Bit)
        : base(context)
    {
        _is12Bit = is12Bit;
        _inputs = [.. context.Options.List("inputs").Select(name => Inputs.Select(input => input.Name).ToList().IndexOf(name))];
        _gainCode = FullScales.IndexOf(context.Options.Number("range"));
        var rates = is12Bit ? Rates12 : Rates16;
        var rate = context.Options.Integer("rate");
        _rateCode = rates.IndexOf(rate);
        _conversionTime = TimeSpan.FromSeconds(1.1 / rate) + TimeSpan.FromMicroseconds(25); // the oscillator is ±10 %, and the wake-up
    }

    /// <summary>The converter's word as volts.</summary>
    internal static double Volts(short raw, double fullScale) => raw * fullScale / 32768;

    /// <summary>The config register that starts one conversion.</summary>
    internal static ushort Config(int inputCode, int gainCode, int rateCode) =>
        (ushort)(StartOrIdle | (inputCode << 12) | (gainCode << 9) | SingleShot | (rateCode << 5) | ComparatorOff);

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var config = await ReadWordAsync(ConfigRegister, cancellationToken).ConfigureAwait(false);
        if (config is 0x0000 or 0xFFFF)
            throw Fault(DriverFault.Garbage, $"configuration 0x{config:X4}", "wiring and supply, and what is wired at this address");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var values = new ReadingValue[_inputs.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = await MeasureAsync(_inputs[i], cancellationToken).ConfigureAwait(false);
        return Now(System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadingValue> MeasureAsync(int input, CancellationToken cancellationToken)
    {
        var config = Config(Inputs[input].Code, _gainCode, _rateCode);
        await WriteWordAsync(ConfigRegister, config, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(_conversionTime, cancellationToken).ConfigureAwait(false);
        for (var poll = 0; ; poll++)
        {
            var now = await ReadWordAsync(ConfigRegister, cancellationToken).ConfigureAwait(false);
            if ((now & ~StartOrIdle) != (config & ~StartOrIdle))
                throw Fault(DriverFault.Garbage, $"configuration 0x{now:X4} instead of 0x{config:X4}", "the supply (it may have restarted) and whether another program uses the chip");
            if ((now & StartOrIdle) != 0)
                break;
            if (poll == ReadyPolls)
                throw Fault(DriverFault.NotReady, "the conversion does not end", "the chip");
            await Chip.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
        }

        var raw = unchecked((short)await ReadWordAsync(ConversionRegister, cancellationToken).ConfigureAwait(false));
        var largest = _is12Bit ? 0x7FF0 : 0x7FFF; // the ADS1015 leaves the low four bits zero: the same volts per bit
        var quality = raw >= largest || raw == short.MinValue ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Value(input, Volts(raw, FullScales[_gainCode]), quality);
    }
}
