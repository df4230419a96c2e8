namespace EdgeGateway.Drivers;

/// <summary>What every input line does the same way: open, debounce, and stop a line that floats.</summary>
public abstract class GpioLineInput : ISensor
{
    private const int MostEdgesPerSecond = 2000;

    private readonly Lock _lock = new(); // guards the line and the rate window
    private readonly int _pin;
    private readonly GpioPull _pull;
    private readonly TimeSpan _debounce;
    private readonly bool _activeLow;
    private GpioInput? _line;
    private SensorReadException? _failure;
    private long _windowStart;
    private int _windowEdges;
    private bool _disposed;

    protected GpioLineInput(DriverContext context)
    {
        Context = context;
        Time = context.Time;
        _pin = context.Options.Integer("pin");
        _pull = WiringOptions.ReadPull(context.Options);
        _debounce = context.Options.Duration("debounce");
        _activeLow = context.Options.Boolean("activeLow");
        Device = new DeviceName(context.Driver.Chip, "gpio", $"GPIO{_pin}");
    }

    protected DriverContext Context { get; }

    protected TimeProvider Time { get; }

    protected DeviceName Device { get; }

    public ValueTask<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (Interlocked.Exchange(ref _failure, null) is { } failure)
                throw failure; // nobody has heard of it yet; the next reading opens the line again
            GpioInput line;
            lock (_lock)
                line = OpenLine();
            return ValueTask.FromResult(Measure(line.Read() != _activeLow));
        }
        catch (DriverException ex)
        {
            throw ex as SensorReadException ?? new SensorReadException(ex);
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
            _line?.Dispose();
            _line = null;
        }

        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>What a poll gives.</summary>
    protected abstract Reading Measure(bool isActive);

    /// <summary>The line settled at another level. Called one at a time.</summary>
    protected abstract void OnChange(bool isActive, GpioEdge edge);

    /// <summary>Called once the line is open.</summary>
    protected virtual void OnOpened(bool isActive)
    {
    }

    /// <summary>The kernel lost edges before the one that comes next.</summary>
    protected virtual void OnLost(long count)
    {
    }

    /// <summary>The line was closed because it floats.</summary>
    /// <returns>True where somebody was told; else the next reading fails with it.</returns>
    protected virtual bool OnFailed(SensorReadException failure) => false;

    /// <summary>Opens the line where it is not open.</summary>
    protected void Open()
    {
        lock (_lock)
        {
            _failure = null;
            OpenLine();
        }
    }

    // Under the lock.
    private GpioInput OpenLine()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_line is not null)
            return _line;
        _line = Context.Header.Gpio.OpenInput(_pin, Context.Driver.Chip, _pull, _debounce, OnEdge);
        _windowStart = Time.GetTimestamp();
        _windowEdges = 0;
        OnOpened(_line.Read() != _activeLow);
        return _line;
    }

    private void OnEdge(GpioEdge edge)
    {
        lock (_lock)
        {
            if (_line is null)
                return;
            if (edge.Lost > 0)
                OnLost(edge.Lost);
            if (Time.GetElapsedTime(_windowStart, edge.Timestamp) > TimeSpan.FromSeconds(1))
                (_windowStart, _windowEdges) = (edge.Timestamp, 0);
            if (++_windowEdges > MostEdgesPerSecond)
                Mask();
            else
                OnChange(edge.Rising != _activeLow, edge);
        }
    }

    // A pin that nothing drives can make 100 000 edges a second: it is closed until somebody opens it again.
    private void Mask()
    {
        var failure = new SensorReadException(DriverFault.Implausible, Device, $"more than {MostEdgesPerSecond} edges in a second",
            "the wire and its pull resistor: the pin seems to float");
        _line?.Dispose();
        _line = null;
        if (!OnFailed(failure))
            _failure = failure;
    }
}
