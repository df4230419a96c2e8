using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>PCF8574 and PCF8574A: eight pins without registers. Facts: NXP PCF8574 rev 5 §8.</summary>
internal sealed class Pcf8574 : I2cActuator, ISensor
{
    private static readonly ImmutableArray<int> Addresses = [.. Enumerable.Range(0x20, 8), .. Enumerable.Range(0x38, 8)];

    private static readonly ImmutableArray<string> PinNames = [.. Enumerable.Range(0, 8).Select(pin => $"p{pin}")];

    private readonly ExpanderPins _pins;

    public Pcf8574(DriverContext context)
        : base(context) => _pins = new ExpanderPins(context, PinNames);

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "pcf8574",
        Chip = "PCF8574",
        Description = "Eight pins more, inputs or outputs (also PCF8574A)",
        Kind = DriverKind.Sensor | DriverKind.Actuator,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = ExpanderPins.Readings(PinNames),
        States = ExpanderPins.States(PinNames),
        Options = [WiringOptions.I2cBus, WiringOptions.Address(Addresses), .. ExpanderPins.Options(PinNames)],
        Datasheet = "NXP PCF8574/PCF8574A rev 5",
        Wiring = "VCC 3.3 V, SDA, SCL, A0 to A2 for the address: 0x20 to 0x27, with an A behind its name 0x38 to 0x3F.",
        Accuracy = "Digital.",
        Notes =
        [
            "A high output gives 0.1 mA only: LEDs and relays between the supply and the pin, with activeLow.",
            "After power-on all pins are high: what is on while low stays off.",
            "Boards with their own 5 V pull-ups put 5 V on SDA and SCL: take them off or use a level shifter.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new Pcf8574(context),
    };

    protected override ActuatorState SafeState => _pins.SafeState;

    public async ValueTask<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        Reading? reading = null;
        try
        {
            await RunAsync(
                async stop => reading = new Reading(_pins.Values(await ReadPinsAsync(stop).ConfigureAwait(false) ^ _pins.Inverted), Time.GetUtcNow(), Time.GetTimestamp()),
                cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException ex)
        {
            throw ex as SensorReadException ?? new SensorReadException(ex);
        }

        return reading!;
    }

    protected override void Check(NamedState value)
    {
        if (!_pins.Knows(value))
            throw Refused(value, _pins.Expected);
    }

    protected override void Want(ActuatorState state) => _pins.Want(state);

    protected override ValueTask ConfigureAsync(CancellationToken cancellationToken) => ApplyAsync(cancellationToken);

    // A pin is an input while its latch is 1.
    protected override ValueTask ApplyAsync(CancellationToken cancellationToken) =>
        Chip.WriteAsync(new[] { (byte)(_pins.Latch | (0xFF & ~_pins.Outputs)) }, cancellationToken);

    protected override async ValueTask<ActuatorState> ReadBackAsync(CancellationToken cancellationToken) =>
        _pins.State(await ReadPinsAsync(cancellationToken).ConfigureAwait(false));

    private async ValueTask<int> ReadPinsAsync(CancellationToken cancellationToken)
    {
        var pins = new byte[1];
        await Chip.ReadAsync(pins, cancellationToken).ConfigureAwait(false);
        var wrong = (pins[0] ^ _pins.Latch) & _pins.Outputs;
        return wrong == 0
            ? pins[0]
            : throw Fault(DriverFault.ChipFault, $"{_pins.Names(wrong)} carries another level than was written (pins 0x{pins[0]:X2})",
                "the supply (it may have restarted with all pins high), and that nothing pulls the pin the other way");
    }
}
