using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>PCA9685: sixteen outputs by pulse width, for lamps and servos.</summary>
internal sealed class Pca9685 : I2cActuator
{
    private static readonly ImmutableArray<int> Addresses = [.. Enumerable.Range(0x40, 0x40).Where(address => address != Pca9685Registers.AllCallAddress && address < 0x78)];
    private static readonly ImmutableArray<string> Numbers = [.. Enumerable.Range(0, Pca9685Registers.Outputs).Select(output => $"{output}")];

    private readonly int _channels, _servos;
    private readonly double _oscillator, _frequency, _safe;
    private readonly TimeSpan _shortest, _longest;
    private readonly bool _isInverted;
    private readonly int? _enablePin;
    private readonly double[] _wanted = new double[Pca9685Registers.Outputs];
    private int _released; // servos without pulses, until a command comes
    private GpioOutput? _enable;

    public Pca9685(DriverContext context)
        : base(context)
    {
        var options = context.Options;
        _channels = Mask(options, "channels");
        _servos = Mask(options, "servos");
        _oscillator = options.Number("oscillator");
        _frequency = options.Number("frequency");
        (_shortest, _longest) = (options.Duration("minimumPulse"), options.Duration("maximumPulse"));
        _isInverted = options.Boolean("inverted");
        _safe = options.Number("safe");
        _enablePin = options.Has("enablePin") ? options.Integer("enablePin") : null;
        Release();
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "pca9685",
        Chip = "PCA9685",
        Description = "Sixteen outputs by pulse width: lamps, servos",
        Kind = DriverKind.Actuator,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        States = [.. Numbers.Select(number => StateDescriptor.Number("ch" + number, 0, 1, Unit.None, $"Output {number}: 0 off to 1 full; for a servo 0 is the shortest, 1 the longest pulse"))],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.List("channels", string.Join(',', Numbers), Numbers, "outputs in use"),
            DriverOption.List("servos", "", Numbers, "outputs that drive a servo; frequency is then 40 to 60"),
            DriverOption.Number("frequency", 200, 24, 1526, "pulses a second, of all outputs"),
            DriverOption.Duration("minimumPulse", "1ms", TimeSpan.FromMilliseconds(0.4), TimeSpan.FromMilliseconds(1.5), "a servo's shortest"),
            DriverOption.Duration("maximumPulse", "2ms", TimeSpan.FromMilliseconds(1.5), TimeSpan.FromMilliseconds(2.6), "a servo's longest"),
            DriverOption.Number("oscillator", 25_000_000, 22_000_000, 28_000_000, "hertz: the chip's own is wrong by up to 8 %; measure a pulse and correct it here"),
            DriverOption.Boolean("inverted", false, "outputs are low while on"),
            DriverOption.Number("safe", 0, 0, 1, "level of all outputs at start, at stop and when commands are stale; servos get no pulses at 0"),
            new DriverOption("enablePin", OptionType.Integer, "", [], 0, 27, "GPIO at OE: kept high until the chip is configured"),
        ],
        Datasheet = "NXP PCA9685 rev 4",
        Wiring = "VCC 3.3 V, SDA, SCL, V+ to the servos' or lamps' own supply, grounds joined, A0 to A5 for the address.",
        Accuracy = "4096 steps; the frequency is exact to ±8 % until oscillator is set.",
        Notes =
        [
            "After power-on it answers at 0x70 too, which disturbs an SHTC3 or TCA9548A there: the driver turns that off.",
            "0x40 is also the address of INA219 and HTU21D: strap one of them elsewhere.",
            "Servos never from the Pi's own 5 V.",
        ],
        Factory = context => new Pca9685(context),
    };

    public override ValueTask DisposeAsync()
    {
        Release();
        return base.DisposeAsync();
    }

    protected override ActuatorState SafeState => new([.. Used.Select(output => new NamedState("ch" + Numbers[output], _safe))]);

    private IEnumerable<int> Used => Enumerable.Range(0, Pca9685Registers.Outputs).Where(output => (_channels & (1 << output)) != 0);

    /// <summary>The divider for a frequency (§7.3.5).</summary>
    internal static byte Prescale(double oscillator, double frequency) =>
        (byte)Math.Clamp(Math.Round(oscillator / (Pca9685Registers.Steps * frequency)) - 1, 3, 255);

    internal static double Frequency(double oscillator, byte prescale) => oscillator / (Pca9685Registers.Steps * (prescale + 1.0));

    /// <summary>Steps of the 4096 the output is on, for a pulse.</summary>
    internal static int Steps(TimeSpan pulse, double frequency) => (int)Math.Round(pulse.TotalSeconds * frequency * Pca9685Registers.Steps);

    protected override void Check(NamedState value)
    {
        var output = value.Name.StartsWith("ch", StringComparison.Ordinal) ? Numbers.IndexOf(value.Name[2..]) : -1;
        if (output < 0 || (_channels & (1 << output)) == 0 || value.Value is not { IsNumber: true, Number: >= 0 and <= 1 })
            throw Refused(value, "0 to 1 for " + string.Join(", ", Used.Select(used => "ch" + Numbers[used])));
    }

    protected override void Want(ActuatorState state)
    {
        foreach (var value in state.Values)
        {
            var output = Numbers.IndexOf(value.Name[2..]);
            _wanted[output] = value.Value.Number;
            _released &= ~(1 << output);
        }

        if (state.Equals(SafeState))
            Release();
    }

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        if (_servos != 0 && _frequency is < 40 or > 60)
            throw Fault(DriverFault.Option, $"servos at {_frequency} Hz", "the option 'frequency': servos take 40 to 60");
        if (_enablePin is { } pin)
            _enable ??= Context.Header.Gpio.OpenOutput(pin, Context.Driver.Chip, high: true);
        await WriteAsync(Pca9685Registers.Mode1, [Pca9685Registers.Sleep | Pca9685Registers.AutoIncrement], cancellationToken).ConfigureAwait(false); // ALLCALL off; asleep the divider can be set
        await WriteAsync(Pca9685Registers.Prescale, [Prescale(_oscillator, _frequency)], cancellationToken).ConfigureAwait(false);
        await WriteAsync(Pca9685Registers.Mode2, [(byte)(Pca9685Registers.TotemPole | (_isInverted ? Pca9685Registers.Inverted : 0))], cancellationToken).ConfigureAwait(false);
        await ApplyAsync(cancellationToken).ConfigureAwait(false);
        await WriteAsync(Pca9685Registers.Mode1, [Pca9685Registers.AutoIncrement], cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMicroseconds(500), cancellationToken).ConfigureAwait(false); // the oscillator starts
        await CheckModeAsync(cancellationToken).ConfigureAwait(false);
        _enable?.Write(high: false);
    }

    protected override async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        var bytes = new byte[Pca9685Registers.Outputs * Pca9685Registers.BytesPerOutput];
        for (var output = 0; output < Pca9685Registers.Outputs; output++)
            Encode(output, bytes.AsSpan(output * Pca9685Registers.BytesPerOutput));
        await WriteAsync(Pca9685Registers.FirstOutput, bytes, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask<ActuatorState> ReadBackAsync(CancellationToken cancellationToken)
    {
        await CheckModeAsync(cancellationToken).ConfigureAwait(false);
        var bytes = new byte[Pca9685Registers.Outputs * Pca9685Registers.BytesPerOutput];
        await Chip.WriteReadAsync(new[] { Pca9685Registers.FirstOutput }, bytes, cancellationToken).ConfigureAwait(false);
        return new ActuatorState([.. Used.Select(output => new NamedState("ch" + Numbers[output], Decode(output, bytes.AsSpan(output * Pca9685Registers.BytesPerOutput))))]);
    }

    protected override void Close()
    {
        base.Close();
        if (_enable is { } enable)
        {
            enable.Dispose();
            _enable = null;
        }
    }

    private void Release()
    {
        foreach (var output in Used)
            _wanted[output] = _safe;
        _released = _safe == 0 ? _servos : 0;
    }

    private void Encode(int output, Span<byte> registers)
    {
        var level = (_channels & (1 << output)) == 0 ? 0 : _wanted[output];
        var isServo = (_servos & (1 << output)) != 0;
        var on = (_released & (1 << output)) != 0
            ? 0
            : isServo
            ? Steps(_shortest + ((_longest - _shortest) * level), Frequency(_oscillator, Prescale(_oscillator, _frequency)))
            : (int)Math.Round(level * Pca9685Registers.Steps);
        registers[..4].Clear();
        if (on <= 0)
            registers[3] = Pca9685Registers.Full;
        else if (on >= Pca9685Registers.Steps)
            registers[1] = Pca9685Registers.Full;
        else
            BinaryPrimitives.WriteUInt16LittleEndian(registers[2..], (ushort)on);
    }

    private double Decode(int output, ReadOnlySpan<byte> registers)
    {
        if ((registers[3] & Pca9685Registers.Full) != 0)
            return 0;
        if ((registers[1] & Pca9685Registers.Full) != 0)
            return 1;
        double steps = (BinaryPrimitives.ReadUInt16LittleEndian(registers[2..]) - BinaryPrimitives.ReadUInt16LittleEndian(registers)) & 0xFFF;
        if ((_servos & (1 << output)) == 0)
            return Math.Round(steps / Pca9685Registers.Steps, 3);
        var pulse = steps / Pca9685Registers.Steps / Frequency(_oscillator, Prescale(_oscillator, _frequency));
        return Math.Round((pulse - _shortest.TotalSeconds) / (_longest - _shortest).TotalSeconds, 2);
    }

    private async ValueTask CheckModeAsync(CancellationToken cancellationToken)
    {
        var mode = new byte[2];
        await Chip.WriteReadAsync(new[] { Pca9685Registers.Mode1 }, mode, cancellationToken).ConfigureAwait(false);
        if ((mode[0] & 0x7F) != Pca9685Registers.AutoIncrement)
        {
            throw Fault(DriverFault.Garbage, $"MODE1 is 0x{mode[0]:X2} instead of 0x{Pca9685Registers.AutoIncrement:X2}",
                "the supply (it may have restarted), and what is wired at this address");
        }
    }

    private ValueTask WriteAsync(byte register, byte[] values, CancellationToken cancellationToken) => Chip.WriteAsync((byte[])[register, .. values], cancellationToken);

    private static int Mask(DriverOptions options, string option) =>
        options.Has(option) ? options.List(option).Aggregate(0, (mask, name) => mask | (1 << Numbers.IndexOf(name))) : 0;
}
