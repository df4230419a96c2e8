namespace EdgeGateway.Drivers;

/// <summary>An open output line.</summary>
public sealed class GpioOutput : IDisposable
{
    private readonly GpioLines _lines;
    private int _isClosed;

    internal GpioOutput(GpioLines lines, DeviceName name, int pin) => (_lines, Name, Pin) = (lines, name, pin);

    /// <summary>Told once it is closed.</summary>
    internal Action? Closed { get; set; }

    public DeviceName Name { get; }

    public int Pin { get; }

    /// <exception cref="DriverException">The line cannot be driven.</exception>
    public void Write(bool high)
    {
        ObjectDisposedException.ThrowIf(_isClosed != 0, this); // given up: another may drive the line now
        _lines.Write(this, high);
    }

    /// <summary>The level the line carries now.</summary>
    /// <exception cref="DriverException">The line cannot be read.</exception>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_isClosed != 0, this);
        return _lines.Read(this);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        _lines.Close(this);
        Closed?.Invoke();
    }
}
