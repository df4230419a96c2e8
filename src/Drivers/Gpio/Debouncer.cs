namespace EdgeGateway.Drivers;

/// <summary>Lets a level through once it has held for the period, as the kernel's own software debounce does.</summary>
internal sealed class Debouncer : IDisposable
{
    private readonly Lock _lock = new(); // guards the levels
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly Action<bool, long> _settled;
    private readonly ITimer _timer;
    private bool _level;
    private bool _candidate;
    private long _since;

    /// <param name="settled">Gets the new level and the time it settled.</param>
    public Debouncer(TimeProvider time, TimeSpan period, bool level, Action<bool, long> settled)
    {
        _time = time;
        _period = period;
        _level = _candidate = level;
        _settled = settled;
        _timer = time.CreateTimer(static state => ((Debouncer)state!).Elapsed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Edge(bool level)
    {
        lock (_lock)
        {
            _candidate = level;
            _since = _time.GetTimestamp();
        }

        _timer.Change(_period, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Elapsed()
    {
        lock (_lock)
        {
            var left = _period - _time.GetElapsedTime(_since);
            if (left > TimeSpan.FromMilliseconds(1))
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            if (_candidate == _level)
                return;
            _level = _candidate;
        }

        _settled(_candidate, _time.GetTimestamp());
    }
}
