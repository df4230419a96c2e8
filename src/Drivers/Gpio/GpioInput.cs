using System.Device.Gpio;

namespace EdgeGateway.Drivers;

/// <summary>An open input line.</summary>
public sealed class GpioInput : IDisposable
{
    private readonly GpioLines _lines;
    private readonly TimeProvider _time;
    private readonly Action<GpioEdge>? _onEdge;
    private readonly Debouncer? _debouncer;
    private int _isClosed;

    internal GpioInput(GpioLines lines, DeviceName name, int pin, TimeProvider time, TimeSpan softwareDebounce, bool level, Action<GpioEdge>? onEdge)
    {
        _lines = lines;
        _time = time;
        _onEdge = onEdge;
        Name = name;
        Pin = pin;
        if (onEdge is not null && softwareDebounce > TimeSpan.Zero)
            _debouncer = new Debouncer(time, softwareDebounce, level, (rising, at) => Report(rising, at, 0));
    }

    /// <summary>Told once it is closed.</summary>
    internal Action? Closed { get; set; }

    public DeviceName Name { get; }

    public int Pin { get; }

    /// <summary>True where the line is high now.</summary>
    /// <exception cref="DriverException">The line cannot be read.</exception>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_isClosed != 0, this);
        return _lines.Read(this);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return; // another may have the pin now
        _lines.Close(this);
        _debouncer?.Dispose();
        Closed?.Invoke();
    }

    internal void OnPinChanged(object sender, PinValueChangedEventArgs change)
    {
        var rising = change.ChangeType.HasFlag(PinEventTypes.Rising);
        if (_debouncer is not null)
            _debouncer.Edge(rising);
        else if (change is TimestampedPinEventArgs stamped)
            Report(rising, stamped.Timestamp, stamped.Lost);
        else
            Report(rising, _time.GetTimestamp(), 0);
    }

    private void Report(bool rising, long timestamp, long lost)
    {
        var age = _time.GetElapsedTime(timestamp);
        _onEdge!(new GpioEdge(rising, timestamp, _time.GetUtcNow() - age, lost));
    }
}
