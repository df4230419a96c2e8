namespace EdgeGateway.Drivers;

/// <summary>What every output on one GPIO line does the same way.</summary>
public abstract class GpioActuator : IActuator, IHoldsItsState
{
    private readonly Lock _lock = new(); // guards the line
    private readonly int _pin;
    private readonly bool _activeLow;
    private readonly bool _safe;
    private GpioOutput? _line;
    private bool _disposed;

    protected GpioActuator(DriverContext context)
    {
        Context = context;
        _pin = context.Options.Integer("pin");
        _activeLow = context.Options.Boolean("activeLow");
        _safe = context.Options.Text("safe") == ActuatorState.On;
        Device = new DeviceName(context.Driver.Chip, "gpio", $"GPIO{_pin}");
    }

    protected DriverContext Context { get; }

    protected DeviceName Device { get; }

    public ValueTask SetAsync(ActuatorState state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Drive(Parse(state));
        return ValueTask.CompletedTask;
    }

    public ValueTask<ActuatorState> ReadStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            lock (_lock)
                return ValueTask.FromResult(ActuatorState.Switch(Open(_safe).Read() != _activeLow));
        }
        catch (DriverException ex)
        {
            throw ex as ActuatorException ?? new ActuatorException(ex);
        }
    }

    public ValueTask MakeSafeAsync(CancellationToken cancellationToken)
    {
        Drive(_safe);
        return ValueTask.CompletedTask;
    }

    public bool KeepsStateOnDispose { get; set; }

    /// <summary>Leaves the line in its safe state, unless told to keep it.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_disposed && _line is { } line)
            {
                if (!KeepsStateOnDispose)
                    line.Write(_safe != _activeLow);
                line.Dispose();
            }

            _line = null;
            _disposed = true;
        }

        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private bool Parse(ActuatorState state)
    {
        if (state.Values is [{ Name: "state", Value: { Text: ActuatorState.On or ActuatorState.Off } value }])
            return value.Text == ActuatorState.On;
        throw new ActuatorException(DriverFault.Option, Device, $"'{state}' was commanded", "the command: it takes state=on or state=off");
    }

    private void Drive(bool on)
    {
        try
        {
            lock (_lock)
            {
                if (_line is null)
                    Open(on); // opens at the level wanted: no other shows for a moment
                else
                    _line.Write(on != _activeLow);
            }
        }
        catch (DriverException ex)
        {
            throw ex as ActuatorException ?? new ActuatorException(ex);
        }
    }

    private GpioOutput Open(bool on)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _line ??= Context.Header.Gpio.OpenOutput(_pin, Context.Driver.Chip, on != _activeLow);
    }
}
