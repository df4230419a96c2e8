namespace EdgeGateway.Drivers;

/// <summary>What outputs by pulse width do the same way: open at the first command, translate faults, leave the safe state behind.</summary>
internal abstract class PulseActuator : IActuator
{
    private readonly SemaphoreSlim _one = new(1, 1); // commands and the read-back one after the other
    private readonly int _pin;
    private IPulseOutput? _output;
    private bool _disposed;

    protected PulseActuator(DriverContext context, IPulseWait wait)
    {
        Context = context;
        Wait = wait;
        _pin = context.Options.Integer("pin");
        Device = new DeviceName(context.Driver.Chip, "gpio", $"GPIO{_pin}");
    }

    protected DriverContext Context { get; }

    protected DeviceName Device { get; }

    protected IPulseWait Wait { get; }

    protected abstract int FrequencyHertz { get; }

    /// <summary>Level while there are no pulses.</summary>
    protected virtual bool IdleHigh => false;

    public ValueTask SetAsync(ActuatorState state, CancellationToken cancellationToken)
    {
        foreach (var value in state.Values)
            Check(value);
        return RunAsync(output => ApplyAsync(output, state, cancellationToken), cancellationToken);
    }

    public async ValueTask<ActuatorState> ReadStateAsync(CancellationToken cancellationToken)
    {
        ActuatorState? state = null;
        await RunAsync(
            async output =>
            {
                var duty = await output.ReadAsync(cancellationToken).ConfigureAwait(false);
                state = new ActuatorState([State(duty), new("drive", output.Drive)]);
            },
            cancellationToken).ConfigureAwait(false);
        return state!;
    }

    public ValueTask MakeSafeAsync(CancellationToken cancellationToken) => RunAsync(output => MakeSafeAsync(output, cancellationToken), cancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_output is { } output)
                await MakeSafeAsync(output, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DriverException)
        {
            // The line has failed: there is no state left to leave behind.
        }
        finally
        {
            _output?.Dispose();
            _output = null;
            _one.Release();
        }

        GC.SuppressFinalize(this);
    }

    /// <exception cref="ActuatorException">Not one of the driver's values.</exception>
    protected abstract void Check(NamedState value);

    protected abstract ValueTask ApplyAsync(IPulseOutput output, ActuatorState state, CancellationToken cancellationToken);

    protected abstract ValueTask MakeSafeAsync(IPulseOutput output, CancellationToken cancellationToken);

    protected abstract NamedState State(double duty);

    protected ActuatorException Refused(NamedState value, string expected) =>
        new(DriverFault.Option, Device, $"{value.Name}={value.Value} was commanded", $"the command: it takes {expected}");

    protected async ValueTask RunAsync(Func<IPulseOutput, ValueTask> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _output ??= PulseOutputs.Open(Context, Device, _pin, FrequencyHertz, IdleHigh, Wait);
            await work(_output).ConfigureAwait(false);
        }
        catch (DriverException ex)
        {
            _output?.Dispose();
            _output = null;
            throw ex as ActuatorException ?? new ActuatorException(ex);
        }
        finally
        {
            _one.Release();
        }
    }
}
