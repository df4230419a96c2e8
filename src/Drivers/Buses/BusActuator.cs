namespace EdgeGateway.Drivers;

/// <summary>
/// What every output behind a bus does the same way: configure the chip at the first command and again after each failure, with what was
/// last commanded, so that a chip that was pulled out and put back, or has restarted, carries its state again.
/// </summary>
public abstract class BusActuator : IActuator, IHoldsItsState
{
    private readonly SemaphoreSlim _one = new(1, 1); // one conversation with the chip at a time
    private bool _isInitialised;
    private bool _disposed;

    protected BusActuator(DriverContext context) => Context = context;

    protected DriverContext Context { get; }

    protected TimeProvider Time => Context.Time;

    protected abstract DeviceName Device { get; }

    public ValueTask SetAsync(ActuatorState state, CancellationToken cancellationToken)
    {
        foreach (var value in state.Values)
            Check(value);
        return DriveAsync(state, cancellationToken);
    }

    public async ValueTask<ActuatorState> ReadStateAsync(CancellationToken cancellationToken)
    {
        ActuatorState? state = null;
        await TranslatedAsync(async stop => state = await ReadBackAsync(stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return state!;
    }

    public ValueTask MakeSafeAsync(CancellationToken cancellationToken) => DriveAsync(SafeState, cancellationToken);

    public bool KeepsStateOnDispose { get; set; }

    /// <summary>Leaves the safe state behind, where the chip still listens, unless told to keep what there is.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            if (_isInitialised && !KeepsStateOnDispose)
                await MakeSafeAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DriverException)
        {
            // It does not listen any more: there is nothing to leave behind.
        }

        await _one.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        Close();
        _one.Release();
    }

    protected abstract ActuatorState SafeState { get; }

    /// <exception cref="ActuatorException">Not one of the driver's values.</exception>
    protected abstract void Check(NamedState value);

    /// <summary>Takes the values over as wanted; touches no bus.</summary>
    protected abstract void Want(ActuatorState state);

    /// <summary>Opens the chip where it is not open, configures it, and drives what is wanted.</summary>
    /// <exception cref="DriverException">It is not there, or not the one.</exception>
    protected abstract ValueTask InitializeAsync(CancellationToken cancellationToken);

    /// <summary>Drives what is wanted.</summary>
    /// <exception cref="DriverException">The chip did not take it.</exception>
    protected abstract ValueTask ApplyAsync(CancellationToken cancellationToken);

    /// <summary>The state in the chip's own registers.</summary>
    /// <exception cref="DriverException">It cannot be read, or the chip has restarted.</exception>
    protected abstract ValueTask<ActuatorState> ReadBackAsync(CancellationToken cancellationToken);

    /// <summary>Gives handles back, if there are any.</summary>
    protected abstract void Close();

    protected ActuatorException Refused(NamedState value, string expected) =>
        new(DriverFault.Option, Device, $"{value.Name}={value.Value} was commanded", $"the command: it takes {expected}");

    protected DriverException Fault(DriverFault fault, string came, string check) => new(fault, Device, came, check);

    /// <summary>One conversation with a chip that is configured.</summary>
    protected async ValueTask RunAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_isInitialised)
                await InitializeAsync(cancellationToken).ConfigureAwait(false);
            _isInitialised = true;
            await work(cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException ex)
        {
            _isInitialised = false; // whatever it was, the chip may have lost its configuration
            if (ex.Fault is DriverFault.Absent or DriverFault.BusStuck or DriverFault.NoBus)
                Close();
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    private async ValueTask DriveAsync(ActuatorState state, CancellationToken cancellationToken)
    {
        Want(state);
        await TranslatedAsync(ApplyAsync, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask TranslatedAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException ex)
        {
            throw ex as ActuatorException ?? new ActuatorException(ex);
        }
    }
}
