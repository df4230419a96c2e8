namespace EdgeGateway.Drivers;

/// <summary>
/// Pulses a thread makes on a GPIO line. They jitter by some 0.1 ms and more under load: enough for lamps and fans, poor for servos.
/// At 0 and 1 the line stands still and no thread runs.
/// </summary>
internal sealed class SoftwarePulseOutput : IPulseOutput
{
    private readonly Lock _lock = new(); // guards the duty, the thread's coming and going, and the line
    private readonly GpioOutput _line;
    private readonly IPulseWait _wait;
    private readonly TimeSpan _period;
    private readonly string _name;
    private double _duty;
    private CancellationTokenSource? _stop;
    private Thread? _thread;

    public SoftwarePulseOutput(GpioOutput line, TimeSpan period, IPulseWait wait)
    {
        (_line, _period, _wait) = (line, period, wait);
        _name = $"pwm {line.Name.Address}";
    }

    public string Drive => "software";

    public void Set(double duty)
    {
        lock (_lock)
            _duty = duty;
        if (duty is > 0 and < 1)
        {
            Start();
            return;
        }

        Stop();
        _line.Write(duty >= 1);
    }

    public ValueTask<double> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            if (_thread is not null)
                return ValueTask.FromResult(_duty);
        return ValueTask.FromResult(_line.Read() ? 1.0 : 0);
    }

    public void Dispose()
    {
        Stop();
        _line.Dispose();
    }

    private void Start()
    {
        lock (_lock)
        {
            if (_thread is not null)
                return;
            _stop = new CancellationTokenSource();
            var token = _stop.Token;
            _thread = new Thread(() => Run(token)) { IsBackground = true, Name = _name, Priority = ThreadPriority.AboveNormal };
            _thread.Start();
        }
    }

    private void Stop()
    {
        Thread? thread;
        CancellationTokenSource? stop;
        lock (_lock)
            (thread, stop, _thread, _stop) = (_thread, _stop, null, null);
        stop?.Cancel();
        if (thread is not null && thread != Thread.CurrentThread)
            thread.Join();
        stop?.Dispose();
    }

    private void Run(CancellationToken stopping)
    {
        var next = _wait.Now;
        while (!stopping.IsCancellationRequested)
        {
            double duty;
            lock (_lock)
                duty = _duty;
            try
            {
                _line.Write(high: true);
                _wait.Until(next + (_period * duty), stopping);
                _line.Write(high: false);
            }
            catch (DriverException)
            {
                return; // the line has gone; the next command opens it anew and says so
            }

            next += _period;
            if (_wait.Now > next + _period)
                next = _wait.Now; // the machine stood still: no burst to catch up
            _wait.Until(next, stopping);
        }
    }
}
