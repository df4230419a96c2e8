namespace EdgeGateway.Drivers.Simulation;

/// <summary>An HC-SR04 at two lines: answers a trigger pulse with an echo whose edges carry exact stamps.</summary>
public sealed class SimulatedHcSr04 : IDisposable
{
    private static readonly TimeSpan Burst = TimeSpan.FromMicroseconds(450), Timeout = TimeSpan.FromMilliseconds(38);

    private readonly SimulatedGpioDriver _lines;
    private readonly TimeProvider _time;
    private readonly int _trigger, _echo;
    private readonly Queue<TimeSpan?> _widths = new();
    private ITimer? _timer;

    public SimulatedHcSr04(SimulatedHeader header, int trigger, int echo, TimeProvider time)
    {
        (_lines, _trigger, _echo, _time) = (header.Lines, trigger, echo, time);
        _lines.Drive(echo, false);
        _lines.OutputChanged += OnOutput;
    }

    /// <summary>Width of the echo pulse; null: the module is dead and answers nothing.</summary>
    public TimeSpan? Width { get; set; } = TimeSpan.FromMicroseconds(5831);

    /// <summary>Widths of the next echoes, before <see cref="Width"/> holds again.</summary>
    public void Next(params ReadOnlySpan<double> microseconds)
    {
        foreach (var width in microseconds)
            _widths.Enqueue(TimeSpan.FromMicroseconds(width));
    }

    /// <summary>Nothing in range: the pulse ends by itself after 38 ms.</summary>
    public void SeeNothing() => Width = Timeout;

    public void Dispose()
    {
        _lines.OutputChanged -= OnOutput;
        _timer?.Dispose();
    }

    private void OnOutput(int pin, bool high)
    {
        if (pin != _trigger || high || !_lines.IsOpen(_echo))
            return;
        var width = _widths.TryDequeue(out var next) ? next : Width;
        if (width is not { } pulse)
            return;
        var rise = _time.GetTimestamp() + Ticks(Burst);
        var due = TimeSpan.FromMilliseconds(Math.Ceiling((Burst + pulse).TotalMilliseconds));
        _timer?.Dispose();
        _timer = _time.CreateTimer(
            _ =>
            {
                _lines.Drive(_echo, true, rise);
                _lines.Drive(_echo, false, rise + Ticks(pulse));
            },
            null, due, System.Threading.Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
