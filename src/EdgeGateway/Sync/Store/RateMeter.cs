namespace EdgeGateway.Sync.Store;

/// <summary>A mean rate over a sliding window, in a ring of buckets.</summary>
internal sealed class RateMeter
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _bucket;
    private readonly double[] _amounts;
    private readonly long _started;
    private readonly Lock _gate = new(); // guards the ring
    private long _newest;

    public RateMeter(TimeProvider time, TimeSpan window, int buckets)
    {
        _time = time;
        _bucket = window / buckets;
        _amounts = new double[buckets];
        _started = time.GetTimestamp();
    }

    public void Add(double amount)
    {
        lock (_gate)
        {
            Advance();
            _amounts[_newest % _amounts.Length] += amount;
        }
    }

    /// <summary>Per second, over the window or since the start if that is shorter; at least one bucket.</summary>
    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                Advance();
                var full = _bucket * _amounts.Length;
                var elapsed = _time.GetElapsedTime(_started);
                // The newest bucket is under way: the window reaches from the start of the oldest to now.
                var window = elapsed < full ? elapsed : full - _bucket + TimeSpan.FromTicks(elapsed.Ticks % _bucket.Ticks);
                return _amounts.Sum() / Math.Max(window.TotalSeconds, _bucket.TotalSeconds);
            }
        }
    }

    private void Advance()
    {
        var now = _time.GetElapsedTime(_started).Ticks / _bucket.Ticks;
        for (var steps = Math.Min(now - _newest, _amounts.Length); steps > 0; steps--)
            _amounts[(now - steps + 1) % _amounts.Length] = 0;
        _newest = Math.Max(_newest, now);
    }
}
