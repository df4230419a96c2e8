using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>MCP23017 and MCP23S17: sixteen pins, each an input or an output.</summary>
internal sealed class Mcp23017 : BusActuator, ISensor
{
    public static readonly ImmutableArray<string> PinNames = [.. Enumerable.Range(0, 16).Select(pin => $"{(pin < 8 ? 'a' : 'b')}{pin % 8}")];

    private readonly Func<IMcp23017Port> _open;
    private readonly ExpanderPins _pins;
    private readonly bool _pullUp;
    private IMcp23017Port? _port;

    public Mcp23017(DriverContext context, DeviceName device, Func<IMcp23017Port> open)
        : base(context)
    {
        Device = device;
        _open = open;
        _pins = new ExpanderPins(context, PinNames);
        _pullUp = context.Options.Text("pull") == "up";
    }

    protected override DeviceName Device { get; }

    protected override ActuatorState SafeState => _pins.SafeState;

    private int Directions => 0xFFFF & ~_pins.Outputs; // 1 is an input

    public async ValueTask<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        Reading? reading = null;
        try
        {
            await RunAsync(
                async stop =>
                {
                    await CheckConfigurationAsync(stop).ConfigureAwait(false);
                    reading = new Reading(_pins.Values(await ReadPairAsync(Mcp23017Registers.Port, stop).ConfigureAwait(false)), Time.GetUtcNow(), Time.GetTimestamp());
                },
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

    protected override async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            _port ??= _open();
        }
        catch (DriverException ex) when (ex.Device != Device)
        {
            throw new DriverException(ex.Fault, Device, ex.Came, ex.Check, ex); // the bus does not know for whom it was opened
        }

        await _port.WriteAsync(Mcp23017Registers.ConfigurationOfBank1, new byte[] { 0 }, cancellationToken).ConfigureAwait(false);
        await _port.WriteAsync(Mcp23017Registers.Configuration, new[] { Mcp23017Registers.AddressPins }, cancellationToken).ConfigureAwait(false);
        await ApplyAsync(cancellationToken).ConfigureAwait(false); // the levels first, the direction after: no other level shows for a moment
        await WritePairAsync(Mcp23017Registers.InterruptEnable, 0, cancellationToken).ConfigureAwait(false);
        await WritePairAsync(Mcp23017Registers.Polarity, _pins.Inverted, cancellationToken).ConfigureAwait(false);
        await WritePairAsync(Mcp23017Registers.PullUp, _pullUp ? Directions : 0, cancellationToken).ConfigureAwait(false);
        await WritePairAsync(Mcp23017Registers.Direction, Directions, cancellationToken).ConfigureAwait(false);
        await CheckConfigurationAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override ValueTask ApplyAsync(CancellationToken cancellationToken) => WritePairAsync(Mcp23017Registers.Latch, _pins.Latch, cancellationToken);

    protected override async ValueTask<ActuatorState> ReadBackAsync(CancellationToken cancellationToken)
    {
        await CheckConfigurationAsync(cancellationToken).ConfigureAwait(false);
        return _pins.State(await ReadPairAsync(Mcp23017Registers.Port, cancellationToken).ConfigureAwait(false)); // the pins themselves, not the latch
    }

    protected override void Close()
    {
        _port?.Dispose();
        _port = null;
    }

    // The latch tells a restart apart where no pin is an output: with it both port registers are as after power-on.
    private async ValueTask CheckConfigurationAsync(CancellationToken cancellationToken)
    {
        var configuration = new byte[2];
        await _port!.ReadAsync(Mcp23017Registers.Configuration, configuration, cancellationToken).ConfigureAwait(false);
        var directions = await ReadPairAsync(Mcp23017Registers.Direction, cancellationToken).ConfigureAwait(false);
        var latch = await ReadPairAsync(Mcp23017Registers.Latch, cancellationToken).ConfigureAwait(false);
        if (configuration[0] != Mcp23017Registers.AddressPins || directions != Directions || latch != _pins.Latch)
        {
            throw Fault(DriverFault.Garbage, $"configuration 0x{configuration[0]:X2}, direction 0x{directions:X4}, latch 0x{latch:X4}, not as they were written",
                "the supply and RESET (it may have restarted), wiring, and what is wired there");
        }
    }

    private ValueTask WritePairAsync(byte register, int value, CancellationToken cancellationToken) =>
        _port!.WriteAsync(register, new[] { (byte)value, (byte)(value >> 8) }, cancellationToken);

    private async ValueTask<int> ReadPairAsync(byte register, CancellationToken cancellationToken)
    {
        var pair = new byte[2];
        await _port!.ReadAsync(register, pair, cancellationToken).ConfigureAwait(false);
        return pair[0] | (pair[1] << 8);
    }
}
